/**
 * `aspell -a` behind the lines that all peers speak: the memory that counts is aspell's, the time includes the pipe.
 *
 *   node dist/load/peers/aspell-process.js ASPELL-ARGUMENT...
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { answerLines } from './answer-lines.ts';
import { correctTokens } from './aspell-pipe.ts';

const aspell = spawn('aspell', ['-a', '--encoding=utf-8', ...process.argv.slice(2)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: aspell.stdout })[Symbol.asyncIterator]();
const banner = (await lines.next()).value as string;
// Terse: nothing is said of words that are right.
aspell.stdin.write('!\n');

await answerLines(
  { version: /Aspell [\d.]+/.exec(banner)?.[0] ?? banner, ...(aspell.pid === undefined ? {} : { pid: aspell.pid }) },
  (query) => correctTokens(query, ask),
);
aspell.stdin.end();

/** What aspell says of a line: the lines of its answer, up to the blank one. */
async function ask(line: string): Promise<string[]> {
  // Without the mark some words would be commands.
  aspell.stdin.write(`^${line}\n`);
  const said: string[] = [];
  for (;;) {
    const { value, done } = await lines.next();
    if (done || value === '') return said;
    said.push(value as string);
  }
}
