import type { BytesRef, Cursor, KeyBatch, Store, StoreKind, StoreMemory, ValueKind } from '../../../stores/store.ts';

/** The keys of look-ups, one after another, laid end to end. */
export class KeyStream {
  bytes: Uint8Array;
  /** Key i is `bytes[ends[i], ends[i + 1])`. */
  readonly ends: number[];

  constructor() {
    this.bytes = new Uint8Array(1 << 20);
    this.ends = [0];
  }

  get count(): number {
    return this.ends.length - 1;
  }

  add(key: Uint8Array, start: number, end: number): void {
    const at = this.ends[this.count] ?? 0;
    const after = at + end - start;
    if (after > this.bytes.length) {
      const larger = new Uint8Array(2 * after);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(key.subarray(start, end), at);
    this.ends.push(after);
  }
}

/** A store that notes the keys it is asked for. */
export class RecordingStore implements Store {
  readonly stream: KeyStream;
  readonly storeKind: StoreKind;
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly keyCount: number;
  readonly #store: Store;

  constructor(store: Store) {
    this.stream = new KeyStream();
    this.storeKind = store.storeKind;
    this.valueKind = store.valueKind;
    this.path = store.path;
    this.keyCount = store.keyCount;
    this.#store = store;
  }

  find(key: Uint8Array, start: number, end: number): number {
    this.stream.add(key, start, end);
    return this.#store.find(key, start, end);
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    this.stream.add(key, start, end);
    return this.#store.findBytes(key, start, end, out);
  }

  findMany(keys: KeyBatch, values: Float64Array): Promise<void> | undefined {
    return this.#store.findMany(keys, values);
  }

  cursor(): Cursor {
    return this.#store.cursor();
  }

  memory(): StoreMemory {
    return this.#store.memory();
  }

  verify(): void {
    this.#store.verify();
  }

  close(): void {
    this.#store.close();
  }
}
