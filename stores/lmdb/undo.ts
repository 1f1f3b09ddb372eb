/**
 * What undoes a change: the entries that it touched as they were before it. A change keeps that beside what it wrote, in
 * the same transaction, unless it is more than `MAX_BYTES`.
 *
 * ```
 * description bytes u32, 0 for none | description before | name bytes u8 | name |
 *   { key bytes u16 | key | payload bytes u32, 2^32-1 for no entry | payload } ...
 * ```
 */

/** Largest undo record; a change of more than some 50,000 entries is undone by importing what was there before. */
const MAX_BYTES = 4 * 2 ** 20;
/** So many changes of an environment can be undone, the latest. */
export const KEPT_CHANGES = 64;

const NO_ENTRY = 0xffffffff;

/** A change's undo record, read. */
export interface Undo {
  readonly name: string;
  /** Payload of the collection's description before, or undefined when there was none. */
  readonly info: Buffer | undefined;
  readonly entries: readonly { readonly key: Buffer; readonly payload: Buffer | undefined }[];
}

/** Collects what a change overwrites. */
export class UndoNotes {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** Notes an entry as it was; `payload` may be a view that is gone afterwards. */
  add(key: Uint8Array, payload: Uint8Array | undefined): void {
    if (this.#bytes > MAX_BYTES) return;
    const length = payload?.length ?? 0;
    this.#bytes += 6 + key.length + length;
    if (this.#bytes > MAX_BYTES) {
      this.#chunks = [];
      return;
    }
    const chunk = Buffer.alloc(6 + key.length + length);
    chunk.writeUInt16LE(key.length, 0);
    chunk.set(key, 2);
    chunk.writeUInt32LE(payload === undefined ? NO_ENTRY : length, 2 + key.length);
    if (payload !== undefined) chunk.set(payload, 6 + key.length);
    this.#chunks.push(chunk);
  }

  /** The record, or undefined when it would be too large. */
  record(name: string, info: Buffer | undefined): Buffer | undefined {
    if (this.#bytes > MAX_BYTES) return undefined;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(info?.length ?? 0, 0);
    return Buffer.concat([
      head,
      info ?? Buffer.alloc(0),
      Uint8Array.of(name.length),
      Buffer.from(name, 'latin1'),
      ...this.#chunks,
    ]);
  }
}

/** Reads a record; its checksum was right. */
export function readUndo(record: Buffer): Undo {
  const infoBytes = record.readUInt32LE(0);
  let at = 4 + infoBytes;
  const info = infoBytes === 0 ? undefined : record.subarray(4, at);
  const name = record.toString('latin1', at + 1, at + 1 + record[at]!);
  at += 1 + name.length;
  const entries: { key: Buffer; payload: Buffer | undefined }[] = [];
  while (at < record.length) {
    const keyEnd = at + 2 + record.readUInt16LE(at);
    const key = record.subarray(at + 2, keyEnd);
    const length = record.readUInt32LE(keyEnd);
    at = keyEnd + 4 + (length === NO_ENTRY ? 0 : length);
    entries.push({ key, payload: length === NO_ENTRY ? undefined : record.subarray(keyEnd + 4, at) });
  }
  return { name, info, entries };
}

/** Key of the record that undoes the change which made `generation`. */
export function undoKey(generation: number): Buffer {
  const key = Buffer.alloc(9);
  key[0] = 2;
  key.writeBigUInt64BE(BigInt(generation), 1);
  return key;
}

/** Before all such keys. */
export const FIRST_UNDO: Uint8Array = Uint8Array.of(2);
