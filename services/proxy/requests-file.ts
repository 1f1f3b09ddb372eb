/** The file that names the requests a proxy looks into, and what it does with them. */
import { readFileSync } from 'node:fs';
import type { Syntax } from '../../stores/text/token.ts';
import { ConfigError } from '../config.ts';
import { pointerKeys } from '../engines/json-spans.ts';
import { type PathTest, pathTest } from './patterns.ts';

/** What is done with a request that is named: `off` nothing, as with all that are not. */
export const MODES = ['off', 'observe', 'suggest', 'rewrite'] as const;

export type Mode = (typeof MODES)[number];

/** Where the text of a request stands. */
export type TextPlace =
  | { readonly kind: 'pointers'; readonly pointers: readonly (readonly string[])[] }
  | { readonly kind: 'parameter'; readonly name: string };

/** Requests of one kind. */
export interface NamedRequests {
  readonly name: string;
  readonly methods: readonly string[];
  readonly matches: PathTest;
  readonly engine: 'elasticsearch' | 'solr';
  readonly text: TextPlace;
  readonly syntax: Syntax;
  /** Name of the suggestion that is filled in an answer of Elasticsearch. */
  readonly suggestion: string;
}

/** The whole file, checked. */
export interface ProxyRules {
  readonly mode: Mode;
  /** Share of the named requests that are in, 0..1. */
  readonly share: number;
  /** Header by whose value a request is in or out; null: by its text. Lower case. */
  readonly shareBy: string | null;
  /** Header by which a request names its mode; null: none. Lower case. */
  readonly modeHeader: string | null;
  /** How long a request, or its answer, may wait for Emend. */
  readonly budgetMs: number;
  /** Largest body that is looked into. */
  readonly maxBodyBytes: number;
  readonly host: 'client' | 'upstream';
  readonly requests: readonly NamedRequests[];
}

type Json = Readonly<Record<string, unknown>>;

const TOP = ['mode', 'share', 'shareBy', 'modeHeader', 'budgetMs', 'maxBodyBytes', 'host', 'requests'];
const EACH = ['name', 'methods', 'path', 'engine', 'pointer', 'parameter', 'syntax', 'suggestion'];
const ENGINES = ['elasticsearch', 'opensearch', 'solr'];

/**
 * Reads and checks a requests file.
 *
 * @throws {ConfigError} `CONFIG_FILE`, `CONFIG_UNKNOWN`, `CONFIG_TYPE`, `CONFIG_RANGE` or `CONFIG_PAIR`, naming the member
 */
export function readRequestsFile(path: string): ProxyRules {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('CONFIG_FILE', `${path}: reading the requests file: ${why}`, { cause });
  }
  return parseRequests(parsed, path);
}

/** As {@link readRequestsFile}, of what was parsed. */
export function parseRequests(parsed: unknown, path: string): ProxyRules {
  const file = object(parsed, path, TOP, 'CONFIG_FILE');
  const { requests } = file;
  if (!Array.isArray(requests) || requests.length === 0) {
    throw wrong(`${path}: requests`, 'an array of at least one object', requests);
  }
  const named = requests.map((entry, place) => namedRequests(entry, `${path}: requests[${place}]`, place));
  const names = named.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new ConfigError('CONFIG_PAIR', `${path}: requests: two have the name "${twice}"`);
  const share = number(file, 'share', path, { initial: 1, low: 0, high: 1, whole: false });
  const shareBy = header(file, 'shareBy', path);
  if (shareBy !== null && share === 1) {
    throw new ConfigError('CONFIG_PAIR', `${path}: shareBy does nothing without a "share" below 1`);
  }
  return {
    mode: oneOf(file, 'mode', path, MODES, 'observe'),
    share,
    shareBy,
    modeHeader: header(file, 'modeHeader', path),
    budgetMs: number(file, 'budgetMs', path, { initial: 50, low: 1, high: 10_000, whole: true }),
    maxBodyBytes: number(file, 'maxBodyBytes', path, { initial: 1_048_576, low: 1_024, high: 67_108_864, whole: true }),
    host: oneOf(file, 'host', path, ['client', 'upstream'], 'client'),
    requests: named,
  };
}

function namedRequests(value: unknown, where: string, place: number): NamedRequests {
  const entry = object(value, where, EACH, 'CONFIG_TYPE');
  const path = text(entry, 'path', where);
  if (path === undefined || !path.startsWith('/') || path.includes('?') || path.split('/**').length > 2) {
    throw wrong(`${where}.path`, 'a pattern that begins with "/", without "?", with "**" at most once', path);
  }
  const engine = oneOf(entry, 'engine', where, ENGINES, undefined) === 'solr' ? 'solr' : 'elasticsearch';
  const place_ = textPlace(entry, where);
  const suggestion = text(entry, 'suggestion', where);
  if (suggestion !== undefined && engine === 'solr') {
    throw new ConfigError('CONFIG_PAIR', `${where}.suggestion: Solr's answers have one section, without a name`);
  }
  return {
    name: text(entry, 'name', where) ?? `requests-${place}`,
    methods: methods(entry['methods'], `${where}.methods`),
    matches: pathTest(path),
    engine,
    text: place_,
    syntax: oneOf(entry, 'syntax', where, ['plain', 'lucene'], place_.kind === 'parameter' ? 'lucene' : 'plain'),
    suggestion: suggestion ?? 'emend',
  };
}

function textPlace(entry: Json, where: string): TextPlace {
  const { pointer } = entry;
  const name = text(entry, 'parameter', where);
  if ((pointer === undefined) === (name === undefined)) {
    throw new ConfigError('CONFIG_PAIR', `${where}: expected either "pointer" or "parameter": where the text stands`);
  }
  if (name !== undefined) return { kind: 'parameter', name };
  const pointers = (Array.isArray(pointer) ? pointer : [pointer]).map((each: unknown) => {
    const keys = typeof each === 'string' ? pointerKeys(each) : undefined;
    if (keys === undefined || keys.length === 0) {
      throw wrong(`${where}.pointer`, 'a JSON pointer such as "/query/match/title/query", or an array of them', each);
    }
    return keys;
  });
  if (pointers.length === 0) throw wrong(`${where}.pointer`, 'at least one JSON pointer', pointer);
  return { kind: 'pointers', pointers };
}

function methods(value: unknown, where: string): readonly string[] {
  if (value === undefined) return ['GET', 'POST'];
  const isList = Array.isArray(value) && value.length > 0;
  if (!isList || !value.every((each): each is string => typeof each === 'string' && /^[A-Z]+$/.test(each))) {
    throw wrong(where, 'an array of methods such as ["GET", "POST"]', value);
  }
  return value;
}

function object(value: unknown, where: string, known: readonly string[], code: 'CONFIG_FILE' | 'CONFIG_TYPE'): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(code, `${where}: expected a JSON object, found ${show(value)}`);
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new ConfigError('CONFIG_UNKNOWN', `${where}: unknown member "${unknown}"; there are ${known.join(', ')}`);
  }
  return value as Json;
}

function text(entry: Json, key: string, where: string): string | undefined {
  const value = entry[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '' || value.length > 256) {
    throw wrong(`${where}.${key}`, 'a text of 1 to 256 characters', value);
  }
  return value;
}

function header(entry: Json, key: string, where: string): string | null {
  const value = text(entry, key, where);
  if (value === undefined) return null;
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(value)) throw wrong(`${where}: ${key}`, 'the name of a header', value);
  return value.toLowerCase();
}

function oneOf<T extends string>(
  entry: Json,
  key: string,
  where: string,
  names: readonly T[],
  initial: T | undefined,
): T {
  const value = entry[key] ?? initial;
  const found = names.find((name) => name === value);
  if (found === undefined) throw wrong(`${where}: ${key}`, `one of ${names.join(', ')}`, value);
  return found;
}

function number(
  entry: Json,
  key: string,
  where: string,
  range: { initial: number; low: number; high: number; whole: boolean },
): number {
  const value = entry[key] ?? range.initial;
  const kind = range.whole ? 'a whole number' : 'a number';
  if (typeof value !== 'number' || (range.whole && !Number.isInteger(value))) {
    throw wrong(`${where}: ${key}`, kind, value);
  }
  if (value < range.low || value > range.high) {
    throw new ConfigError(
      'CONFIG_RANGE',
      `${where}: ${key}: expected ${kind} from ${range.low} to ${range.high}, found ${value}`,
    );
  }
  return value;
}

function wrong(where: string, expected: string, found: unknown): ConfigError {
  return new ConfigError('CONFIG_TYPE', `${where}: expected ${expected}, found ${show(found)}`);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}
