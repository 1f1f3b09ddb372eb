/** The process of one check: reads the rules in force, runs the draft beside them, tells the report, and ends. */
import { checkRules } from '../check-rules.ts';
import { publishedIn } from '../rules/published.ts';
import type { CheckMessage, CheckOrder } from './check-process.ts';
import { withEdits } from './rule-edits.ts';

process.once('message', (order: CheckOrder) => {
  run(order).then(
    (report) => tell({ report }),
    (error: Error) => tell({ failed: error.message }),
  );
});

async function run({ rules, dataset, config, edits, queries }: CheckOrder): Promise<unknown> {
  const live = publishedIn(rules)?.set ?? { rules: [] };
  const io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {}, cwd: process.cwd() };
  return await checkRules(dataset, { ...config, rulesDir: rules }, io, {
    live,
    draft: withEdits(live, edits),
    queries: queries.map(([query, count]) => ({ query, count })),
    options: { ...config.defaults, alternatives: 0 },
    nowMs: Date.now(),
  });
}

function tell(message: CheckMessage): void {
  process.send?.(message, () => process.disconnect());
}

// Nobody is left to tell.
process.on('disconnect', () => process.exit());
