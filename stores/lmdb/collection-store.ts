/** One live collection behind the Store interface. Unlike the file stores it allocates, and what it holds may change. */
import { corrupt, StoreError } from '../errors.ts';
import { BytesRef, type Cursor, type KeyBatch, MISS, type Store, type StoreMemory, type ValueKind } from '../store.ts';
import type { Environment } from './environment.ts';
import { afterPrefix, type CollectionInfo, entryPrefix, MAX_KEY_BYTES, payloadOf } from './format.ts';

/** What a view asks its collections for. */
export interface CollectionSource {
  /** @throws {StoreError} `STORE_CLOSED` */
  environment(): Environment;
  /** What the collection is now, or undefined when there is none. */
  info(): CollectionInfo | undefined;
  /** While it is the same number, reads see the same state. */
  snapshot(): number;
}

/** A view of a collection. Made by `Collections.store`; closing it leaves the environment open. */
export class CollectionStore implements Store {
  readonly storeKind = 'lmdb';
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly #source: CollectionSource;
  readonly #prefix: Uint8Array;
  /** The last snapshot in which the collection was seen to be of the view's kind; -1 at first. */
  #checkedSnapshot = -1;
  /** The record key of the look-up under way: the prefix stays, keys are written behind it. */
  readonly #record: Buffer;
  #open = true;

  constructor(path: string, name: string, source: CollectionSource) {
    this.path = path;
    this.#source = source;
    this.#prefix = entryPrefix(name);
    this.#record = Buffer.alloc(this.#prefix.length + MAX_KEY_BYTES);
    this.#record.set(this.#prefix);
    this.valueKind = source.info()?.valueKind ?? 'none';
  }

  get keyCount(): number {
    this.#checkOpen();
    return this.#source.info()?.keyCount ?? 0;
  }

  find(key: Uint8Array, start: number, end: number): number {
    const payload = this.#payload(key, start, end);
    if (payload === undefined) return MISS;
    if (this.valueKind === 'none') return 1;
    return this.valueKind === 'bytes' ? payload.length : integerOf(payload, this.path);
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    if (this.valueKind !== 'bytes') {
      throw new StoreError(
        'STORE_VALUE_KIND',
        `${this.path}: asked for byte strings of a collection of "${this.valueKind}"`,
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
    return new CollectionCursor(this.path, this.#prefix, this.valueKind, {
      environment: () => {
        this.#checkOpen();
        return this.#source.environment();
      },
      info: () => this.#checkedInfo(),
    });
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
    const environment = this.#source.environment();
    let value = environment.getBinaryFast(record);
    // The read may have been the first in a new snapshot, in which the collection may be of another kind.
    if (this.#source.snapshot() !== this.#checkedSnapshot) {
      this.#checkedInfo();
      value = environment.getBinaryFast(record);
    }
    return value === undefined ? undefined : payloadOf(record, value, this.path);
  }

  /** What the collection is now, which must be of the view's kind, or undefined when there is none. */
  #checkedInfo(): CollectionInfo | undefined {
    const info = this.#source.info();
    if (info !== undefined && info.valueKind !== this.valueKind) {
      throw new StoreError(
        'STORE_VALUE_KIND',
        `${this.path}: looking up values of kind "${this.valueKind}": the collection now holds "${info.valueKind}"; ask for a new view`,
      );
    }
    this.#checkedSnapshot = this.#source.snapshot();
    return info;
  }

  #checkOpen(): void {
    if (!this.#open) throw new StoreError('STORE_CLOSED', `${this.path}: this view was closed`);
  }
}

type CursorSource = Pick<CollectionSource, 'environment' | 'info'>;

/** How many entries a cursor reads at a time: each read is one short transaction, so a cursor holds nothing open. */
const BATCH = 256;

class CollectionCursor implements Cursor {
  readonly key = new BytesRef();
  readonly valueBytes = new BytesRef();
  value = 0;
  readonly #path: string;
  readonly #source: CursorSource;
  readonly #valueKind: ValueKind;
  readonly #prefixBytes: number;
  readonly #end: Uint8Array;
  readonly #prefix: Uint8Array;
  #next: Uint8Array;
  #batch: { readonly key: Uint8Array; readonly value: Uint8Array }[] = [];
  #position = 0;
  #last = false;
  /** Generation of the collection in the first batch since the last seek, 0 without a collection; -1 before that batch. */
  #generation = -1;

  constructor(path: string, prefix: Uint8Array, valueKind: ValueKind, source: CursorSource) {
    this.#path = path;
    this.#source = source;
    this.#valueKind = valueKind;
    this.#prefix = prefix;
    this.#prefixBytes = prefix.length;
    this.#next = prefix;
    this.#end = afterPrefix(prefix);
  }

  next(): boolean {
    // Throws when the view or the collections were closed.
    this.#source.environment();
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
      this.value = this.#valueKind === 'none' ? 1 : integerOf(payload, this.#path);
    }
    return true;
  }

  seek(key: Uint8Array, start: number, end: number): void {
    this.#source.environment();
    // A key longer than any stored one may be cut to one byte more: it still stands between the same two entries.
    const asked = key.subarray(start, Math.min(end, start + MAX_KEY_BYTES + 1));
    this.#next = Buffer.concat([this.#prefix, asked]);
    this.#batch = [];
    this.#position = 0;
    this.#last = false;
    this.#generation = -1;
  }

  #readBatch(): boolean {
    if (this.#last) return false;
    // Both reads are of one snapshot: nothing but a turn of the event loop or a commit of this process comes between two.
    this.#checkGeneration();
    this.#batch = [...this.#source.environment().getRange({ start: this.#next, end: this.#end, limit: BATCH })];
    this.#position = 0;
    this.#last = this.#batch.length < BATCH;
    const lastKey = this.#batch[this.#batch.length - 1]?.key;
    if (lastKey === undefined) return false;
    // The least key above the last one.
    this.#next = Buffer.concat([lastKey, Uint8Array.of(0)]);
    return true;
  }
  #checkGeneration(): void {
    const generation = this.#source.info()?.generation ?? 0;
    if (this.#generation < 0) this.#generation = generation;
    if (this.#generation === generation) return;
    throw new StoreError(
      'STORE_CHANGED',
      `${this.#path}: walking the entries of generation ${this.#generation}: the collection is now at ${generation}; begin again with a new cursor or a seek`,
    );
  }
}

function integerOf(payload: Buffer, path: string): number {
  if (payload.length !== 8) throw corrupt(path, 0, 'an integer of 8 bytes', payload.length);
  return payload.readDoubleLE(0);
}
