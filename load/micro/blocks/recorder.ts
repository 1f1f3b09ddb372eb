import { ForwardingStore } from '../../../stores/forwarding-store.ts';
import type { BytesRef, Store } from '../../../stores/store.ts';

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
export class RecordingStore extends ForwardingStore {
  readonly stream: KeyStream;

  constructor(store: Store) {
    super(store);
    this.stream = new KeyStream();
  }

  override find(key: Uint8Array, start: number, end: number): number {
    this.stream.add(key, start, end);
    return this.inner.find(key, start, end);
  }

  override findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    this.stream.add(key, start, end);
    return this.inner.findBytes(key, start, end, out);
  }
}
