import { type AssembleOptions, DELETION_INDEXES } from '../assemble/assemble.ts';
import { shareTerms } from './deletions-task.ts';
import type { BuildPlan } from './plan.ts';
import type { Threads } from './threads.ts';

/** Has the deletion indexes of a dataset written below `dir` by threads, one by each where there are enough. */
export function deletionsInThreads(
  threads: Threads,
  dir: string,
  { engines }: Pick<BuildPlan, 'engines'>,
): NonNullable<AssembleOptions['writeDeletions']> {
  return async (terms, channel, onDone) => {
    const groups = threads.most > 1 ? DELETION_INDEXES.map((name) => [name]) : [DELETION_INDEXES];
    const shared = shareTerms(terms);
    const done = groups.map(() => 0);
    const written = groups.map((names, i) =>
      threads.run('deletions', { names, terms: shared, channel, dir, engines }, (hashes) => {
        done[i] = hashes;
        onDone(done.reduce((sum, of) => sum + of, 0));
      }),
    );
    return (await Promise.all(written)).flat();
  };
}
