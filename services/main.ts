import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot, packageVersion } from '../data/package-root.ts';
import type { CommandIo } from './command.ts';
import type { Config } from './config.ts';
import type { CacheCounts, Exposition, LiveFigures } from './http/figures.ts';
import type { Metrics } from './http/metrics.ts';
import type { TlsFiles, TlsServer } from './http/tls.ts';
import type { LiveDataState } from './live/live-data.ts';
import type { Pipeline } from './rewrite/pipeline.ts';
import type { Rewriter } from './rewrite/rewriter.ts';

/** How long after the start the libraries of the figures and of the log are loaded, unless the figures are wanted sooner. */
const LOAD_DELAY_MS = 1_000;

/** A rewriter with what was opened for it. */
export interface OpenedRewriter {
  readonly rewriter: Rewriter;
  /** The counts of its block cache, if it has one. */
  readonly cacheCounts?: () => CacheCounts;
  /** Bytes of the dataset on a memory map that processes share. */
  readonly sharedBytes?: number;
  /** Milliseconds that it has spent in each worker, if it reports them. */
  readonly stepMs?: () => ReadonlyMap<string, number>;
  /** What is known of the live collections, the rules among them. */
  readonly liveFigures?: () => LiveFigures | undefined;
  /** What runs out of what the live collections need, a line each. */
  readonly shortages?: () => readonly string[];
  /** Shows the candidates of a query before anything is decided, if it can. */
  readonly explore?: Pipeline['explore'];
  /** Shows the language model's costs of a query's words, if it can. */
  readonly wordCosts?: Pipeline['wordCosts'];
  /** What is wrong with the files that it reads, told without reading them, if it can tell. */
  readonly damage?: () => Error | undefined;
  /** Closes the stores; called once, after the last answer. */
  close(): void | Promise<void>;
}

/** How one process of the service is run. */
export interface ServiceOptions {
  readonly config: Config;
  readonly io: CommandIo;
  /** Opens the stores; it throws where they are not what this program reads, and then nothing listens. */
  open(): Promise<OpenedRewriter>;
  /** Settles when the service is to stop. */
  readonly stop: Promise<unknown>;
  /** Makes what shows the figures of all processes, where there are several; else those of this one are shown. */
  share?(own: Metrics): () => Promise<Exposition>;
  /** What is known of files of live data, where there are any. */
  data?(): LiveDataState;
  /** Files by which it speaks HTTPS; without them HTTP. Absolute paths. */
  readonly tls?: TlsFiles;
  /** Called when the service listens. */
  onListening(port: number, dataset: string): void;
}

/**
 * Runs one process of the service from opening its stores to the last answer.
 *
 * @returns the exit code: 0 when everything under way was answered before the stop, 1 when connections had to be cut
 * @throws {StoreError} when a store cannot be opened, and an Error when the port cannot be had
 */
export async function runService(options: ServiceOptions): Promise<number> {
  const { config, io } = options;
  const opened = await options.open();
  try {
    // Loaded once the stores are known to be good, and only by a process that serves.
    const [{ createApp }, { connectionsOf, createHttpServer }, { createLogger }, { createMetrics }, { drain }] =
      await Promise.all([
        import('./http/app.ts'),
        import('./http/server.ts'),
        import('./http/log.ts'),
        import('./http/metrics.ts'),
        import('./http/drain.ts'),
      ]);
    const version = packageVersion();
    const logger = createLogger(config.logLevel, io.stdout);
    const own = createMetrics({ version, dataset: opened.rewriter.dataset });
    // The line on stderr names the error; the log has all of it.
    process.on('uncaughtExceptionMonitor', (error) => logger.fatal({ err: error }, 'stopped by an error'));
    if (opened.cacheCounts) own.watchCache(opened.cacheCounts);
    if (opened.sharedBytes !== undefined) own.watchShared(opened.sharedBytes);
    if (opened.stepMs) own.watchSteps(opened.stepMs);
    if (opened.liveFigures) own.watchLive(opened.liveFigures, options.data);
    const metrics = options.share === undefined ? own : { ...own, exposition: options.share(own) };
    let stopping = false;
    const app = createApp({
      rewriter: opened.rewriter,
      config,
      metrics,
      logger,
      version,
      ready: () => !stopping,
      ...(options.data && { data: options.data }),
      ...(opened.shortages && { shortages: opened.shortages }),
      assetsDir: join(packageRoot(), 'services', 'http'),
      ...(opened.damage === undefined ? {} : { damage: opened.damage }),
    });
    const tls = options.tls === undefined ? undefined : await import('./http/tls.ts');
    const server = createHttpServer(app, config, options.tls && tls?.readTls(options.tls));
    const unwatch = options.tls && tls?.watchTls(server as unknown as TlsServer, options.tls, logger);
    own.watchConnections(() => connectionsOf(server).counts());
    try {
      const port = await listen(server, config);
      options.onListening(port, opened.rewriter.dataset);
      own.watchProcess();
      // After the first answers, and before anyone has asked. What cannot be loaded is tried again when it is wanted.
      setTimeout(() => void Promise.allSettled([own.load(), logger.load()]), LOAD_DELAY_MS).unref();
      await options.stop;

      stopping = true;
      logger.info({ delayMs: config.drainDelayMs, timeoutMs: config.drainTimeoutMs }, 'draining');
      await wait(config.drainDelayMs);
      const answered = await drain(server, config.drainTimeoutMs);
      if (answered) logger.info({}, 'drained');
      else logger.warn({}, 'connections were cut: requests in progress did not end in time');
      return answered ? 0 : 1;
    } finally {
      unwatch?.();
      // Whatever happened, nothing may ask the stores once they are closed.
      server.close();
      server.closeAllConnections();
    }
  } finally {
    await opened.close();
  }
}

async function listen(server: import('node:http').Server, config: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, config)));
    server.listen({ port: config.port, ...(config.host === null ? {} : { host: config.host }) }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function explain(error: NodeJS.ErrnoException, config: Config): Error {
  const where = `listening on ${config.host ?? 'all interfaces'}, port ${config.port}`;
  if (error.code === 'EADDRINUSE') {
    return new Error(`${where}: the port is taken; stop what holds it, or choose another with --port`, {
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new Error(`${where}: not allowed; choose a port above 1023 with --port`, { cause: error });
  }
  return new Error(`${where}: ${error.message}`, { cause: error });
}

/**
 * Settles at the first SIGTERM or SIGINT with its name. A second one ends the process at once: whoever sends it has
 * waited enough.
 *
 * @param patient never end at once: for a process that others stop, and that gets the signals of its group too
 */
export function stopSignal(patient = false): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: string) => {
      if (asked && !patient) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
