/** A live list, read as a `ReadonlyArray` is, but for `list[i]`: `at(i)`. */
import type { CollectionView } from './collection-view.ts';
import { damaged } from './format.ts';
import { RecordKey } from './record-keys.ts';
import { decodeJsonValue, type JsonValue } from './values.ts';

/** Above every position. */
const END = new Uint8Array(5).fill(0xff);

/**
 * A list of what JSON can say. Every call answers from the last commit; what it gives are copies. All that goes through
 * several elements throws `STORE_CHANGED` when the list is changed meanwhile: within one turn of the event loop it is not.
 *
 * Every method throws a `StoreError`: `STORE_VALUE_KIND` when the collection was written anew as another kind,
 * `STORE_CORRUPT`, `STORE_CLOSED`.
 */
export class LiveList<T extends JsonValue = JsonValue> implements Iterable<T> {
  readonly #view: CollectionView;
  readonly #key = new RecordKey();

  constructor(view: CollectionView) {
    this.#view = view;
  }

  get length(): number {
    return this.#view.info()?.keyCount ?? 0;
  }

  /** The element at `index`, from the end for a negative one; undefined where there is none. About 1 us. */
  at(index: number): T | undefined {
    let position = Math.trunc(index) || 0;
    if (position < 0) position += this.length;
    if (position < 0 || position >= 2 ** 32) return undefined;
    this.#key.setPosition(position);
    const database = this.#view.find(this.#key);
    return database === undefined ? undefined : this.#valueOf(database.bytes, database.start, database.end);
  }

  /** A copy of the elements from `start` on, before `end`, as `Array.prototype.slice` counts them. */
  slice(start = 0, end?: number): T[] {
    const { length } = this;
    const from = clamp(start, length);
    const to = end === undefined ? length : clamp(end, length);
    const elements: T[] = [];
    if (from >= to) return elements;
    const walk = this.#view.walk(positionKey(from), positionKey(to));
    while (walk.next()) elements.push(this.#valueOf(walk.payload, 0, walk.payload.length));
    return elements;
  }

  *[Symbol.iterator](): ArrayIterator<T> {
    const walk = this.#view.walk(positionKey(0), END);
    while (walk.next()) yield this.#valueOf(walk.payload, 0, walk.payload.length);
  }

  values(): ArrayIterator<T> {
    return this[Symbol.iterator]();
  }

  *keys(): ArrayIterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }

  *entries(): ArrayIterator<[number, T]> {
    let i = 0;
    for (const element of this) yield [i++, element];
  }

  forEach(callback: (element: T, index: number) => void): void {
    for (const [i, element] of this.entries()) callback(element, i);
  }

  map<U>(callback: (element: T, index: number) => U): U[] {
    const mapped: U[] = [];
    for (const [i, element] of this.entries()) mapped.push(callback(element, i));
    return mapped;
  }

  filter(callback: (element: T, index: number) => unknown): T[] {
    const kept: T[] = [];
    for (const [i, element] of this.entries()) if (callback(element, i)) kept.push(element);
    return kept;
  }

  find(callback: (element: T, index: number) => unknown): T | undefined {
    for (const [i, element] of this.entries()) if (callback(element, i)) return element;
    return undefined;
  }

  some(callback: (element: T, index: number) => unknown): boolean {
    for (const [i, element] of this.entries()) if (callback(element, i)) return true;
    return false;
  }

  every(callback: (element: T, index: number) => unknown): boolean {
    return !this.some((element, i) => !callback(element, i));
  }

  /** Where `element` stands first, or -1. Elements are copies: only text, numbers, booleans and null are ever equal. */
  indexOf(element: T): number {
    for (const [i, other] of this.entries()) if (other === element) return i;
    return -1;
  }

  includes(element: T): boolean {
    return this.indexOf(element) >= 0;
  }

  #valueOf(bytes: Buffer, start: number, end: number): T {
    const value = decodeJsonValue(bytes, start, end);
    if (value === undefined) throw damaged(this.#view.path, 'an element');
    return value as T;
  }
}

function clamp(index: number, length: number): number {
  const whole = Math.trunc(index) || 0;
  return Math.min(length, Math.max(0, whole < 0 ? whole + length : whole));
}

function positionKey(position: number): Uint8Array {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(position);
  return key;
}
