/**
 * A change of one collection within a write transaction: counts what it adds and takes away, leaves records alone that
 * stay as they are, and notes what would undo it.
 */
import type { Database } from './database.ts';
import { type CollectionInfo, HEADER_BYTES, timestampOf } from './format.ts';
import { KeySet } from './key-set.ts';
import { FIRST_RECORD, type RecordKey, withLongKey } from './record-keys.ts';
import { UndoNotes } from './undo.ts';

/** Keys looked through at a time for those that a replacement leaves out. */
const SWEEP_KEYS = 1000;
/** Above every key, of lists too. */
const AFTER_ALL = new Uint8Array(5).fill(0xff);

export class Change {
  /** Entries written or removed. */
  changed = 0;
  keyCount: number;
  tombstoneCount: number;
  bytes: number;
  readonly undo = new UndoNotes();
  readonly #database: Database;
  readonly #keepsTombstones: boolean;
  readonly #timestamp: Uint8Array;

  constructor(
    database: Database,
    before: CollectionInfo | undefined,
    options: { readonly keepsTombstones: boolean; readonly timestamp: Uint8Array },
  ) {
    this.#database = database;
    this.#keepsTombstones = options.keepsTombstones;
    this.#timestamp = options.timestamp;
    this.keyCount = before?.keyCount ?? 0;
    this.tombstoneCount = before?.tombstoneCount ?? 0;
    this.bytes = before?.bytes ?? 0;
  }

  /** Writes an entry. @returns whether that changed anything */
  put(key: RecordKey, payload: Uint8Array): boolean {
    return this.putRecord(
      Uint8Array.from(key.view()),
      key.long === undefined ? payload : withLongKey(key.long, payload),
    );
  }

  /** Writes a record whose payload is whole. */
  putRecord(key: Uint8Array, payload: Uint8Array): boolean {
    const old = this.#database.raw(key);
    const state = stateOf(old);
    if (state === 'live' && isPayload(old!, payload)) return false;
    this.#note(key, state, old);
    if (state === 'live') this.bytes += payload.length + HEADER_BYTES - old!.length;
    else {
      this.keyCount++;
      this.bytes += key.length + payload.length;
      if (state === 'removed') this.tombstoneCount--;
    }
    this.#database.put(key, payload, this.#timestamp);
    this.changed++;
    return true;
  }

  /** Removes the entry. @returns whether there was one */
  remove(key: Uint8Array): boolean {
    const old = this.#database.raw(key);
    const state = stateOf(old);
    if (state !== 'live') return false;
    this.#note(key, state, old);
    this.keyCount--;
    this.bytes -= key.length + old!.length - HEADER_BYTES;
    if (this.#keepsTombstones) {
      this.#database.put(key, undefined, this.#timestamp);
      this.tombstoneCount++;
    } else this.#database.delete(key);
    this.changed++;
    return true;
  }

  /** Removes all entries from `start` on, before `end`, that `kept` does not have. */
  sweep(start: Uint8Array, end: Uint8Array, kept: KeySet = new KeySet()): void {
    for (let from = start; ; ) {
      const keys = this.#database.keys(from, end, SWEEP_KEYS);
      for (const key of keys) if (!kept.has(key)) this.remove(key);
      const last = keys[keys.length - 1];
      if (last === undefined || keys.length < SWEEP_KEYS) return;
      from = Buffer.concat([last, Uint8Array.of(0)]);
    }
  }

  #note(key: Uint8Array, state: 'none' | 'live' | 'removed', old: Uint8Array | undefined): void {
    this.undo.add(key, state === 'live' ? old!.subarray(HEADER_BYTES, old!.length) : undefined);
  }
}

/** Deletes the records that say of an entry that it was removed before `beforeMs`. @returns how many */
export function dropRemoved(database: Database, beforeMs: number): number {
  let count = 0;
  for (let from = FIRST_RECORD; ; ) {
    const records = database.range(from, AFTER_ALL, SWEEP_KEYS);
    for (const { key, value } of records) {
      if (stateOf(value) !== 'removed' || timestampOf(value) >= BigInt(Math.floor(beforeMs)) * 1_000_000n) continue;
      database.delete(key);
      count++;
    }
    const last = records[records.length - 1]?.key;
    if (last === undefined || records.length < SWEEP_KEYS) return count;
    from = Buffer.concat([last, Uint8Array.of(0)]);
  }
}

function stateOf(value: Uint8Array | undefined): 'none' | 'live' | 'removed' {
  if (value === undefined || value.length < HEADER_BYTES) return 'none';
  return value[5] === 0 ? 'live' : 'removed';
}

function isPayload(value: Uint8Array, payload: Uint8Array): boolean {
  if (value.length !== HEADER_BYTES + payload.length) return false;
  const old = Buffer.from(value.buffer, value.byteOffset + HEADER_BYTES, payload.length);
  return Buffer.compare(old, payload) === 0;
}
