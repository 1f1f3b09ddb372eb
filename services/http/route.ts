import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import type { LiveDataState } from '../live/live-data.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import { exchangeOf } from './exchange.ts';
import type { Health } from './health.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { HttpProblem } from './problems.ts';
import type { Work } from './work.ts';

/** What the application is made from. Everything opened is passed in; the application opens and closes nothing. */
export interface AppParts {
  readonly rewriter: Rewriter;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Whether new work is wanted: false while the service drains. */
  readonly ready: () => boolean;
  /** What is known of files of live data, where there are any. */
  data?(): LiveDataState;
  /** What runs out of what the service needs to go on, a line each; nothing when left out. */
  shortages?(): readonly string[];
  /** The program's version, for the API description. */
  readonly version: string;
  /** Folder of `openapi.yaml` and the playground's files. */
  readonly assetsDir: string;
  /** What is wrong with the files being served, told without reading them; nothing when left out. */
  readonly damage?: () => Error | undefined;
}

/** What the routes have: also what the requests of the application share. */
export interface AppDeps extends AppParts {
  readonly work: Work;
  readonly health: Health;
}

/** Answers one method of one path. A promise is awaited; what it throws becomes a problem. */
export type Handler = (request: Request, response: Response) => void | Promise<void>;

/** One path and the methods it takes. HEAD goes to GET; OPTIONS and 405 are answered from the table. */
export interface Route {
  readonly path: string;
  readonly methods: Readonly<Partial<Record<'GET' | 'POST', Handler>>>;
}

/** The `Allow` header of a route. */
export function allowed(route: Route): string {
  return [...Object.keys(route.methods), ...(route.methods.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/**
 * Whether a request is for a route, written as nearly all clients write it, and the route has a handler for its method. The
 * router has the last word on all others.
 */
export function isPlainlyFor(route: Route, request: Request): boolean {
  const { url, method } = request;
  const { path } = route;
  if (!url.startsWith(path) || (url.length > path.length && url[path.length] !== '?')) return false;
  return (
    (method === 'GET' && route.methods.GET !== undefined) || (method === 'POST' && route.methods.POST !== undefined)
  );
}

/** Runs the handler for the request's method. */
export function serveRoute(route: Route, request: Request, response: Response): void | Promise<void> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const handler = method === 'GET' || method === 'POST' ? route.methods[method] : undefined;
  if (handler !== undefined) return handler(request, response);
  if (method === 'OPTIONS') {
    response.writeHead(204, { Allow: allowed(route) });
    response.end();
    return;
  }
  throw new HttpProblem('method-not-allowed', `${route.path} takes ${allowed(route)}`, {
    headers: { Allow: allowed(route) },
  });
}

/**
 * Sees to it that the client takes what is about to be sent.
 *
 * @throws {HttpProblem} `not-acceptable`
 */
export function requireAccepts(request: Request, type: string): void {
  const accept = request.headers.accept;
  // Nearly every request says nothing, */* or the type itself; weighing the rest is Express's work.
  if (accept === undefined || accept === '*/*' || accept === type || request.accepts(type) !== false) return;
  throw new HttpProblem('not-acceptable', `this path answers with ${type}`);
}

/**
 * Sends a whole body.
 *
 * Hot path: headers given in one list, where none were set before, are written as they stand; setting each costs 1 us more.
 */
export function sendBody(response: Response, status: number, type: string, body: string | Buffer): void {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const headers = bodyHeaders(response, type);
  headers.push('Content-Length', `${bytes}`);
  response.writeHead(status, headers);
  response.end(body);
}

/** The headers of every body: names and values in turn. */
export function bodyHeaders(response: Response, type: string): string[] {
  return [
    'X-Request-Id',
    exchangeOf(response).id,
    'Content-Type',
    type,
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
  ];
}
