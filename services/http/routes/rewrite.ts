import type { Request, Response } from 'express';
import type { RewriteAnswer } from '../../rewrite/answer.ts';
import { asTyped } from '../../rewrite/as-typed.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import { answerBatch, type Outcome } from '../batch.ts';
import { readJson } from '../body.ts';
import { exchangeOf } from '../exchange.ts';
import { readOptions } from '../options.ts';
import { HttpProblem, problemDocument } from '../problems.ts';
import { parseQueryString } from '../query-string.ts';
import { type AppDeps, type Route, requireAccepts, sendBody } from '../route.ts';
import { wordsIn } from '../words.ts';

const JSON_TYPE = 'application/json';

/** `GET /rewrite?q=...`, `POST /rewrite` with one query or a batch. */
export function rewriteRoute(deps: AppDeps): Route {
  const { config, rewriter, work } = deps;
  const context = { config, dataset: rewriter.dataset };
  const bodyLimits = { maxBytes: config.maxBodyBytes, maxBatch: config.maxBatch, bodies: work.bodies };
  const keepsQueries = config.logQueries || deps.logger.isLevelEnabled('debug');

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
        return single(query, options, request, response);
      },
      async POST(request, response) {
        requireAccepts(request, JSON_TYPE);
        const body = await readJson(request, bodyLimits, exchangeOf(response));
        refuseUrlParameters(request);
        if (typeof body !== 'object' || body === null || Array.isArray(body)) {
          throw new HttpProblem('wrong-type', 'expected a JSON object, for example {"q": "wireles hedphones"}');
        }
        const fields = new Map(Object.entries(body));
        const options = readOptions(fields, 'json', ['q', 'queries'], context);
        if (fields.has('queries')) {
          if (fields.has('q')) throw new HttpProblem('unknown-option', 'send either "q" or "queries", not both');
          return batch(readQueries(fields.get('queries'), config.maxBatch), options, request, response);
        }
        if (!fields.has('q')) {
          throw new HttpProblem('missing-query', 'send one query as "q" or several as "queries"', { parameter: 'q' });
        }
        return single(fields.get('q'), options, request, response);
      },
    },
  };

  function single(query: unknown, options: RewriteOptions, request: Request, response: Response): void | Promise<void> {
    const exchange = exchangeOf(response);
    exchange.mode = 'single';
    checkQuery(query, config.maxQueryBytes, 'q');
    if (keepsQueries) exchange.queries = [query];
    const words = wordsIn(query, config.maxTokens);
    checkWords(words, 'q');
    work.rates?.charge(request, 1);
    work.admit(response);
    const { turns } = work;
    if (turns.isFree) {
      const answered = answerOne(query, options, response);
      turns.spent(performance.now() - exchange.arrivedMs);
      return answered;
    }
    return new Promise((resolve, reject) => {
      turns.later(words, () => {
        // Its client has gone while it waited.
        if (response.destroyed) return resolve();
        try {
          resolve(answerOne(query, options, response));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  function answerOne(query: string, options: RewriteOptions, response: Response): void | Promise<void> {
    const answer = rewriteInTime(query, options, response);
    // Awaiting costs a turn of the microtask queue: only where there is something to wait for.
    if (answer instanceof Promise) return answer.then((settled) => sendAnswer(response, settled));
    sendAnswer(response, answer);
  }

  function sendAnswer(response: Response, answer: RewriteAnswer): void {
    deps.metrics.decided(answer.decision);
    work.leave(exchangeOf(response));
    sendBody(response, 200, JSON_TYPE, JSON.stringify(answer));
  }

  /** Past the request's deadline nothing is worked on any more. */
  function rewriteInTime(
    query: string,
    options: RewriteOptions,
    response: Response,
  ): RewriteAnswer | Promise<RewriteAnswer> {
    if (performance.now() - exchangeOf(response).arrivedMs > config.deadlineMs) {
      deps.metrics.deadlinePassed();
      return asTyped(query, options, 'deadline', rewriter.dataset);
    }
    try {
      const answer = rewriter.rewrite(query, options);
      return answer instanceof Promise ? answer.catch((error) => fail(error, query, options)) : answer;
    } catch (error) {
      return fail(error, query, options);
    }
  }

  function fail(error: unknown, query: string, options: RewriteOptions): never {
    deps.health.note(error, query, options);
    throw error;
  }

  function batch(
    queries: readonly unknown[],
    options: RewriteOptions,
    request: Request,
    response: Response,
  ): Promise<void> {
    const exchange = exchangeOf(response);
    exchange.mode = 'batch';
    if (keepsQueries) exchange.queries = queries.filter((query) => typeof query === 'string');
    let words = 0;
    for (const query of queries) {
      if (words > config.maxTokens) break;
      if (typeof query === 'string') words += wordsIn(query, config.maxTokens - words);
    }
    checkWords(words, 'queries');
    work.rates?.charge(request, queries.length);
    work.admit(response);
    const start = (query: unknown, index: number) => one(query, options, index, response);
    return answerBatch(response, { queries, words, start, count }, work, config);
  }

  function count(outcome: Outcome): void {
    if ('decision' in outcome) deps.metrics.decided(outcome.decision);
    else deps.metrics.problem(outcome.code);
  }

  /** One query of a batch: what is wrong with it is its own problem and not the batch's. */
  function one(query: unknown, options: RewriteOptions, index: number, response: Response): Outcome | Promise<Outcome> {
    const failed = (error: unknown) => asOutcome(error, index, response);
    try {
      checkQuery(query, config.maxQueryBytes, `queries/${index}`);
      const answer = rewriteInTime(query, options, response);
      // At once: it must have an owner before anything else is awaited.
      return answer instanceof Promise ? answer.catch(failed) : answer;
    } catch (error) {
      return failed(error);
    }
  }

  function asOutcome(error: unknown, index: number, response: Response): Outcome {
    const parameter = `queries/${index}`;
    if (error instanceof HttpProblem) return problemDocument(error.code, error.message, error.parameter);
    const { id } = exchangeOf(response);
    deps.logger.error({ err: error, requestId: id, parameter }, 'failed');
    return problemDocument('internal-error', 'the service failed on this query; see its log', parameter, id);
  }

  function checkWords(words: number, parameter: string): void {
    if (words <= config.maxTokens) return;
    throw new HttpProblem('too-many-words', `the request has more than ${config.maxTokens} words`, {
      parameter,
    });
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
