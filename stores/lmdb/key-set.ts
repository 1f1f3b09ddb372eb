/**
 * Which keys a replacement has seen: 64 bits of hash for each, in open addressing off the heap, at most 32 bytes a key. Keys
 * come in any order and a million of them would take ten times as much as strings. Two of a million keys share their 64
 * bits with a probability of 3 in 100 million; the hash begins with a random number, so nobody can choose keys that do.
 */
import { randomBytes } from 'node:crypto';

export class KeySet {
  size = 0;
  readonly #seed = randomBytes(4).readInt32LE(0);
  #slots = new Int32Array(2 * 1024);
  #low = 0;
  #high = 0;

  /** Adds a key. */
  add(key: Uint8Array): void {
    this.#hash(key);
    const at = this.#slotOf(this.#slots, this.#low, this.#high);
    if (this.#slots[at] !== 0) return;
    this.#slots[at] = this.#low;
    this.#slots[at + 1] = this.#high;
    this.size++;
    if (this.size * 4 > this.#slots.length) this.#grow();
  }

  has(key: Uint8Array): boolean {
    this.#hash(key);
    return this.#slots[this.#slotOf(this.#slots, this.#low, this.#high)] !== 0;
  }

  #hash(key: Uint8Array): void {
    let low = this.#seed | 0;
    let high = ~this.#seed ^ key.length;
    for (let i = 0; i < key.length; i++) {
      low = Math.imul(low ^ key[i]!, 0x9e3779b1);
      low ^= low >>> 15;
      high = Math.imul(high + key[i]! + (low >>> 3), 0x85ebca77);
      high ^= high >>> 13;
    }
    // A first half of 0 marks an empty slot.
    this.#low = low | 1;
    this.#high = Math.imul(high ^ low, 0xc2b2ae3d);
  }

  #slotOf(slots: Int32Array, low: number, high: number): number {
    const mask = slots.length - 1;
    let at = ((high ^ (low >>> 1)) << 1) & mask;
    while (slots[at] !== 0 && (slots[at] !== low || slots[at + 1] !== high)) at = (at + 2) & mask;
    return at;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] === 0) continue;
      const at = this.#slotOf(slots, old[i]!, old[i + 1]!);
      slots[at] = old[i]!;
      slots[at + 1] = old[i + 1]!;
    }
    this.#slots = slots;
  }
}
