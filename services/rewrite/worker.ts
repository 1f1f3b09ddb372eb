import type { RewriteContext } from './context.ts';
import type { WorkerName } from './options.ts';

/**
 * One step of the pipeline. To add one: copy a file of `workers/`, give it a name in `options.ts`, and put it into the list in
 * `pipeline.ts` where it is to run. A worker is made with what it needs and keeps nothing between requests.
 */
export interface Worker {
  readonly name: WorkerName;
  run(context: RewriteContext): void;
}
