import { writeUtf8 } from '../../stores/bytes/utf8.ts';
import { KeyArena } from '../sort/key-arena.ts';

/** A slot that holds no word. */
const EMPTY = 0;

/** Slots over words, at most: linear probing stays short up to two thirds. */
const LOAD = 2 / 3;

/**
 * Numbers words 0, 1, 2, ... as they first appear, and counts them.
 *
 * Hot path of counting: an open-addressing table over an arena of bytes. A JavaScript Map from strings would keep a
 * string object per word, and with it, as tokens are slices, whole documents.
 */
export class WordTable {
  readonly words: KeyArena;
  counts: Float64Array;
  #hashes: Uint32Array;
  /** Word id + 1, or EMPTY. */
  #slots: Int32Array;
  #mask: number;
  #scratch: Uint8Array;

  constructor() {
    this.words = new KeyArena();
    this.counts = new Float64Array(1 << 8);
    this.#hashes = new Uint32Array(1 << 8);
    this.#slots = new Int32Array(1 << 9);
    this.#mask = this.#slots.length - 1;
    this.#scratch = new Uint8Array(1 << 8);
  }

  get count(): number {
    return this.words.count;
  }

  /** Bytes of all arrays. */
  get capacityBytes(): number {
    const { bytes, starts } = this.words;
    return bytes.length + 4 * starts.length + 8 * this.counts.length + 8 * this.#slots.length;
  }

  /** Whether one of the arrays will soon have to double. */
  get isNearlyFull(): boolean {
    const { words } = this;
    return (
      words.count > 0.94 * LOAD * this.#slots.length ||
      words.count > 0.94 * this.counts.length ||
      words.usedBytes > 0.94 * words.bytes.length
    );
  }

  /** The id of `word`, new or known, or -1 when it is empty or holds a byte up to 0x20. Its count is left as it is. */
  intern(word: string): number {
    const length = word.length;
    if (length === 0) return -1;
    if (this.#scratch.length < 3 * length) this.#scratch = new Uint8Array(6 * length);
    const scratch = this.#scratch;
    // FNV-1a, written and hashed in one pass while the text is ASCII.
    let hash = 0x811c9dc5;
    let end = 0;
    for (; end < length; end++) {
      const unit = word.charCodeAt(end);
      if (unit >= 0x80) break;
      if (unit <= 0x20) return -1;
      scratch[end] = unit;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    if (end < length) {
      const from = end;
      end = writeUtf8(from === 0 ? word : word.slice(from), scratch, from);
      for (let i = from; i < end; i++) {
        if (scratch[i]! <= 0x20) return -1;
        hash = Math.imul(hash ^ scratch[i]!, 0x01000193);
      }
    }
    // FNV's low bits are weak, and the low bits choose the slot.
    hash = (hash ^ (hash >>> 15)) >>> 0;
    let slot = hash & this.#mask;
    for (;;) {
      const entry = this.#slots[slot]!;
      if (entry === EMPTY) break;
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, scratch, end)) return entry - 1;
      slot = (slot + 1) & this.#mask;
    }
    return this.#add(hash, slot, scratch, end);
  }

  /** Numbers a mark, a word of one control character, without a look whether it is there; `intern` never finds it. */
  addMark(mark: string): number {
    return this.words.append(Uint8Array.of(mark.charCodeAt(0)), 0, 1);
  }

  /** Forgets all words and keeps the memory. */
  clear(): void {
    this.words.clear();
    this.counts.fill(0);
    this.#slots.fill(EMPTY);
  }

  #equals(id: number, bytes: Uint8Array, length: number): boolean {
    const arena = this.words.bytes;
    let at = this.words.starts[id]!;
    if (this.words.starts[id + 1]! - at !== length) return false;
    for (let i = 0; i < length; i++) if (arena[at++] !== bytes[i]) return false;
    return true;
  }

  #add(hash: number, slot: number, bytes: Uint8Array, length: number): number {
    const id = this.words.append(bytes, 0, length);
    if (id === this.counts.length) this.#growColumns();
    this.#hashes[id] = hash;
    this.#slots[slot] = id + 1;
    if (id + 1 > LOAD * this.#slots.length) this.#growSlots();
    return id;
  }

  #growColumns(): void {
    const counts = new Float64Array(this.counts.length * 2);
    counts.set(this.counts);
    this.counts = counts;
    const hashes = new Uint32Array(counts.length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.words.count; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}
