/** Typed arrays that grow by half: a writer's lists of numbers, off the JavaScript heap. */

const FIRST_CAPACITY = 1024;

type Numbers = Uint8Array | Uint32Array | Float64Array;

/** A list of numbers that only grows. `values[0, length)` are its entries: fetch `values` anew after a `push`. */
export class Growable<T extends Numbers> {
  values: T;
  length: number;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.values = make(FIRST_CAPACITY);
    this.length = 0;
  }

  get byteLength(): number {
    return this.values.byteLength;
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(1);
    this.values[this.length++] = value;
  }

  /** Forgets the entries and gives their memory back. */
  clear(): void {
    this.values = this.#make(0);
    this.length = 0;
  }

  /** Makes room for `count` more entries. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.values.length) return;
    const larger = this.#make(Math.max(needed, Math.ceil(this.values.length * 1.5)));
    larger.set(this.values);
    this.values = larger;
  }
}

export const growableBytes = (): Growable<Uint8Array> => new Growable((length) => new Uint8Array(length));
export const growableUint32 = (): Growable<Uint32Array> => new Growable((length) => new Uint32Array(length));
export const growableFloat64 = (): Growable<Float64Array> => new Growable((length) => new Float64Array(length));
