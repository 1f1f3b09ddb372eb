/** The admin application: routes, who may take them, and every refusal as a problem. It never listens. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { StoreError } from '../../../stores/errors.ts';
import { beginExchange, exchangeOf } from '../../http/exchange.ts';
import { HttpProblem, PROBLEMS, type ProblemCode, problemDocument, sendProblem } from '../../http/problems.ts';
import { type RuleProblem, RuleSetError } from '../../rules/compile/problems.ts';
import type { Actor } from '../audit-file.ts';
import { AdminError, type AdminErrorCode } from '../errors.ts';
import { ACTIONS } from '../scopes.ts';
import type { AdminDeps } from './deps.ts';
import { Door } from './identity.ts';
import { type AdminRoute, allowed, type Method } from './route.ts';
import { descriptionRoutes } from './routes/description.ts';
import { draftsRoutes } from './routes/drafts.ts';
import { historyRoutes } from './routes/history.ts';
import { keysRoutes } from './routes/keys.ts';
import { rulesRoutes } from './routes/rules.ts';

/** All routes of the admin port. */
export function adminRoutes(): AdminRoute[] {
  return [...descriptionRoutes(), ...rulesRoutes(), ...draftsRoutes(), ...historyRoutes(), ...keysRoutes()];
}

/** Creates the application. @throws {Error} for a trusted proxy that is no address */
export function createAdminApp(deps: AdminDeps): Express {
  const door = new Door(deps);
  const app = express();
  app.set('env', 'production');
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.use((request, response, next) => {
    begin(deps, request, response);
    next();
  });
  for (const route of adminRoutes()) {
    app.route(route.path).all((request, response) => serve(route, request, response, deps, door));
  }
  app.use((request) => {
    throw new HttpProblem(
      'not-found',
      `there is nothing at ${request.path.slice(0, 60)}; /openapi.json describes this port`,
    );
  });
  app.use(fail(deps));
  return app;
}

function begin({ logger }: AdminDeps, request: Request, response: Response): void {
  const exchange = beginExchange(request, response);
  response.setHeader('X-Request-Id', exchange.id);
  response.on('close', () => {
    const who = response.locals['who'] as Actor | undefined;
    logger.info(
      {
        requestId: exchange.id,
        method: request.method,
        route: exchange.route,
        status: response.statusCode,
        durationMs: performance.now() - exchange.startedMs,
        // Names alone: no header of the request is logged.
        who: who === undefined ? null : { kind: who.kind, name: who.name },
        address: request.socket.remoteAddress ?? null,
      },
      'admin',
    );
  });
}

function serve(
  route: AdminRoute,
  request: Request,
  response: Response,
  deps: AdminDeps,
  door: Door,
): void | Promise<void> {
  exchangeOf(response).route = route.path;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const operation = Object.hasOwn(route.methods, method) ? route.methods[method as Method] : undefined;
  if (operation === undefined) {
    if (method !== 'OPTIONS') {
      throw new HttpProblem('method-not-allowed', `${route.path} takes ${allowed(route)}`, {
        headers: { Allow: allowed(route) },
      });
    }
    response.writeHead(204, { Allow: allowed(route) });
    response.end();
    return;
  }
  const { action } = operation;
  const who = ACTIONS[action] === null ? null : door.enter(request, action);
  if (who !== null) response.locals['who'] = who;
  return operation.handle({ request, response, who, deps });
}

const ADMIN_PROBLEMS: Readonly<Record<AdminErrorCode, ProblemCode>> = {
  ADMIN_AUDIT: 'audit-unavailable',
  ADMIN_INPUT: 'out-of-range',
  ADMIN_NOT_FOUND: 'not-found',
  ADMIN_CONFLICT: 'conflict',
};

const INTERNAL = new HttpProblem('internal-error', 'the service failed; its log has the details under this request id');

/** Turns whatever a handler threw into a problem. Express knows an error handler by its four parameters. */
function fail({ logger }: AdminDeps): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { id, route } = exchangeOf(response);
    const problem = asProblem(error);
    if (problem === undefined || problem.code === 'audit-unavailable') {
      logger.error({ err: error, requestId: id, method: request.method, route }, 'admin request failed');
    }
    const { code, message, parameter, headers } = problem ?? INTERNAL;
    const document = problemDocument(code, message, parameter, id);
    const problems = error instanceof RuleSetError ? { problems: error.problems satisfies readonly RuleProblem[] } : {};
    sendProblem(response, { ...document, ...problems }, headers);
  };
}

function asProblem(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof RuleSetError) return new HttpProblem('rules-invalid', error.message);
  if (error instanceof AdminError) {
    // Of the log the path and the system's reason are for the log of the service.
    const detail = error.code === 'ADMIN_AUDIT' ? PROBLEMS['audit-unavailable'].title : error.message;
    return new HttpProblem(ADMIN_PROBLEMS[error.code], detail);
  }
  if (error instanceof StoreError && error.code === 'STORE_OWNER') {
    return new HttpProblem('conflict', 'the rules belong to another than this port: to files, or to another service');
  }
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
  if (status >= 400 && status < 500) return new HttpProblem('malformed-request', PROBLEMS['malformed-request'].title);
  return undefined;
}
