import { InvalidLine } from '../errors.ts';
import { looksLikeCount, parseCount, parseJsonObject, splitCsv, splitTsv } from './fields.ts';
import { formatOfLine, formatOfName, type InputFormat } from './format.ts';
import type { Input, InputDigest } from './input.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';
import { parseTime } from './times.ts';

/** The columns of a query log that have a meaning; others are passed over. */
const KNOWN_COLUMNS: readonly string[] = ['query', 'count', 'hits', 'clicks', 'session', 'time'];

/** When and by whom a query was asked, as far as the log tells. */
export interface QueryVisit {
  /** Empty where it is unknown. */
  readonly session: string;
  /** Milliseconds since 1970; NaN where it is unknown. */
  readonly timeMs: number;
  /** Results that were opened; -1 where it is unknown. */
  readonly clicks: number;
}

/**
 * Takes one query with how often it was asked, how many results it found, or -1 where that is unknown, and what is known of
 * the visit.
 */
export type TakeQuery = (query: string, count: number, hits: number, visit: QueryVisit) => void;

const UNKNOWN_VISIT: QueryVisit = Object.freeze({ session: '', timeMs: Number.NaN, clicks: -1 });

/**
 * Reads a query log: JSONL with a `query`; TSV or CSV whose header line has a column `query`; TSV or CSV without a
 * header, the query first and its count second; or text, a query a line.
 *
 * @returns the number of records
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}
 */
export async function readQueries(
  input: Input,
  digest: InputDigest,
  options: { readonly format?: InputFormat } & ReadLinesOptions,
  take: TakeQuery,
): Promise<number> {
  let parse: ((line: string) => void) | undefined;
  let count = 0;
  await readLines(input, digest, options, (bytes, start, end) => {
    if (start === end) return;
    const text = bytes.toString('utf8', start, end);
    if (parse === undefined) {
      const format = options.format ?? formatOfName(input.name) ?? formatOfLine(text);
      const prepared = parserFor(format, text, take);
      parse = prepared.parse;
      if (prepared.isHeader) return;
    }
    parse(text);
    count++;
  });
  return count;
}

function parserFor(
  format: InputFormat,
  firstLine: string,
  take: TakeQuery,
): { parse: (line: string) => void; isHeader: boolean } {
  if (format === 'txt') return { parse: (line) => take(line, 1, -1, UNKNOWN_VISIT), isHeader: false };
  if (format === 'jsonl') return { parse: (line) => takeObject(parseJsonObject(line), take), isHeader: false };
  const cellsOf = format === 'csv' ? splitCsv : splitTsv;
  const names = cellsOf(firstLine).map((name) => name.trim().toLowerCase());
  const isHeader = isHeaderLine(names);
  const query = isHeader ? names.indexOf('query') : 0;
  const count = isHeader ? names.indexOf('count') : 1;
  const columnOf = (name: string) => (isHeader ? names.indexOf(name) : -1);
  const [hits, clicks, session, time] = ['hits', 'clicks', 'session', 'time'].map(columnOf) as [
    number,
    number,
    number,
    number,
  ];
  return {
    parse: (line) => {
      const cells = cellsOf(line);
      const text = cells[query];
      if (text === undefined) throw new InvalidLine(`expected the query in field ${query + 1}, found ${cells.length}`);
      take(text, countIn(cells[count], 1), countIn(cells[hits], -1), {
        session: (cells[session] ?? '').trim(),
        timeMs: timeIn(cells[time]),
        clicks: countIn(cells[clicks], -1),
      });
    },
    isHeader,
  };
}

/** A header has a cell `query`, and no other cell says that the line is a record: a count, or words of its own. */
function isHeaderLine(names: readonly string[]): boolean {
  if (!names.includes('query') || names.some(looksLikeCount)) return false;
  return names.length === 1 || names.some((name) => name !== 'query' && KNOWN_COLUMNS.includes(name));
}

function countIn(cell: string | undefined, absent: number): number {
  return cell === undefined || cell.trim() === '' ? absent : parseCount(cell);
}

/** NaN for an empty cell. */
function timeIn(cell: string | undefined): number {
  return cell === undefined || cell.trim() === '' ? Number.NaN : parseTime(cell);
}

function takeObject(record: Record<string, unknown>, take: TakeQuery): void {
  const query = record['query'];
  if (typeof query !== 'string') throw new InvalidLine(`expected a text as "query", found ${typeof query}`);
  take(query, countOf(record, 'count', 1), countOf(record, 'hits', -1), {
    session: textOf(record, 'session').trim(),
    timeMs: timeIn(textOf(record, 'time')),
    clicks: countOf(record, 'clicks', -1),
  });
}

function countOf(record: Record<string, unknown>, name: string, absent: number): number {
  const value = record[name];
  if (value === undefined || value === null) return absent;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value === 'string') return countIn(value, absent);
  throw new InvalidLine(`expected a whole number as "${name}", found ${JSON.stringify(value).slice(0, 40)}`);
}

/** A text, or a number as one; empty where there is none. */
function textOf(record: Record<string, unknown>, name: string): string {
  const value = record[name];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new InvalidLine(`expected a text or a number as "${name}", found ${JSON.stringify(value).slice(0, 40)}`);
}
