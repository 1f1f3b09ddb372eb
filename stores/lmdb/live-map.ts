/** A live map, read as a `ReadonlyMap` is, and beyond it by prefix and by range. */
import type { CollectionView } from './collection-view.ts';
import { damaged } from './format.ts';
import { AFTER_RECORDS, afterLongKey, FIRST_RECORD, isLongKey, memberOf, RecordKey } from './record-keys.ts';
import { textRange } from './text-range.ts';
import { decodeJsonValue, type JsonValue } from './values.ts';

/**
 * A map of text to what JSON can say. Every call answers from the last commit; what it gives are copies. All that goes
 * through several entries does so in byte order of the keys, those of more than 510 bytes last, and throws
 * `STORE_CHANGED` when the map is changed meanwhile: within one turn of the event loop it is not.
 *
 * Every method throws a `StoreError`: `STORE_VALUE_KIND` when the collection was written anew as another kind,
 * `STORE_CORRUPT`, `STORE_CLOSED`.
 */
export class LiveMap<V extends JsonValue = JsonValue> implements ReadonlyMap<string, V> {
  readonly #view: CollectionView;
  readonly #key = new RecordKey();

  constructor(view: CollectionView) {
    this.#view = view;
  }

  get size(): number {
    return this.#view.info()?.keyCount ?? 0;
  }

  /** The value under `key`, or undefined. About 1 us, whatever the size of the map. */
  get(key: string): V | undefined {
    const database = this.#key.setText(key) ? this.#view.find(this.#key) : undefined;
    if (database === undefined) return undefined;
    return this.#valueOf(database.bytes, database.start, database.end);
  }

  has(key: string): boolean {
    return this.#key.setText(key) && this.#view.find(this.#key) !== undefined;
  }

  /** Entries whose keys begin with `prefix`, in byte order; of keys up to 510 bytes. */
  prefix(prefix: string): MapIterator<[string, V]> {
    const { start, end } = textRange(prefix, undefined, prefix);
    return this.#walk(start, end);
  }

  /** Entries from key `from` on, before key `to`; without `to` up to the last. In byte order; of keys up to 510 bytes. */
  range(from: string, to?: string): MapIterator<[string, V]> {
    const { start, end } = textRange(from, to);
    return this.#walk(start, end);
  }

  entries(): MapIterator<[string, V]> {
    return this.#walk(FIRST_RECORD, AFTER_RECORDS);
  }

  *keys(): MapIterator<string> {
    const walk = this.#view.walk(FIRST_RECORD, AFTER_RECORDS);
    while (walk.next()) yield memberOf(walk.key, walk.payload) as string;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void, thisArg?: unknown): void {
    for (const [key, value] of this) callback.call(thisArg, value, key, this);
  }

  *#walk(start: Uint8Array, end: Uint8Array): MapIterator<[string, V]> {
    const walk = this.#view.walk(start, end);
    while (walk.next()) {
      const { key, payload } = walk;
      const valueStart = isLongKey(key) ? afterLongKey(payload) : 0;
      yield [memberOf(key, payload) as string, this.#valueOf(payload, valueStart, payload.length)];
    }
  }

  #valueOf(bytes: Buffer, start: number, end: number): V {
    const value = decodeJsonValue(bytes, start, end);
    if (value === undefined) throw damaged(this.#view.path, 'a value');
    return value as V;
  }
}
