/** The proxy in front of a search engine: an HTTP server that does not listen yet. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AskedRewriter } from './asked-rewriter.ts';
import { namedBy } from './choose.ts';
import { asItCame, type Exchange, forward } from './forward.ts';
import { look } from './look.ts';
import { logLine, type ProxyMetrics, type ProxyRecord } from './record.ts';
import type { ProxyRules } from './requests-file.ts';
import { MAX_HEADER_BYTES, type Upstream } from './upstream.ts';

/** Longer than clients keep idle connections: one that is closed in the moment in which it is used again loses a request. */
const KEEP_ALIVE_MS = 120_000;

export interface ProxyOptions {
  readonly upstream: Upstream;
  readonly rules: ProxyRules;
  readonly rewriter: AskedRewriter;
  readonly metrics: ProxyMetrics;
  /** Takes a line of the log: one for each named request. */
  log(line: object): void;
}

/** Makes the server. Whoever listens closes it, and then the upstream and the rewriter. */
export function createProxy(options: ProxyOptions): Server {
  const { upstream, rules, rewriter, metrics, log } = options;
  const onUpstreamError = () => metrics.upstreamFailed();
  const deps = { upstream, rules, rewriter, onUpstreamError };

  const handle = async (exchange: Exchange): Promise<void> => {
    const named = namedBy(rules, exchange.request);
    metrics.came(named?.name);
    if (named === undefined) {
      return forward(exchange, upstream, asItCame(exchange.request), { onUpstreamError });
    }
    const record: ProxyRecord = { request: named.name, mode: rules.mode, outcome: 'outside', addedMs: 0 };
    await look(exchange, named, record, deps);
    metrics.done(record);
    const { headersSent, statusCode } = exchange.response;
    log(logLine(record, new Date().toISOString(), headersSent ? statusCode : 0));
  };
  const take = (isWaiting: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    handle({ request, response, isWaiting }).catch(() => response.destroy());
  };

  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      // A body may take as long as the engine lets it.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The engine says what it makes of a request without.
      requireHostHeader: false,
    },
    take(false),
  );
  server.maxHeadersCount = 0;
  server.on('checkContinue', take(true));
  server.on('checkExpectation', take(false));
  // Offers to switch protocols are passed over, as they may be. A tunnel has no request that could be passed on.
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  );
  return server;
}
