/** The admin port's server, with limits of its own: few clients, none of them in a hurry. */
import { createServer as createHttp, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { Express, Request, Response } from 'express';
import { PROBLEMS, problemDocument, sendProblem } from '../../http/problems.ts';
import { expressClasses } from '../../http/prototypes.ts';

const HEAD_BYTES = 32 * 1024;
const MOST_CONNECTIONS = 128;
const HEAD_MS = 10_000;
const REQUEST_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;
const HANDSHAKE_MS = 10_000;

/** Creates the server; it does not listen yet. With `tls` it speaks HTTPS alone. */
export function createAdminServer(app: Express, tls?: SecureContextOptions): Server {
  const options: ServerOptions = {
    ...expressClasses(app),
    maxHeaderSize: HEAD_BYTES,
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  };
  const server: Server =
    tls === undefined ? createHttp(options) : createHttps({ ...options, ...tls, handshakeTimeout: HANDSHAKE_MS });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('request', (request, response) => {
    app(request as Request, response as Response, () => answerBare(response));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else (socket as Socket).end(MALFORMED);
  });
  return server;
}

/** Answers where the application did not: the last resort. */
function answerBare(response: ServerResponse): void {
  sendProblem(response, problemDocument('internal-error', PROBLEMS['internal-error'].title));
}

const MALFORMED = (() => {
  const { status, title } = PROBLEMS['malformed-request'];
  const body = JSON.stringify(problemDocument('malformed-request', title));
  return (
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`
  );
})();
