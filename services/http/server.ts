import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import type { Config } from '../config.ts';
import { PROBLEMS, type ProblemCode, problemDocument } from './problems.ts';
import { expressClasses } from './prototypes.ts';

/** Room for the headers beside the longest query in a URL, where each byte may be written `%XX`. */
const HEADER_BYTES = 16 * 1024;

/** How often connections are looked over for requests that take too long: the precision of the time limits. */
const TIMEOUT_CHECK_MS = 500;

/** Creates the HTTP server of an application, with the limits of the configuration. It does not listen yet. */
export function createHttpServer(app: Express, config: Config): Server {
  const server = createServer(
    {
      // For Node 20 and 22: see there.
      ...expressClasses(app),
      maxHeaderSize: 3 * config.maxQueryBytes + HEADER_BYTES,
      requestTimeout: config.requestTimeoutMs,
      // Node refuses to let the head of a request take longer than the whole.
      headersTimeout: Math.min(config.headersTimeoutMs, config.requestTimeoutMs),
      keepAliveTimeout: config.keepAliveTimeoutMs,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      noDelay: true,
    },
    app,
  );
  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    answerBrokenRequest(error, socket as Socket);
  });
  return server;
}

/** A request that never became one: answered as a problem by hand, and its connection closed. */
function answerBrokenRequest(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket): void {
  // An answer under way must not get another into its middle: then the connection just ends.
  if (error.code === 'ECONNRESET' || !socket.writable || answering(socket)) {
    socket.destroy();
    return;
  }
  const code = codeOf(error);
  const { status, title } = PROBLEMS[code];
  const body = JSON.stringify(problemDocument(code, title));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
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
