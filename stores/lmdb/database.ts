/**
 * One named database of an environment: records looked up, walked and written, each checked against its checksum.
 *
 * Hot path: `find` allocates the views that lmdb-js and zlib ask for, and no more.
 */
import { crc32 } from '../bytes/checksum.ts';
import { type Environment, onSnapshot } from './environment.ts';
import { checksumSeed, damaged, decodeRecord, encodeRecord, HEADER_BYTES } from './format.ts';
import { afterLongKey, FIRST_RECORD, isLongKey, RecordKey } from './record-keys.ts';

/** A record as a walk gives it: copies. */
export interface WalkedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Keys as they are asked for, and bytes as they come back. */
const KEY_ENCODER = {
  writeKey(key: RecordKey | Uint8Array, target: Buffer, start: number): number {
    const isRecordKey = key instanceof RecordKey;
    const bytes = isRecordKey ? key.bytes : key;
    const end = isRecordKey ? key.end : key.length;
    if (end > 64 || !isRecordKey) {
      target.set(isRecordKey ? bytes.subarray(0, end) : bytes, start);
    } else {
      for (let i = 0; i < end; i++) target[start + i] = bytes[i]!;
    }
    return start + end;
  },
  readKey(source: Buffer, start: number, end: number): Uint8Array {
    return Uint8Array.prototype.slice.call(source, start, end);
  },
};

/** Makes the database, or opens it; undefined when there is none and none may be made. `onRead` as in `onSnapshot`. */
export function openDatabase(
  environment: Environment,
  name: string,
  path: string,
  options: { readonly create: boolean; readonly onRead: () => void },
): Database | undefined {
  const opened = environment.openDB({
    name,
    create: options.create,
    encoding: 'binary',
    keyEncoder: KEY_ENCODER as never,
  } as never) as Environment | undefined;
  if (opened === undefined) return undefined;
  onSnapshot(opened, options.onRead);
  return new Database(opened, name, path);
}

/** An open database. Made by `openDatabase`; it is closed with its environment. */
export class Database {
  readonly name: string;
  /** For messages. */
  readonly path: string;
  /** After a `find` that found: the payload is `bytes[start, end)`, valid until the next call. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  readonly #seed: number;
  readonly #lmdb: Environment;

  constructor(lmdb: Environment, name: string, path: string) {
    this.name = name;
    this.path = path;
    this.#seed = checksumSeed(name);
    this.#lmdb = lmdb;
  }

  /**
   * Looks a record up.
   *
   * @returns false for a miss, and for an entry that was removed
   * @throws {StoreError} `STORE_CORRUPT`
   */
  find(key: RecordKey): boolean {
    const value: Uint8Array | undefined = this.#lmdb.getBinaryFast(asKey(key));
    if (value === undefined) return false;
    const { length } = value;
    // Values above 16 MiB come as views on the map, which are no Buffers.
    const bytes = value instanceof Buffer ? value : Buffer.from(value.buffer, value.byteOffset, length);
    if (
      length < HEADER_BYTES ||
      bytes.readUInt32LE(0) !== crc32(bytes, 4, length, crc32(key.bytes, 0, key.end, this.#seed)) ||
      bytes[4] !== 0
    ) {
      throw damaged(this.path, `the record with key ${key.view().toString('latin1').slice(0, 60)}`);
    }
    if (bytes[5] !== 0) return false;
    this.bytes = bytes;
    this.start = HEADER_BYTES;
    this.end = length;
    return key.long === undefined || this.#isKeyOf(key.long);
  }

  /** The record as it lies there, header and all, whoever wrote it; undefined for a miss. Valid until the next call. */
  raw(key: RecordKey | Uint8Array): Uint8Array | undefined {
    return this.#lmdb.getBinaryFast(asKey(key));
  }

  /** The payload of a record that `range` gave; undefined for a removed entry. @throws {StoreError} `STORE_CORRUPT` */
  payloadOf({ key, value }: WalkedRecord): Buffer | undefined {
    const payload = decodeRecord(this.#seed, key, value, this.path);
    if (payload !== undefined && isLongKey(key) && afterLongKey(payload) < 0) {
      throw damaged(this.path, 'a record with a long key');
    }
    return payload;
  }

  /** At most `limit` records from `start` on, before `end`; removed entries among them. One short transaction. */
  range(start: Uint8Array, end: Uint8Array, limit: number, reverse = false): WalkedRecord[] {
    const range = reverse
      ? { start: end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true }
      : { start, end };
    return [...this.#lmdb.getRange({ ...range, limit } as never)] as never as WalkedRecord[];
  }

  /** Keys in the same way. */
  keys(start: Uint8Array, end: Uint8Array, limit: number): Uint8Array[] {
    return [...this.#lmdb.getKeys({ start, end, limit })] as Uint8Array[];
  }

  /** How many records there are from `start` on, before `end`; it walks them. */
  count(start: Uint8Array, end: Uint8Array): number {
    return this.#lmdb.getKeysCount({ start, end });
  }

  /** Writes a record, or with `undefined` one that says that the entry was removed. Within a transaction. */
  put(key: Uint8Array, payload: Uint8Array | undefined, timestamp: Uint8Array): void {
    this.#lmdb.putSync(key, encodeRecord(this.#seed, key, payload, timestamp));
  }

  /** Writes a record as another file has it, above all that are there. Within a transaction. */
  append({ key, value }: WalkedRecord): void {
    this.#lmdb.putSync(key, value, { append: true });
  }

  delete(key: Uint8Array): void {
    this.#lmdb.removeSync(key);
  }

  /** Removes all records. */
  clear(): void {
    this.#lmdb.clearSync();
  }

  /** Pages of its tree. */
  pages(): number {
    const stats = this.#lmdb.getStats() as Record<string, number>;
    const { treeBranchPageCount = 0, treeLeafPageCount = 0, overflowPages = 0 } = stats;
    return treeBranchPageCount + treeLeafPageCount + overflowPages;
  }

  #isKeyOf(key: Uint8Array): boolean {
    const valueStart = this.start + afterLongKey(this.bytes.subarray(this.start, this.end));
    const found = this.bytes.subarray(this.start + 4, valueStart);
    this.start = valueStart;
    return Buffer.compare(found, key) === 0;
  }
}

/** `KEY_ENCODER` takes both; the types of lmdb-js know of bytes alone. */
function asKey(key: RecordKey | Uint8Array): Uint8Array {
  return key as Uint8Array;
}

/** The names of all databases in an environment, ours or not. */
export function databaseNamesIn(env: Environment): string[] {
  const keys = env.getKeys({ start: FIRST_RECORD, end: Uint8Array.of(0xff) });
  return [...keys].map((key) => Buffer.from(key).toString('latin1').replace(/\0$/, ''));
}
