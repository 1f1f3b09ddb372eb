/** One live collection behind the Store interface. Unlike the file stores it allocates, and what it holds may change. */
import { corrupt, StoreError } from '../errors.ts';
import { BytesRef, type Cursor, type KeyBatch, MISS, type Store, type StoreMemory, type ValueKind } from '../store.ts';
import type { CollectionView, Walk } from './collection-view.ts';
import type { CollectionKind } from './format.ts';
import {
  AFTER_RECORDS,
  afterLongKey,
  FIRST_RECORD,
  isLongKey,
  MAX_ORDERED_KEY_BYTES,
  RecordKey,
} from './record-keys.ts';
import { bytesOfJsonValue } from './values.ts';

/** A view of a collection. Made by `Collections.store`; closing it leaves the environment open. */
export class CollectionStore implements Store {
  readonly storeKind = 'lmdb';
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly #view: CollectionView;
  readonly #key = new RecordKey();
  readonly #found = new BytesRef();
  #open = true;

  /** @throws {StoreError} `STORE_VALUE_KIND` for a list */
  constructor(view: CollectionView) {
    if (view.kind === 'list') {
      throw new StoreError('STORE_VALUE_KIND', `${view.path}: a list has no keys to look up; read it as a list`);
    }
    this.path = view.path;
    this.#view = view;
    this.valueKind = view.kind === 'set' ? 'none' : view.kind === 'uint' ? 'uint' : 'bytes';
  }

  get keyCount(): number {
    this.#checkOpen();
    return this.#view.info()?.keyCount ?? 0;
  }

  find(key: Uint8Array, start: number, end: number): number {
    if (!this.#look(key, start, end)) return MISS;
    if (this.valueKind === 'none') return 1;
    const { bytes, start: from, end: to } = this.#found;
    if (this.valueKind === 'bytes') return to - from;
    return integerOf(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from), this.path);
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    if (this.valueKind !== 'bytes') {
      throw new StoreError(
        'STORE_VALUE_KIND',
        `${this.path}: asked for byte strings of a collection of "${this.valueKind}"`,
      );
    }
    if (!this.#look(key, start, end)) return false;
    out.bytes = this.#found.bytes;
    out.start = this.#found.start;
    out.end = this.#found.end;
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
    return new CollectionCursor(this.#view, this.path, this.valueKind, () => this.#checkOpen());
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

  #look(key: Uint8Array, start: number, end: number): boolean {
    this.#checkOpen();
    if (!this.#key.setBytes(key, start, end)) return false;
    const database = this.#view.find(this.#key);
    if (database === undefined) return false;
    const found = this.#found;
    found.bytes = database.bytes;
    found.start = database.start;
    found.end = database.end;
    if (this.#view.kind === 'map') {
      found.bytes = bytesOfJsonValue(database.bytes.subarray(database.start, database.end));
      found.start = 0;
      found.end = found.bytes.length;
    }
    return true;
  }

  #checkOpen(): void {
    if (!this.#open) throw new StoreError('STORE_CLOSED', `${this.path}: this view was closed`);
    this.#view.checkOpen();
  }
}

class CollectionCursor implements Cursor {
  readonly key = new BytesRef();
  readonly valueBytes = new BytesRef();
  value = 0;
  readonly #view: CollectionView;
  readonly #kind: CollectionKind;
  readonly #valueKind: ValueKind;
  readonly #path: string;
  readonly #checkOpen: () => void;
  #walk: Walk;

  constructor(view: CollectionView, path: string, valueKind: ValueKind, checkOpen: () => void) {
    this.#view = view;
    this.#kind = view.kind;
    this.#valueKind = valueKind;
    this.#path = path;
    this.#checkOpen = checkOpen;
    this.#walk = view.walk(FIRST_RECORD, AFTER_RECORDS);
  }

  next(): boolean {
    this.#checkOpen();
    const walk = this.#walk;
    if (!walk.next()) return false;
    let payload = walk.payload;
    this.key.bytes = walk.key;
    this.key.start = 1;
    this.key.end = walk.key.length;
    if (isLongKey(walk.key)) {
      this.key.bytes = payload;
      this.key.start = 4;
      this.key.end = afterLongKey(payload);
      payload = payload.subarray(this.key.end);
    }
    if (this.#valueKind === 'bytes') {
      this.valueBytes.bytes = this.#kind === 'map' ? bytesOfJsonValue(payload) : payload;
      this.valueBytes.start = 0;
      this.valueBytes.end = this.valueBytes.bytes.length;
    } else {
      this.value = this.#valueKind === 'none' ? 1 : integerOf(payload, this.#path);
    }
    return true;
  }

  seek(key: Uint8Array, start: number, end: number): void {
    this.#checkOpen();
    // A longer key than any in byte order may be cut to one byte more: it still stands between the same two entries.
    const asked = key.subarray(start, Math.min(end, start + MAX_ORDERED_KEY_BYTES + 1));
    this.#walk = this.#view.walk(Buffer.concat([Uint8Array.of(1), asked]), AFTER_RECORDS);
  }
}

function integerOf(payload: Buffer, path: string): number {
  if (payload.length !== 8) throw corrupt(path, 0, 'an integer of 8 bytes', payload.length);
  return payload.readDoubleLE(0);
}
