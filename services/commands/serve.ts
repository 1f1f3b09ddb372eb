import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readAhead } from '../../stores/dataset/read-ahead.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { type Config, parseConfig, readConfigFile } from '../config.ts';
import { flagHelp, flagOptions } from '../config-help.ts';
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

  if (cluster.isWorker) return runWorker(config, io, deps);
  // Built before the first worker starts, which then finds it.
  const dataset = await datasetDir(config, io, deps);
  if (config.workers > 1) {
    const { supervise } = await import('../host/supervisor.ts');
    return supervise({
      config,
      args: ['serve', ...args, '--dataset', dataset],
      stop: stopSignal(),
      onListening: (port) => io.stderr.write(`emend: ready on ${urlOf(config, port)} with ${config.workers} workers\n`),
      report: (line) => io.stderr.write(`emend: ${line}\n`),
    });
  }
  return runService({
    config,
    io,
    open: () => open(dataset, config, io),
    stop: stopSignal(),
    onListening(port, id) {
      const tookMs = Math.round(performance.now() - startedMs);
      io.stderr.write(`emend: ready on ${urlOf(config, port)} after ${tookMs} ms, dataset ${id.slice(0, 19)}\n`);
    },
  });
}

/** One of several processes: the supervisor speaks for it, stops it, and is not outlived by it. */
async function runWorker(config: Config, io: CommandIo, deps: CommandDeps): Promise<number> {
  const [{ clusterExposition }, { leaveSupervisor, supervisorGone }] = await Promise.all([
    import('../host/cluster-metrics.ts'),
    import('../host/worker.ts'),
  ]);
  const gone = supervisorGone();
  try {
    const dataset = await datasetDir(config, io, deps);
    return await runService({
      config,
      io,
      open: () => open(dataset, config, io),
      stop: Promise.race([stopSignal(true), gone]),
      share: clusterExposition,
      onListening: () => {},
    });
  } finally {
    leaveSupervisor();
  }
}

/**
 * Loaded only by a process that rewrites, which a supervisor does not. The dataset's files are read on other threads while
 * this one loads code.
 */
async function open(dataset: string, config: Config, io: CommandIo): Promise<OpenedRewriter> {
  const [files, { openRewriter }] = await Promise.all([readAhead(dataset), import('../open-rewriter.ts')]);
  return openRewriter(dataset, config, io, (parts) => parts, files);
}

async function datasetDir(config: Config, io: CommandIo, deps: CommandDeps): Promise<string> {
  return config.dataset === null ? deps.ensureBundled(io, config.cacheDir) : resolve(io.cwd, config.dataset);
}

function urlOf(config: Config, port: number): string {
  const host = config.host ?? 'localhost';
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
