/**
 * The index of all data blocks as columns: the section of a block file that is kept in memory as it stands, so that opening
 * a file of twenty thousand blocks costs a read and a checksum rather than 30 ms of decoding. All little endian:
 *
 * ```
 * 0         f64 x n        offset of each block in the file
 * 8 n       f64 x n        head of its separator: the first six bytes as a big-endian integer, zeros after the end
 * 16 n      u32 x n        bytes of the block, checksum included
 * 20 n      u32 x (n + 1)  where each separator begins below; the last: where they end
 * 24 n + 4  separators, one after another
 * ```
 */

const HEAD_BYTES = 6;

/** Bytes of a block's entry beside its separator. */
const ENTRY_BYTES = 24;

/** The most bytes of columns that a writer puts into a file; a reader of a larger index goes through its partitions. */
export const MOST_COLUMN_BYTES = 8 << 20;

/** Where it is not, columns are not read as they stand. */
export const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Blocks in key order: where each lies, and the shortest key that separates it from the one before. */
export interface IndexColumns {
  readonly count: number;
  readonly offsets: Float64Array;
  /** Bytes of each block, checksum included. */
  readonly lengths: Uint32Array;
  readonly heads: Float64Array;
  /** Separator i is `keys[keyEnds[i], keyEnds[i + 1])`. */
  readonly keyEnds: Uint32Array;
  readonly keys: Uint8Array;
}

/** The first six bytes as a big-endian integer, zeros after the end: ordered as the keys are, but for ties. */
export function headOf(key: Uint8Array, start: number, end: number): number {
  if (end - start >= HEAD_BYTES) {
    const high = (key[start]! << 16) | (key[start + 1]! << 8) | key[start + 2]!;
    const low = (key[start + 3]! << 16) | (key[start + 4]! << 8) | key[start + 5]!;
    return high * 0x100_0000 + low;
  }
  let head = 0;
  for (let i = 0; i < HEAD_BYTES; i++) head = head * 0x100 + (start + i < end ? key[start + i]! : 0);
  return head;
}

/** Bytes of columns, as in the file so in memory. */
export function columnBytes({ count, keys }: IndexColumns): number {
  return columnBytesOf(count, keys.length);
}

function columnBytesOf(count: number, keyBytes: number): number {
  return count * ENTRY_BYTES + 4 + keyBytes;
}

/** The section's bytes, with `spareBytes` after them. */
export function encodeColumns({ count, offsets, heads, lengths, keyEnds, keys }: IndexColumns, spareBytes: number) {
  const bytes = new Uint8Array(columnBytesOf(count, keys.length) + spareBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    view.setFloat64(8 * i, offsets[i]!, true);
    view.setFloat64(8 * (count + i), heads[i]!, true);
    view.setUint32(16 * count + 4 * i, lengths[i]!, true);
  }
  for (let i = 0; i <= count; i++) view.setUint32(20 * count + 4 * i, keyEnds[i]!, true);
  bytes.set(keys, ENTRY_BYTES * count + 4);
  return bytes;
}

/**
 * The columns of `count` blocks, as views on `bytes`, whose start must be aligned to eight.
 *
 * @returns `undefined` when the bytes are not those of so many, and on a big-endian machine
 */
export function decodeColumns(bytes: Uint8Array, count: number): IndexColumns | undefined {
  const fixed = columnBytesOf(count, 0);
  if (!LITTLE_ENDIAN || bytes.length < fixed) return undefined;
  const { buffer, byteOffset: at } = bytes;
  const keyEnds = new Uint32Array(buffer, at + 20 * count, count + 1);
  if (keyEnds[0] !== 0 || fixed + keyEnds[count]! !== bytes.length) return undefined;
  return {
    count,
    offsets: new Float64Array(buffer, at, count),
    heads: new Float64Array(buffer, at + 8 * count, count),
    lengths: new Uint32Array(buffer, at + 16 * count, count),
    keyEnds,
    keys: bytes.subarray(fixed),
  };
}

/** Gathers an index entry by entry, in key order. */
export class IndexEntries {
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  readonly #heads: number[] = [];
  readonly #keyEnds: number[] = [0];
  #keys = new Uint8Array(1024);

  get count(): number {
    return this.#offsets.length;
  }

  /** Bytes that its columns would take. */
  get byteLength(): number {
    return columnBytesOf(this.count, this.#keyEnds[this.count]!);
  }

  /** Adds the block of `bytes` bytes at `offset` that the separator `key[start, end)` begins. */
  add(key: Uint8Array, start: number, end: number, offset: number, bytes: number): void {
    const at = this.#keyEnds[this.count]!;
    const after = at + end - start;
    if (after > this.#keys.length) {
      const larger = new Uint8Array(2 * after);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys.set(key.subarray(start, end), at);
    this.#keyEnds.push(after);
    this.#offsets.push(offset);
    this.#lengths.push(bytes);
    this.#heads.push(headOf(key, start, end));
  }

  /** The columns of what was added. */
  columns(): IndexColumns {
    return {
      count: this.count,
      offsets: Float64Array.from(this.#offsets),
      lengths: Uint32Array.from(this.#lengths),
      heads: Float64Array.from(this.#heads),
      keyEnds: Uint32Array.from(this.#keyEnds),
      keys: this.#keys.slice(0, this.#keyEnds[this.count]),
    };
  }
}
