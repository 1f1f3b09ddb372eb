import type { MisspellingList } from '../assemble/misspellings.ts';
import type { TrainingPair } from '../channel/train.ts';
import { pairWeight } from '../channel/word-pairs.ts';
import { mayHoldAddress } from '../extract/addresses.ts';
import type { QueryVisit } from '../sources/queries.ts';
import { type Reformulation, Reformulations } from '../sources/reformulations.ts';
import { ZeroHits } from '../sources/zero-hits.ts';

/**
 * Sessions in which a word was put right before it counts: once may have been another wish. What was typed is only known as
 * a misspelling and never offered; what was meant must be known by itself.
 */
const MIN_REFORMULATIONS = 2;

/**
 * What the query log of a build says about misspellings. All its files are one log: how it is divided into files makes no
 * difference.
 */
export class QueryLog {
  readonly #reformulations: Reformulations;
  readonly #zeroHits: ZeroHits;

  constructor() {
    this.#reformulations = new Reformulations();
    this.#zeroHits = new ZeroHits();
  }

  /** Adds one row of an input with the weight `weight`; `hits` is -1 if unknown. */
  add(query: string, count: number, hits: number, visit: QueryVisit, weight: number): void {
    // A corrected address is still private.
    if (!mayHoldAddress(query)) this.#reformulations.add(query, hits, visit, weight);
    this.#zeroHits.add(query, count, hits);
  }

  /** Misspellings that users corrected themselves, for the error model. */
  trainingPairs(): TrainingPair[] {
    return this.#often()
      .filter(({ meant }) => meant.length === 1)
      .map((found) => {
        const weight = this.#reformulations.weightOf(found) * pairWeight(found.count);
        return { typed: found.typed, meant: found.meant[0]!, weight };
      });
  }

  /** The same to be known as misspellings. */
  misspellings(): MisspellingList {
    return { pairs: this.#often().map(({ typed, meant }) => ({ wrong: typed, rights: [meant] })), origin: 'log' };
  }

  /** The terms that had no results anywhere in the log, and how often they were searched for. */
  zeroHits(): ReadonlyMap<string, number> {
    return this.#zeroHits.found();
  }

  #often(): Reformulation[] {
    return this.#reformulations.found().filter(({ count }) => count >= MIN_REFORMULATIONS);
  }
}
