import { ForwardingStore } from '../../../stores/forwarding-store.ts';
import { type BytesRef, type MayRead, MISS, type Store } from '../../../stores/store.ts';

/**
 * A store that never blocks while it is told not to: a look-up that would have to read from disk is noted and answered
 * `MISS` for now; `readMissing` then reads what was noted without blocking, and the caller asks again.
 */
export class PatientStore extends ForwardingStore<Store & MayRead> {
  #isPatient: boolean;
  #missing: Uint8Array[];

  constructor(store: Store & MayRead) {
    super(store);
    this.#isPatient = false;
    this.#missing = [];
  }

  /** From now on look-ups are noted rather than read, or not. */
  setPatient(isPatient: boolean): void {
    this.#isPatient = isPatient;
  }

  /** Whether look-ups were noted. */
  get isMissing(): boolean {
    return this.#missing.length > 0;
  }

  /** Forgets what was noted. */
  forgetMissing(): void {
    this.#missing = [];
  }

  /** Reads what was noted into the cache, without blocking, and forgets it. */
  async readMissing(): Promise<void> {
    const keys = this.#missing;
    this.#missing = [];
    const offsets = new Uint32Array(keys.length + 1);
    keys.forEach((key, i) => {
      offsets[i + 1] = offsets[i]! + key.length;
    });
    const bytes = new Uint8Array(offsets[keys.length]!);
    keys.forEach((key, i) => {
      bytes.set(key, offsets[i]!);
    });
    await this.inner.findMany({ count: keys.length, bytes, offsets }, new Float64Array(keys.length));
  }

  override find(key: Uint8Array, start: number, end: number): number {
    return this.#mustWait(key, start, end) ? MISS : this.inner.find(key, start, end);
  }

  override findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    return !this.#mustWait(key, start, end) && this.inner.findBytes(key, start, end, out);
  }

  #mustWait(key: Uint8Array, start: number, end: number): boolean {
    if (!this.#isPatient || this.inner.isAtHand(key, start, end)) return false;
    this.#missing.push(key.slice(start, end));
    return true;
  }
}

/** Whether a store's look-ups may have to read from disk. */
export function mayRead(store: Store): store is Store & MayRead {
  return 'isAtHand' in store;
}
