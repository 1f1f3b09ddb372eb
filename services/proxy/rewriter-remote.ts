/** A rewriter behind HTTP: an `emend serve` elsewhere. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Syntax } from '../../stores/text/token.ts';
import { type Reading, readingOf } from '../engines/reading.ts';
import type { RewriteAnswer } from '../rewrite/answer.ts';
import { type AskedRewriter, type AskFailure, Breaker } from './asked-rewriter.ts';

/** Requests that may wait for it at once. */
const MOST_WAITING = 256;
/** Connections are given up before a server's own idle timeout: one that closes in that moment would lose a request. */
const IDLE_MS = 4_000;
const MOST_ANSWER_BYTES = 1_048_576;

/** Asks the service at `url`, whose path `rewrite` is asked for. */
export function remoteRewriter(url: URL): AskedRewriter {
  const isTls = url.protocol === 'https:';
  const agent = new (isTls ? TlsAgent : Agent)({ keepAlive: true, timeout: IDLE_MS });
  const target = new URL('rewrite', url.href.endsWith('/') ? url : `${url.href}/`);
  const breaker = new Breaker();
  let waiting = 0;

  const ask = (text: string, syntax: Syntax, budgetMs: number): Promise<Reading | AskFailure> =>
    new Promise((resolve) => {
      const body = Buffer.from(JSON.stringify({ q: text, syntax }));
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const send = isTls ? tlsRequest : httpRequest;
      let isSettled = false;
      const settle = (answer: Reading | AskFailure) => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        waiting--;
        // A text that it cannot take says nothing of the next.
        if (answer === 'late' || answer === 'stopped') breaker.failed();
        else breaker.answered();
        resolve(answer);
      };
      const timer = setTimeout(() => {
        settle('late');
        sent.destroy();
      }, budgetMs);
      waiting++;
      const sent = send(target, { method: 'POST', headers, agent }, (response) => {
        read(response).then(
          (found) => settle(found),
          () => settle('stopped'),
        );
      });
      sent.on('error', () => settle('stopped'));
      sent.end(body);
    });

  return {
    isUp: () => breaker.isClosed(),
    ask: (text, syntax, budgetMs) => {
      if (!breaker.allows()) return Promise.resolve('stopped');
      if (waiting >= MOST_WAITING) return Promise.resolve('busy');
      return ask(text, syntax, budgetMs);
    },
    async close() {
      agent.destroy();
    },
  };
}

async function read(response: IncomingMessage): Promise<Reading | AskFailure> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) return 'failed';
    chunks.push(chunk);
  }
  if (response.statusCode === 503 || response.statusCode === 429) return 'busy';
  if (response.statusCode !== 200) return (response.statusCode ?? 500) >= 500 ? 'stopped' : 'failed';
  try {
    return readingOf(JSON.parse(Buffer.concat(chunks).toString('utf8')) as RewriteAnswer);
  } catch {
    return 'failed';
  }
}
