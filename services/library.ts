/**
 * Emend inside somebody's own program: a rewriter over a dataset version, and the HTTP application over a rewriter.
 *
 * Nothing here listens, reads the environment or touches `process`.
 */
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../data/package-root.ts';
import { type Dataset, openDataset } from '../stores/dataset/open.ts';
import { ConfigError, type ConfigErrorCode, parseConfig } from './config.ts';
import { createApp as createExpressApp } from './http/app.ts';
import type { CacheCounts } from './http/figures.ts';
import type { Logger } from './http/logger.ts';
import { createMetrics } from './http/metrics.ts';
import { readOptions } from './http/options.ts';
import { HttpProblem, type ProblemCode } from './http/problems.ts';
import type { RewriteAnswer } from './rewrite/answer.ts';
import { DEFAULT_OPTIONS, type RewriteOptions } from './rewrite/options.ts';
import { createRewriter as createPipeline, NO_RULES, type Pipeline } from './rewrite/pipeline.ts';
import type { Rewriter, RuleLookup } from './rewrite/rewriter.ts';
import { openRules } from './rules/live-rules.ts';
import { partsOf } from './tuned-parameters.ts';
import { createLivePipeline } from './vocabulary/live-pipeline.ts';

/** How to make a rewriter. */
export interface RewriterOptions {
  /**
   * Behaviour: the folder of rules that `emend rules import` writes, or an object that answers for rules kept elsewhere. A
   * folder need not be there yet; what is imported into it holds from the next query on. Default: no rules.
   */
  readonly rules?: string | RuleLookup;
  /** Behaviour: told when the folder of rules cannot be read any more; the rules read before stay. Default: nobody is told. */
  readonly onRulesProblem?: (problem: Error) => void;
  /** Performance: bytes of the cache of blocks, where the dataset is given by its folder. Default 32 MiB. */
  readonly cacheBytes?: number;
}

/** Rewrites queries in this process. Made by {@link createRewriter}. */
export interface DatasetRewriter extends Rewriter {
  /** Id of the dataset version: `sha256:` and 64 hexadecimal digits. */
  readonly dataset: string;

  /**
   * Rewrites one query: some 0.5 ms for a query of three words, at most tens of milliseconds for a hostile one.
   *
   * @param options what differs from `DEFAULT_OPTIONS`
   * @throws {TypeError} when the query is no string or holds half of a surrogate pair
   * @throws {ConfigError} `CONFIG_UNKNOWN`, `CONFIG_TYPE` or `CONFIG_RANGE` for an option that cannot be used
   */
  rewrite(query: string, options?: Partial<RewriteOptions>): RewriteAnswer;

  /** What the cache of blocks has counted and holds. */
  cacheCounts(): CacheCounts;

  /** Milliseconds spent so far by step: the workers by name, and `compose`. */
  stepMs(): ReadonlyMap<string, number>;

  /** Closes the rules that it opened and, where it was made from a folder, the dataset. A second close does nothing. */
  close(): void;
}

/**
 * Makes a rewriter over a dataset version.
 *
 * @param dataset the dataset's folder, which `close` then closes too; or an open dataset, which stays its owner's
 * @throws {StoreError} when the dataset or the rules cannot be opened: codes in `StoreErrorCode`
 * @throws {RuleError} `RULES_TEXT_VERSION` when the rules were written by a version that normalises text otherwise
 */
export function createRewriter(dataset: string | Dataset, options: RewriterOptions = {}): DatasetRewriter {
  const { rules, onRulesProblem, cacheBytes, ...others } = options;
  refuseOthers('createRewriter', others);
  if (cacheBytes !== undefined && typeof dataset !== 'string') {
    const message =
      'createRewriter: "cacheBytes" goes with a folder; an open dataset has its cache: give it to openDataset';
    throw new ConfigError('CONFIG_UNKNOWN', message);
  }
  const opened =
    typeof dataset === 'string' ? openDataset(dataset, cacheBytes === undefined ? {} : { cacheBytes }) : dataset;
  const closeDataset = () => {
    if (opened !== dataset) opened.close();
  };
  try {
    if (typeof rules !== 'string') {
      const pipeline = createPipeline({ ...partsOf(opened), rules: rules ?? NO_RULES });
      return new OwnRewriter(opened, pipeline, closeDataset);
    }
    const live = openRules(rules, onRulesProblem === undefined ? {} : { onProblem: onRulesProblem });
    const pipeline = createLivePipeline({ ...partsOf(opened), rules: live }, live);
    return new OwnRewriter(opened, pipeline, () => {
      live.close();
      closeDataset();
    });
  } catch (error) {
    closeDataset();
    throw error;
  }
}

class OwnRewriter implements DatasetRewriter {
  /** The rewriter that takes options without checking them again. */
  readonly pipeline: Pipeline;
  readonly #opened: Dataset;
  readonly #close: () => void;
  #isOpen: boolean;

  constructor(opened: Dataset, pipeline: Pipeline, close: () => void) {
    this.pipeline = pipeline;
    this.#opened = opened;
    this.#close = close;
    this.#isOpen = true;
  }

  get dataset(): string {
    return this.#opened.id;
  }

  rewrite(query: string, options?: Partial<RewriteOptions>): RewriteAnswer {
    if (typeof query !== 'string' || !query.isWellFormed()) {
      throw new TypeError(
        'rewriting a query: expected a string of whole characters; see String.prototype.toWellFormed',
      );
    }
    const answer = this.pipeline.rewrite(query, options === undefined ? DEFAULT_OPTIONS : this.#checked(options));
    // Only a pipeline that waits for reads answers later.
    return answer as RewriteAnswer;
  }

  cacheCounts(): CacheCounts {
    const { cache } = this.#opened;
    return {
      ...cache.counters,
      ...this.#opened.blockCounters(),
      bytes: cache.usedBytes,
      capacityBytes: cache.capacityBytes,
      pinnedBytes: cache.pinnedBytes,
    };
  }

  stepMs(): ReadonlyMap<string, number> {
    return this.pipeline.stepMs();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#close();
  }

  #checked(options: Partial<RewriteOptions>): RewriteOptions {
    // Null is an option left out: the language is the dataset's, and nobody asks why.
    const { at = null, ...others } = options;
    const given = Object.entries(others).filter(
      ([name, value]) => value !== undefined && !((name === 'language' || name === 'want') && value === null),
    );
    if (at !== null && !Number.isFinite(at)) {
      throw new ConfigError(
        'CONFIG_TYPE',
        `rewriting a query: "at" takes milliseconds since 1970, found ${String(at)}`,
      );
    }
    try {
      const asked = readOptions(given, 'json', [], { config: { defaults: DEFAULT_OPTIONS }, dataset: this.dataset });
      return at === null ? asked : { ...asked, at };
    } catch (error) {
      const code = error instanceof HttpProblem ? CONFIG_CODES[error.code] : undefined;
      if (code === undefined) throw error;
      throw new ConfigError(code, `rewriting a query: ${(error as HttpProblem).message}`, { cause: error });
    }
  }
}

/** What is wrong with an option over HTTP, as the library calls it. */
const CONFIG_CODES: Readonly<Partial<Record<ProblemCode, ConfigErrorCode>>> = {
  'unknown-option': 'CONFIG_UNKNOWN',
  'wrong-type': 'CONFIG_TYPE',
  'out-of-range': 'CONFIG_RANGE',
  'unknown-dataset': 'CONFIG_RANGE',
};

/** Settings of the service that an application has; units, ranges and defaults as for `emend serve`. */
export interface AppSettings {
  /** Origins whose pages may call it, or `*`. Default: none. */
  readonly cors?: readonly string[];
  /** Largest query text in bytes of UTF-8; more is a 413. */
  readonly maxQueryBytes?: number;
  /** Most queries in one batch; more is a 413. */
  readonly maxBatch?: number;
  /** Largest request body in bytes; more is a 413. */
  readonly maxBodyBytes?: number;
  /** Most words in the queries of one request; more is a 413. */
  readonly maxTokens?: number;
  /** Bytes of the answer to a batch from which the rest of its queries get the problem `batch-budget`. */
  readonly maxAnswerBytes?: number;
  /** Milliseconds after which the queries left of a request are answered as typed. */
  readonly deadlineMs?: number;
  /** Most requests that wait for their turn or are worked on; more get a 503. */
  readonly maxConcurrent?: number;
  /** Most bytes of large bodies that are held at a time; more get a 503. */
  readonly maxBodiesBytes?: number;
  /** Unsent bytes of a batch from which its work waits for the client. */
  readonly maxUnsentBytes?: number;
  /** Most queries a second of one client; 0: no limit. */
  readonly rateLimit?: number;
  /** The request header that names the client; its address by default. */
  readonly rateLimitHeader?: string;
  /** Log every request at `info`, with the text of its queries. Default: at `debug`. */
  readonly logQueries?: boolean;
  /** What a request gets that does not say otherwise. */
  readonly errorRate?: number;
  readonly costOfBreaking?: number;
  readonly alternatives?: number;
  readonly maxEdits?: number;
  readonly language?: string;
  readonly syntax?: RewriteOptions['syntax'];
  readonly rude?: RewriteOptions['rude'];
}

/** How to make the application. */
export interface AppOptions extends AppSettings {
  /** Where errors and requests are logged: `pino()`, or anything with these methods. Default: nowhere. */
  readonly logger?: Logger;
  /** Whether new work is wanted: while false, `/readyz` answers 503 and connections are closed. Default: always. */
  readonly ready?: () => boolean;
}

const APP_SETTINGS: readonly (keyof AppSettings)[] = [
  'cors',
  'maxQueryBytes',
  'maxBatch',
  'maxBodyBytes',
  'maxTokens',
  'maxAnswerBytes',
  'deadlineMs',
  'maxConcurrent',
  'maxBodiesBytes',
  'maxUnsentBytes',
  'rateLimit',
  'rateLimitHeader',
  'logQueries',
  'errorRate',
  'costOfBreaking',
  'alternatives',
  'maxEdits',
  'language',
  'syntax',
  'rude',
];

const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  isLevelEnabled: () => false,
};

/**
 * Makes the HTTP application over a rewriter: an Express application that never listens. Give it to `http.createServer`, or
 * mount it in an application of your own; paths are relative to where it is mounted, and it answers all below.
 *
 * @param rewriter stays its owner's: close it after the last answer
 * @throws {ConfigError} for a setting that does not exist or cannot be used
 */
export function createApp(rewriter: Rewriter, options: AppOptions = {}): RequestListener {
  const { logger = SILENT, ready = () => true, ...given } = options;
  const settings: Record<string, unknown> = {};
  for (const key of APP_SETTINGS) if (given[key] !== undefined) settings[key] = given[key];
  refuseOthers('createApp', Object.fromEntries(Object.entries(given).filter(([key]) => !isAppSetting(key))));
  const version = packageVersion();
  const metrics = createMetrics({ version, dataset: rewriter.dataset });
  if (rewriter instanceof OwnRewriter) {
    metrics.watchCache(() => rewriter.cacheCounts());
    metrics.watchSteps(() => rewriter.stepMs());
  }
  return createExpressApp({
    // Options that came over HTTP were checked there.
    rewriter: rewriter instanceof OwnRewriter ? rewriter.pipeline : rewriter,
    config: parseConfig({}, {}, settings),
    metrics,
    logger,
    ready,
    version,
    assetsDir: join(packageRoot(), 'services', 'http'),
  });
}

function isAppSetting(key: string): boolean {
  return (APP_SETTINGS as readonly string[]).includes(key);
}

/** @throws {ConfigError} `CONFIG_UNKNOWN` for the first option that the function does not know */
function refuseOthers(name: string, others: object): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new ConfigError('CONFIG_UNKNOWN', `${name}: there is no option "${unknown}"`);
}
