import { MAX_INDEXED_LENGTH } from '../../../stores/deletes/format.ts';
import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import type { Store } from '../../../stores/store.ts';
import type { LanguageModel } from '../language/language-model.ts';
import type { LanguageProfile } from '../language/profile.ts';
import { isKnownTerm, isProposable, termId } from '../language/vocabulary.ts';
import type { ProposalCosts } from './costs.ts';
import type { Proposer } from './proposer.ts';

/** Shorter strings are two words at most, or one. */
export const MIN_RUN_ON_LENGTH = 9;
/** Longer ones are left to the cut into words as they stand. */
const MAX_RUN_ON_LENGTH = 80;
/** The part that is respelled: shorter ones are near everything, longer ones are in no index. */
const MIN_WRONG_LENGTH = 4;
const MAX_WRONG_LENGTH = Math.min(14, MAX_INDEXED_LENGTH);
const LONGEST_RIGHT = 16;
/** Words that may be parts, by their length: the shorter, the commoner they must be. Nats; longer ones as those of four letters. */
const RARE_ABOVE = [0, 8, 9, 11, 15] as const;
/** Parts that are looked up among the terms one edit away, those between the likeliest cuts first. */
const MOST_TRIED = 10;
/** What a part is expected to cost, by letter, in nats: else the longest parts would seem the best. */
const LETTER_COST = 1;
/** Terms one edit away taken of each. */
const MOST_NEAR = 2;

/** What finding them reads. */
export interface RunOnSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly proposer: Proposer;
  readonly profile: LanguageProfile;
  readonly costs: ProposalCosts;
}

/** A way to cut a string into three words or more, one of them respelled. */
export interface RunOn {
  readonly ids: readonly number[];
  readonly words: readonly string[];
  /** What the slip costs by the error model, and proposing the word for its standing; in nats. */
  readonly cost: number;
  /** Cost of the words in a row and of the slip. */
  readonly rank: number;
}

/**
 * Three words or more run together, a letter of one of them wrong: `birthdaycakerecpie`.
 *
 * Two tables say what it costs to cut every beginning and every end of the string into common words. The part between a
 * beginning and an end is what may be wrong: the ten parts with the cheapest surroundings are looked for among the terms one edit
 * away, and what they make is ranked by the language model.
 *
 * Work: at most length x 16 look-ups of terms, and ten searches one edit away.
 */
export class RunOns {
  readonly #sources: RunOnSources;
  /** Look-ups of terms so far: its share in the measure of a query's work; the searches are counted by the proposer. */
  work = 0;
  /** By place: the cheapest cut of what stands before it, and of what stands after it; then where the last word began, the first ended. */
  readonly #before = new Float64Array(MAX_RUN_ON_LENGTH + 1);
  readonly #after = new Float64Array(MAX_RUN_ON_LENGTH + 1);
  readonly #starts = new Int32Array(MAX_RUN_ON_LENGTH + 1);
  readonly #ends = new Int32Array(MAX_RUN_ON_LENGTH + 1);
  /** Ids of the parts `[start, start + length)`, at `start * (LONGEST_RIGHT + 1) + length`; `UNKNOWN_ID` for none. */
  readonly #ids = new Int32Array((MAX_RUN_ON_LENGTH + 1) * (LONGEST_RIGHT + 1));

  constructor(sources: RunOnSources) {
    this.#sources = sources;
  }

  /** The `count` likeliest ways; none for strings of fewer than 9 or more than 80 code units. */
  find(text: string, count: number): RunOn[] {
    const { length } = text;
    if (length < MIN_RUN_ON_LENGTH || length > MAX_RUN_ON_LENGTH) return [];
    this.#fill(text);
    const found: RunOn[] = [];
    for (const { start, end } of this.#gaps(length)) this.#tryGap(text, start, end, found);
    found.sort((a, b) => a.rank - b.rank);
    return found.slice(0, count);
  }

  #fill(text: string): void {
    const { length } = text;
    const before = this.#before.fill(Number.POSITIVE_INFINITY, 0, length + 1);
    const after = this.#after.fill(Number.POSITIVE_INFINITY, 0, length + 1);
    before[0] = 0;
    after[length] = 0;
    const { costs, lexicon } = this.#sources;
    for (let start = 0; start < length; start++) {
      for (let size = 1; size <= LONGEST_RIGHT && start + size <= length; size++) {
        const id = this.#partId(text.slice(start, start + size));
        this.#ids[start * (LONGEST_RIGHT + 1) + size] = id;
        if (id === UNKNOWN_ID || before[start] === Number.POSITIVE_INFINITY) continue;
        const cost = before[start]! + lexicon.unigramCost(id) + costs.furtherMissingSpace;
        if (cost >= before[start + size]!) continue;
        before[start + size] = cost;
        this.#starts[start + size] = start;
      }
    }
    for (let start = length - 1; start >= 0; start--) {
      for (let size = 1; size <= LONGEST_RIGHT && start + size <= length; size++) {
        const id = this.#ids[start * (LONGEST_RIGHT + 1) + size]!;
        if (id === UNKNOWN_ID || after[start + size] === Number.POSITIVE_INFINITY) continue;
        const cost = after[start + size]! + lexicon.unigramCost(id) + costs.furtherMissingSpace;
        if (cost >= after[start]!) continue;
        after[start] = cost;
        this.#ends[start] = start + size;
      }
    }
  }

  /** The id of a part that is a word common enough for its length, or `UNKNOWN_ID`. */
  #partId(part: string): number {
    const { terms, lexicon, profile } = this.#sources;
    if (part.length === 1 && !profile.singleLetterWords.includes(part)) return UNKNOWN_ID;
    this.work++;
    const id = termId(terms, part);
    if (!isKnownTerm(lexicon, id) || !isProposable(lexicon, id)) return UNKNOWN_ID;
    const most = RARE_ABOVE[Math.min(part.length, RARE_ABOVE.length - 1)]!;
    return lexicon.unigramCost(id) > most ? UNKNOWN_ID : id;
  }

  /** Parts that may be wrong, by what surrounds them: with two words or more beside. */
  #gaps(length: number): { start: number; end: number }[] {
    const gaps: { start: number; end: number; cost: number }[] = [];
    for (let start = 0; start <= length - MIN_WRONG_LENGTH; start++) {
      if (this.#before[start] === Number.POSITIVE_INFINITY) continue;
      for (let end = start + MIN_WRONG_LENGTH; end <= Math.min(length, start + MAX_WRONG_LENGTH); end++) {
        if (this.#after[end] === Number.POSITIVE_INFINITY || this.#wordsBeside(start, end, length) < 2) continue;
        gaps.push({ start, end, cost: this.#before[start]! + this.#after[end]! + LETTER_COST * (end - start) });
      }
    }
    return gaps.sort((a, b) => a.cost - b.cost || a.start - b.start).slice(0, MOST_TRIED);
  }

  #wordsBeside(start: number, end: number, length: number): number {
    let words = 0;
    for (let at = start; at > 0; at = this.#starts[at]!) words++;
    for (let at = end; at < length; at = this.#ends[at]!) words++;
    return words;
  }

  #tryGap(text: string, start: number, end: number, found: RunOn[]): void {
    const { proposer, lexicon, languageModel, costs } = this.#sources;
    const ids: number[] = [];
    const words: string[] = [];
    const add = (from: number, to: number) => {
      ids.push(this.#ids[from * (LONGEST_RIGHT + 1) + to - from]!);
      words.push(text.slice(from, to));
    };
    const heads: number[] = [];
    for (let at = start; at > 0; at = this.#starts[at]!) heads.unshift(at);
    heads.reduce((from, to) => {
      add(from, to);
      return to;
    }, 0);
    const place = ids.length;
    ids.push(UNKNOWN_ID);
    words.push('');
    for (let at = end; at < text.length; at = this.#ends[at]!) add(at, this.#ends[at]!);
    const first = proposer.find(text.slice(start, end), 1, true);
    for (let near = first; near < first + Math.min(proposer.count, MOST_NEAR); near++) {
      const id = proposer.ids[near]!;
      const meant = lexicon.text(id);
      if (lexicon.unigramCost(id) > RARE_ABOVE[RARE_ABOVE.length - 1]!) continue;
      const all = ids.with(place, id);
      const cost = proposer.cost(near);
      found.push({
        ids: all,
        words: words.with(place, meant),
        cost,
        rank: cost + costs.languageWeight * languageModel.rowCost(all),
      });
    }
  }
}
