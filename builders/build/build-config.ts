import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '../command.ts';
import { reasonOf } from '../errors.ts';
import { parseFileSpec } from '../sources/format.ts';
import { type ColumnNames, parseQueryLogSpec, QUERY_COLUMNS } from '../sources/query-columns.ts';
import { findLanguage } from './language-folder.ts';
import {
  type Engine,
  type InputPlan,
  type InputRole,
  MAX_MEMORY_BYTES,
  MIN_MEMORY_BYTES,
  STORE_NAMES,
  type StoreName,
} from './plan.ts';

/** What a configuration file, or the command line, asks of a build. Absent: not said. */
export interface BuildConfig {
  readonly inputs: InputPlan[];
  out?: string;
  /** The folder of the language that the inputs are in: an absolute path. */
  language?: string;
  vectors?: string;
  titles?: string[];
  bundled?: boolean;
  minCounts?: readonly number[];
  engines: Partial<Record<StoreName, Engine>>;
  /** Path of the error model to begin with; null for none. */
  channel?: string | null;
  skipInvalid?: boolean;
  minSessions?: number;
  allowEmpty?: boolean;
  dryRun?: boolean;
  /** For inputs with counts that state none themselves. */
  countScale?: number;
  memoryBytes?: number;
}

/** The members that list inputs, with what their words are called unless the input says otherwise. */
const ROLES: Readonly<Record<string, { role: InputRole; wordClass: string }>> = Object.freeze({
  docs: { role: 'documents', wordClass: 'documents' },
  queries: { role: 'queries', wordClass: 'queries' },
  words: { role: 'words', wordClass: 'dictionary' },
  ngrams: { role: 'ngrams', wordClass: 'ngrams' },
  pairs: { role: 'pairs', wordClass: 'pairs' },
  misspellings: { role: 'misspellings', wordClass: 'misspellings' },
});

const FORMATS: readonly string[] = ['txt', 'tsv', 'jsonl', 'csv'];
/** Products with counts and sums of all inputs stay numbers, and above 0. */
const MIN_WEIGHT = 1e-9;
const MAX_WEIGHT = 1e9;
const UNITS: readonly string[] = ['count', 'centibel'];

/**
 * Reads a configuration file: JSON with the names of the command line.
 *
 *     { "docs": ["products.jsonl:title,brand", {"file": "faq.tsv", "fields": [2], "weight": 0.5}],
 *       "queries": ["log.tsv.gz"], "words": [{"file": "brands.txt", "class": "names"}],
 *       "language": "en", "bundled": true, "minCount": [1, 1, 2], "engine": {"ngrams": "fst"}, "memory": "512M", "skipInvalid": true }
 *
 * @param folder what its paths are relative to
 * @throws {UsageError} naming the file and the member for anything it does not know or that has a wrong type
 */
export function readBuildConfig(path: string, folder = dirname(path)): BuildConfig {
  let value: unknown;
  try {
    // Editors on Windows write a byte order mark.
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${path}: reading the configuration: ${reasonOf(error)}`);
  }
  const fail = (where: string, expected: string, found: unknown): never => {
    throw new UsageError(`${path}: ${where}: expected ${expected}, found ${JSON.stringify(found)?.slice(0, 80)}`);
  };
  const root = isObject(value) ? value : fail('the whole', 'an object', value);
  const config: BuildConfig = { inputs: [], engines: {} };
  for (const [name, member] of Object.entries(root)) {
    const listed = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
    if (listed !== undefined) {
      const items = Array.isArray(member) ? member : [member];
      items.forEach((item, i) => {
        config.inputs.push(parseInput(item, name, folder, (expected, found) => fail(`${name}[${i}]`, expected, found)));
      });
    } else if (name === 'out') {
      config.out = typeof member === 'string' ? resolve(folder, member) : fail(name, 'a path', member);
    } else if (name === 'language') {
      const named = typeof member === 'string' ? member : fail(name, 'the name of a language, or a path', member);
      config.language = findLanguage(named, folder, `${path}: ${name}`);
    } else if (name === 'vectors') {
      config.vectors = typeof member === 'string' ? resolve(folder, member) : fail(name, 'a path', member);
    } else if (name === 'titles') {
      const files = Array.isArray(member) ? member : [member];
      config.titles = files.map((file) =>
        typeof file === 'string' ? resolve(folder, file) : fail(name, 'a path, or a list of them', member),
      );
    } else if (name === 'bundled') {
      config.bundled = typeof member === 'boolean' ? member : fail(name, 'true or false', member);
    } else if (name === 'skipInvalid' || name === 'allowEmpty' || name === 'dryRun') {
      config[name] = typeof member === 'boolean' ? member : fail(name, 'true or false', member);
    } else if (name === 'minSessions') {
      config.minSessions =
        isColumn(member) && member !== 0 ? (member as number) : fail(name, 'a whole number from 1', member);
    } else if (name === 'countScale') {
      config.countScale = isCountScale(member) ? (member as number) : fail(name, 'a number above 0', member);
    } else if (name === 'minCount') {
      config.minCounts = parseMinCounts(Array.isArray(member) ? member.join(',') : String(member), `${path}: ${name}`);
    } else if (name === 'channel') {
      config.channel = channelOf(typeof member === 'string' ? member : fail(name, 'a path or "none"', member), folder);
    } else if (name === 'memory') {
      config.memoryBytes = parseMemory(String(member), `${path}: ${name}`);
    } else if (name === 'engine') {
      const engines = isObject(member) ? member : fail(name, 'an object', member);
      for (const [store, engine] of Object.entries(engines))
        setEngine(config.engines, store, engine, `${path}: ${name}`);
    } else if (name !== 'comment') {
      const known = [
        ...Object.keys(ROLES),
        'language',
        'vectors',
        'titles',
        'out',
        'bundled',
        'minCount',
        'countScale',
        'minSessions',
        'engine',
        'channel',
        'memory',
        'skipInvalid',
        'allowEmpty',
        'dryRun',
        'comment',
      ];
      throw new UsageError(`${path}: there is no "${name}"; known are ${known.join(', ')}`);
    }
  }
  return config;
}

/** The error model that `--channel` names: a path, or null for `none`. */
export function channelOf(text: string, folder: string): string | null {
  return text === 'none' ? null : resolve(folder, text);
}

/** The plan of an input given as `FILE[:field,...]` under `name` (docs, queries, words, ngrams, pairs, misspellings). */
export function inputOf(name: string, spec: string, folder: string): InputPlan {
  const { role, wordClass } = ROLES[name]!;
  const { file, fields } = role === 'documents' ? parseFileSpec(spec) : { file: spec, fields: [] };
  if (role === 'queries') {
    const { file: log, named } = parseQueryLogSpec(spec);
    return { ...located(log, folder), role, fields, named, wordClass, weight: 1 };
  }
  return { ...located(file, folder), role, fields, wordClass, weight: 1 };
}

function located(file: string, folder: string): { file: string; label: string } {
  return file === '-' ? { file, label: '<stdin>' } : { file: resolve(folder, file), label: file };
}

function parseInput(
  value: unknown,
  name: string,
  folder: string,
  fail: (expected: string, found: unknown) => never,
): InputPlan {
  if (typeof value === 'string') return inputOf(name, value, folder);
  if (!isObject(value)) return fail('a path or an object', value);
  const {
    file,
    fields,
    format,
    header,
    columns,
    unit,
    count,
    countScale,
    minSessions,
    class: wordClass,
    weight,
    ...rest
  } = value;
  const unknown = Object.keys(rest).find((key) => key !== 'comment');
  if (unknown !== undefined)
    return fail('file, fields, format, header, columns, unit, count, countScale, minSessions, class, weight', unknown);
  if (typeof file !== 'string') return fail('a path as "file"', file);
  const plain = ROLES[name]!;
  if (plain.role !== 'documents' && (fields !== undefined || header !== undefined)) {
    return fail('no "fields" and "header", which are of documents', fields ?? header);
  }
  const isList = plain.role === 'words' || plain.role === 'ngrams';
  const isLog = plain.role === 'queries';
  if (!isList && ((columns !== undefined && !isLog) || unit !== undefined || count !== undefined)) {
    return fail('no "columns", "unit" and "count", which are of word lists', columns ?? unit ?? count);
  }
  if (countScale !== undefined && (plain.role === 'documents' || unit === 'centibel' || !isCountScale(countScale))) {
    return fail('a number above 0 as "countScale", of an input with counts', countScale);
  }
  if (minSessions !== undefined && !(isLog && isColumn(minSessions) && minSessions !== 0)) {
    return fail('a whole number from 1 as "minSessions", of a query log', minSessions);
  }
  const isFieldList = fields === undefined || (Array.isArray(fields) && fields.every(isField));
  if (!isFieldList) return fail('numbers from 1 or names as "fields"', fields);
  if (format !== undefined && !FORMATS.includes(format as string)) return fail(FORMATS.join(', '), format);
  if (unit !== undefined && !UNITS.includes(unit as string)) return fail(UNITS.join(', '), unit);
  if (header !== undefined && typeof header !== 'boolean') return fail('true or false as "header"', header);
  if (isLog && columns !== undefined && !isNamedColumns(columns)) {
    return fail(`an object of names, or numbers from 1, by ${QUERY_COLUMNS.join(', ')} as "columns"`, columns);
  }
  if (!isLog && columns !== undefined && !(Array.isArray(columns) && columns.every(isColumn) && columns[0] !== 0)) {
    return fail('the column of the entry from 1, then that of its count or 0', columns);
  }
  if (count !== undefined && !(Number.isSafeInteger(count) && (count as number) > 0)) {
    return fail('a whole number from 1 as "count"', count);
  }
  if (wordClass !== undefined && typeof wordClass !== 'string') return fail('a word as "class"', wordClass);
  if (weight !== undefined && !isWeight(weight)) {
    return fail(`0, or a number from ${MIN_WEIGHT} to ${MAX_WEIGHT}, as "weight"`, weight);
  }
  return {
    role: plain.role,
    file: file === '-' ? '-' : resolve(folder, file),
    label: file === '-' ? '<stdin>' : basename(file),
    fields: ((fields as (string | number)[] | undefined) ?? []).map(String),
    ...(format === undefined ? {} : { format: format as NonNullable<InputPlan['format']> }),
    ...(header === undefined ? {} : { header }),
    ...(columns === undefined || isLog ? {} : { columns: columns as number[] }),
    ...(columns === undefined || !isLog ? {} : { named: mapToNames(columns as Record<string, unknown>) }),
    ...(countScale === undefined ? {} : { countScale: countScale as number }),
    ...(minSessions === undefined ? {} : { minSessions: minSessions as number }),
    ...(unit === undefined ? {} : { unit: unit as NonNullable<InputPlan['unit']> }),
    ...(count === undefined ? {} : { defaultCount: count as number }),
    wordClass: wordClass ?? plain.wordClass,
    weight: (weight as number | undefined) ?? 1,
  };
}

/**
 * Parses the thresholds of orders 1, 2 and 3, `N` or `N,N,N`; the last one stands for the orders that are not given.
 *
 * @throws {UsageError} naming `where`
 */
export function parseMinCounts(text: string, where: string): number[] {
  const numbers = text.split(',').map((part) => (/^\s*\d{1,15}\s*$/.test(part) ? Number(part) : 0));
  if (numbers.length > 3 || numbers.some((number) => number < 1)) {
    throw new UsageError(`${where}: expected one to three whole numbers from 1, joined by commas, found "${text}"`);
  }
  while (numbers.length < 3) numbers.push(numbers.at(-1)!);
  return numbers;
}

/**
 * Parses a size: bytes, or a number with K, M or G (powers of 1024).
 *
 * @throws {UsageError} naming `where`
 */
export function parseMemory(text: string, where: string): number {
  const match = /^(\d{1,15})\s*([KMG]?)(?:i?B)?$/i.exec(text.trim());
  const scale = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[match?.[2]?.toUpperCase() ?? ''] ?? 1;
  const bytes = match === null ? Number.NaN : Number(match[1]) * scale;
  if (!(bytes >= MIN_MEMORY_BYTES && bytes <= MAX_MEMORY_BYTES)) {
    throw new UsageError(`${where}: expected a size from 1M to 8G, such as 512M, found "${text}"`);
  }
  return bytes;
}

/** Notes the engine of a store in `engines`. @throws {UsageError} naming `where`, for a store or engine there is none of */
export function setEngine(
  engines: Partial<Record<StoreName, Engine>>,
  store: string,
  engine: unknown,
  where: string,
): void {
  const name = STORE_NAMES.find((candidate) => candidate === store);
  if (name === undefined) throw new UsageError(`${where}: expected one of ${STORE_NAMES.join(', ')}, found "${store}"`);
  // A score table takes some absent keys for present ones: harmless where the value is one score of many, only there.
  const known: readonly Engine[] = name === 'ngrams' ? ['fst', 'blocks', 'scores'] : ['fst', 'blocks'];
  const chosen = known.find((candidate) => candidate === engine);
  if (chosen === undefined) {
    throw new UsageError(`${where}: expected ${known.join(' or ')} for ${store}, found ${JSON.stringify(engine)}`);
  }
  engines[name] = chosen;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWeight(value: unknown): boolean {
  return value === 0 || (typeof value === 'number' && value >= MIN_WEIGHT && value <= MAX_WEIGHT);
}

/** Whether counts can be multiplied by it. */
export function isCountScale(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= Number.MAX_SAFE_INTEGER;
}

function isNamedColumns(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(
    ([column, name]) => QUERY_COLUMNS.some((one) => one === column) && (name === '' || isField(name)),
  );
}

function mapToNames(columns: Record<string, unknown>): ColumnNames {
  return Object.fromEntries(Object.entries(columns).map(([column, name]) => [column, String(name)]));
}

function isField(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || (Number.isSafeInteger(value) && (value as number) > 0);
}

function isColumn(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
