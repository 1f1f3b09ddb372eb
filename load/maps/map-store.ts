import { StoreError } from '../../stores/errors.ts';
import {
  BytesRef,
  type Cursor,
  type KeyBatch,
  MAX_VALUE,
  MISS,
  type Store,
  type StoreKind,
  type StoreMemory,
  type ValueKind,
} from '../../stores/store.ts';

/** A Map holds at most 2^24 entries; several of them, told apart by the key's last byte, hold more. */
const SHARDS = 16;

/**
 * What a service without Emend's stores keeps: JavaScript Maps, filled at the start. The store contract over them, so that
 * the same pipeline can run on both.
 *
 * Keys and byte strings are strings of one-byte characters, the smallest that V8 has for them: 12 bytes of head and the
 * characters, rounded up to 8, and the Map's entry. (A Uint8Array in each entry would take more than 100.)
 */
export class MapStore implements Store {
  readonly storeKind: StoreKind;
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly #shards: Map<string, number | string>[];
  #keyCount: number;
  #scratch: Uint8Array;
  /** The last array of bytes that a key lay in, and a view on it: callers use one array again and again. */
  #keyBytes: Uint8Array;
  #keyView: Buffer;
  #closed: boolean;

  /** @param storeKind the kind of the store that this one takes the place of */
  constructor(path: string, storeKind: StoreKind, valueKind: ValueKind) {
    this.path = path;
    this.storeKind = storeKind;
    this.valueKind = valueKind;
    this.#shards = Array.from({ length: SHARDS }, () => new Map());
    this.#keyCount = 0;
    this.#scratch = new Uint8Array(1024);
    this.#keyBytes = this.#scratch;
    this.#keyView = viewOf(this.#scratch);
    this.#closed = false;
  }

  get keyCount(): number {
    return this.#keyCount;
  }

  /** Puts an entry in; keys are distinct. */
  add(key: Uint8Array, value: number | Uint8Array): void {
    const text = textOf(key, 0, key.length);
    const held = typeof value === 'number' ? value : textOf(value, 0, value.length);
    this.#shards[shardOf(key, key.length)]!.set(text, held);
    this.#keyCount++;
  }

  find(key: Uint8Array, start: number, end: number): number {
    const found = this.#get(key, start, end);
    if (found === undefined) return MISS;
    if (typeof found === 'string') return found.length;
    return this.valueKind === 'none' ? 1 : found;
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    if (this.valueKind !== 'bytes') {
      throw new StoreError('STORE_VALUE_KIND', `${this.path}: byte strings asked of a store of ${this.valueKind}`);
    }
    const found = this.#get(key, start, end);
    if (typeof found !== 'string') return false;
    if (found.length > this.#scratch.length) this.#scratch = new Uint8Array(2 * found.length);
    const scratch = this.#scratch;
    for (let i = 0; i < found.length; i++) scratch[i] = found.charCodeAt(i);
    out.bytes = scratch;
    out.start = 0;
    out.end = found.length;
    return true;
  }

  findMany(keys: KeyBatch, values: Float64Array): undefined {
    this.#refuseClosed();
    for (let i = 0; i < keys.count; i++) values[i] = this.find(keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
  }

  /** Sorts all keys: one-byte characters are ordered as their bytes are. */
  cursor(): Cursor {
    this.#refuseClosed();
    const entries = this.#shards.flatMap((shard) => [...shard]);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return new MapCursor(entries, this.valueKind, () => this.#refuseClosed());
  }

  /** Nothing off the heap; what is on it, the process tells. */
  memory(): StoreMemory {
    return { pinnedBytes: 0, cachedBytes: 0 };
  }

  verify(): void {
    this.#refuseClosed();
    for (const shard of this.#shards) {
      for (const value of shard.values()) {
        const fits = typeof value === 'string' || (Number.isInteger(value) && value >= 0 && value <= MAX_VALUE);
        if (!fits)
          throw new StoreError('STORE_CORRUPT', `${this.path}: expected an integer in 0..2^53-1, found ${value}`);
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const shard of this.#shards) shard.clear();
  }

  #get(key: Uint8Array, start: number, end: number): number | string | undefined {
    this.#refuseClosed();
    if (key !== this.#keyBytes) {
      this.#keyBytes = key;
      this.#keyView = viewOf(key);
    }
    const text = this.#keyView.toString('latin1', start, end);
    return this.#shards[start === end ? 0 : shardOf(key, end)]!.get(text);
  }

  #refuseClosed(): void {
    if (this.#closed) throw new StoreError('STORE_CLOSED', `${this.path}: the store was closed`);
  }
}

/** Walks sorted entries. */
class MapCursor implements Cursor {
  readonly key: BytesRef;
  readonly valueBytes: BytesRef;
  readonly #entries: readonly (readonly [string, number | string])[];
  readonly #valueKind: ValueKind;
  readonly #refuseClosed: () => void;
  #next: number;

  constructor(
    entries: readonly (readonly [string, number | string])[],
    valueKind: ValueKind,
    refuseClosed: () => void,
  ) {
    this.key = new BytesRef();
    this.valueBytes = new BytesRef();
    this.#entries = entries;
    this.#valueKind = valueKind;
    this.#refuseClosed = refuseClosed;
    this.#next = 0;
  }

  get value(): number {
    const value = this.#entries[this.#next - 1]?.[1];
    if (typeof value !== 'number') return 0;
    return this.#valueKind === 'none' ? 1 : value;
  }

  next(): boolean {
    this.#refuseClosed();
    const entry = this.#entries[this.#next];
    if (entry === undefined) return false;
    this.#next++;
    point(this.key, entry[0]);
    if (typeof entry[1] === 'string') point(this.valueBytes, entry[1]);
    return true;
  }

  seek(key: Uint8Array, start: number, end: number): void {
    this.#refuseClosed();
    const text = textOf(key, start, end);
    const at = this.#entries.findIndex(([other]) => other >= text);
    this.#next = at === -1 ? this.#entries.length : at;
  }
}

function shardOf(key: Uint8Array, end: number): number {
  return end === 0 ? 0 : key[end - 1]! % SHARDS;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return viewOf(bytes).toString('latin1', start, end);
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function point(out: BytesRef, text: string): void {
  out.bytes = Buffer.from(text, 'latin1');
  out.start = 0;
  out.end = text.length;
}
