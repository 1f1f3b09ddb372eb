/**
 * Which words of a row belong together: every gap between two of them is a join or a break, and the likeliest segmentation is taken
 * (`phrase-chain.ts`).
 *
 * What speaks for a join is known of the pair and of those beside it: how often n-grams have seen it, how alike its vectors are, whether
 * its words are common, names or numbers (`stores/profile/phrases.ts`). What speaks for a whole run of words is that it is a title.
 *
 * Hot path: it runs for each query.
 */
import { decodeBackoffCost, decodeCost } from '../../../stores/language/ngram-key.ts';
import { FIRST_TERM_ID, TermFlag } from '../../../stores/lexicon/format.ts';
import { PHRASE_EVIDENCE, type PhraseEvidence } from '../../../stores/profile/phrases.ts';
import { MISS } from '../../../stores/store.ts';
import { LEAST_TITLE_TERMS, MOST_TITLE_TERMS, putTitleTerm, TITLE_TERM_BYTES } from '../../../stores/titles/format.ts';
import type { Titles } from '../../../stores/titles/titles.ts';
import type { Vectors } from '../../../stores/vectors/vectors.ts';
import { MOST_PHRASE_WORDS, PhraseChain, RUN_STATES } from './phrase-chain.ts';
import { PhraseWords, REMEMBERED_WORD_BITS, type WordSources } from './phrase-words.ts';
import { termId } from './vocabulary.ts';

/** Of a pair that no source has seen: its association, and that by its cost. */
const UNSEEN = -1;
const UNSEEN_RELATIVE = -0.1;
/** Pairs whose likeness is remembered, as a power of two: some 200 kB. */
const PAIR_BITS = 14;

/** Evidence on a pair, in the order in which it is read; what is known of its words alone is summed up in `PhraseWords`. */
const PAIR_EVIDENCE = [
  'bias',
  'seen',
  'association',
  'relativeAssociation',
  'likeness',
  'neitherInDictionary',
  'joinedKnown',
  'associationBefore',
  'associationAfter',
  'atStart',
  'atEnd',
  'ofTwo',
  'ofThree',
  'ofFour',
  'tripleBefore',
  'tripleAfter',
  'secondOfTwoLetters',
  'likenessBefore',
  'likenessAfter',
] as const satisfies readonly PhraseEvidence[];

/** What is read of words. */
export interface PhraseSources extends WordSources {
  readonly vectors: Vectors | undefined;
  readonly titles: Titles | undefined;
}

/** A run of words that belong together: [from, to), and how surely it is exactly these. */
export interface WordGroup {
  readonly from: number;
  readonly to: number;
  readonly probability: number;
}

export class PhraseModel {
  readonly #sources: PhraseSources;
  readonly #pairWeights: Float64Array;
  readonly #evidence = new Float64Array(PAIR_EVIDENCE.length);
  readonly #chain: PhraseChain;
  readonly #words: PhraseWords;
  /** By word of the row. */
  readonly #slots = new Int32Array(MOST_PHRASE_WORDS);
  readonly #ids = new Int32Array(MOST_PHRASE_WORDS);
  readonly #titleKey = new Uint8Array(MOST_PHRASE_WORDS * TITLE_TERM_BYTES);
  /** By gap, of its pair: association, and that by its cost; likeness; 1 where triples begin with it, and both are one word. */
  readonly #associations = new Float64Array(MOST_PHRASE_WORDS);
  readonly #relative = new Float64Array(MOST_PHRASE_WORDS);
  readonly #likeness = new Float64Array(MOST_PHRASE_WORDS);
  readonly #continues = new Uint8Array(MOST_PHRASE_WORDS);
  readonly #joinedKnown = new Uint8Array(MOST_PHRASE_WORDS);
  /** 1 where the pair and the word after it are a triple that was seen. */
  readonly #triplesSeen = new Uint8Array(MOST_PHRASE_WORDS);
  /** Pairs of slots met before, and what is known of each by the words alone. */
  readonly #pairKeys = new Int32Array(1 << PAIR_BITS).fill(-1);
  readonly #pairLikeness = new Float64Array(1 << PAIR_BITS);
  readonly #pairJoined = new Uint8Array(1 << PAIR_BITS);

  constructor(sources: PhraseSources) {
    const { weights } = sources;
    this.#sources = sources;
    this.#pairWeights = Float64Array.from(PAIR_EVIDENCE, (name) => weights.weights[PHRASE_EVIDENCE.indexOf(name)]!);
    this.#chain = new PhraseChain(weights);
    this.#words = new PhraseWords(sources);
  }

  /** 1 where a gap has to be a join. */
  get held(): Uint8Array {
    return this.#chain.held;
  }

  /**
   * The groups of two words and more in the likeliest segmentation of a row. None for rows of one word, or of more than
   * `MOST_PHRASE_WORDS`. Set `held` before, for the gaps of this row.
   */
  groupsIn(words: readonly string[]): WordGroup[] {
    const chain = this.#chain;
    const gaps = words.length - 1;
    const groups: WordGroup[] = [];
    if (gaps < 1 || words.length > MOST_PHRASE_WORDS) return groups;
    this.#look(words, gaps);
    for (let i = 0; i < gaps; i++) chain.joins[i] = this.#joinOf(words, i, gaps);
    if (!chain.findLikeliest(gaps)) return groups;
    chain.sum(gaps);
    for (let from = 0; from < words.length; from++) {
      let to = from + 1;
      while (to <= gaps && chain.labels[to - 1] === 1) to++;
      if (to - from > 1) groups.push({ from, to, probability: chain.probability(from, to, gaps) });
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
      const evidence = new Float64Array(PHRASE_EVIDENCE.length);
      this.#read(words, i, gaps);
      for (const [k, name] of PAIR_EVIDENCE.entries()) evidence[PHRASE_EVIDENCE.indexOf(name)] = this.#evidence[k]!;
      this.#words.writeEvidence(words[i]!, words[i + 1]!, evidence);
      return evidence;
    });
  }

  /** The runs of words of a row that are titles, for fitting the weights: [from, to). */
  titlesIn(words: readonly string[]): [from: number, to: number][] {
    const gaps = Math.min(words.length, MOST_PHRASE_WORDS) - 1;
    if (gaps < 1) return [];
    this.#look(words, gaps);
    const runs: [number, number][] = [];
    for (let to = LEAST_TITLE_TERMS; to <= gaps + 1; to++) {
      for (let count = LEAST_TITLE_TERMS; count <= Math.min(to, MOST_TITLE_TERMS); count++) {
        if (this.#chain.titles[(to - 1) * RUN_STATES + count - 1] === 1) runs.push([to - count, to]);
      }
    }
    return runs;
  }

  #look(words: readonly string[], gaps: number): void {
    const known = this.#words;
    const { languageModel } = this.#sources;
    if (known.makeRoom(gaps + 1)) this.#pairKeys.fill(-1);
    for (let i = 0; i <= gaps; i++) {
      const slot = known.slotOf(words[i]!);
      this.#slots[i] = slot;
      this.#ids[i] = known.ids[slot]!;
      putTitleTerm(known.hashes[slot]!, this.#titleKey, i * TITLE_TERM_BYTES);
    }
    for (let i = 0; i < gaps; i++) {
      const a = this.#ids[i]!;
      const b = this.#ids[i + 1]!;
      const value = a >= FIRST_TERM_ID && b >= FIRST_TERM_ID ? languageModel.pairValue(a, b) : MISS;
      if (value === MISS) {
        this.#associations[i] = UNSEEN;
        this.#relative[i] = UNSEEN_RELATIVE;
        this.#continues[i] = 0;
      } else {
        const cost = decodeCost(value);
        const association = known.costs[this.#slots[i + 1]!]! - cost;
        this.#associations[i] = association;
        this.#relative[i] = association / (known.costs[this.#slots[i]!]! + cost);
        this.#continues[i] = decodeBackoffCost(value) >= 0 ? 1 : 0;
      }
      this.#lookAtPair(words, i);
    }
    // Mostly no triple begins with the pair.
    for (let i = 0; i < gaps; i++) {
      const isSeen =
        this.#continues[i] === 1 &&
        i + 1 < gaps &&
        this.#ids[i + 2]! >= FIRST_TERM_ID &&
        languageModel.isTripleSeen(this.#ids[i]!, this.#ids[i + 1]!, this.#ids[i + 2]!);
      this.#triplesSeen[i] = isSeen ? 1 : 0;
    }
    this.#lookAtTitles(gaps);
  }

  /** What the words alone say of a pair, which is remembered: likeness, and whether both are one word. */
  #lookAtPair(words: readonly string[], i: number): void {
    const key = this.#slots[i]! * (1 << REMEMBERED_WORD_BITS) + this.#slots[i + 1]!;
    const at = Math.imul(key, 0x9e3779b1) >>> (32 - PAIR_BITS);
    if (this.#pairKeys[at] !== key) {
      const { terms, vectors } = this.#sources;
      const a = this.#ids[i]!;
      const b = this.#ids[i + 1]!;
      const areKnown = a >= FIRST_TERM_ID && b >= FIRST_TERM_ID;
      this.#pairKeys[at] = key;
      this.#pairLikeness[at] = areKnown && vectors !== undefined ? likenessOf(vectors, a, b) : 0;
      this.#pairJoined[at] = termId(terms, words[i]! + words[i + 1]!) >= FIRST_TERM_ID ? 1 : 0;
    }
    this.#likeness[i] = this.#pairLikeness[at]!;
    this.#joinedKnown[i] = this.#pairJoined[at]!;
  }

  #lookAtTitles(gaps: number): void {
    const { titles: marks } = this.#chain;
    const { titles } = this.#sources;
    marks.fill(0, 0, (gaps + 1) * RUN_STATES);
    if (titles === undefined) return;
    for (let last = 1; last <= gaps; last++) {
      const end = (last + 1) * TITLE_TERM_BYTES;
      for (let count = LEAST_TITLE_TERMS; count <= MOST_TITLE_TERMS && count <= last + 1; count++) {
        const isTitle = titles.has(this.#titleKey, end - count * TITLE_TERM_BYTES, end);
        if (isTitle) marks[last * RUN_STATES + count - 1] = 1;
      }
    }
  }

  /** What speaks for a join at gap `i`. */
  #joinOf(words: readonly string[], i: number, gaps: number): number {
    const known = this.#words;
    const weights = this.#pairWeights;
    let sum = known.asFirst[this.#slots[i]!]! + known.asSecond[this.#slots[i + 1]!]!;
    this.#read(words, i, gaps);
    for (let k = 0; k < weights.length; k++) sum += weights[k]! * this.#evidence[k]!;
    return sum;
  }

  /** Reads the evidence on gap `i` into `#evidence`, in the order of `PAIR_EVIDENCE`. */
  #read(words: readonly string[], i: number, gaps: number): void {
    const evidence = this.#evidence;
    const { flags } = this.#words;
    const areKnown = this.#ids[i]! >= FIRST_TERM_ID && this.#ids[i + 1]! >= FIRST_TERM_ID;
    const eitherFlags = flags[this.#slots[i]!]! | flags[this.#slots[i + 1]!]!;
    const isFirst = i === 0;
    const isLast = i === gaps - 1;
    let at = 0;
    evidence[at++] = 1;
    evidence[at++] = this.#relative[i] === UNSEEN_RELATIVE ? 0 : 1;
    evidence[at++] = this.#associations[i]!;
    evidence[at++] = this.#relative[i]!;
    evidence[at++] = this.#likeness[i]!;
    evidence[at++] = areKnown && (eitherFlags & TermFlag.dictionary) === 0 ? 1 : 0;
    evidence[at++] = this.#joinedKnown[i]!;
    evidence[at++] = isFirst ? 0 : this.#associations[i - 1]!;
    evidence[at++] = isLast ? 0 : this.#associations[i + 1]!;
    evidence[at++] = isFirst ? 1 : 0;
    evidence[at++] = isLast ? 1 : 0;
    evidence[at++] = gaps === 1 ? 1 : 0;
    evidence[at++] = gaps === 2 ? 1 : 0;
    evidence[at++] = gaps === 3 ? 1 : 0;
    evidence[at++] = isFirst ? 0 : this.#triplesSeen[i - 1]!;
    evidence[at++] = this.#triplesSeen[i]!;
    evidence[at++] = words[i + 1]!.length === 2 ? 1 : 0;
    evidence[at++] = isFirst ? 0 : this.#likeness[i - 1]!;
    evidence[at] = isLast ? 0 : this.#likeness[i + 1]!;
  }
}

function likenessOf(vectors: Vectors, a: number, b: number): number {
  const first = vectors.rowOf(a);
  const second = vectors.rowOf(b);
  return first === MISS || second === MISS ? 0 : vectors.cosine(first, second);
}
