/** The flags that `emend rewrite` and `emend eval` share: which dataset, and what is asked of the rewriter. */
import type { ParseArgsConfig } from 'node:util';
import { UsageError } from '../command.ts';
import { DEFAULT_OPTIONS, type RewriteOptions, WORKER_NAMES, type WorkerName } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';

/** A rewriter over an open dataset; `close` it when done. */
export interface OpenedRewriter {
  readonly rewriter: Rewriter;
  close(): void | Promise<void>;
}

/** Where a rewriter is to come from; undefined where the arguments do not say. */
export interface RewriterPlace {
  readonly dataset: string | undefined;
  readonly rules: string | undefined;
}

/** Opens the rewriter that the arguments ask for. */
export type OpenRewriter = (place: RewriterPlace) => Promise<OpenedRewriter>;

/** For `util.parseArgs`. */
export const REWRITER_FLAGS = {
  dataset: { type: 'string' },
  rules: { type: 'string' },
  workers: { type: 'string' },
  'max-edits': { type: 'string' },
  'error-rate': { type: 'string' },
  'cost-of-breaking': { type: 'string' },
  language: { type: 'string' },
  syntax: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** What these flags do, for `--help`. */
export const REWRITER_HELP = `\
  --dataset DIR          dataset version to use (EMEND_DATASET; else the bundled one, built when it is not there)
  --rules DIR            live rules to apply (EMEND_RULES_DIR; else none)
  --workers LIST         only these workers: ${WORKER_NAMES.join(',')}
  --max-edits N          largest edit distance of a replacement: 0, 1 or 2 (${DEFAULT_OPTIONS.maxEdits})
  --error-rate P         share of queries that are misspelled (${DEFAULT_OPTIONS.errorRate})
  --cost-of-breaking C   missed corrections that one wrong change weighs as much as (${DEFAULT_OPTIONS.costOfBreaking})
  --language CODE        language profile (${DEFAULT_OPTIONS.language})
  --syntax NAME          plain or lucene (${DEFAULT_OPTIONS.syntax})`;

type FlagValues = { readonly [name in keyof typeof REWRITER_FLAGS]?: string | undefined };

/**
 * The options that the flags state, the contract's defaults for the rest.
 *
 * @throws {UsageError} naming the flag, what it takes and what it was given
 */
export function optionsFrom(flags: FlagValues): RewriteOptions {
  const { syntax = DEFAULT_OPTIONS.syntax } = flags;
  if (syntax !== 'plain' && syntax !== 'lucene')
    throw new UsageError(`--syntax takes plain or lucene, not "${syntax}"`);
  return {
    ...DEFAULT_OPTIONS,
    syntax,
    workers: flags.workers === undefined ? DEFAULT_OPTIONS.workers : workersFrom(flags.workers),
    maxEdits: wholeNumber('--max-edits', flags['max-edits'], 0, 2) ?? DEFAULT_OPTIONS.maxEdits,
    errorRate: share('--error-rate', flags['error-rate']) ?? DEFAULT_OPTIONS.errorRate,
    costOfBreaking: positive('--cost-of-breaking', flags['cost-of-breaking']) ?? DEFAULT_OPTIONS.costOfBreaking,
    language: flags.language ?? DEFAULT_OPTIONS.language,
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

function share(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !(number > 0 && number < 1)) {
    throw new UsageError(`${flag} takes a share between 0 and 1, not "${value}"`);
  }
  return number;
}

function positive(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !(number > 0 && Number.isFinite(number))) {
    throw new UsageError(`${flag} takes a positive number, not "${value}"`);
  }
  return number;
}

function workersFrom(list: string): WorkerName[] {
  const names = list.split(',').map((name) => name.trim());
  const known: readonly string[] = WORKER_NAMES;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`--workers takes names of ${known.join(', ')}, not "${unknown}"`);
  return WORKER_NAMES.filter((name) => names.includes(name));
}
