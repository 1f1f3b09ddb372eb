import type { Request, Response } from 'express';

/**
 * Answers browsers that ask on behalf of pages of other origins.
 *
 * @param origins the origins that may; `*` among them: all
 * @returns a function that sets the headers, and answers a preflight: then true
 */
export function corsHeaders(origins: readonly string[]): (request: Request, response: Response) => boolean {
  const anyone = origins.includes('*');
  return (request, response) => {
    const origin = request.headers.origin;
    // Shared caches must not give one origin's answer to another.
    if (!anyone) response.setHeader('Vary', 'Origin');
    if (origin === undefined || !(anyone || origins.includes(origin))) return false;
    response.setHeader('Access-Control-Allow-Origin', anyone ? '*' : origin);
    response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
    response.writeHead(204, {
      'Access-Control-Allow-Methods': 'GET, HEAD, POST',
      'Access-Control-Allow-Headers': 'Content-Type, X-Request-Id',
      'Access-Control-Max-Age': '600',
    });
    response.end();
    return true;
  };
}
