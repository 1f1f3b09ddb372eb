/** What a collection's last change did, from the record that undoes it. */
import type { Database } from './database.ts';
import { type CollectionInfo, decodeRecord, LOCAL_SEED } from './format.ts';
import { afterLongKey, isLongKey, memberOf, type SetMember } from './record-keys.ts';
import { readUndo, undoKey } from './undo.ts';
import { decodeJsonValue, type JsonValue } from './values.ts';

/** One entry before and after a change: undefined where there was or is none. */
export interface EntryChange {
  /** Text in a map, a member of a set, a position in a list. */
  readonly key: SetMember;
  /** The value; in a set `true`. */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/**
 * The entries that the change touched, each once; undefined when what undoes it was not kept.
 *
 * @throws {StoreError} `STORE_CORRUPT`
 */
export function readLastChange(
  info: CollectionInfo,
  local: Database,
  database: Database,
): readonly EntryChange[] | undefined {
  const key = undoKey(info.generation);
  const record = local.raw(key);
  const payload = record === undefined ? undefined : decodeRecord(LOCAL_SEED, key, record, local.path);
  if (payload === undefined) return undefined;
  const changes = new Map<string, EntryChange>();
  for (const entry of readUndo(Buffer.from(payload)).entries) {
    const id = entry.key.toString('latin1');
    // Of a key that was written twice the first note counts.
    if (changes.has(id)) continue;
    const now = database.raw(entry.key);
    const after =
      now === undefined
        ? undefined
        : database.payloadOf({ key: entry.key, value: Uint8Array.prototype.slice.call(now, 0, now.length) });
    const long = after ?? entry.payload ?? Buffer.alloc(0);
    changes.set(id, {
      key: info.kind === 'list' ? entry.key.readUInt32BE(0) : memberOf(entry.key, long),
      before: jsonOf(info, entry.key, entry.payload),
      after: jsonOf(info, entry.key, after),
    });
  }
  return [...changes.values()];
}

function jsonOf(info: CollectionInfo, key: Buffer, payload: Buffer | undefined): JsonValue | undefined {
  if (payload === undefined) return undefined;
  if (info.kind === 'set') return true;
  const start = info.kind !== 'list' && isLongKey(key) ? afterLongKey(payload) : 0;
  if (info.kind === 'uint') return payload.readDoubleLE(start);
  if (info.kind === 'bytes') return payload.toString('base64', start);
  return decodeJsonValue(payload, start, payload.length) as JsonValue;
}
