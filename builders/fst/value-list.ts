/** The values of the keys while they come: a list that only grows, each stretch of it in the narrowest array that holds it. */

import type { Integers } from '../../stores/fst/values.ts';

const SLAB_BITS = 16;
const SLAB_ENTRIES = 1 << SLAB_BITS;

/** Unsigned integers up to 2^53-1. Values below 256, as quantised counts are, take a byte each. */
export class ValueList {
  readonly #slabs: Integers[];
  /** The last stretch, not yet full. */
  readonly #open: Float64Array;
  #openCount: number;

  constructor() {
    this.#slabs = [];
    this.#open = new Float64Array(SLAB_ENTRIES);
    this.#openCount = 0;
  }

  get length(): number {
    return this.#slabs.length * SLAB_ENTRIES + this.#openCount;
  }

  /** Memory that the list takes. */
  get bytes(): number {
    return this.#slabs.reduce((sum, slab) => sum + slab.byteLength, this.#open.byteLength);
  }

  push(value: number): void {
    this.#open[this.#openCount++] = value;
    if (this.#openCount < SLAB_ENTRIES) return;
    const slab = narrowest(SLAB_ENTRIES, largestOf(this.#open, SLAB_ENTRIES));
    slab.set(this.#open);
    this.#slabs.push(slab);
    this.#openCount = 0;
  }

  at(index: number): number {
    const slab = this.#slabs[index >>> SLAB_BITS] ?? this.#open;
    return slab[index & (SLAB_ENTRIES - 1)]!;
  }

  /** All values in one array, the narrowest that holds them. Allocates it. */
  toArray(): Integers {
    let largest = largestOf(this.#open, this.#openCount);
    for (const slab of this.#slabs) largest = Math.max(largest, largestOf(slab, slab.length));
    const values = narrowest(this.length, largest);
    this.#slabs.forEach((slab, i) => {
      values.set(slab, i * SLAB_ENTRIES);
    });
    values.set(this.#open.subarray(0, this.#openCount), this.#slabs.length * SLAB_ENTRIES);
    return values;
  }
}

function largestOf(values: Integers, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) if (values[i]! > largest) largest = values[i]!;
  return largest;
}

function narrowest(length: number, largest: number): Integers {
  if (largest < 2 ** 8) return new Uint8Array(length);
  if (largest < 2 ** 16) return new Uint16Array(length);
  return largest < 2 ** 32 ? new Uint32Array(length) : new Float64Array(length);
}
