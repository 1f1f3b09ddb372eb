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
 * What the query log of a build tells of misspellings. All its files are one log: how it is cut into files makes no
 * difference.
 */
export class QueryLog {
  readonly #reformulations: Reformulations;
  readonly #zeroHits: ZeroHits;

  constructor() {
    this.#reformulations = new Reformulations();
    this.#zeroHits = new ZeroHits();
  }

  /** Takes one row, of an input that weighs `weight`; `hits` is -1 where it is unknown. */
  add(query: string, count: number, hits: number, visit: QueryVisit, weight: number): void {
    // An address that is put right is still nobody else's.
    if (!mayHoldAddress(query)) this.#reformulations.add(query, hits, visit, weight);
    this.#zeroHits.add(query, count, hits);
  }

  /** What people put right themselves, for the error model. */
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

  /** The terms that nowhere in the log had results, and how often they were asked for. */
  zeroHits(): ReadonlyMap<string, number> {
    return this.#zeroHits.found();
  }

  #often(): Reformulation[] {
    return this.#reformulations.found().filter(({ count }) => count >= MIN_REFORMULATIONS);
  }
}
