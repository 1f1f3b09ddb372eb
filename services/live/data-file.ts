/**
 * Files of live data: JSON, JSON lines and text, as entries of a collection. docs/live-data.md describes them.
 *
 * `NAME.EXT` or `NAME.KIND.EXT`, for example `brands.txt`, `prices.json`, `stop-words.set.json`.
 */
import { basename } from 'node:path';
import { findJsonError } from '../../stores/bytes/json-error.ts';
import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import type { CollectionEntry } from '../../stores/lmdb/collection-writer.ts';
import { type CollectionKind, isCollectionName } from '../../stores/lmdb/format.ts';
import { DataError } from './errors.ts';

const FORMATS = ['json', 'jsonl', 'txt'] as const;
export type DataFormat = (typeof FORMATS)[number];

/** Kinds that a file can hold. */
export const DATA_KINDS = ['list', 'set', 'map'] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/** What a file's name says. */
export interface DataName {
  readonly name: string;
  readonly format: DataFormat;
  /** Undefined where what is in the file says it. */
  readonly kind: DataKind | undefined;
}

/** What a file holds. */
export interface DataFile {
  readonly kind: DataKind;
  readonly entries: Iterable<CollectionEntry>;
}

/** Whether a collection is of a kind that files hold. */
export function isDataKind(kind: CollectionKind | string): kind is DataKind {
  return (DATA_KINDS as readonly string[]).includes(kind);
}

/** What the name of a file says, or undefined for one that is of no format of ours. */
export function parseDataName(file: string): DataName | undefined {
  const parts = basename(file).split('.');
  const [name = '', ...rest] = parts;
  const format = FORMATS.find((one) => one === rest.at(-1));
  const kind = rest.length === 2 ? rest[0] : undefined;
  if (format === undefined || rest.length > 2 || (kind !== undefined && !isDataKind(kind))) return undefined;
  return isCollectionName(name) ? { name, format, kind } : undefined;
}

/**
 * Reads a file of live data.
 *
 * @param file its name, for messages
 * @param kind what it is to be; without it a JSON object is a map, text a set, all else a list
 * @throws {DataError} `DATA_SYNTAX`: from here, or while the entries are walked
 */
export function readDataFile(bytes: Uint8Array, format: DataFormat, file: string, kind?: DataKind): DataFile {
  if (format === 'json') return fromJson(bytes, file, kind);
  const lines = format === 'txt' ? textLines(bytes, file) : jsonLines(bytes, file);
  const lineKind = kind ?? (format === 'txt' ? 'set' : 'list');
  return { kind: lineKind, entries: fromLines(lines, lineKind, file) };
}

function fromJson(bytes: Uint8Array, file: string, kind: DataKind | undefined): DataFile {
  const value = parseJson(textOf(bytes, file), file, 1);
  if (Array.isArray(value)) {
    if (kind === 'map') throw new DataError('DATA_SYNTAX', file, 'an array; a map is an object {"key": value}');
    return { kind: kind ?? 'list', entries: kind === 'set' ? members(value, file) : elements(value) };
  }
  if (typeof value === 'object' && value !== null) {
    if (kind !== undefined && kind !== 'map') {
      throw new DataError('DATA_SYNTAX', file, `an object; a ${kind} is an array`);
    }
    return { kind: 'map', entries: properties(value) };
  }
  throw new DataError('DATA_SYNTAX', file, `expected an array or an object, found ${JSON.stringify(value)}`, 1, 1);
}

function* elements(array: readonly unknown[]): Generator<CollectionEntry> {
  for (const value of array) yield { value };
}

function* properties(object: object): Generator<CollectionEntry> {
  for (const key of Object.keys(object)) yield { key, value: (object as Record<string, unknown>)[key] };
}

function* members(array: readonly unknown[], file: string): Generator<CollectionEntry> {
  for (const [i, member] of array.entries()) {
    if (!isMember(member)) {
      throw new DataError(
        'DATA_SYNTAX',
        file,
        `member ${i + 1} is an array or an object; a set has text, numbers, true, false, null`,
      );
    }
    yield { key: member };
  }
}

function* fromLines(
  lines: Iterable<{ readonly value: unknown; readonly line: number }>,
  kind: DataKind,
  file: string,
): Generator<CollectionEntry> {
  for (const { value, line } of lines) {
    if (kind === 'list') yield { value };
    else if (kind === 'set') {
      if (!isMember(value))
        throw new DataError('DATA_SYNTAX', file, 'a set has text, numbers, true, false, null', line, 1);
      yield { key: value };
    } else yield pairOf(value, file, line);
  }
}

function pairOf(value: unknown, file: string, line: number): CollectionEntry {
  const pair = value as { key?: unknown; value?: unknown } | null;
  if (typeof pair !== 'object' || pair === null || typeof pair.key !== 'string' || pair.value === undefined) {
    throw new DataError('DATA_SYNTAX', file, 'expected {"key": "text", "value": ...} on each line of a map', line, 1);
  }
  return { key: pair.key, value: pair.value };
}

function isMember(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value !== 'object';
}

/** Lines of a text file without those that are blank or begin with `#`. */
function* textLines(bytes: Uint8Array, file: string): Generator<{ value: string; line: number }> {
  for (const { text, line } of linesOf(bytes, file)) {
    const value = text.trim();
    if (value !== '' && !value.startsWith('#')) yield { value, line };
  }
}

function* jsonLines(bytes: Uint8Array, file: string): Generator<{ value: unknown; line: number }> {
  for (const { text, line } of linesOf(bytes, file)) {
    if (text.trim() !== '') yield { value: parseJson(text, file, line), line };
  }
}

function* linesOf(bytes: Uint8Array, file: string): Generator<{ text: string; line: number }> {
  let line = 0;
  for (let from = hasByteOrderMark(bytes) ? 3 : 0; from < bytes.length; ) {
    line++;
    const newline = bytes.indexOf(0x0a, from);
    const end = newline < 0 ? bytes.length : newline;
    yield { text: textOf(bytes.subarray(from, end), file, line), line };
    from = end + 1;
  }
}

function parseJson(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const wrong = findJsonError(text);
    if (wrong === undefined) throw new DataError('DATA_SYNTAX', file, (error as Error).message, line, 1);
    throw new DataError('DATA_SYNTAX', file, `expected ${wrong.expected}`, line + wrong.line - 1, wrong.column);
  }
}

function textOf(bytes: Uint8Array, file: string, line = 0): string {
  try {
    return decodeUtf8(bytes, line === 0 && hasByteOrderMark(bytes) ? 3 : 0);
  } catch {
    throw new DataError('DATA_SYNTAX', file, 'this is not UTF-8; save the file as UTF-8', line);
  }
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
