import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { RewriteAnswer } from '../../rewrite/answer.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import { readJson } from '../body.ts';
import { exchangeOf } from '../exchange.ts';
import { readOptions } from '../options.ts';
import { HttpProblem, type Problem, problemDocument } from '../problems.ts';
import { parseQueryString } from '../query-string.ts';
import { type AppDeps, type Route, requireAccepts, sendBody } from '../route.ts';

/** How long a batch may hold the event loop before other requests get a turn: half of what one should take. */
const TURN_MS = 5;

const JSON_TYPE = 'application/json';

/** `GET /rewrite?q=...`, `POST /rewrite` with one query or a batch. */
export function rewriteRoute(deps: AppDeps): Route {
  const context = { config: deps.config, dataset: deps.rewriter.dataset };
  const keepsQueries = deps.config.logQueries || deps.logger.isLevelEnabled('debug');

  return {
    path: '/rewrite',
    methods: {
      GET(request, response) {
        requireAccepts(request, JSON_TYPE);
        const parameters = parseQueryString(request.url);
        const query = parameters.get('q');
        const options = readOptions(parameters, 'url', ['q'], context);
        if (query === undefined) {
          throw new HttpProblem('missing-query', 'send the query as "q", for example /rewrite?q=wireles+hedphones', {
            parameter: 'q',
          });
        }
        return single(query, options, response);
      },
      async POST(request, response) {
        requireAccepts(request, JSON_TYPE);
        const body = await readJson(request, deps.config.maxBodyBytes);
        refuseUrlParameters(request);
        if (typeof body !== 'object' || body === null || Array.isArray(body)) {
          throw new HttpProblem('wrong-type', 'expected a JSON object, for example {"q": "wireles hedphones"}');
        }
        const fields = new Map(Object.entries(body));
        const options = readOptions(fields, 'json', ['q', 'queries'], context);
        if (fields.has('queries')) {
          if (fields.has('q')) throw new HttpProblem('unknown-option', 'send either "q" or "queries", not both');
          return batch(readQueries(fields.get('queries'), deps.config.maxBatch), options, response);
        }
        if (!fields.has('q')) {
          throw new HttpProblem('missing-query', 'send one query as "q" or several as "queries"', { parameter: 'q' });
        }
        return single(fields.get('q'), options, response);
      },
    },
  };

  function single(query: unknown, options: RewriteOptions, response: Response): void | Promise<void> {
    const exchange = exchangeOf(response);
    exchange.mode = 'single';
    checkQuery(query, deps.config.maxQueryBytes, 'q');
    if (keepsQueries) exchange.queries = [query];
    const answer = deps.rewriter.rewrite(query, options);
    // Awaiting costs a turn of the microtask queue: only where there is something to wait for.
    if (answer instanceof Promise) return answer.then((settled) => sendAnswer(response, settled));
    sendAnswer(response, answer);
  }

  function sendAnswer(response: Response, answer: RewriteAnswer): void {
    deps.metrics.decided(answer.decision);
    sendBody(response, 200, JSON_TYPE, JSON.stringify(answer));
  }

  async function batch(queries: readonly unknown[], options: RewriteOptions, response: Response): Promise<void> {
    const exchange = exchangeOf(response);
    exchange.mode = 'batch';
    if (keepsQueries) exchange.queries = queries.filter((query) => typeof query === 'string');
    const results: (RewriteAnswer | Problem | Promise<RewriteAnswer | Problem>)[] = [];
    let turnEndsMs = performance.now() + TURN_MS;
    for (const query of queries) {
      results.push(one(query, options, results.length));
      if (performance.now() > turnEndsMs) {
        await nextTurn();
        // Nobody is left to read the answer.
        if (response.destroyed) return;
        turnEndsMs = performance.now() + TURN_MS;
      }
    }
    const settled = await Promise.all(results);
    for (const result of settled) {
      if ('decision' in result) deps.metrics.decided(result.decision);
      else deps.metrics.problem(result.code);
    }
    sendBody(response, 200, JSON_TYPE, JSON.stringify({ results: settled }));
  }

  /** One query of a batch: what is wrong with it is its own problem and not the batch's. */
  function one(
    query: unknown,
    options: RewriteOptions,
    index: number,
  ): RewriteAnswer | Problem | Promise<RewriteAnswer | Problem> {
    try {
      checkQuery(query, deps.config.maxQueryBytes, `queries/${index}`);
    } catch (error) {
      if (error instanceof HttpProblem) return problemDocument(error.code, error.message, error.parameter);
      throw error;
    }
    return deps.rewriter.rewrite(query, options);
  }
}

function readQueries(value: unknown, maxBatch: number): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new HttpProblem('wrong-type', '"queries" takes an array of strings', { parameter: 'queries' });
  }
  if (value.length > maxBatch) {
    throw new HttpProblem('batch-too-large', `the batch has ${value.length} queries; send at most ${maxBatch}`, {
      parameter: 'queries',
    });
  }
  return value;
}

function checkQuery(query: unknown, maxBytes: number, parameter: string): asserts query is string {
  if (typeof query !== 'string') {
    throw new HttpProblem('wrong-type', `"${parameter}" takes a string`, { parameter });
  }
  // A code unit is at most 3 bytes of UTF-8: most queries need no counting.
  if (query.length * 3 > maxBytes && Buffer.byteLength(query) > maxBytes) {
    throw new HttpProblem('query-too-long', `the query is longer than ${maxBytes} bytes of UTF-8`, { parameter });
  }
  if (!query.isWellFormed()) {
    throw new HttpProblem('ill-formed-text', 'the query contains a lone surrogate, which is not a character', {
      parameter,
    });
  }
}

function refuseUrlParameters(request: Request): void {
  const [stray] = parseQueryString(request.url).keys();
  if (stray === undefined) return;
  throw new HttpProblem('unknown-option', 'a POST takes its query and options in the body, not in the URL');
}
