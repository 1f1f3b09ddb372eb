import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { RequestMode } from './figures.ts';

/** What the service keeps of one request until its response has gone. */
export interface Exchange {
  /** Named in the response's `X-Request-Id`, in problems and in log lines. */
  readonly id: string;
  /** When the head of the request was read: `performance.now()`. */
  readonly startedMs: number;
  /** When all of it had arrived: what the deadline counts from. */
  arrivedMs: number;
  /** Bytes of the body that are counted with those of others. */
  bodyBytes: number;
  /** Whether it counts as one that is worked on. */
  isAdmitted: boolean;
  /** The path it was routed to, or `other`. */
  route: string;
  /** Set where queries are rewritten. */
  mode: RequestMode | undefined;
  /** The queries, kept only where the log asks for them. */
  queries: readonly string[] | undefined;
}

/**
 * Starts the exchange of a request, taking over the caller's `X-Request-Id` where it is fit for a log. Whoever answers sees to
 * it that the response carries it.
 */
export function beginExchange(request: Request, response: Response): Exchange {
  const given = request.headers['x-request-id'];
  const startedMs = performance.now();
  const exchange: Exchange = {
    id: typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID(),
    startedMs,
    arrivedMs: startedMs,
    bodyBytes: 0,
    isAdmitted: false,
    route: 'other',
    mode: undefined,
    queries: undefined,
  };
  response.locals['exchange'] = exchange;
  return exchange;
}

/** The exchange that {@link beginExchange} started. */
export function exchangeOf(response: Response): Exchange {
  return response.locals['exchange'] as Exchange;
}
