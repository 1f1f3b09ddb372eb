/**
 * Which words of a row belong together: every gap between two of them is a join or a break. A segmentation is as likely as e to the sum of
 * what speaks for its joins and of how its gaps follow one another, a chain that is summed over in time linear to its length.
 *
 * What speaks for a join is known of the pair and of those beside it: how often n-grams have seen it, how alike its vectors are, whether
 * its words are common, names or numbers (`stores/profile/phrases.ts`). Some 8 us for a query of three words, a tenth of
 * a rewrite of words met before.
 */
import { END_ID, FIRST_TERM_ID, TermFlag } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { PHRASE_EVIDENCE, type PhraseWeights } from '../../../stores/profile/phrases.ts';
import { MISS, type Store } from '../../../stores/store.ts';
import type { Vectors } from '../../../stores/vectors/vectors.ts';
import type { LanguageModel } from './language-model.ts';
import { termId } from './vocabulary.ts';

/** Words of the longest row that is looked at. */
export const MOST_PHRASE_WORDS = 64;
/** Cost of a word, in nats, below which it is common, and from which on it is no longer frequent. */
const COMMON_BELOW = 6;
const FREQUENT_BELOW = 7.5;
/** Of a pair that no source has seen: its association, and that by its cost. */
const UNSEEN = -1;
const UNSEEN_RELATIVE = -0.1;
/** Words whose ids are remembered: some 2 MB. */
const REMEMBERED_WORDS = 1 << 14;
/** States of the chain: a break came last; one join after a break; two joins and more. */
const STATES = 3;

/** What is read of words. */
export interface PhraseSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly vectors: Vectors | undefined;
  readonly weights: PhraseWeights;
}

/** A run of words that belong together: [from, to), and how surely it is exactly these. */
export interface WordGroup {
  readonly from: number;
  readonly to: number;
  readonly probability: number;
}

export class PhraseModel {
  readonly #sources: PhraseSources;
  readonly #remembered = new Map<string, number>();
  readonly #ids = new Int32Array(MOST_PHRASE_WORDS);
  readonly #costs = new Float64Array(MOST_PHRASE_WORDS);
  readonly #flags = new Int32Array(MOST_PHRASE_WORDS);
  /** By gap: association of its pair, its share of the pair's cost, likeness, what speaks for a join. */
  readonly #associations = new Float64Array(MOST_PHRASE_WORDS);
  readonly #relative = new Float64Array(MOST_PHRASE_WORDS);
  readonly #likeness = new Float64Array(MOST_PHRASE_WORDS);
  readonly #joins = new Float64Array(MOST_PHRASE_WORDS);
  readonly #evidence = new Float64Array(PHRASE_EVIDENCE.length);
  /** By gap and state: the log of all ways to it, and of all ways on from it. */
  readonly #forward = new Float64Array(MOST_PHRASE_WORDS * STATES);
  readonly #backward = new Float64Array(MOST_PHRASE_WORDS * STATES);
  /** 1 where a gap has to be a join. */
  readonly held = new Uint8Array(MOST_PHRASE_WORDS);

  constructor(sources: PhraseSources) {
    this.#sources = sources;
  }

  /**
   * The groups of two words and more in the likeliest segmentation of a row. None for rows of one word, or of more than
   * `MOST_PHRASE_WORDS`. Set `held` before, for the gaps of this row.
   */
  groupsIn(words: readonly string[]): WordGroup[] {
    const gaps = words.length - 1;
    if (gaps < 1 || words.length > MOST_PHRASE_WORDS) return [];
    this.#weigh(words, gaps);
    const labels = this.#likeliest(gaps);
    if (!labels.includes(1)) return [];
    const total = this.#sum(gaps);
    const groups: WordGroup[] = [];
    for (let from = 0; from < words.length; from++) {
      let to = from + 1;
      while (to <= gaps && labels[to - 1] === 1) to++;
      if (to - from > 1) groups.push({ from, to, probability: this.#probability(from, to, gaps, total) });
      from = to - 1;
    }
    return groups;
  }

  /** The evidence on each gap of a row, for fitting the weights; in the order of `PHRASE_EVIDENCE`. */
  evidenceOf(words: readonly string[]): Float64Array[] {
    const gaps = Math.min(words.length, MOST_PHRASE_WORDS) - 1;
    if (gaps < 1) return [];
    this.#look(words, gaps);
    return Array.from({ length: gaps }, (_, i) => {
      this.#read(words, i, gaps);
      return this.#evidence.slice();
    });
  }

  #weigh(words: readonly string[], gaps: number): void {
    const { weights, first, second } = this.#sources.weights;
    this.#look(words, gaps);
    for (let i = 0; i < gaps; i++) {
      this.#read(words, i, gaps);
      let sum = (first.get(words[i]!) ?? 0) + (second.get(words[i + 1]!) ?? 0);
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * this.#evidence[k]!;
      this.#joins[i] = sum;
    }
  }

  #look(words: readonly string[], gaps: number): void {
    const { lexicon, languageModel, vectors } = this.#sources;
    for (let i = 0; i <= gaps; i++) {
      const id = this.#idOf(words[i]!);
      this.#ids[i] = id;
      this.#costs[i] = languageModel.unigramCost(id);
      this.#flags[i] = id >= FIRST_TERM_ID ? lexicon.flags(id) : 0;
    }
    for (let i = 0; i < gaps; i++) {
      const a = this.#ids[i]!;
      const b = this.#ids[i + 1]!;
      const isKnown = a >= FIRST_TERM_ID && b >= FIRST_TERM_ID;
      const isSeen = isKnown && languageModel.pairValue(a, b) !== MISS;
      const cost = isSeen ? languageModel.pairCost(a, b) : 0;
      this.#associations[i] = isSeen ? this.#costs[i + 1]! - cost : UNSEEN;
      this.#relative[i] = isSeen ? this.#associations[i]! / (this.#costs[i]! + cost) : UNSEEN_RELATIVE;
      this.#likeness[i] = isKnown && vectors !== undefined ? likenessOf(vectors, a, b) : 0;
    }
  }

  /** Reads the evidence on gap `i` into `#evidence`. */
  #read(words: readonly string[], i: number, gaps: number): void {
    const evidence = this.#evidence;
    const a = this.#ids[i]!;
    const b = this.#ids[i + 1]!;
    const costA = this.#costs[i]!;
    const costB = this.#costs[i + 1]!;
    const flagsA = this.#flags[i]!;
    const flagsB = this.#flags[i + 1]!;
    const wordA = words[i]!;
    const wordB = words[i + 1]!;
    const areKnown = a >= FIRST_TERM_ID && b >= FIRST_TERM_ID;
    const before = i > 0 ? this.#ids[i - 1]! : END_ID;
    const after = i + 1 < gaps ? this.#ids[i + 2]! : END_ID;
    const joined = this.#idOf(wordA + wordB);
    let at = 0;
    evidence[at++] = 1;
    evidence[at++] = this.#relative[i] === UNSEEN_RELATIVE ? 0 : 1;
    evidence[at++] = this.#associations[i]!;
    evidence[at++] = this.#relative[i]!;
    evidence[at++] = this.#likeness[i]!;
    evidence[at++] = costA;
    evidence[at++] = costB;
    evidence[at++] = Math.max(0, FREQUENT_BELOW - costA);
    evidence[at++] = Math.max(0, FREQUENT_BELOW - costB);
    evidence[at++] = costA < COMMON_BELOW ? 1 : 0;
    evidence[at++] = costB < COMMON_BELOW ? 1 : 0;
    evidence[at++] = isNumber(wordA) ? 1 : 0;
    evidence[at++] = isNumber(wordB) ? 1 : 0;
    evidence[at++] = (flagsA & TermFlag.name) !== 0 ? 1 : 0;
    evidence[at++] = (flagsB & TermFlag.name) !== 0 ? 1 : 0;
    evidence[at++] = areKnown && ((flagsA | flagsB) & TermFlag.dictionary) === 0 ? 1 : 0;
    evidence[at++] = joined >= FIRST_TERM_ID ? 1 : 0;
    evidence[at++] = i > 0 ? this.#associations[i - 1]! : 0;
    evidence[at++] = i + 1 < gaps ? this.#associations[i + 1]! : 0;
    evidence[at++] = i === 0 ? 1 : 0;
    evidence[at++] = i === gaps - 1 ? 1 : 0;
    evidence[at++] = gaps === 1 ? 1 : 0;
    evidence[at++] = gaps === 2 ? 1 : 0;
    evidence[at++] = gaps === 3 ? 1 : 0;
    evidence[at++] = areKnown && before >= FIRST_TERM_ID && this.#isTripleSeen(before, a, b) ? 1 : 0;
    evidence[at++] = areKnown && after >= FIRST_TERM_ID && this.#isTripleSeen(a, b, after) ? 1 : 0;
    evidence[at++] = wordA.endsWith('s') ? 1 : 0;
    evidence[at++] = wordB.endsWith('s') ? 1 : 0;
    evidence[at++] = wordB.length === 2 ? 1 : 0;
    evidence[at++] = i > 0 ? this.#likeness[i - 1]! : 0;
    evidence[at] = i + 1 < gaps ? this.#likeness[i + 1]! : 0;
  }

  /** The id of a word, remembered: the words of queries recur, and a look-up takes a microsecond. */
  #idOf(word: string): number {
    let id = this.#remembered.get(word);
    if (id !== undefined) return id;
    id = termId(this.#sources.terms, word);
    if (this.#remembered.size === REMEMBERED_WORDS) this.#remembered.clear();
    // A word may be a part of a long query's string, which it would keep in memory.
    this.#remembered.set(` ${word}`.slice(1), id);
    return id;
  }

  /** Pairs are remembered, triples are not: mostly no triple begins with the pair. */
  #isTripleSeen(first: number, second: number, third: number): boolean {
    const { languageModel } = this.#sources;
    return languageModel.continues(first, second) && languageModel.isTripleSeen(first, second, third);
  }

  /** What it adds to label gap `i` so, in a state. Minus infinity where a gap is held. */
  #step(state: number, label: number, i: number): number {
    const { transitions } = this.#sources.weights;
    if (label === 0 && this.held[i] === 1) return Number.NEGATIVE_INFINITY;
    let sum = label === 1 ? this.#joins[i]! : 0;
    if (i === 0) return sum;
    sum += transitions[(state === 0 ? 0 : 2) + label]!;
    return state === 2 && label === 1 ? sum + transitions[4]! : sum;
  }

  /** 1 for each gap that the likeliest segmentation joins. */
  #likeliest(gaps: number): Uint8Array {
    const best = this.#forward.fill(Number.NEGATIVE_INFINITY, 0, (gaps + 1) * STATES);
    const from = new Uint8Array((gaps + 1) * STATES);
    best[0] = 0;
    for (let i = 0; i < gaps; i++) {
      for (let state = 0; state < STATES; state++) {
        for (let label = 0; label <= 1; label++) {
          const score = best[i * STATES + state]! + this.#step(state, label, i);
          const to = (i + 1) * STATES + after(state, label);
          if (score <= best[to]!) continue;
          best[to] = score;
          from[to] = state;
        }
      }
    }
    let state = 0;
    for (let s = 1; s < STATES; s++) if (best[gaps * STATES + s]! > best[gaps * STATES + state]!) state = s;
    const labels = new Uint8Array(gaps);
    for (let i = gaps; i > 0; i--) {
      labels[i - 1] = state === 0 ? 0 : 1;
      state = from[i * STATES + state]!;
    }
    return labels;
  }

  /** Sums over all segmentations, from both ends. @returns the log of the sum */
  #sum(gaps: number): number {
    const forward = this.#forward.fill(Number.NEGATIVE_INFINITY, 0, (gaps + 1) * STATES);
    const backward = this.#backward.fill(0, gaps * STATES, (gaps + 1) * STATES);
    forward[0] = 0;
    for (let i = 0; i < gaps; i++) {
      for (let state = 0; state < STATES; state++) {
        for (let label = 0; label <= 1; label++) {
          const to = (i + 1) * STATES + after(state, label);
          forward[to] = logSum(forward[to]!, forward[i * STATES + state]! + this.#step(state, label, i));
        }
      }
    }
    for (let i = gaps - 1; i >= 0; i--) {
      for (let state = 0; state < STATES; state++) {
        const broken = this.#step(state, 0, i) + backward[(i + 1) * STATES]!;
        const joined = this.#step(state, 1, i) + backward[(i + 1) * STATES + after(state, 1)]!;
        backward[i * STATES + state] = logSum(broken, joined);
      }
    }
    return backward[0]!;
  }

  /** P(words [from, to) are one group). */
  #probability(from: number, to: number, gaps: number, total: number): number {
    const { held } = this;
    // Into state 0 before the first word: at the beginning, or by a break.
    let sum = this.#forward[from * STATES]!;
    let state = 0;
    for (let i = from; i < to - 1; i++) {
      sum += this.#step(state, 1, i);
      state = after(state, 1);
    }
    if (to <= gaps) {
      if (held[to - 1] === 1) return 0;
      sum += this.#step(state, 0, to - 1) + this.#backward[to * STATES]!;
    }
    return Math.min(1, Math.exp(sum - total));
  }
}

function likenessOf(vectors: Vectors, a: number, b: number): number {
  const first = vectors.rowOf(a);
  const second = vectors.rowOf(b);
  return first === MISS || second === MISS ? 0 : vectors.cosine(first, second);
}

function after(state: number, label: number): number {
  return label === 0 ? 0 : Math.min(state + 1, STATES - 1);
}

function isNumber(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}

/** ln(e^a + e^b). */
function logSum(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b;
  if (b === Number.NEGATIVE_INFINITY) return a;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}
