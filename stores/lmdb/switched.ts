/**
 * Facades over what a program has in memory today and the live collection that is to take its place, so that one structure
 * after the other can be moved over: at first `memory`, then `shadow` until the differences stay at 0, then `lmdb`.
 *
 * Switched at run time. What is in memory may be replaced by a function that gives it, so that `lmdb` need not hold it.
 */
import type { LiveList } from './live-list.ts';
import type { LiveMap } from './live-map.ts';
import type { LiveSet } from './live-set.ts';
import type { SetMember } from './record-keys.ts';
import { type SourceDifference, type SourceFigures, type SourceMode, SourceSwitch } from './switch.ts';
import type { JsonValue } from './values.ts';

export interface SwitchedOptions<M, L> {
  /** What is in memory, or gives it: asked for whenever it is wanted. */
  readonly memory: M | (() => M);
  /** The live collection. */
  readonly live: L;
  /** Told of every difference. */
  readonly onDifference?: (difference: SourceDifference) => void;
}

/** What the three have in common. */
abstract class Switched<M extends object, L> {
  protected readonly live: L;
  protected readonly source: SourceSwitch;
  readonly #memory: M | (() => M);

  constructor({ memory, live, onDifference }: SwitchedOptions<M, L>) {
    this.#memory = memory;
    this.live = live;
    this.source = new SourceSwitch(onDifference);
  }

  /** As `SourceSwitch.switchTo`: from the next look-up on. It begins with `memory`. */
  switchTo(mode: SourceMode, answersFrom?: 'memory' | 'lmdb'): void {
    this.source.switchTo(mode, answersFrom);
  }

  /** Look-ups and differences so far. */
  figures(): SourceFigures {
    return this.source.figures();
  }

  protected get memory(): M {
    return typeof this.#memory === 'function' ? (this.#memory as () => M)() : this.#memory;
  }
}

/** A map from either source. Walks go over the one that answers, and are not compared. */
export class SwitchedMap<V extends JsonValue = JsonValue>
  extends Switched<ReadonlyMap<string, V>, LiveMap<V>>
  implements ReadonlyMap<string, V>
{
  get size(): number {
    return this.source.ask(
      'size',
      () => this.memory.size,
      () => this.live.size,
    );
  }

  get(key: string): V | undefined {
    return this.source.ask(
      key,
      () => this.memory.get(key),
      () => this.live.get(key),
    );
  }

  has(key: string): boolean {
    return this.source.ask(
      key,
      () => this.memory.has(key),
      () => this.live.has(key),
    );
  }

  entries(): MapIterator<[string, V]> {
    return this.#answering.entries();
  }

  keys(): MapIterator<string> {
    return this.#answering.keys();
  }

  values(): MapIterator<V> {
    return this.#answering.values();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void, thisArg?: unknown): void {
    for (const [key, value] of this) callback.call(thisArg, value, key, this);
  }

  get #answering(): ReadonlyMap<string, V> {
    return this.source.isLive ? this.live : this.memory;
  }
}

/** A set from either source. Walks go over the one that answers, and are not compared. */
export class SwitchedSet<T extends SetMember = SetMember>
  extends Switched<ReadonlySet<T>, LiveSet<T>>
  implements ReadonlySet<T>
{
  get size(): number {
    return this.source.ask(
      'size',
      () => this.memory.size,
      () => this.live.size,
    );
  }

  has(member: T): boolean {
    return this.source.ask(
      member,
      () => this.memory.has(member),
      () => this.live.has(member),
    );
  }

  values(): SetIterator<T> {
    return this.#answering.values();
  }

  keys(): SetIterator<T> {
    return this.values();
  }

  entries(): SetIterator<[T, T]> {
    return this.#answering.entries();
  }

  [Symbol.iterator](): SetIterator<T> {
    return this.values();
  }

  forEach(callback: (member: T, again: T, set: ReadonlySet<T>) => void, thisArg?: unknown): void {
    for (const member of this) callback.call(thisArg, member, member, this);
  }

  get #answering(): ReadonlySet<T> {
    return this.source.isLive ? this.live : this.memory;
  }
}

/** A list from either source. Walks go over the one that answers, and are not compared. */
export class SwitchedList<T extends JsonValue = JsonValue>
  extends Switched<readonly T[], LiveList<T>>
  implements Iterable<T>
{
  get length(): number {
    return this.source.ask(
      'length',
      () => this.memory.length,
      () => this.live.length,
    );
  }

  at(index: number): T | undefined {
    return this.source.ask(
      index,
      () => this.memory.at(index),
      () => this.live.at(index),
    );
  }

  slice(start?: number, end?: number): T[] {
    return this.source.ask(
      [start, end],
      () => this.memory.slice(start, end),
      () => this.live.slice(start, end),
    );
  }

  [Symbol.iterator](): ArrayIterator<T> {
    return this.source.isLive ? this.live.values() : this.memory.values();
  }
}
