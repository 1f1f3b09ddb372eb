import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';

/** What scores words in their context: the n-gram model, or words alone. Costs in nats. */
export interface Scorer {
  unigramCost(id: number): number;
  pairCost(first: number, second: number): number;
  tripleCost(first: number, second: number, third: number): number;
  /** Whether `tripleCost` after these two can differ from `pairCost` after the second. */
  continues(first: number, second: number): boolean;
  /**
   * What each of `nexts[start, end)` costs after `last`, as {@link termCost} has it, and whether triples continue `last`
   * with it (0 or 1), at the same places of `costs` and `continued`. `before` is what stands before `last`, or -1 where that
   * tells nothing. Hot path: allocates nothing.
   */
  costsAfter(
    before: number,
    last: number,
    nexts: Int32Array,
    start: number,
    end: number,
    costs: Float64Array,
    continued: Uint8Array,
  ): void;
}

/** An unknown word costs what its arc says; what follows one knows nothing of it. `before` is -1 where there is none. */
export function termCost(scorer: Scorer, before: number, last: number, id: number): number {
  if (id === UNKNOWN_ID) return 0;
  if (last === UNKNOWN_ID) return scorer.unigramCost(id);
  return before === UNKNOWN_ID ? scorer.pairCost(last, id) : scorer.tripleCost(before, last, id);
}
