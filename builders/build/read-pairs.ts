import { type Misspelling, type MisspellingList, toMisspelling } from '../assemble/misspellings.ts';
import type { TrainingPair } from '../channel/train.ts';
import { pairWeight, wordPairs } from '../channel/word-pairs.ts';
import type { Input, InputDigest } from '../sources/input.ts';
import type { InvalidLines } from '../sources/lines.ts';
import { readPairs } from '../sources/pairs.ts';
import { checkTermLength } from '../term-length.ts';
import type { CountContext } from './count-input.ts';
import type { InputPlan } from './plan.ts';

/** The misspellings of one input, as pairs of words. */
export interface PairsInput {
  readonly plan: InputPlan;
  readonly name: string;
  readonly digest: Readonly<InputDigest>;
  /** Misspellings read, words or queries. */
  readonly records: number;
  readonly skipped: number;
  readonly firstSkipped: string;
  /** For the error model. */
  readonly pairs: readonly TrainingPair[];
  /** To be known as misspellings. */
  readonly lists: readonly MisspellingList[];
}

/**
 * Reads one input of pairs, or of misspellings; its words are not counted.
 *
 * What the owner writes as one word for another is a misspelling wherever it is typed. What was put right within a query is
 * one only where it is no word by itself (`for sail by owner`). Lists of class `general` are not the owner's.
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
  const alone: Misspelling[] = [];
  const within: Misspelling[] = [];
  const { format, countScale, weight } = plan;
  const options = {
    invalid,
    onBytes,
    breathe: () => progress.breathe(),
    ...(format === undefined ? {} : { format }),
    ...(countScale === undefined ? {} : { countScale }),
  };
  const records = await readPairs(input, digest, options, (wrong, rights, count) => {
    const misspelling = toMisspelling(wrong, rights);
    if (misspelling !== undefined) checkTermLength(misspelling.wrong);
    const words = wordPairs(wrong, rights, weight * pairWeight(count));
    if (plan.role === 'pairs') pairs.push(...words);
    if (misspelling !== undefined) alone.push(misspelling);
    else within.push(...words.map(({ typed, meant }) => ({ wrong: typed, rights: [[meant]] })));
  });
  const lists = [
    { pairs: alone, origin: plan.wordClass === 'general' ? ('general' as const) : ('owner' as const) },
    { pairs: within, origin: 'general' as const },
  ];
  return { plan, name, digest, records, skipped: invalid.count, firstSkipped: invalid.first, pairs, lists };
}
