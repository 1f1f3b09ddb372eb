import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { Express, Request, Response } from 'express';
import type { Config } from '../config.ts';
import { Connections } from './connections.ts';
import { PROBLEMS, type ProblemCode, problemDocument, sendProblem } from './problems.ts';
import { expressClasses } from './prototypes.ts';

/** Room for the headers beside the longest query in a URL, where each byte may be written `%XX`. */
const HEADER_BYTES = 16 * 1024;

/** How often connections are looked over for requests that take too long: the precision of the time limits. */
const TIMEOUT_CHECK_MS = 500;

/** Servers made here, with their connections. */
const connections = new WeakMap<Server, Connections>();

/** The connections of a server that {@link createHttpServer} made. */
export function connectionsOf(server: Server): Connections {
  const found = connections.get(server);
  if (found === undefined) throw new Error('the connections of a server are known where createHttpServer made it');
  return found;
}

/**
 * Creates the HTTP server of an application, with the limits of the configuration. It does not listen yet.
 *
 * @param tls with it the server speaks HTTPS alone
 */
export function createHttpServer(app: Express, config: Config, tls?: SecureContextOptions): Server {
  const options: ServerOptions = {
    // For Node 20 and 22: see there.
    ...expressClasses(app),
    maxHeaderSize: 3 * config.maxQueryBytes + HEADER_BYTES,
    requestTimeout: config.requestTimeoutMs,
    // Node refuses to let the head of a request take longer than the whole.
    headersTimeout: Math.min(config.headersTimeoutMs, config.requestTimeoutMs),
    keepAliveTimeout: config.keepAliveTimeoutMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    noDelay: true,
  };
  const server: Server =
    tls === undefined
      ? createServer(options)
      : createHttpsServer({ ...options, ...tls, handshakeTimeout: config.headersTimeoutMs });
  // A connection counts once it has been agreed upon; before, there are as many again at most.
  if (tls !== undefined) server.maxConnections = 2 * config.maxConnections;
  const event = tls === undefined ? 'connection' : 'secureConnection';
  const own = new Connections(server, config, responseBytes('overloaded', 'Retry-After: 1\r\n'), event);
  connections.set(server, own);
  // Node's own would close those whose last bytes have not left yet, and `close` calls it.
  server.closeIdleConnections = () => own.closeIdle();
  const handle = own.inTurn((request, response) => {
    if (hasSeveralHosts(request)) answerBare(response, 'malformed-request');
    else app(request as Request, response as Response, () => answerBare(response, 'internal-error'));
  });
  server.on('request', handle);
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    answerBare(response, 'expectation-failed');
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(responseBytes('method-not-allowed', 'Allow: GET, HEAD, POST, OPTIONS\r\n'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    answerBrokenRequest(error, socket as Socket);
  });
  return server;
}

/** Two names for the host: whoever stands in front may have gone by the other one. Node keeps the first. */
function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

/** Answers where the application did not, with nothing but what is here: the last resort. */
function answerBare(response: ServerResponse, code: ProblemCode): void {
  const { status, title } = PROBLEMS[code];
  sendProblem(response, problemDocument(code, title), status < 500 ? { Connection: 'close' } : {});
}

/** A request that never became one: answered as a problem by hand, and its connection closed. */
function answerBrokenRequest(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket): void {
  // An answer under way must not get another into its middle: then the connection just ends.
  if (error.code === 'ECONNRESET' || !socket.writable || answering(socket)) {
    socket.destroy();
    return;
  }
  const code = codeOf(error);
  socket.end(responseBytes(code));
}

/** A whole response, written by hand; its connection then closes. */
function responseBytes(code: ProblemCode, headers = ''): string {
  const { status, title } = PROBLEMS[code];
  const body = JSON.stringify(problemDocument(code, title));
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}Content-Type: application/problem+json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`
  );
}

function codeOf(error: NodeJS.ErrnoException & { rawPacket?: Buffer }): ProblemCode {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  if (error.code !== 'HPE_HEADER_OVERFLOW') return 'malformed-request';
  // Where the bytes that were too many hold no line end, it is one line that is too long: nearly always the URL.
  return error.rawPacket?.includes('\r\n') === false ? 'url-too-long' : 'headers-too-large';
}

/** Whether a response has begun to leave on the socket; node keeps it there for its own handler of such errors. */
function answering(socket: Socket & { _httpMessage?: { headersSent?: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}
