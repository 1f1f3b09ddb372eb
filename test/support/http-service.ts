import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';
import { parseConfig } from '../../services/config.ts';
import { createApp } from '../../services/http/app.ts';
import type { Logger } from '../../services/http/logger.ts';
import { createMetrics, type Metrics } from '../../services/http/metrics.ts';
import type { AppParts } from '../../services/http/route.ts';
import { connectionsOf, createHttpServer } from '../../services/http/server.ts';
import type { Rewriter } from '../../services/rewrite/rewriter.ts';
import { IdentityRewriter } from './identity-rewriter.ts';

/** A line that the service logged. */
export interface LogLine {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** A service on a free port of the loopback interface. */
export interface TestService {
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  readonly metrics: Metrics;
  readonly log: LogLine[];
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

/** Starts the application behind a real server; `settings` are by the names of a configuration file. */
export async function startService(
  settings: Record<string, unknown> = {},
  rewriter: Rewriter = new IdentityRewriter(),
  parts: Pick<AppParts, 'shortages'> = {},
): Promise<TestService> {
  const config = parseConfig({}, {}, settings);
  const metrics = createMetrics({ version: '0.0.0', dataset: rewriter.dataset });
  const log: LogLine[] = [];
  let ready = true;
  const app = createApp({
    rewriter,
    config,
    metrics,
    logger: keepingLogger(log, config.logLevel),
    ready: () => ready,
    version: '0.0.0',
    assetsDir: join(packageRoot(), 'services', 'http'),
    ...parts,
  });
  const server = createHttpServer(app, config);
  metrics.watchConnections(() => connectionsOf(server).counts());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    metrics,
    log,
    setReady: (value) => {
      ready = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function keepingLogger(log: LogLine[], least: string): Logger {
  const enabled = (level: string) => LEVELS.indexOf(level) >= LEVELS.indexOf(least);
  const at = (level: string) => (fields: object, message: string) => {
    if (enabled(level)) log.push({ level, fields: { ...fields }, message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), isLevelEnabled: enabled };
}

/** Sends bytes as they are and answers all that comes back until the server closes or `quietMs` pass without a byte. */
export function sendRaw(port: number, bytes: string | Buffer, quietMs = 1_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.setTimeout(quietMs, done);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', done);
    socket.on('close', done);
    // A reset after an answer is the server's way of not listening any more.
    socket.on('error', (error) => (chunks.length > 0 ? done() : reject(error)));
    socket.write(bytes);
  });
}
