import type { Response } from 'express';
import type { RewriteAnswer } from '../rewrite/answer.ts';
import { exchangeOf } from './exchange.ts';
import { type Problem, problemDocument } from './problems.ts';
import { ResultStream } from './result-stream.ts';
import type { Work } from './work.ts';

/** What becomes of one query of a batch. */
export type Outcome = RewriteAnswer | Problem;

/** Queries worked on ahead of the one whose answer is written next, where they wait for reads from disk. */
const AHEAD = 16;

/** A batch as it is worked on. */
export interface BatchPlan {
  readonly queries: readonly unknown[];
  /** The words in all of them. */
  readonly words: number;
  /** Starts one query. A promise that it answers is never rejected. */
  start(query: unknown, index: number): Outcome | Promise<Outcome>;
  /** Told of each outcome as it is written. */
  count(outcome: Outcome): void;
}

/**
 * Answers a batch: each result is written when it is ready, in order; the work makes way for other requests every few milliseconds
 * and waits while the client has much to read. So what a batch holds in memory is its queries and a window of unsent bytes, however
 * large its answer is.
 */
export async function answerBatch(
  response: Response,
  plan: BatchPlan,
  work: Work,
  limits: { readonly maxUnsentBytes: number; readonly maxAnswerBytes: number },
): Promise<void> {
  const { queries, words } = plan;
  const { turns } = work;
  const exchange = exchangeOf(response);
  const results = new ResultStream(response, limits.maxUnsentBytes);
  const ahead: (Outcome | Promise<Outcome>)[] = [];
  const write = (outcome: Outcome) => {
    plan.count(outcome);
    results.add(JSON.stringify(outcome));
  };
  let next = 0;
  while (next < queries.length || ahead.length > 0) {
    if (next < queries.length) {
      const untilMs = await turns.next(words);
      // Nobody is left to read the answer.
      if (response.destroyed) return;
      const beganMs = performance.now();
      while (next < queries.length && ahead.length < AHEAD) {
        const index = next++;
        const outcome =
          results.bytes > limits.maxAnswerBytes ? overBudget(index, limits) : plan.start(queries[index], index);
        if (ahead.length === 0 && !(outcome instanceof Promise)) write(outcome);
        else ahead.push(outcome);
        if (results.isFull || performance.now() > untilMs) break;
      }
      turns.spent(performance.now() - beganMs);
    }
    while (ahead.length > 0 && (next === queries.length || ahead.length === AHEAD || !(ahead[0] instanceof Promise))) {
      write(await ahead.shift()!);
    }
    if (!results.isFull) continue;
    // Whoever waits for a client to read takes no place among those that are worked on.
    work.leave(exchange);
    if (!(await results.hasRoom())) return;
    work.enter(exchange);
  }
  results.end();
}

function overBudget(index: number, { maxAnswerBytes }: { readonly maxAnswerBytes: number }): Problem {
  const detail = `the answer has reached ${maxAnswerBytes} bytes; send this query again in a smaller batch, or ask for fewer alternatives`;
  return problemDocument('batch-budget', detail, `queries/${index}`);
}
