import {
  decodeBackoffCost,
  decodeCost,
  encodeId,
  MAX_NGRAM_BYTES,
  PAIR_BYTES,
} from '../../../stores/language/ngram-key.ts';
import { END_ID, FIRST_TERM_ID, START_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Neighbours } from '../../../stores/neighbours/neighbours.ts';
import { MISS, type Store } from '../../../stores/store.ts';
import type { Scorer } from '../decode/scorer.ts';
import { Recent } from '../reads/recent.ts';

/** Pairs remembered within and between queries, 12 bytes each; a power of two. */
const MEMO_BITS = 14;
const MEMO_SLOTS = 1 << MEMO_BITS;
const NO_PAIR = -1;

/**
 * The n-gram model as the decoder asks for it: -ln P(word | the words before), in nats, backing off from triples to
 * pairs to single words.
 *
 * Hot path: some 400 different pairs a query, most of them absent; a direct-mapped memo of recent pairs answers the
 * repeats, among them the misses.
 */
export class LanguageModel implements Scorer {
  readonly #ngrams: Store;
  readonly #lexicon: Lexicon;
  readonly #neighbours: Neighbours | undefined;
  readonly #key: Uint8Array;
  readonly #memoKeys: Float64Array;
  readonly #memoValues: Int32Array;
  /** The places of the memo filled last. */
  readonly recent: Recent<number>;
  /** Look-ups that went to the store since the model was made. */
  lookups: number;

  /** Without `neighbours` every pair is looked up. */
  constructor(ngrams: Store, lexicon: Lexicon, neighbours?: Neighbours) {
    this.#ngrams = ngrams;
    this.#lexicon = lexicon;
    this.#neighbours = neighbours;
    this.#key = new Uint8Array(MAX_NGRAM_BYTES);
    this.#memoKeys = new Float64Array(MEMO_SLOTS).fill(NO_PAIR);
    this.#memoValues = new Int32Array(MEMO_SLOTS);
    this.recent = new Recent((slot) => {
      this.#memoKeys[slot] = NO_PAIR;
    });
    this.lookups = 0;
  }

  /** The value stored for a pair of ids, or `MISS`. */
  pairValue(first: number, second: number): number {
    return this.#neighbours?.mayFollow(first, second) === false ? MISS : this.#pairValue(first, second);
  }

  #pairValue(first: number, second: number): number {
    const packed = first * 2 ** 24 + second;
    const slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - MEMO_BITS);
    if (this.#memoKeys[slot] === packed) return this.#memoValues[slot]!;
    const key = this.#key;
    encodeId(second, key, encodeId(first, key, 0));
    this.lookups++;
    const value = this.#ngrams.find(key, 0, PAIR_BYTES);
    this.#memoKeys[slot] = packed;
    this.#memoValues[slot] = value;
    this.recent.note(slot);
    return value;
  }

  /** -ln P(second | first). Unknown words have no entry here: their cost is the caller's. */
  pairCost(first: number, second: number): number {
    const value = this.pairValue(first, second);
    if (value !== MISS) return decodeCost(value);
    // How often a query ends says nothing of the word before where no source knew it.
    return second === END_ID ? RESERVED_COSTS[END_ID]! : this.#lexicon.backoffCost(first) + this.unigramCost(second);
  }

  /** -ln P(third | first second). `first` is -1 where there is none. */
  tripleCost(first: number, second: number, third: number): number {
    if (first < 0) return this.pairCost(second, third);
    const context = this.pairValue(first, second);
    const backoff = context === MISS ? -1 : decodeBackoffCost(context);
    if (backoff < 0) return this.pairCost(second, third);
    const value = this.#tripleValue(first, second, third);
    return value === MISS ? backoff + this.pairCost(second, third) : decodeCost(value);
  }

  costsAfter(
    before: number,
    last: number,
    nexts: Int32Array,
    start: number,
    end: number,
    costs: Float64Array,
    continued: Uint8Array,
  ): void {
    const isKnown = last !== UNKNOWN_ID;
    const backoff = isKnown ? this.#lexicon.backoffCost(last) : 0;
    const context = isKnown && before >= 0 && before !== UNKNOWN_ID ? this.pairValue(before, last) : MISS;
    const contextBackoff = context === MISS ? -1 : decodeBackoffCost(context);
    // First whether a look-up is worth while.
    if (isKnown && this.#neighbours !== undefined) {
      this.#neighbours.markFollowers(last, nexts, start, end, continued);
    } else continued.fill(isKnown ? 1 : 0, start, end);
    for (let i = start; i < end; i++) {
      const next = nexts[i]!;
      const mayFollow = continued[i] === 1;
      continued[i] = 0;
      costs[i] = 0;
      if (next === UNKNOWN_ID) continue;
      const value = mayFollow ? this.#pairValue(last, next) : MISS;
      if (value !== MISS) {
        costs[i] = decodeCost(value);
        continued[i] = decodeBackoffCost(value) >= 0 ? 1 : 0;
      } else costs[i] = next === END_ID ? RESERVED_COSTS[END_ID]! : backoff + this.unigramCost(next);
      if (contextBackoff < 0) continue;
      const triple = mayFollow ? this.#lookUpTriple(before, last, next) : MISS;
      costs[i] = triple === MISS ? contextBackoff + costs[i]! : decodeCost(triple);
    }
  }

  /** -ln P of terms in a row that begin a query. */
  rowCost(ids: readonly number[]): number {
    let cost = 0;
    let last = START_ID;
    for (const id of ids) {
      cost += this.pairCost(last, id);
      last = id;
    }
    return cost;
  }

  /** Whether the model holds the triple itself. */
  isTripleSeen(first: number, second: number, third: number): boolean {
    return this.#tripleValue(first, second, third) !== MISS;
  }

  #tripleValue(first: number, second: number, third: number): number {
    return this.#neighbours?.mayFollow(second, third) === false ? MISS : this.#lookUpTriple(first, second, third);
  }

  #lookUpTriple(first: number, second: number, third: number): number {
    const key = this.#key;
    encodeId(third, key, encodeId(second, key, encodeId(first, key, 0)));
    this.lookups++;
    return this.#ngrams.find(key, 0, MAX_NGRAM_BYTES);
  }

  /** Whether any triple begins with these two: only then `tripleCost` looks further than `pairCost`. */
  continues(first: number, second: number): boolean {
    const context = this.pairValue(first, second);
    return context !== MISS && decodeBackoffCost(context) >= 0;
  }

  /** -ln P(term). */
  unigramCost(id: number): number {
    return id < FIRST_TERM_ID ? RESERVED_COSTS[id]! : this.#lexicon.unigramCost(id);
  }
}

/** Words scored without their context: what `spell` alone goes by. */
export function contextFree(model: LanguageModel): Scorer {
  return {
    unigramCost: (id) => model.unigramCost(id),
    pairCost: (_first, second) => model.unigramCost(second),
    tripleCost: (_first, _second, third) => model.unigramCost(third),
    continues: () => false,
    costsAfter(_before, _last, nexts, start, end, costs, continued) {
      for (let i = start; i < end; i++) {
        costs[i] = nexts[i] === UNKNOWN_ID ? 0 : model.unigramCost(nexts[i]!);
        continued[i] = 0;
      }
    },
  };
}

/** Of sentence start, sentence end, number, unknown word: as `builders/assemble/language-model.ts` has them. */
const RESERVED_COSTS = [20, 2.3, 3.9, 20];
