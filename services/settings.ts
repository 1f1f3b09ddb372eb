import { DEFAULT_OPTIONS, RUDE_SETTINGS } from './rewrite/options.ts';

/**
 * Every setting of the service, in one table: `config.ts` reads values by it, `emend serve --help` and docs/configuration.md are
 * printed from it.
 */

/** How a setting's text is read. `bytes` takes KiB, MiB and GiB; `list` is separated by commas. */
export type SettingKind = 'integer' | 'number' | 'bytes' | 'choice' | 'text' | 'switch' | 'list';

export interface Setting {
  /** Its name in a configuration file. */
  readonly key: string;
  /** Its name on the command line, without the dashes. */
  readonly flag: string;
  readonly env: string;
  readonly group: 'behaviour' | 'limits' | 'performance' | 'request defaults';
  readonly kind: SettingKind;
  /** Unit of the number, or an empty string. */
  readonly unit: string;
  readonly initial: string | number | boolean | null;
  /** For numbers: the least and the largest value, both allowed. */
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly help: string;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

function setting(key: string, rest: Omit<Setting, 'key' | 'flag' | 'env'> & { flag?: string; env?: string }): Setting {
  const flag = rest.flag ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const env = rest.env ?? `EMEND_${flag.replaceAll('-', '_').toUpperCase()}`;
  return Object.freeze({ ...rest, key, flag, env });
}

export const SETTINGS: readonly Setting[] = Object.freeze([
  setting('port', {
    group: 'behaviour',
    kind: 'integer',
    unit: '',
    initial: 8080,
    min: 0,
    max: 65_535,
    help: 'TCP port to listen on; 0 takes a free one, which the ready line names',
  }),
  setting('host', {
    group: 'behaviour',
    kind: 'text',
    unit: '',
    initial: null,
    help: 'address to listen on; all interfaces by default',
  }),
  setting('dataset', {
    group: 'behaviour',
    kind: 'text',
    unit: '',
    initial: null,
    help: 'folder of the dataset version to serve; the bundled one by default, built first if necessary',
  }),
  setting('cacheDir', {
    group: 'behaviour',
    kind: 'text',
    unit: '',
    initial: null,
    help: 'folder to build the bundled dataset in; else data/build of the program, or emend in XDG_CACHE_HOME or ~/.cache where that cannot be written',
  }),
  setting('rulesDir', {
    flag: 'rules',
    env: 'EMEND_RULES_DIR',
    group: 'behaviour',
    kind: 'text',
    unit: '',
    initial: './rules',
    help: 'folder of the rules, as "emend rules import" writes it',
  }),
  setting('data', {
    env: 'EMEND_DATA_DIR',
    group: 'behaviour',
    kind: 'text',
    unit: '',
    initial: null,
    help: 'folder of files that are imported into live collections whenever they change; none by default',
  }),
  setting('dataWaitMs', {
    group: 'behaviour',
    kind: 'integer',
    unit: 'ms',
    initial: 10_000,
    min: 0,
    max: 600_000,
    help: 'how long a start waits for the first import of those files; then /readyz answers 503 until it is done',
  }),
  setting('keepRemovedDays', {
    env: 'EMEND_KEEP_REMOVED_DAYS',
    group: 'behaviour',
    kind: 'integer',
    unit: 'days',
    initial: 30,
    min: 0,
    max: 36_500,
    help: 'how long records of removed entries are kept at least, in live collections that keep any; older ones go when the service compacts their file, after an import of --data',
  }),
  setting('cors', {
    group: 'behaviour',
    kind: 'list',
    unit: '',
    initial: '',
    help: 'origins whose pages may call the service, or *; none by default',
  }),
  setting('logLevel', {
    group: 'behaviour',
    kind: 'choice',
    unit: '',
    initial: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    help: 'lowest level to log; requests are logged at debug, with the text of their queries',
  }),
  setting('logQueries', {
    group: 'behaviour',
    kind: 'switch',
    unit: '',
    initial: false,
    help: 'log every request at info, with the text of its queries; otherwise no line above debug contains a query',
  }),
  setting('drainDelayMs', {
    group: 'behaviour',
    kind: 'integer',
    unit: 'ms',
    initial: 0,
    min: 0,
    max: 600_000,
    help: 'after SIGTERM, how long to keep accepting requests while /readyz answers 503, so that load balancers notice',
  }),
  setting('drainTimeoutMs', {
    group: 'behaviour',
    kind: 'integer',
    unit: 'ms',
    initial: 10_000,
    min: 0,
    max: 600_000,
    help: 'after that, how long requests in progress may take before their connections are cut',
  }),
  setting('maxQueryBytes', {
    group: 'limits',
    kind: 'bytes',
    unit: 'bytes',
    initial: 16 * KIB,
    min: 1,
    max: MIB,
    help: 'largest query, in bytes of UTF-8; a larger one is a 413',
  }),
  setting('maxBatch', {
    group: 'limits',
    kind: 'integer',
    unit: 'queries',
    initial: 1000,
    min: 1,
    max: 100_000,
    help: 'most queries in one batch; a larger one is a 413',
  }),
  setting('maxBodyBytes', {
    group: 'limits',
    kind: 'bytes',
    unit: 'bytes',
    initial: MIB,
    min: KIB,
    max: 256 * MIB,
    help: 'largest request body; a larger one is a 413',
  }),
  setting('maxTokens', {
    group: 'limits',
    kind: 'integer',
    unit: 'words',
    initial: 20_000,
    min: 16,
    max: 100_000_000,
    help: 'most words in the queries of one request, each 16 characters of a word counting as one; more is a 413',
  }),
  setting('maxAnswerBytes', {
    group: 'limits',
    kind: 'bytes',
    unit: 'bytes',
    initial: 32 * MIB,
    min: 64 * KIB,
    max: 4 * GIB,
    help: 'size of the answer to a batch from which the rest of its queries get the problem batch-budget',
  }),
  setting('deadlineMs', {
    group: 'limits',
    kind: 'integer',
    unit: 'ms',
    initial: 5_000,
    min: 1,
    max: 600_000,
    help: 'how long after a request arrived its queries are worked on; those left are answered as typed, with the reason deadline',
  }),
  setting('maxConcurrent', {
    group: 'limits',
    kind: 'integer',
    unit: 'requests',
    initial: 256,
    min: 1,
    max: 100_000,
    help: 'most requests that wait for their turn or are worked on, in each process; more get a 503',
  }),
  setting('maxBodiesBytes', {
    group: 'limits',
    kind: 'bytes',
    unit: 'bytes',
    initial: 32 * MIB,
    min: KIB,
    max: 64 * GIB,
    help: 'most bytes of request bodies above 16 KiB that each process holds at a time; more get a 503',
  }),
  setting('maxUnsentBytes', {
    group: 'limits',
    kind: 'bytes',
    unit: 'bytes',
    initial: 256 * KIB,
    min: 16 * KIB,
    max: GIB,
    help: 'unsent bytes of one batch from which its work waits until the client has read some',
  }),
  setting('maxUnsentTotalBytes', {
    group: 'limits',
    kind: 'bytes',
    unit: 'bytes',
    initial: 64 * MIB,
    min: 64 * KIB,
    max: 64 * GIB,
    help: 'unsent bytes of all connections of a process; above it those that have been reading longest are closed',
  }),
  setting('sendTimeoutMs', {
    group: 'limits',
    kind: 'integer',
    unit: 'ms',
    initial: 30_000,
    min: 100,
    max: 3_600_000,
    help: 'how long a client may take to read an answer; then its connection is closed',
  }),
  setting('maxConnections', {
    group: 'limits',
    kind: 'integer',
    unit: 'connections',
    initial: 2_048,
    min: 1,
    max: 1_000_000,
    help: 'most connections of each process; for one more the longest idle, or else the longest in sending, is closed; else it gets a 503',
  }),
  setting('rateLimit', {
    group: 'limits',
    kind: 'number',
    unit: 'queries/s',
    initial: 0,
    min: 0,
    max: 1_000_000,
    help: 'most queries a second of one client in each process, two seconds of them at once; more get a 429; 0: no limit',
  }),
  setting('rateLimitHeader', {
    group: 'limits',
    kind: 'text',
    unit: '',
    initial: null,
    help: 'request header that names the client for the rate limit, such as X-Api-Key; its address by default',
  }),
  setting('headersTimeoutMs', {
    group: 'limits',
    kind: 'integer',
    unit: 'ms',
    initial: 10_000,
    min: 100,
    max: 600_000,
    help: 'how long a client may take to send the head of a request; then a 408',
  }),
  setting('requestTimeoutMs', {
    group: 'limits',
    kind: 'integer',
    unit: 'ms',
    initial: 30_000,
    min: 100,
    max: 600_000,
    help: 'how long a client may take to send a whole request; then a 408',
  }),
  setting('keepAliveTimeoutMs', {
    group: 'limits',
    kind: 'integer',
    unit: 'ms',
    initial: 65_000,
    min: 1,
    max: 3_600_000,
    help: 'how long an idle connection stays open; longer than the idle time of the load balancer in front (often 60 s)',
  }),
  setting('workers', {
    group: 'performance',
    kind: 'integer',
    unit: 'processes',
    initial: 1,
    min: 1,
    max: 256,
    help: 'processes that share the port; one for each core gives the most throughput',
  }),
  setting('cacheBytes', {
    group: 'performance',
    kind: 'bytes',
    unit: 'bytes',
    initial: 64 * MIB,
    min: MIB,
    max: 1024 * GIB,
    help: 'block cache of each process; more means fewer reads from the page cache or disk',
  }),
  setting('shared', {
    group: 'performance',
    kind: 'choice',
    unit: '',
    choices: ['auto', 'on', 'off'],
    initial: 'auto',
    help: "whether processes share one copy of the dataset's bytes in memory; auto: where there are several",
  }),
  setting('sharedDir', {
    group: 'performance',
    kind: 'text',
    unit: '',
    initial: null,
    help: 'folder for those bytes, on a local disk, of this user alone; one in the folder for temporary files by default',
  }),
  setting('io', {
    group: 'performance',
    kind: 'choice',
    unit: '',
    choices: ['sync', 'async'],
    initial: 'sync',
    help: 'async: while a query waits for blocks from a cold or slow disk, others are answered',
  }),
  setting('errorRate', {
    group: 'request defaults',
    kind: 'number',
    unit: 'share',
    initial: DEFAULT_OPTIONS.errorRate,
    min: 0.0001,
    max: 0.9999,
    help: 'assumed share of misspelled queries; the prior of every confidence',
  }),
  setting('costOfBreaking', {
    group: 'request defaults',
    kind: 'number',
    unit: 'missed corrections',
    initial: DEFAULT_OPTIONS.costOfBreaking,
    min: 0,
    max: 1_000_000,
    help: 'how many missed corrections one wrong change weighs as much as; auto needs more than c / (c + 1)',
  }),
  setting('alternatives', {
    group: 'request defaults',
    kind: 'integer',
    unit: 'readings',
    initial: DEFAULT_OPTIONS.alternatives,
    min: 0,
    max: 10,
    help: 'how many other readings an answer has',
  }),
  setting('maxEdits', {
    group: 'request defaults',
    kind: 'integer',
    unit: 'edits',
    initial: DEFAULT_OPTIONS.maxEdits,
    min: 0,
    max: 2,
    help: 'largest edit distance of a replacement; 2 also allows sound-alikes and listed misspellings',
  }),
  setting('language', {
    group: 'request defaults',
    kind: 'text',
    unit: '',
    initial: DEFAULT_OPTIONS.language,
    help: "language of queries that name none; the dataset's by default",
  }),
  setting('syntax', {
    group: 'request defaults',
    kind: 'choice',
    unit: '',
    initial: DEFAULT_OPTIONS.syntax,
    choices: ['plain', 'lucene'],
    help: 'query syntax: plain, where OR is a word and - a hyphen, or lucene',
  }),
  setting('rude', {
    group: 'request defaults',
    kind: 'choice',
    unit: '',
    initial: DEFAULT_OPTIONS.rude,
    choices: RUDE_SETTINGS,
    help: 'rude words that may be put in: never any, or those typed within a longer word',
  }),
]);
