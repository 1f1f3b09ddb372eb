/** Routes of the admin port: a method of a path, the action that it is, and what it does. */
import type { Request as ExpressRequest, Response } from 'express';
import { exchangeOf } from '../../http/exchange.ts';
import { HttpProblem } from '../../http/problems.ts';
import { sendBody } from '../../http/route.ts';
import type { Actor } from '../audit-file.ts';
import type { Request } from '../ledger.ts';
import type { Action } from '../scopes.ts';
import type { AdminDeps } from './deps.ts';

export const METHODS = ['GET', 'PUT', 'POST', 'DELETE'] as const;

export type Method = (typeof METHODS)[number];

/** A request that was let in. */
export interface Call {
  readonly request: ExpressRequest;
  readonly response: Response;
  /** Null where anyone is let in. */
  readonly who: Actor | null;
  readonly deps: AdminDeps;
}

/** What a method of a path is, and does. */
export interface Operation {
  readonly action: Action;
  handle(call: Call): void | Promise<void>;
}

/** A path and what its methods are. HEAD goes to GET; OPTIONS and 405 are answered from the table. */
export interface AdminRoute {
  readonly path: string;
  readonly methods: Readonly<Partial<Record<Method, Operation>>>;
}

/** The `Allow` header of a route. */
export function allowed({ methods }: AdminRoute): string {
  return [...Object.keys(methods), ...(methods.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Answers with JSON. */
export function sendJson(
  response: Response,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  for (const [name, text] of Object.entries(headers)) response.setHeader(name, text);
  sendBody(response, status, 'application/json', `${JSON.stringify(value)}\n`);
}

/** What the audit log is told of a call. @param reason of the request */
export function wantedBy({ who, response, deps }: Call, reason: string | null): Request {
  if (who === null) throw new HttpProblem('unauthenticated', 'nobody changes anything without a name');
  return { who, reason, requestId: exchangeOf(response).id, nowMs: deps.now() };
}
