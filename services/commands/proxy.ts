/** `emend proxy`: in front of a search engine; rewrites the requests that a file names, and passes all others on. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { ConfigError } from '../config.ts';
import { stopSignal } from '../main.ts';
import type { AskedRewriter } from '../proxy/asked-rewriter.ts';
import type { ProxyFigures } from '../proxy/metrics.ts';
import { createProxy } from '../proxy/proxy.ts';
import { NO_METRICS } from '../proxy/record.ts';
import { readRequestsFile } from '../proxy/requests-file.ts';
import { startRewriterProcess } from '../proxy/rewriter-process.ts';
import { remoteRewriter } from '../proxy/rewriter-remote.ts';
import { Upstream } from '../proxy/upstream.ts';
import { configure, REWRITER_FLAGS, REWRITER_HELP, wholeNumber } from './rewriter-flags.ts';

const HELP = `\
Stands in front of Elasticsearch, OpenSearch or Solr: looks at the text of the requests that a file names, and passes all
others on byte for byte, until SIGTERM or SIGINT. Where Emend cannot help in time, requests pass as they came.

  emend proxy --upstream http://localhost:9200 --requests requests.json --port 9280

Usage: emend proxy --upstream URL --requests FILE [OPTION...]

A line of JSON on stdout tells what became of each named request.

  --upstream URL         the engine: http or https, host and port
  --upstream-ca FILE     certificates, in PEM, of who vouches for the engine (those that Node.js trusts)
  --requests FILE        JSON: which requests, where their text stands, and what is done with them; docs/proxy.md
  --port N               port to listen on, 0 for any (9280)
  --host ADDRESS         address to listen on (127.0.0.1)
  --metrics-port N       port of /metrics, at the same address (none)
  --emend URL            an "emend serve" that rewrites, in place of a process of this program's own
${REWRITER_HELP}
  --help                 this text
`;

/** How long requests under way may take once it is to end. */
const DRAIN_MS = 10_000;
/** As much of the log may wait for whoever reads it. */
const MOST_UNREAD_BYTES = 1_048_576;

/** Flags that a rewriter elsewhere has of its own. */
const LOCAL_FLAGS = Object.keys(REWRITER_FLAGS);

/** `emend proxy`. */
export function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  return proxyUntil(args, io, deps, stopSignal);
}

/** {@link run} until something else than a signal. */
export async function proxyUntil(
  args: string[],
  io: CommandIo,
  deps: CommandDeps,
  stopped: () => Promise<unknown>,
): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...REWRITER_FLAGS,
      upstream: { type: 'string' },
      'upstream-ca': { type: 'string' },
      requests: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      'metrics-port': { type: 'string' },
      emend: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  if (values.upstream === undefined) throw new UsageError('--upstream takes the URL of the engine');
  if (values.requests === undefined) throw new UsageError('--requests takes the file that names the requests');
  const url = engineUrl(values.upstream);
  const ca = values['upstream-ca'];
  if (ca !== undefined && url.protocol !== 'https:') throw new UsageError('--upstream-ca goes with an https upstream');
  const port = wholeNumber('--port', values.port, 0, 65_535) ?? 9_280;
  const metricsPort = wholeNumber('--metrics-port', values['metrics-port'], 0, 65_535);
  const rules = readRequestsFile(resolve(io.cwd, values.requests));
  const report = (line: string) => void io.stderr.write(`emend: ${line}\n`);
  const upstream = new Upstream({
    url,
    host: rules.host,
    ...(ca !== undefined && { ca: readCa(resolve(io.cwd, ca)) }),
  });
  const rewriter = openAsked(values, io, deps, report);
  const servers: Server[] = [];
  try {
    const stop = stopped();
    const figures =
      metricsPort === undefined ? undefined : (await import('../proxy/metrics.ts')).proxyFigures(rewriter);
    const server = createProxy({ upstream, rules, rewriter, metrics: figures ?? NO_METRICS, log: logger(io, figures) });
    servers.push(server);
    const address = urlOf(values.host, await listen(server, values.host, port, '--port'));
    if (figures !== undefined && metricsPort !== undefined) {
      const metrics = metricsServer(figures);
      servers.push(metrics);
      const at = urlOf(values.host, await listen(metrics, values.host, metricsPort, '--metrics-port'));
      report(`metrics on ${at}/metrics`);
    }
    report(`ready on ${address}, in front of ${url.origin}, mode ${rules.mode}`);
    await stop;
    return (await drained(server)) ? 0 : 1;
  } finally {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    upstream.close();
    await rewriter.close();
  }
}

function openAsked(
  values: Parameters<typeof configure>[0] & { readonly emend?: string | undefined },
  io: CommandIo,
  deps: CommandDeps,
  report: (line: string) => void,
): AskedRewriter {
  if (values.emend !== undefined) {
    const useless = LOCAL_FLAGS.find((flag) => values[flag] !== undefined);
    if (useless !== undefined) throw new UsageError(`--${useless} does nothing with --emend: set it where that runs`);
    return remoteRewriter(serviceUrl('--emend', values.emend));
  }
  const { config, options } = configure(values, io);
  return startRewriterProcess({
    report,
    async order() {
      const { dataset: asked, cacheDir } = config;
      const dataset = asked === null ? await deps.ensureBundled(io, cacheDir) : resolve(io.cwd, asked);
      return { dataset, config, options: { ...options, explain: false }, cwd: io.cwd };
    },
  });
}

function engineUrl(text: string): URL {
  const url = serviceUrl('--upstream', text);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`--upstream takes scheme, host and port alone, not "${text}": paths are the clients'`);
  }
  return url;
}

function serviceUrl(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`${flag} takes a URL such as http://localhost:9200, not "${text}"`);
  }
  if (url.username !== '' || url.password !== '') throw new UsageError(`${flag}: a URL with a password is refused`);
  return url;
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('CONFIG_FILE', `${path}: reading the certificates of --upstream-ca: ${why}`, { cause });
  }
}

/** Writes lines as long as somebody takes them. */
function logger(io: CommandIo, figures: ProxyFigures | undefined): (line: object) => void {
  return (line) => {
    if ((io.stdout as NodeJS.WriteStream).writableLength > MOST_UNREAD_BYTES) figures?.lineLost();
    else io.stdout.write(`${JSON.stringify(line)}\n`);
  };
}

function metricsServer(figures: ProxyFigures): Server {
  return createServer((request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    figures.exposition().then(
      ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}

async function listen(server: Server, host: string, port: number, flag: string): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', (error) =>
      fail(new Error(`listening on ${host}, port ${port}: ${error.message}; choose another with ${flag}`)),
    );
    server.listen({ port, host }, done);
  });
  return (server.address() as AddressInfo).port;
}

/** Lets requests under way end. */
async function drained(server: Server): Promise<boolean> {
  const closed = new Promise<boolean>((done) => server.close(() => done(true)));
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    limit = setTimeout(() => done(false), DRAIN_MS);
  });
  try {
    return await Promise.race([closed, late]);
  } finally {
    clearInterval(sweep);
    clearTimeout(limit);
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
