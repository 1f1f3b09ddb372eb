/**
 * Finds, among the nodes made so far, one equal to a new node: a hash table in buckets of 16, eight bytes a slot, that
 * doubles whenever a bucket is full, up to a budget. At the budget it forgets: the node of the bucket that was met
 * longest ago makes room, and the automaton is then nearly minimal.
 *
 * Hot path of building: a slot is a check of 32 bits and the node's number side by side. Most nodes have one transition,
 * which is 40 bits: label, target, and whether a key ends. Those are mixed without loss into the check and the low 9 bits
 * of the bucket's number, so that an equal slot is an equal node, and the node itself, three cache misses away, is not
 * read.
 */

/** Slots of a bucket. With 16, tables double when they are half full; fewer waste room, more cost comparisons. */
const BUCKET_SLOTS = 16;
/** Two words a slot: the check; the node's number + 1, 0 when empty, with `SINGLE`. */
const SLOT_WORDS = 2;
const BUCKET_WORDS = BUCKET_SLOTS * SLOT_WORDS;
const BUCKET_BYTES = 4 * BUCKET_WORDS;
/** Set in the number of a node with one transition. */
const SINGLE = 0x8000_0000;
/** Low bits of a bucket's number that say what the check does not; fewer buckets tell single nodes by comparing them. */
const INDEX_BITS = 9;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
const FIRST_BUCKETS = 1 << INDEX_BITS;
/** So that words are numbered by 32-bit integers. */
const MOST_BUCKETS = 2 ** 25;

/** Compares nodes for the registry: whoever keeps them. */
export interface NodeEquality {
  /** Whether the numbered node is equal to the one that is being looked for. */
  isSought(node: number): boolean;
}

/** The nodes of one automaton by what they hold. */
export class Registry {
  readonly #nodes: NodeEquality;
  readonly #mostBuckets: number;
  /** A bucket's slots are ordered from the node met last to the one met longest ago, once that matters. */
  #slots: Uint32Array;
  /** Whether a node was dropped for want of room. */
  forgot: boolean;

  /** @param budgetBytes the most memory to take; while doubling half as much again is in use */
  constructor(budgetBytes: number, nodes: NodeEquality) {
    this.#nodes = nodes;
    let buckets = 1;
    while (2 * buckets * BUCKET_BYTES <= budgetBytes && buckets < MOST_BUCKETS) buckets *= 2;
    this.#mostBuckets = buckets;
    this.#slots = new Uint32Array(Math.min(FIRST_BUCKETS, buckets) * BUCKET_WORDS);
    this.forgot = false;
  }

  /** Memory in use. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  /**
   * The number of a node with this one transition; `number`, entered for it, when there is none.
   *
   * @param number below 2^31 - 1, as is `target`
   */
  findOrAddSingle(label: number, target: number, final: number, number: number): number {
    const check = mix(target);
    const index = ((label << 1) | final) ^ (check >>> (32 - INDEX_BITS));
    return this.#findOrAdd(check, index, SINGLE, number);
  }

  /** The number of a node equal to the sought one, which has this hash; `number`, entered for it, when there is none. */
  findOrAdd(hash: number, number: number): number {
    const check = mix(hash);
    return this.#findOrAdd(check, check >>> (32 - INDEX_BITS), 0, number);
  }

  /** Gives the memory back. */
  clear(): void {
    this.#slots = new Uint32Array(0);
  }

  #findOrAdd(check: number, index: number, single: number, number: number): number {
    const buckets = this.#slots.length / BUCKET_WORDS;
    const bucket = ((check << INDEX_BITS) | index) & (buckets - 1);
    const found = this.#lookInto(bucket, check, single, number);
    if (found >= 0) return found;
    if (buckets < this.#mostBuckets) {
      this.#grow();
      return this.#findOrAdd(check, index, single, number);
    }
    // At the budget a full bucket has a second one, which shares the low bits of its number: else nodes would be
    // forgotten while two thirds of all slots are empty.
    const other = buckets >= 2 * FIRST_BUCKETS ? this.#lookInto(bucket ^ (buckets / 2), check, single, number) : -1;
    if (other >= 0) return other;
    this.forgot = true;
    const first = bucket * BUCKET_WORDS;
    const entry = ((number + 1) | single) >>> 0;
    this.#enter(first, first + BUCKET_WORDS - SLOT_WORDS, check, entry, true);
    return number;
  }

  /** The node in a bucket, or `number`, entered in an empty slot; -1 when the bucket is full of others. */
  #lookInto(bucket: number, check: number, single: number, number: number): number {
    const slots = this.#slots;
    const buckets = slots.length / BUCKET_WORDS;
    const first = bucket * BUCKET_WORDS;
    const end = first + BUCKET_WORDS;
    // Which node was met last matters only once nodes are forgotten.
    const full = buckets === this.#mostBuckets;
    for (let slot = first; slot < end; slot += SLOT_WORDS) {
      const known = slots[slot + 1]!;
      if (known === 0) {
        this.#enter(first, slot, check, ((number + 1) | single) >>> 0, full);
        return number;
      }
      if (slots[slot] !== check || ((known ^ single) & SINGLE) !== 0) continue;
      const node = (known & ~SINGLE) - 1;
      if ((single === 0 || buckets < FIRST_BUCKETS) && !this.#nodes.isSought(node)) continue;
      if (full) this.#enter(first, slot, check, known, full);
      return node;
    }
    return -1;
  }

  /** Writes a node into a slot of a bucket; into its first one, moving those before, when the order matters. */
  #enter(first: number, slot: number, check: number, entry: number, inOrder: boolean): void {
    const slots = this.#slots;
    if (inOrder) {
      slots.copyWithin(first + SLOT_WORDS, first, slot);
      slot = first;
    }
    slots[slot] = check;
    slots[slot + 1] = entry;
  }

  /** Doubles the buckets: each one's nodes part between two, so none can be full. */
  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(2 * old.length);
    const mask = slots.length / BUCKET_WORDS - 1;
    for (let first = 0; first < old.length; first += BUCKET_WORDS) {
      // A table below the first size ends at its budget and never doubles, so the bucket's number has the whole index.
      const index = (first / BUCKET_WORDS) & INDEX_MASK;
      let low = first;
      let high = first + old.length;
      for (let slot = first; slot < first + BUCKET_WORDS; slot += SLOT_WORDS) {
        const check = old[slot]!;
        const bucket = ((check << INDEX_BITS) | index) & mask;
        const to = bucket * BUCKET_WORDS < old.length ? low : high;
        slots[to] = check;
        slots[to + 1] = old[slot + 1]!;
        if (to === low) low += SLOT_WORDS;
        else high += SLOT_WORDS;
      }
    }
    this.#slots = slots;
  }
}

/** Mixes 32 bits without loss (the finisher of MurmurHash3, Austin Appleby, public domain). */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
