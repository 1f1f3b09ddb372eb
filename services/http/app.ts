import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { corsHeaders } from './cors.ts';
import { beginExchange, exchangeOf } from './exchange.ts';
import { Health } from './health.ts';
import { methodLabel } from './metrics.ts';
import { HttpProblem, PROBLEMS, problemDocument, sendProblem } from './problems.ts';
import { type AppDeps, type AppParts, isPlainlyFor, type Route, serveRoute } from './route.ts';
import { livezRoute } from './routes/livez.ts';
import { metricsRoute } from './routes/metrics.ts';
import { openapiRoute } from './routes/openapi.ts';
import { playgroundRoutes } from './routes/playground.ts';
import { problemsRoutes } from './routes/problems.ts';
import { readyzRoute } from './routes/readyz.ts';
import { rewriteRoute } from './routes/rewrite.ts';
import { Work } from './work.ts';

/**
 * Creates the Express application of the service. It never listens; serve it with `createHttpServer`, whose request and
 * response classes are made for it.
 */
export function createApp(parts: AppParts): Express {
  const work = new Work(parts.config);
  const deps: AppDeps = { ...parts, work, health: new Health(parts.rewriter, parts.damage) };
  deps.metrics.watchWork(() => ({ inHand: work.inHand, bodyBytes: work.bodies.heldBytes }));
  const app = express();
  // Should Express itself ever answer an error, it does not show where in the program it came from.
  app.set('env', 'production');
  app.disable('x-powered-by');
  // The routes write their responses themselves; should one use Express's own, no answer is hashed on the way out.
  app.disable('etag');
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  const rewrite = rewriteRoute(deps);
  app.use(begin(deps, rewrite));
  const routes: Route[] = [
    rewrite,
    livezRoute(),
    readyzRoute(deps),
    metricsRoute(deps),
    openapiRoute(deps),
    ...playgroundRoutes(deps),
    ...problemsRoutes(),
  ];
  for (const route of routes) {
    app.route(route.path).all((request, response) => {
      exchangeOf(response).route = route.path;
      return serveRoute(route, request, response);
    });
  }
  app.use((request) => {
    throw new HttpProblem('not-found', `there is nothing at ${request.path.slice(0, 60)}; / is the playground`);
  });
  app.use(fail(deps));
  return app;
}

/**
 * Opens the exchange, and has it counted and logged when the response has gone or the client has.
 *
 * Hot path: answers the requests of the one route that matters itself. The router would match the path again, take it apart and
 * go through the layers of the route: a third of Express's share of a request.
 */
function begin(deps: AppDeps, busiest: Route): RequestHandler {
  const cors = deps.config.cors.length > 0 ? corsHeaders(deps.config.cors) : undefined;
  const logLevel = deps.config.logQueries ? 'info' : 'debug';
  const logs = deps.logger.isLevelEnabled(logLevel);

  return (request, response, next) => {
    const exchange = beginExchange(request, response);
    deps.metrics.requestStarted();
    const onClose = () => {
      deps.work.finish(exchange);
      const durationMs = performance.now() - exchange.startedMs;
      deps.metrics.requestFinished(exchange.route, methodLabel(request.method), response.statusCode);
      if (exchange.mode !== undefined) deps.metrics.rewriteFinished(exchange.mode, durationMs / 1000);
      if (!logs) return;
      const fields = {
        requestId: exchange.id,
        method: request.method,
        route: exchange.route,
        status: response.statusCode,
        durationMs,
        complete: response.writableFinished,
        ...(exchange.queries === undefined ? {} : { queries: exchange.queries }),
      };
      deps.logger[logLevel](fields, 'request');
    };
    // One that waits behind another answer is forgotten without a word when its connection closes.
    if (response.socket === null) oncePerExchange(request, response, onClose);
    else response.on('close', onClose);
    const isPlain = isPlainlyFor(busiest, request);
    // Where nothing is set before, the answer's headers leave in one go.
    if (!isPlain) response.setHeader('X-Request-Id', exchange.id);
    // While draining every answer asks its client to go elsewhere with the next.
    if (!deps.ready()) response.setHeader('Connection', 'close');
    if (cors?.(request, response)) return;
    if (!isPlain) {
      next();
      return;
    }
    exchange.route = busiest.path;
    // What it throws, or its promise, goes to `fail` as if the router had called it.
    return serveRoute(busiest, request, response);
  };
}

/** Calls `done` when the response has gone or the connection has, whichever is first. */
function oncePerExchange({ socket }: Request, response: Response, done: () => void): void {
  const onEnd = () => {
    socket.off('close', onEnd);
    response.off('close', onEnd);
    done();
  };
  socket.on('close', onEnd);
  response.on('close', onEnd);
}

/** Turns whatever a handler threw into a problem. Express knows an error handler by its four parameters. */
function fail(deps: AppDeps): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const exchange = exchangeOf(response);
    const problem = asProblem(error);
    if (problem === undefined) {
      deps.logger.error(
        { err: error, requestId: exchange.id, method: request.method, route: exchange.route },
        'failed',
      );
    }
    const { code, message, parameter, headers } = problem ?? INTERNAL;
    deps.metrics.problem(code);
    if (!response.headersSent) response.setHeader('X-Request-Id', exchange.id);
    sendProblem(response, problemDocument(code, message, parameter, exchange.id), headers);
  };
}

const INTERNAL = new HttpProblem('internal-error', 'the service failed; its log has the details under this request id');

function asProblem(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  // The router's own, such as a path whose percent-encoding is broken.
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
  if (status >= 400 && status < 500) return new HttpProblem('malformed-request', PROBLEMS['malformed-request'].title);
  return undefined;
}
