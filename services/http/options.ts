import type { Config } from '../config.ts';
import {
  type RewriteOptions,
  RUDE_SETTINGS,
  type RudeSetting,
  WORKER_NAMES,
  type WorkerName,
} from '../rewrite/options.ts';
import { HttpProblem } from './problems.ts';
import { shorten } from './query-string.ts';
import { readChoice, readContext } from './rule-options.ts';
import { outOfRange, wrongType } from './wrong-option.ts';

/** What the options of a request are checked against. */
export interface OptionContext {
  readonly config: Pick<Config, 'defaults'>;
  /** Id of the dataset version being served. */
  readonly dataset: string;
}

/** Reads one option's value, as JSON has it. */
interface OptionReader {
  /** What a URL's text stands for. */
  readonly kind: 'text' | 'number' | 'switch' | 'json';
  read(value: unknown, context: OptionContext): Partial<RewriteOptions>;
}

/** As much as of a query is corrected. */
const MOST_WANT_UNITS = 2048;

// A Map, so that `__proto__` and `constructor` are names like any other.
const READERS: ReadonlyMap<string, OptionReader> = new Map<string, OptionReader>([
  ['workers', { kind: 'text', read: (value) => ({ workers: readWorkers(value) }) }],
  ['maxEdits', { kind: 'number', read: (value) => ({ maxEdits: integer('maxEdits', value, 0, 2) }) }],
  ['alternatives', { kind: 'number', read: (value) => ({ alternatives: integer('alternatives', value, 0, 10) }) }],
  ['explain', { kind: 'switch', read: (value) => ({ explain: readSwitch('explain', value) }) }],
  ['want', { kind: 'text', read: (value) => ({ want: readWant(value) }) }],
  ['dataset', { kind: 'text', read: (value, context) => requireDataset(value, context.dataset) }],
  ['language', { kind: 'text', read: (value) => ({ language: readLanguage(value) }) }],
  ['syntax', { kind: 'text', read: (value) => ({ syntax: readSyntax(value) }) }],
  ['rude', { kind: 'text', read: (value) => ({ rude: readRude(value) }) }],
  ['errorRate', { kind: 'number', read: (value) => ({ errorRate: readErrorRate(value) }) }],
  ['costOfBreaking', { kind: 'number', read: (value) => ({ costOfBreaking: readCost(value) }) }],
  ['context', { kind: 'json', read: (value) => ({ context: readContext(value) }) }],
  ['rules', { kind: 'json', read: (value) => ({ rules: readChoice(value) }) }],
]);

/** The names of the options of a request. */
export const OPTION_NAMES: readonly string[] = [...READERS.keys()];

/**
 * The options of a request over the configured defaults, from named values: of a URL (texts) or of a JSON body.
 *
 * @param own names that are no options but the request's own, such as `q`
 * @returns the configured defaults themselves when no option is given
 * @throws {HttpProblem} `unknown-option`, `wrong-type`, `out-of-range` or `unknown-dataset`
 */
export function readOptions(
  values: Iterable<readonly [string, unknown]>,
  source: 'url' | 'json',
  own: readonly string[],
  context: OptionContext,
): RewriteOptions {
  let options = context.config.defaults;
  for (const [name, value] of values) {
    if (own.includes(name)) continue;
    const reader = READERS.get(name);
    if (reader === undefined) {
      throw new HttpProblem(
        'unknown-option',
        `"${shorten(name)}" is not an option; the options are ${OPTION_NAMES.join(', ')}`,
        {
          parameter: shorten(name),
        },
      );
    }
    const given = source === 'url' ? fromText(reader.kind, String(value)) : value;
    options = { ...options, ...reader.read(given, context) };
  }
  return options;
}

/** The value that a URL's text represents; other text stays text and fails the check of its type. */
function fromText(kind: OptionReader['kind'], text: string): unknown {
  if (kind === 'number') return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  if (kind === 'switch') {
    if (text === 'true' || text === '1' || text === '') return true;
    if (text === 'false' || text === '0') return false;
  }
  if (kind === 'json') {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

function number(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw wrongType(name, `a number from ${min} to ${max}`, value);
  if (!(value >= min && value <= max)) throw outOfRange(name, `a number from ${min} to ${max}`, value);
  return value;
}

function integer(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw wrongType(name, `a whole number from ${min} to ${max}`, value);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(name, `a whole number from ${min} to ${max}`, value);
  }
  return value;
}

function readSwitch(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

function readWant(value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw wrongType('want', 'a text of whole characters', value);
  if (value.trim() === '' || value.length > MOST_WANT_UNITS) {
    throw outOfRange('want', `a text of 1 to ${MOST_WANT_UNITS} characters`, value);
  }
  return value;
}

function readCost(value: unknown): number {
  return number('costOfBreaking', value, 0, 1_000_000);
}

function readErrorRate(value: unknown): number {
  const rate = number('errorRate', value, 0, 1);
  if (rate === 0 || rate === 1) throw outOfRange('errorRate', 'a number above 0 and below 1', value);
  return rate;
}

function readSyntax(value: unknown): RewriteOptions['syntax'] {
  if (value === 'plain' || value === 'lucene') return value;
  if (typeof value !== 'string') throw wrongType('syntax', '"plain" or "lucene"', value);
  throw outOfRange('syntax', '"plain" or "lucene"', value);
}

function readRude(value: unknown): RudeSetting {
  const names = RUDE_SETTINGS.map((name) => `"${name}"`).join(' or ');
  if (typeof value !== 'string') throw wrongType('rude', names, value);
  const setting = RUDE_SETTINGS.find((name) => name === value);
  if (setting === undefined) throw outOfRange('rude', names, value);
  return setting;
}

function readLanguage(value: unknown): string {
  if (typeof value !== 'string') throw wrongType('language', 'a language tag such as "en"', value);
  if (!/^[a-z]{2,8}(-[a-z0-9]{1,8}){0,8}$/i.test(value)) {
    throw outOfRange('language', 'a language tag such as "en" or "pt-BR"', value);
  }
  return value;
}

function readWorkers(value: unknown): readonly WorkerName[] {
  const names = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
  if (!Array.isArray(names)) throw wrongType('workers', 'a list of workers separated by commas', value);
  const known: readonly unknown[] = WORKER_NAMES;
  const stray = names.find((name) => !known.includes(name));
  if (names.length === 0 || stray !== undefined) throw outOfRange('workers', `any of ${WORKER_NAMES.join(',')}`, stray);
  // In the pipeline's own order, each once, however they were named.
  return WORKER_NAMES.filter((name) => names.includes(name));
}

function requireDataset(value: unknown, served: string): Partial<RewriteOptions> {
  if (typeof value !== 'string') throw wrongType('dataset', 'the id of a dataset version', value);
  if (value !== served) {
    throw new HttpProblem('unknown-dataset', `"${shorten(value)}" is not being served; this service serves ${served}`, {
      parameter: 'dataset',
    });
  }
  return {};
}
