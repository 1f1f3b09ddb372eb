import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAhead } from '../../stores/dataset/read-ahead.ts';
import type { RunningAdmin } from '../admin/process.ts';
import type { AdminSettings } from '../admin/settings.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { type Config, ConfigError, parseConfig, readConfigFile } from '../config.ts';
import { flagHelp, flagOptions } from '../config-help.ts';
import type { TlsFiles } from '../http/tls.ts';
import type { LiveData, LiveDataState } from '../live/live-data.ts';
import { type OpenedRewriter, runService, stopSignal } from '../main.ts';

const HEAD = `Serves query rewriting over HTTP until SIGTERM or SIGINT, then answers the requests in progress and ends.

  emend serve --port 8080
  curl 'localhost:8080/rewrite?q=wireles+hedphones'

  --config FILE                settings from a JSON file, by their names in docs/configuration.md
                               (EMEND_CONFIG)
Flags win over EMEND_* variables, variables over the file, and the file over the defaults.

`;

/** `emend serve`: the HTTP service, in one process or several. */
export async function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...flagOptions(), config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values['help'] === true) {
    io.stdout.write(HEAD + flagHelp());
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
  const startedMs = performance.now();
  const configPath = values['config'] ?? io.env['EMEND_CONFIG'];
  const file = typeof configPath === 'string' && configPath !== '' ? readConfigFile(resolve(io.cwd, configPath)) : {};
  const config = parseConfig(io.env, values, file);

  const tls = await tlsFiles(config, io);
  if (cluster.isWorker) return runWorker(config, io, deps, tls);
  // Whatever is wrong with its settings is told before anything is opened.
  const adminSettings = hasAdminSettings(config)
    ? (await import('../admin/settings.ts')).adminSettings(config, io.cwd)
    : undefined;
  // Built before the first worker starts, which then finds it.
  const dataset = await datasetDir(config, io, deps);
  const stop = stopSignal();
  const live = await liveData(config, io);
  try {
    const admin = adminSettings && (await startAdmin(adminSettings, dataset, config, io));
    try {
      return await serve(args, {
        config,
        io,
        dataset,
        stop,
        startedMs,
        ...(tls && { tls }),
        ...(live && { data: () => live.state() }),
      });
    } finally {
      await admin?.stop();
    }
  } finally {
    live?.close();
  }
}

/** Files of TLS, where the service is to speak it; looked at before anything is opened. */
async function tlsFiles({ tlsCert, tlsKey }: Config, io: CommandIo): Promise<TlsFiles | undefined> {
  if (tlsCert === null && tlsKey === null) return undefined;
  if (tlsCert === null || tlsKey === null) {
    throw new ConfigError('CONFIG_PAIR', 'tlsCert and tlsKey do nothing without each other; set both');
  }
  const files = { cert: resolve(io.cwd, tlsCert), key: resolve(io.cwd, tlsKey) };
  (await import('../http/tls.ts')).readTls(files);
  return files;
}

function hasAdminSettings({ adminPort, adminTlsCert, adminTlsKey, adminUserHeader, adminTrustedProxies }: Config) {
  const one = adminPort ?? adminTlsCert ?? adminTlsKey ?? adminUserHeader;
  return one !== null || adminTrustedProxies.length > 0;
}

/** Starts the process of the admin port: beside the one that serves, or the supervisor of those that do. */
async function startAdmin(
  settings: AdminSettings,
  dataset: string,
  config: Config,
  io: CommandIo,
): Promise<RunningAdmin> {
  const { startAdminProcess } = await import('../admin/process.ts');
  const rules = resolve(io.cwd, config.rulesDir);
  const report = (line: string) => void io.stderr.write(`emend: ${line}\n`);
  const admin = await startAdminProcess({ order: { settings, rules, dataset, config }, report });
  const { host, tls } = settings;
  report(`admin port on ${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${admin.port}`);
  if (tls === null && !/^(?:127\.|::1$|localhost$)/.test(host)) {
    report(`keys travel in the clear to ${host}; set --admin-tls-cert and --admin-tls-key, or let a proxy do TLS`);
  }
  return admin;
}

interface ServeOptions {
  readonly config: Config;
  readonly io: CommandIo;
  readonly dataset: string;
  readonly stop: Promise<string>;
  readonly startedMs: number;
  readonly tls?: TlsFiles;
  readonly data?: () => LiveDataState;
}

async function serve(args: readonly string[], options: ServeOptions): Promise<number> {
  const { config, io, dataset, stop, startedMs, tls, data } = options;
  if (config.workers > 1) {
    const { supervise } = await import('../host/supervisor.ts');
    return supervise({
      config,
      args: ['serve', ...args, '--dataset', dataset],
      stop,
      onListening: (port) => io.stderr.write(`emend: ready on ${urlOf(config, port)} with ${config.workers} workers\n`),
      report: (line) => io.stderr.write(`emend: ${line}\n`),
    });
  }
  return runService({
    config,
    io,
    open: () => open(dataset, config, io),
    stop,
    ...(tls && { tls }),
    ...(data && { data }),
    onListening(port, id) {
      const tookMs = Math.round(performance.now() - startedMs);
      io.stderr.write(`emend: ready on ${urlOf(config, port)} after ${tookMs} ms, dataset ${id.slice(0, 19)}\n`);
    },
  });
}

/** One of several processes: the supervisor speaks for it, stops it, and is not outlived by it. */
async function runWorker(config: Config, io: CommandIo, deps: CommandDeps, tls: TlsFiles | undefined): Promise<number> {
  const [{ clusterExposition }, { leaveSupervisor, supervisorGone }] = await Promise.all([
    import('../host/cluster-metrics.ts'),
    import('../host/worker.ts'),
  ]);
  const gone = supervisorGone();
  const state = config.data === null ? undefined : (await import('../live/share.ts')).sharedState();
  try {
    const dataset = await datasetDir(config, io, deps);
    return await runService({
      config,
      io,
      open: () => open(dataset, config, io),
      stop: Promise.race([stopSignal(true), gone]),
      share: clusterExposition,
      ...(tls && { tls }),
      ...(state && { data: state }),
      onListening: () => {},
    });
  } finally {
    leaveSupervisor();
  }
}

/** Starts the import of files of live data, in the one process that watches them: alone, or the supervisor of others. */
async function liveData(config: Config, io: CommandIo): Promise<LiveData | undefined> {
  if (config.data === null) return undefined;
  const [{ startLiveData }, { shareState }] = await Promise.all([
    import('../live/live-data.ts'),
    import('../live/share.ts'),
  ]);
  return startLiveData({
    files: resolve(io.cwd, config.data),
    collections: resolve(io.cwd, config.rulesDir),
    waitMs: config.dataWaitMs,
    keepRemovedDays: config.keepRemovedDays,
    report: (line) => io.stderr.write(`emend: data: ${line}\n`),
    ...(config.workers > 1 && { onState: shareState() }),
  });
}

/**
 * Loaded only by a process that rewrites, which a supervisor does not. The dataset's files are read on other threads while
 * this one loads code.
 */
async function open(dataset: string, config: Config, io: CommandIo): Promise<OpenedRewriter> {
  const [{ files, sharedBytes }, { openRewriter }] = await Promise.all([
    filesOf(dataset, config, io),
    import('../open-rewriter.ts'),
  ]);
  return { ...(await openRewriter(dataset, config, io, (parts) => parts, files)), sharedBytes };
}

/** The dataset's files that lie in memory whole: shared with other processes where there are some, else read. */
async function filesOf(
  dataset: string,
  config: Config,
  io: CommandIo,
): Promise<{ files: Map<string, Uint8Array>; sharedBytes: number }> {
  if (config.shared === 'on' || (config.shared === 'auto' && config.workers > 1)) {
    const { shareFiles } = await import('../../stores/dataset/shared-files.ts');
    const folder = config.sharedDir === null ? undefined : resolve(io.cwd, config.sharedDir);
    const { files, sharedBytes, problem } = shareFiles(dataset, folder);
    if (problem === undefined) return { files, sharedBytes };
    if (cluster.isPrimary || cluster.worker?.id === 1) {
      io.stderr.write(`emend: every process has its own copy of the dataset's bytes: ${problem}\n`);
    }
  }
  return { files: await readAhead(dataset), sharedBytes: 0 };
}

async function datasetDir(config: Config, io: CommandIo, deps: CommandDeps): Promise<string> {
  return config.dataset === null ? deps.ensureBundled(io, config.cacheDir) : resolve(io.cwd, config.dataset);
}

function urlOf(config: Config, port: number): string {
  const host = config.host ?? 'localhost';
  return `${config.tlsCert === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
