/**
 * What is known of single words for phrases, remembered: the words of queries recur. By slot, in typed arrays: the term's id, its hash
 * in titles, and the sums of all that speaks for joining it to the word after it and to the one before it.
 *
 * Hot path: asked for each word of a query; one look-up in a Map for a word met before.
 */
import { FIRST_TERM_ID, TermFlag } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { PHRASE_EVIDENCE, type PhraseEvidence, type PhraseWeights } from '../../../stores/profile/phrases.ts';
import type { Store } from '../../../stores/store.ts';
import { titleTermHash } from '../../../stores/titles/format.ts';
import type { LanguageModel } from './language-model.ts';
import { termId } from './vocabulary.ts';

/** Words that are remembered, as a power of two: some 2 MB. */
export const REMEMBERED_WORD_BITS = 14;
const REMEMBERED_WORDS = 1 << REMEMBERED_WORD_BITS;
/** Cost of a word, in nats, below which it is common, and from which on it is no longer frequent. */
const COMMON_BELOW = 6;
const FREQUENT_BELOW = 7.5;

/** Evidence on a word, as the first and as the second of two. */
const WORD_EVIDENCE = [
  ['firstCost', 'secondCost'],
  ['firstFrequent', 'secondFrequent'],
  ['firstCommon', 'secondCommon'],
  ['firstNumber', 'secondNumber'],
  ['firstName', 'secondName'],
  ['firstPlural', 'secondPlural'],
] as const satisfies readonly (readonly [PhraseEvidence, PhraseEvidence])[];

/** What is read of words. */
export interface WordSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly weights: PhraseWeights;
}

export class PhraseWords {
  readonly ids = new Int32Array(REMEMBERED_WORDS);
  readonly hashes = new Int32Array(REMEMBERED_WORDS);
  readonly costs = new Float64Array(REMEMBERED_WORDS);
  readonly flags = new Uint8Array(REMEMBERED_WORDS);
  /** Nats that the word adds to a join with the one after it, and with the one before it. */
  readonly asFirst = new Float64Array(REMEMBERED_WORDS);
  readonly asSecond = new Float64Array(REMEMBERED_WORDS);
  readonly #sources: WordSources;
  readonly #slots = new Map<string, number>();
  readonly #values = new Float64Array(WORD_EVIDENCE.length);

  constructor(sources: WordSources) {
    this.#sources = sources;
  }

  /** The slot of a word, its own until `makeRoom` forgets it. */
  slotOf(word: string): number {
    return this.#slots.get(word) ?? this.#remember(word);
  }

  /** Forgets all if there is no room for `count` words more: before the words of a row. @returns whether it did */
  makeRoom(count: number): boolean {
    if (this.#slots.size + count <= REMEMBERED_WORDS) return false;
    this.#slots.clear();
    return true;
  }

  /** Writes the evidence on two words side by side that is known of each, for fitting the weights. */
  writeEvidence(first: string, second: string, evidence: Float64Array): void {
    for (const [at, word] of [first, second].entries()) {
      this.#read(word, this.slotOf(word));
      for (const [k, names] of WORD_EVIDENCE.entries()) {
        evidence[PHRASE_EVIDENCE.indexOf(names[at]!)] = this.#values[k]!;
      }
    }
  }

  #remember(word: string): number {
    const { terms, lexicon, languageModel, weights } = this.#sources;
    const slot = this.#slots.size;
    const id = termId(terms, word);
    this.ids[slot] = id;
    this.hashes[slot] = titleTermHash(word);
    this.costs[slot] = languageModel.unigramCost(id);
    this.flags[slot] = id >= FIRST_TERM_ID ? lexicon.flags(id) : 0;
    this.#read(word, slot);
    let asFirst = weights.first.get(word) ?? 0;
    let asSecond = weights.second.get(word) ?? 0;
    for (let k = 0; k < WORD_EVIDENCE.length; k++) {
      const [first, second] = WORD_EVIDENCE[k]!;
      asFirst += weights.weights[PHRASE_EVIDENCE.indexOf(first)]! * this.#values[k]!;
      asSecond += weights.weights[PHRASE_EVIDENCE.indexOf(second)]! * this.#values[k]!;
    }
    this.asFirst[slot] = asFirst;
    this.asSecond[slot] = asSecond;
    // A word may be a part of a long query's string, which it would keep in memory.
    this.#slots.set(` ${word}`.slice(1), slot);
    return slot;
  }

  /** Reads the evidence on a word, in the order of `WORD_EVIDENCE`. */
  #read(word: string, slot: number): void {
    const values = this.#values;
    const cost = this.costs[slot]!;
    values[0] = cost;
    values[1] = Math.max(0, FREQUENT_BELOW - cost);
    values[2] = cost < COMMON_BELOW ? 1 : 0;
    values[3] = isNumber(word) ? 1 : 0;
    values[4] = (this.flags[slot]! & TermFlag.name) !== 0 ? 1 : 0;
    values[5] = word.endsWith('s') ? 1 : 0;
  }
}

function isNumber(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}
