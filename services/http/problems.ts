import type { ServerResponse } from 'node:http';

/**
 * Errors over HTTP: RFC 9457 documents. `code` is stable and is what programs test; `type` is a URL under
 * which the service explains the code.
 */
export const PROBLEMS = Object.freeze({
  'malformed-request': { status: 400, title: 'The request is not well-formed HTTP' },
  'malformed-url': { status: 400, title: 'The percent-encoding of the URL is not UTF-8' },
  'malformed-json': { status: 400, title: 'The body is not JSON in UTF-8' },
  'missing-query': { status: 400, title: 'There is no query to rewrite' },
  'unknown-option': { status: 400, title: 'There is no such option' },
  'repeated-parameter': { status: 400, title: 'A parameter was given more than once' },
  'wrong-type': { status: 400, title: 'A value is of the wrong type' },
  'out-of-range': { status: 400, title: 'A value is outside what the option takes' },
  'unknown-dataset': { status: 400, title: 'That dataset is not being served' },
  'ill-formed-text': { status: 400, title: 'The text contains a lone surrogate (half a character)' },
  unauthenticated: { status: 401, title: 'The admin port wants a key, or a person whom a trusted proxy names' },
  'invalid-key': { status: 401, title: 'The key is not one that there is' },
  'key-expired': { status: 401, title: 'The key has expired' },
  'key-revoked': { status: 401, title: 'The key has been revoked' },
  forbidden: { status: 403, title: 'Whoever asks may not do that' },
  'cross-site': { status: 403, title: "The request may come from another site's page" },
  'not-found': { status: 404, title: 'There is nothing at this path' },
  'method-not-allowed': { status: 405, title: 'This path does not take that method' },
  'not-acceptable': { status: 406, title: 'No representation that the client accepts' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  conflict: { status: 409, title: 'What is to be changed has been changed meanwhile' },
  'precondition-failed': { status: 412, title: 'What is to be changed is not in the state that the request names' },
  'too-many-words': { status: 413, title: 'The request has more words than this service takes' },
  'batch-budget': { status: 413, title: 'The answer to the batch has reached the size that this service sends' },
  'query-too-long': { status: 413, title: 'The query is longer than this service takes' },
  'batch-too-large': { status: 413, title: 'The batch has more queries than this service takes' },
  'body-too-large': { status: 413, title: 'The body is larger than this service takes' },
  'url-too-long': { status: 413, title: 'The URL is longer than this service takes' },
  'unsupported-media-type': { status: 415, title: 'The body is not of a type that this service reads' },
  'expectation-failed': { status: 417, title: 'The request expects what this service does not do' },
  'rules-invalid': { status: 422, title: 'The rules could not act as they are' },
  'precondition-required': { status: 428, title: 'The request must name the state that it changes' },
  'too-many-requests': { status: 429, title: 'The client sends more queries than this service takes from one' },
  'headers-too-large': { status: 431, title: 'The headers are larger than this service takes' },
  'internal-error': { status: 500, title: 'The service failed' },
  'not-ready': { status: 503, title: 'The service is not ready for requests' },
  'audit-unavailable': { status: 503, title: 'The audit log cannot be written, and nothing is changed without it' },
  overloaded: { status: 503, title: 'The service has as much work as it takes' },
} as const satisfies Record<string, { status: number; title: string }>);

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** The option or parameter at fault, where one is. */
  readonly parameter?: string;
  readonly requestId?: string;
}

/** Thrown for a wrong request; the application answers it as a problem. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly parameter: string | undefined;
  /** Headers that the answer must carry, for example `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { parameter?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = 'HttpProblem';
    this.code = code;
    this.parameter = options.parameter;
    this.headers = options.headers ?? {};
  }
}

/** A 503 for a request that could be answered a little later. */
export function overloaded(why: string): HttpProblem {
  return new HttpProblem('overloaded', `${why}; search for the query as typed, or try again in a second`, {
    headers: { 'Retry-After': '1' },
  });
}

/** Builds the document; `requestId` is left out when empty. */
export function problemDocument(code: ProblemCode, detail: string, parameter?: string, requestId = ''): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    code,
    ...(parameter === undefined ? {} : { parameter }),
    ...(requestId === '' ? {} : { requestId }),
  };
}

/** Answers with a problem. A response whose headers were already sent is cut off. */
export function sendProblem(
  response: ServerResponse,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, {
    ...headers,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
