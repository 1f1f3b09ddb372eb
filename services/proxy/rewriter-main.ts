/** The process that rewrites for a proxy. Started by `rewriter-process.ts`, and ends when that is gone. */
import { readingOf } from '../engines/reading.ts';
import { openRewriter } from '../open-rewriter.ts';
import type { Question, RewriterMessage, RewriterOrder } from './rewriter-process.ts';

/** Rewritten before it says that it is ready: the first texts take tens of milliseconds each, more than a budget may have. */
const WARM_UP = ['wireles hedphones', 'runing shose', 'coffe machin', 'batery chargr', 'red dres', 'laptop bag 15'];
const MOST_ROUNDS = 30;
const WARM_MS = 3;

process.once('message', (order: RewriterOrder) => {
  start(order).catch((error: Error) => {
    process.stderr.write(`emend: rewriter: ${error.message.split('\n', 1)[0]}\n`);
    process.exit(1);
  });
});

// Whoever started it stops it; signals of its group are for that one.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.once('disconnect', () => process.exit());

async function start({ dataset, config, options, cwd }: RewriterOrder): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  const { rewriter } = await openRewriter(dataset, config, { stdin, stdout, stderr, env, cwd });
  process.on('message', ({ id, text, syntax, untilMs }: Question) => {
    // Where it has fallen behind, those that nobody waits for are left out.
    if (Date.now() >= untilMs) return tell({ id, reading: null, late: true });
    const answer = async () => await rewriter.rewrite(text, { ...options, syntax });
    answer().then(
      (found) => tell({ id, reading: readingOf(found) }),
      () => tell({ id, reading: null }),
    );
  });
  await warmUp((text) => rewriter.rewrite(text, options));
  tell({ ready: rewriter.dataset });
}

/** Ends when a text takes little, or after some seconds at most. */
async function warmUp(rewrite: (text: string) => unknown): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const startedMs = performance.now();
    for (const text of WARM_UP) await rewrite(text);
    if (performance.now() - startedMs < WARM_MS * WARM_UP.length) return;
  }
}

function tell(message: RewriterMessage): void {
  process.send?.(message, undefined, undefined, () => {});
}
