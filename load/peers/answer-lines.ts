/**
 * What a peer's process says and hears, in whatever language it is written. On stdout first `ready<TAB>` and a JSON object
 * ({@link PeerReady}); then for each line of stdin, a query, one line: `output<TAB>microseconds`.
 */
import { createInterface } from 'node:readline';

/** What a process tells when it can be asked. */
export interface PeerReady {
  /** What answers, with its version. */
  readonly version: string;
  /** The process whose memory counts, where it is not the one that speaks. */
  readonly pid?: number;
}

/** Answers every line of stdin in order until it ends, and times each answer. */
export async function answerLines(
  ready: PeerReady,
  answer: (query: string) => string | Promise<string>,
): Promise<void> {
  process.stdout.write(`ready\t${JSON.stringify(ready)}\n`);
  for await (const query of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const startedMs = performance.now();
    const pending = answer(query);
    const output = typeof pending === 'string' ? pending : await pending;
    const tookUs = (performance.now() - startedMs) * 1000;
    process.stdout.write(`${output.replace(/[\t\n]/g, ' ')}\t${tookUs.toFixed(1)}\n`);
  }
}
