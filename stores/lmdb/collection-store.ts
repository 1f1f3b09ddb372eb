/** One live collection behind the Store interface. Unlike the file stores it allocates, and what it holds may change. */
import { corrupt, StoreError } from '../errors.ts';
import { BytesRef, type Cursor, type KeyBatch, MISS, type Store, type StoreMemory, type ValueKind } from '../store.ts';
import type { Environment } from './environment.ts';
import { afterPrefix, type CollectionInfo, entryPrefix, MAX_KEY_BYTES, payloadOf } from './format.ts';

/** A view of a collection. Made by `Collections.store`; closing it leaves the environment open. */
export class CollectionStore implements Store {
  readonly storeKind = 'lmdb';
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly #environment: () => Environment;
  readonly #prefix: Uint8Array;
  readonly #info: () => CollectionInfo | undefined;
  /** The record key of the look-up under way: the prefix stays, keys are written behind it. */
  readonly #record: Buffer;
  #open = true;

  constructor(path: string, environment: () => Environment, name: string, info: () => CollectionInfo | undefined) {
    this.path = path;
    this.#environment = environment;
    this.#info = info;
    this.#prefix = entryPrefix(name);
    this.#record = Buffer.alloc(this.#prefix.length + MAX_KEY_BYTES);
    this.#record.set(this.#prefix);
    this.valueKind = info()?.valueKind ?? 'none';
  }

  get keyCount(): number {
    this.#checkOpen();
    return this.#info()?.keyCount ?? 0;
  }

  find(key: Uint8Array, start: number, end: number): number {
    const payload = this.#payload(key, start, end);
    if (payload === undefined) return MISS;
    if (this.valueKind === 'none') return 1;
    return this.valueKind === 'bytes' ? payload.length : this.#integer(payload);
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    if (this.valueKind !== 'bytes') {
      throw new StoreError(
        'STORE_VALUE_KIND',
        `${this.path}: byte strings asked of a collection of "${this.valueKind}"`,
      );
    }
    const payload = this.#payload(key, start, end);
    if (payload === undefined) return false;
    out.bytes = payload;
    out.start = 0;
    out.end = payload.length;
    return true;
  }

  findMany(keys: KeyBatch, values: Float64Array): undefined {
    this.#checkOpen();
    for (let i = 0; i < keys.count; i++) {
      values[i] = this.find(keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
    }
  }

  cursor(): Cursor {
    this.#checkOpen();
    const environment = (): Environment => {
      this.#checkOpen();
      return this.#environment();
    };
    return new CollectionCursor(this.path, environment, this.#prefix, this.valueKind);
  }

  /** The map's pages are the system's, shared by all processes, and go when memory is wanted elsewhere. */
  memory(): StoreMemory {
    return { pinnedBytes: 0, cachedBytes: 0 };
  }

  verify(): void {
    const expected = this.keyCount;
    const cursor = this.cursor();
    let found = 0;
    while (cursor.next()) found++;
    if (found !== expected) throw corrupt(this.path, 0, `${expected} entries`, found);
  }

  close(): void {
    this.#open = false;
  }

  #payload(key: Uint8Array, start: number, end: number): Buffer | undefined {
    this.#checkOpen();
    const length = end - start;
    if (length > MAX_KEY_BYTES) return undefined;
    const prefixBytes = this.#prefix.length;
    for (let i = 0; i < length; i++) this.#record[prefixBytes + i] = key[start + i]!;
    const record = this.#record.subarray(0, prefixBytes + length);
    const value = this.#environment().getBinaryFast(record);
    return value === undefined ? undefined : payloadOf(record, value, this.path);
  }

  #integer(payload: Buffer): number {
    if (payload.length !== 8) throw corrupt(this.path, 0, 'an integer of 8 bytes', payload.length);
    return payload.readDoubleLE(0);
  }

  #checkOpen(): void {
    if (!this.#open) throw new StoreError('STORE_CLOSED', `${this.path}: this view was closed`);
  }
}

/** How many entries a cursor reads at a time: each read is one short transaction, so a cursor holds nothing open. */
const BATCH = 256;

class CollectionCursor implements Cursor {
  readonly key = new BytesRef();
  readonly valueBytes = new BytesRef();
  value = 0;
  readonly #path: string;
  readonly #environment: () => Environment;
  readonly #valueKind: ValueKind;
  readonly #prefixBytes: number;
  readonly #end: Uint8Array;
  readonly #prefix: Uint8Array;
  #next: Uint8Array;
  #batch: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
  #position = 0;
  #last = false;

  constructor(path: string, environment: () => Environment, prefix: Uint8Array, valueKind: ValueKind) {
    this.#path = path;
    this.#environment = environment;
    this.#valueKind = valueKind;
    this.#prefix = prefix;
    this.#prefixBytes = prefix.length;
    this.#next = prefix;
    this.#end = afterPrefix(prefix);
  }

  next(): boolean {
    // Throws when the view or the collections were closed.
    this.#environment();
    if (this.#position === this.#batch.length && !this.#readBatch()) return false;
    const entry = this.#batch[this.#position++]!;
    const payload = payloadOf(entry.key, entry.value, this.#path);
    this.key.bytes = entry.key;
    this.key.start = this.#prefixBytes;
    this.key.end = entry.key.length;
    if (this.#valueKind === 'bytes') {
      this.valueBytes.bytes = payload;
      this.valueBytes.start = 0;
      this.valueBytes.end = payload.length;
    } else {
      this.value = this.#valueKind === 'none' ? 1 : payload.readDoubleLE(0);
    }
    return true;
  }

  seek(key: Uint8Array, start: number, end: number): void {
    this.#environment();
    // A key longer than any stored one may be cut to one byte more: it still stands between the same two entries.
    const asked = key.subarray(start, Math.min(end, start + MAX_KEY_BYTES + 1));
    this.#next = Buffer.concat([this.#prefix, asked]);
    this.#batch = [];
    this.#position = 0;
    this.#last = false;
  }

  #readBatch(): boolean {
    if (this.#last) return false;
    this.#batch = [...this.#environment().getRange({ start: this.#next, end: this.#end, limit: BATCH })];
    this.#position = 0;
    this.#last = this.#batch.length < BATCH;
    const lastKey = this.#batch[this.#batch.length - 1]?.key;
    if (lastKey === undefined) return false;
    // The least key above the last one.
    this.#next = Buffer.concat([lastKey, Uint8Array.of(0)]);
    return true;
  }
}
