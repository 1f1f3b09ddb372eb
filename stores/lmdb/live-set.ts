/** A live set, read as a `ReadonlySet` is, and beyond it by prefix and by range. */
import type { CollectionView } from './collection-view.ts';
import { AFTER_RECORDS, FIRST_RECORD, memberOf, RecordKey, type SetMember } from './record-keys.ts';
import { textRange } from './text-range.ts';

/**
 * A set of text, numbers, booleans and null. Every call answers from the last commit. All that goes through several
 * members does so in byte order of text, then numbers, booleans and null, then text of more than 510 bytes, and throws
 * `STORE_CHANGED` when the set is changed meanwhile: within one turn of the event loop it is not.
 *
 * Every method throws a `StoreError`: `STORE_VALUE_KIND` when the collection was written anew as another kind,
 * `STORE_CORRUPT`, `STORE_CLOSED`.
 */
export class LiveSet<T extends SetMember = SetMember> implements ReadonlySet<T> {
  readonly #view: CollectionView;
  readonly #key = new RecordKey();

  constructor(view: CollectionView) {
    this.#view = view;
  }

  get size(): number {
    return this.#view.info()?.keyCount ?? 0;
  }

  /** Whether it has the member. About 1 us, whatever the size of the set. */
  has(member: T): boolean {
    return this.#key.setMember(member) && this.#view.find(this.#key) !== undefined;
  }

  /** Members of text that begin with `prefix`, in byte order; of up to 510 bytes. */
  prefix(prefix: string): SetIterator<T> {
    const { start, end } = textRange(prefix, undefined, prefix);
    return this.#walk(start, end);
  }

  /** Members of text from `from` on, before `to`; without `to` up to the last. In byte order; of up to 510 bytes. */
  range(from: string, to?: string): SetIterator<T> {
    const { start, end } = textRange(from, to);
    return this.#walk(start, end);
  }

  values(): SetIterator<T> {
    return this.#walk(FIRST_RECORD, AFTER_RECORDS);
  }

  keys(): SetIterator<T> {
    return this.values();
  }

  *entries(): SetIterator<[T, T]> {
    for (const member of this.values()) yield [member, member];
  }

  [Symbol.iterator](): SetIterator<T> {
    return this.values();
  }

  forEach(callback: (member: T, again: T, set: ReadonlySet<T>) => void, thisArg?: unknown): void {
    for (const member of this) callback.call(thisArg, member, member, this);
  }

  *#walk(start: Uint8Array, end: Uint8Array): SetIterator<T> {
    const walk = this.#view.walk(start, end);
    while (walk.next()) yield memberOf(walk.key, walk.payload) as T;
  }
}
