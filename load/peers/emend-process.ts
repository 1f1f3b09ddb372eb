/**
 * Emend in a process of its own, as the service runs it: all workers, three alternatives, the default block cache.
 *
 *   node dist/load/peers/emend-process.js DATASET suggest|auto
 */
import { packageVersion } from '../../data/package-root.ts';
import { parseConfig } from '../../services/config.ts';
import { DEFAULT_OPTIONS } from '../../services/rewrite/options.ts';
import { createRewriter } from '../../services/rewrite/pipeline.ts';
import { partsOf } from '../../services/tuned-parameters.ts';
import { openDataset } from '../../stores/dataset/open.ts';
import { answerLines } from './answer-lines.ts';

const [dataset = '', level = ''] = process.argv.slice(2);
const { cacheBytes } = parseConfig({}, {}, {});
const opened = openDataset(dataset, { cacheBytes });
const rewriter = createRewriter(partsOf(opened));

await answerLines({ version: `Emend ${packageVersion()}` }, async (query) => {
  const pending = rewriter.rewrite(query, DEFAULT_OPTIONS);
  const { decision, rewritten } = pending instanceof Promise ? await pending : pending;
  return decision === 'auto' || decision === level ? rewritten : query;
});
