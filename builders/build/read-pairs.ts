import type { TrainingPair } from '../channel/train.ts';
import { pairWeight, wordPairs } from '../channel/word-pairs.ts';
import type { Input, InputDigest } from '../sources/input.ts';
import type { InvalidLines } from '../sources/lines.ts';
import { readPairs } from '../sources/pairs.ts';
import type { CountContext } from './count-input.ts';
import type { InputPlan } from './plan.ts';

/** The owner's misspellings of one input, as pairs of words. */
export interface PairsInput {
  readonly plan: InputPlan;
  readonly name: string;
  readonly digest: Readonly<InputDigest>;
  /** Misspellings read, words or queries. */
  readonly records: number;
  readonly skipped: number;
  readonly firstSkipped: string;
  readonly pairs: readonly TrainingPair[];
}

/**
 * Reads one input of pairs: for the error model alone, its words are not counted.
 *
 * @throws {BuildError} as `readPairs` does
 */
export async function readPairsInput(
  input: Input,
  plan: InputPlan,
  name: string,
  { build, onBytes, progress }: CountContext,
): Promise<PairsInput> {
  const digest: InputDigest = { bytes: 0, sha256: '' };
  const invalid: InvalidLines = { skip: build.skipInvalid, count: 0, first: '' };
  const pairs: TrainingPair[] = [];
  const { format, weight } = plan;
  const options = { invalid, onBytes, breathe: () => progress.breathe(), ...(format === undefined ? {} : { format }) };
  const records = await readPairs(input, digest, options, (wrong, rights, count) => {
    pairs.push(...wordPairs(wrong, rights, weight * pairWeight(count)));
  });
  return { plan, name, digest, records, skipped: invalid.count, firstSkipped: invalid.first, pairs };
}
