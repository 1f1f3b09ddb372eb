/** One request passed on to the engine, and its answer back: streamed both ways, each side as fast as the other takes it. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { isChunked, passedOn, type RawHeaders, withHeader } from './headers.ts';
import type { Upstream } from './upstream.ts';

/** A request and the response to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the client waits for a `100 Continue` before it sends its body. */
  isWaiting: boolean;
}

/** What is sent to the engine. */
export interface Outgoing {
  readonly url: string;
  readonly headers: RawHeaders;
  /** The beginning of the body, or all of it, read already. */
  readonly begin: readonly Buffer[];
  /** Whether the rest of the body is to come from the client. */
  readonly rest: boolean;
}

/** What is sent to the client. */
export interface Relayed {
  readonly headers: RawHeaders;
  readonly begin: readonly Buffer[];
  readonly rest: boolean;
}

/** What may be done on the way. */
export interface Hooks {
  /** Headers that mark the answer. */
  readonly marks?: RawHeaders;
  /** Takes the answer in hand before anything of it is sent. */
  readonly edit?: (answer: IncomingMessage, headers: RawHeaders) => Promise<Relayed>;
  /** Called once when the engine cannot be reached or breaks off before it has answered. */
  readonly onUpstreamError?: (error: Error) => void;
}

/** Methods whose requests have no body unless they say so. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** The whole request as it came. */
export function asItCame(request: IncomingMessage, begin: readonly Buffer[] = [], rest = hasBody(request)): Outgoing {
  const headers = passedOn(request);
  if (isChunked(request)) headers.push('Transfer-Encoding', request.headers['transfer-encoding'] ?? 'chunked');
  else if (!BODILESS.has(request.method ?? '') && request.headers['content-length'] === undefined) {
    headers.push('Content-Length', '0');
  }
  return { url: request.url ?? '/', headers, begin, rest };
}

/** Whether a body belongs to a request. */
export function hasBody(request: IncomingMessage): boolean {
  return isChunked(request) || Number(request.headers['content-length'] ?? 0) > 0;
}

/** Sends it, and sends back what comes. Settles when the response is over, however it ends. */
export function forward(exchange: Exchange, upstream: Upstream, outgoing: Outgoing, hooks: Hooks = {}): Promise<void> {
  const { request, response } = exchange;
  return new Promise((resolve) => {
    let sent: ClientRequest | undefined;
    const send = (isFresh: boolean) => {
      let isAnswered = false;
      const current = upstream.open(request.method ?? 'GET', outgoing.url, outgoing.headers, isFresh);
      sent = current;
      current.on('continue', () => {
        if (exchange.isWaiting && !response.headersSent) response.writeContinue();
        exchange.isWaiting = false;
      });
      current.on('response', (answer) => {
        isAnswered = true;
        relay(exchange, answer, hooks).catch(() => response.destroy());
      });
      current.on('error', (error) => {
        request.unpipe(current);
        request.resume();
        if (isAnswered || response.destroyed) return;
        // The engine closed a connection that was kept at the moment it was used again: it has read nothing of this.
        if (current.reusedSocket && !outgoing.rest) return send(true);
        hooks.onUpstreamError?.(error);
        refuse(response, error);
      });
      for (const chunk of outgoing.begin) current.write(chunk);
      if (outgoing.rest) sendRest(request, current);
      else end(request, current);
    };
    response.once('close', () => {
      if (!response.writableFinished) sent?.destroy();
      resolve();
    });
    // A client that goes away closes the response: that is where it is dealt with.
    request.on('error', () => {});
    response.on('error', () => {});
    if (response.destroyed) resolve();
    else send(false);
  });
}

function sendRest(request: IncomingMessage, sent: ClientRequest): void {
  request.pipe(sent, { end: false });
  request.once('end', () => end(request, sent));
}

function end(request: IncomingMessage, sent: ClientRequest): void {
  if (isChunked(request) && request.rawTrailers.length > 0) sent.addTrailers(trailers(request));
  sent.end();
}

async function relay({ request, response }: Exchange, answer: IncomingMessage, hooks: Hooks): Promise<void> {
  answer.on('error', () => response.destroy());
  const canTrail = isChunked(answer) && request.method !== 'HEAD' && request.httpVersion === '1.1';
  const came = passedOn(answer);
  const headers = [...(canTrail ? came : withHeader(came, 'Trailer', undefined)), ...(hooks.marks ?? [])];
  const relayed = hooks.edit === undefined ? { headers, begin: [], rest: true } : await hooks.edit(answer, headers);
  if (response.destroyed) return;
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', [...relayed.headers]);
  for (const chunk of relayed.begin) response.write(chunk);
  if (!relayed.rest) {
    if (canTrail && answer.rawTrailers.length > 0) response.addTrailers(trailers(answer));
    response.end();
    return;
  }
  if (answer.destroyed && !answer.readableEnded) {
    response.destroy();
    return;
  }
  answer.pipe(response, { end: false });
  answer.once('end', () => {
    if (canTrail && answer.rawTrailers.length > 0) response.addTrailers(trailers(answer));
    response.end();
  });
  // Where the body takes its time, the head goes ahead.
  setImmediate(() => {
    if (!response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}

/** Says in the form of Elasticsearch that the engine could not be asked. */
function refuse(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const code = 'code' in error ? String(error.code) : error.message;
  const reason = `emend proxy: asking the engine behind it: ${code}`;
  const cause = { type: 'upstream_unreachable', reason };
  const body = JSON.stringify({ error: { root_cause: [cause], ...cause }, status: 502 });
  response.writeHead(502, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-emend': 'upstream-unreachable',
  });
  response.end(body);
}

function trailers(message: IncomingMessage): [string, string][] {
  const { rawTrailers } = message;
  const named: [string, string][] = [];
  for (let i = 0; i + 1 < rawTrailers.length; i += 2) named.push([rawTrailers[i] ?? '', rawTrailers[i + 1] ?? '']);
  return named;
}
