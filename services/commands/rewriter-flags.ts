/** The flags that `emend rewrite` and `emend eval` share: which dataset, and what is asked of the rewriter. */
import { resolve } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { type Config, parseConfig, readConfigFile } from '../config.ts';
import type { OpenedRewriter } from '../main.ts';
import { openRewriter } from '../open-rewriter.ts';
import { DEFAULT_OPTIONS, type RewriteOptions, WORKER_NAMES } from '../rewrite/options.ts';
import type { RewriterParts } from '../rewrite/pipeline.ts';

/** Opens the rewriter that a configuration names. */
export type OpenRewriter = (
  config: Config,
  change?: (parts: RewriterParts) => RewriterParts,
) => Promise<OpenedRewriter>;

/** For `util.parseArgs`: the settings of the service that matter here, and which workers run. */
export const REWRITER_FLAGS = {
  dataset: { type: 'string' },
  'cache-dir': { type: 'string' },
  rules: { type: 'string' },
  'max-edits': { type: 'string' },
  'error-rate': { type: 'string' },
  'cost-of-breaking': { type: 'string' },
  language: { type: 'string' },
  syntax: { type: 'string' },
  rude: { type: 'string' },
  'cache-bytes': { type: 'string' },
  config: { type: 'string' },
  only: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** What these flags do, for `--help`. */
export const REWRITER_HELP = `\
  --dataset DIR          dataset version to use (the bundled one, built if necessary)
  --cache-dir DIR        where the bundled one is built (data/build of the program, else the user's cache folder)
  --rules DIR            folder of the rules to apply (./rules)
  --max-edits N          largest edit distance of a replacement: 0, 1 or 2 (${DEFAULT_OPTIONS.maxEdits})
  --error-rate P         assumed share of misspelled queries (${DEFAULT_OPTIONS.errorRate})
  --cost-of-breaking C   how many missed corrections one wrong change weighs as much as (${DEFAULT_OPTIONS.costOfBreaking})
  --language CODE        language of the queries (the dataset's)
  --syntax NAME          plain or lucene (${DEFAULT_OPTIONS.syntax})
  --rude SETTING         rude words that may be put in: never, or those typed within a longer word: typed (${DEFAULT_OPTIONS.rude})
  --only LIST            run only these workers, of ${WORKER_NAMES.join(',')}
  --cache-bytes SIZE     size of the block cache
  --config FILE          settings from a JSON file; flags win over EMEND_* variables, variables over the file`;

/** Flags of {@link REWRITER_FLAGS} as `parseArgs` answers them, others among them. */
interface FlagValues {
  readonly [flag: string]: string | boolean | (string | boolean)[] | undefined;
  readonly config?: string | undefined;
  readonly only?: string | undefined;
}

/**
 * The configuration that the flags, the environment and the configuration file give.
 *
 * @returns the checked configuration and the options of every query
 * @throws {ConfigError} for the first setting that cannot be used; {UsageError} for an unknown worker
 */
export function configure(flags: FlagValues, io: CommandIo): { config: Config; options: RewriteOptions } {
  const path = flags.config ?? io.env['EMEND_CONFIG'] ?? '';
  const config = parseConfig(io.env, flags, path === '' ? {} : readConfigFile(resolve(io.cwd, path)));
  const { only } = flags;
  const options = only === undefined ? config.defaults : { ...config.defaults, workers: workersFrom(only) };
  return { config, options };
}

/** Opens the dataset that the configuration names, or the bundled one, built first when it is not there. */
export function opener(io: CommandIo, deps: CommandDeps): OpenRewriter {
  return async (config, change) => {
    const dataset =
      config.dataset === null ? await deps.ensureBundled(io, config.cacheDir) : resolve(io.cwd, config.dataset);
    return openRewriter(dataset, config, io, change);
  };
}

/**
 * A flag's whole number in `low..high`; undefined when the flag is not there.
 *
 * @throws {UsageError} when it is anything else
 */
export function wholeNumber(flag: string, value: string | undefined, low: number, high: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < low || number > high) {
    throw new UsageError(`${flag} takes a whole number from ${low} to ${high}, not "${value}"`);
  }
  return number;
}

function workersFrom(list: string): RewriteOptions['workers'] {
  const names = list.split(',').map((name) => name.trim());
  const known: readonly string[] = WORKER_NAMES;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`--only takes names of ${known.join(', ')}, not "${unknown}"`);
  return WORKER_NAMES.filter((name) => names.includes(name));
}
