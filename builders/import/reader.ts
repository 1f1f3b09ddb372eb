/** What a reader of one format of logs is: records in, rows and reasons out. */
import { InvalidLine } from '../errors.ts';
import type { Layout } from '../sources/layout.ts';
import { parseTime } from '../sources/times.ts';
import type { LogRow } from './row.ts';

/** Why a record gave no row although it could be read: no mistake, but nothing to learn from. A closed list. */
export const LEFT_OUT = Object.freeze({
  empty: 'empty query, or * for all documents',
  long: 'query of more than 16,384 bytes',
  action: 'no search: another request, or a line of another log',
  shard: 'part of a search that was asked of another node or shard',
  repeated: 'the same search again, of another shard or phase',
  noText: 'no text that was typed: filters, ids or an expression of the engine',
  twoTexts: 'two different texts, of which nobody can tell which was typed',
  failed: 'the request failed',
  cut: 'cut short by the log, so that the query is not whole',
  event: 'event, counted with its query where it was a click',
  never: 'a count of 0',
});

export type LeftOut = keyof typeof LEFT_OUT;

/** Takes what a record says: rows, and reasons where it says nothing. */
export interface LogSink {
  row(row: LogRow): void;
  leftOut(why: LeftOut): void;
  /** One of a record's many entries cannot be understood: counted, or thrown where such are not skipped. */
  invalid(error: InvalidLine): void;
}

/** Hands on each entry of a record that holds many: one that cannot be used takes none of the others with it. */
export function eachOf(entries: readonly unknown[], sink: LogSink, take: (entry: unknown) => void): void {
  for (const entry of entries) {
    try {
      take(entry);
    } catch (error) {
      if (!(error instanceof InvalidLine)) throw error;
      sink.invalid(error);
    }
  }
}

/** What the owner says of a log beyond its format. */
export interface LogOptions {
  /** JSON pointer to what was typed in a search request. */
  readonly queryPointer?: string;
  /** Request parameter with what was typed; wins over those known. */
  readonly queryParam?: string;
  /** Paths of Solr's search handlers beside the usual. */
  readonly handlers?: readonly string[];
}

/** Reads one file's records, a text each. */
export interface LogReader {
  /** Given the beginning of the file before any record, where records depend on it. */
  onHead?(head: Buffer): Layout;
  /** @throws {InvalidLine} for a record that cannot be understood */
  record(text: string): void;
  /** Called after the last one. @throws {InvalidLine} when the file ends in the middle of a record */
  end?(): void;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number that a log writes as one or as text, whole and 0 or more; `absent` for nothing, null or less than 0. */
export function countOf(value: unknown, name: string, absent: number): number {
  if (value === undefined || value === null || value === '') return absent;
  const number = typeof value === 'string' ? wholeOf(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number < 0 ? absent : number;
  throw new InvalidLine(`expected a whole number as "${name}", found ${shown(value)}`);
}

/** A whole number as people write it: digits alone, or in groups of three; NaN for anything else. */
export function wholeOf(text: string): number {
  const trimmed = text.trim();
  if (/^-?\d{1,16}$/.test(trimmed)) return Number(trimmed);
  if (/^\d{1,16}\.0+$/.test(trimmed)) return Number(trimmed);
  // All groups by the same mark: 1,234,567 or 1.234 or 1 234 or 1'234.
  return /^\d{1,3}([,. \u00a0\u202f'\u2019])\d{3}(\1\d{3})*$/.test(trimmed)
    ? Number(trimmed.replace(/\D/g, ''))
    : Number.NaN;
}

/** A text or a number as text; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** Milliseconds since 1970; NaN where there is no time. @throws {InvalidLine} for a time that cannot be read */
export function timeOf(value: unknown): number {
  if (value === undefined || value === null || value === '') return Number.NaN;
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new InvalidLine(`expected a time, found ${shown(value)}`);
  }
  return parseTime(String(value));
}

/** A value in a message, not too long. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60);
}
