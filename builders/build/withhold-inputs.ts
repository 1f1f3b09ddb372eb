import { withholdRare } from '../count/withhold.ts';
import type { SessionRepeats } from '../extract/session-repeats.ts';
import type { BuildProgress } from '../progress.ts';
import { type CountedInput, minSessionsOf } from './count-input.ts';
import type { BuildPlan } from './plan.ts';

/** What was left out of the query logs of a build: for its manifest and its summary. */
export interface WithheldReport {
  readonly minSessions: number;
  /** Whether the logs named sessions; if not, their counts were used instead. */
  readonly hasSessions: boolean;
  /** Words, pairs and triples left out. */
  readonly leftOut: readonly [number, number, number];
}

/**
 * Leaves out of the query logs what too few people typed and no other input contains; the counts of `inputs` are replaced.
 *
 * @returns undefined if no log has a threshold
 */
export async function withholdInputs(
  inputs: readonly CountedInput[],
  plan: BuildPlan,
  repeats: SessionRepeats,
  scratchFolder: string,
  progress: BuildProgress,
): Promise<WithheldReport | undefined> {
  const counted = inputs.flatMap((input) => (input.counted === undefined ? [] : [{ input, counted: input.counted }]));
  const sources = counted.map(({ input, counted: file }) => ({
    counted: file,
    minSessions: minSessionsOf(input.plan, plan),
  }));
  const thresholds = sources.map(({ minSessions }) => minSessions).filter((least) => least > 1);
  if (thresholds.length === 0) return undefined;
  const total = counted.reduce((sum, { counted: file }) => sum + file.sizes.reduce((a, b) => a + b, 0), 0);
  progress.step('rare queries', total, 'entries');
  const repeated = repeats.finish();
  try {
    const { kept, leftOut } = await withholdRare(sources, {
      repeats: repeated,
      scratchFolder,
      progress: (done) => {
        progress.update(done);
        return progress.breathe();
      },
    });
    const withThreshold = counted.filter((_, i) => sources[i]!.minSessions > 1);
    withThreshold.forEach(({ input, counted: file }, i) => {
      file.close();
      input.counted = kept[i];
    });
    return { minSessions: Math.max(...thresholds), hasSessions: repeats.hasSessions, leftOut };
  } finally {
    repeated?.close();
  }
}
