import { parseArgs } from 'node:util';

/** What a load run was asked for. */
export interface LoadOptions {
  readonly mode: 'quick' | 'standard' | 'full';
  /** A running server to be driven in place of one of our own. */
  readonly url: URL | undefined;
  readonly dataset: string | undefined;
  /** The large dataset of a full run, where it was built before. */
  readonly largeDataset: string | undefined;
  readonly cacheBytes: number | undefined;
  readonly workload: string;
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Sent at the same rate before each measurement. */
  readonly warmUpSeconds: number;
  /** Before the first measurement of a server: until the CPU of a query has settled, or for so many seconds. */
  readonly settleSeconds: number;
  /** How often the measurement that the verdict is about is made. */
  readonly repeats: number;
  readonly limitMs: number;
  readonly seed: number;
  readonly queriesFile: string | undefined;
  readonly corpus: string | undefined;
  readonly results: string | undefined;
  readonly help: boolean;
}

export const HELP = `Drives the built server with paced requests and says whether p99 stays below 10 ms.

  npm run load -- --quick

Usage: npm run load -- [--quick | --full] [--rate N] [--seconds N] [--workload NAME] [--dataset DIR] ...

--quick         one workload at one rate, under a minute: the answer to "does it still hold?"
--full          everything: a large generated dataset, small and large block caches, and the same pipeline over Maps.
                Without either: the bundled dataset, all workloads, several rates, the highest rate that holds
--rate          requests a second that the verdict is about, 1000 by default
--seconds       how long each measurement lasts: 12 by default with --quick, else 8
--settle        seconds, at most, to warm up a server that was just started, until the CPU of a query falls no more:
                8 by default with --quick, else 16
--warm-up       seconds at the same rate before each measurement, 2 by default
--repeats       how often to measure what the verdict is about, of which the middle one by p99 counts: 1 by default with
                --quick, else 3
--workload      what the verdict is about: natural (default), clean, misspelled-30, misspelled-all, long, rare, hostile, batch
--limit         the limit in milliseconds, 10 by default
--dataset       folder of the dataset version; the bundled English one by default, built first if need be
--large         folder of the large dataset for --full; made and built there when it is not there
--cache-bytes   block cache of the server; its default by default
--url           drive a server that runs already, in place of starting one; loopback addresses only
--queries       your own queries, one a line, in place of the bundled ones
--corpus        a folder whose queries/*.txt[.gz] are taken instead (EMEND_CORPUS_DIR)
--seed          another seed gives other arrivals and misspellings; 1 by default
--results       where the report goes; load/results by default

The last line on stdout is PASS, FAIL or NO VERDICT with p99, rate and errors; exit 0, 1 or 3. NO VERDICT: the driver
could not keep the pace, or the machine had other work, so nothing is known of the server. 2: the command line was not
understood.
`;

/** Arguments that cannot be used. */
export class UsageError extends Error {}

/** Reads the command line. */
export function parseLoadOptions(args: string[], env: Readonly<Record<string, string | undefined>>): LoadOptions {
  const values = parsed(args);
  const number = (name: string, text: string | undefined, fallback: number): number => {
    const value = text === undefined ? fallback : Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    throw new UsageError(`--${name}: expected a number above 0, found "${text}"`);
  };
  if (values.quick && values.full) throw new UsageError('--quick and --full exclude each other');
  if (values.full && values.url !== undefined) throw new UsageError('--full and --url exclude each other');
  const mode = values.quick ? 'quick' : values.full ? 'full' : 'standard';
  return {
    mode,
    url: values.url === undefined ? undefined : loopback(values.url),
    dataset: values.dataset,
    largeDataset: values.large,
    cacheBytes: values['cache-bytes'] === undefined ? undefined : number('cache-bytes', values['cache-bytes'], 1),
    workload: values.workload ?? 'natural',
    ratePerSecond: number('rate', values.rate, 1000),
    seconds: number('seconds', values.seconds, mode === 'quick' ? 12 : 8),
    warmUpSeconds: number('warm-up', values['warm-up'], 2),
    settleSeconds: number('settle', values.settle, mode === 'quick' ? 8 : 16),
    repeats: Math.max(1, Math.round(number('repeats', values.repeats, mode === 'quick' ? 1 : 3))),
    limitMs: number('limit', values.limit, 10),
    seed: number('seed', values.seed, 1),
    queriesFile: values.queries,
    corpus: values.corpus ?? (env['EMEND_CORPUS_DIR'] || undefined),
    results: values.results,
    help: values.help ?? false,
  };
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      options: {
        quick: flag,
        full: flag,
        rate: text,
        seconds: text,
        'warm-up': text,
        settle: text,
        repeats: text,
        workload: text,
        limit: text,
        dataset: text,
        large: text,
        'cache-bytes': text,
        url: text,
        queries: text,
        corpus: text,
        seed: text,
        results: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A load run against somebody else's machine is an attack: only this one can be named. */
function loopback(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (local && url.protocol === 'http:') return url;
  throw new UsageError(`--url: expected http:// and an address of this machine, found "${text}"`);
}
