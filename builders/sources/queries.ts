import { BuildError, InvalidLine } from '../errors.ts';
import { parseCount, parseJsonObject } from './fields.ts';
import type { InputFormat } from './format.ts';
import type { Input, InputDigest } from './input.ts';
import { cellsOf, type Layout, layoutOf } from './layout.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';
import {
  type ColumnNames,
  type ColumnPlaces,
  columnCalled,
  isHeaderLine,
  NAMING_ADVICE,
  placesOf,
  type QueryColumn,
  rankOf,
  withNamed,
} from './query-columns.ts';
import { parseTime } from './times.ts';

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

/** The layout of a query log, and what to read from it. */
export interface QueryLogOptions {
  /** Given if the name and the first lines would say something else. */
  readonly format?: InputFormat;
  /** Columns or properties by meaning, if their names do not tell. */
  readonly named?: ColumnNames;
  /** Multiplies counts, which are then rounded, so that fractions can be counts. */
  readonly countScale?: number;
  /** Called with what was ignored. */
  readonly warn?: (message: string) => void;
}

/**
 * Reads a query log: JSONL with a `query`; a table whose header has a column for it, under this name or another that is
 * known ({@link placesOf}); a table of one or two columns without a header, the query first and its count second; or
 * text, a query a line. Columns without a meaning are ignored, with a warning.
 *
 * @returns the number of records
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}, and for a table whose columns nobody can tell
 */
export async function readQueries(
  input: Input,
  digest: InputDigest,
  options: QueryLogOptions & ReadLinesOptions,
  take: TakeQuery,
): Promise<number> {
  let layout: Layout = { format: 'txt', delimiter: '\t' };
  let parse: ((line: string) => void) | undefined;
  let count = 0;
  const onHead = (head: Buffer) => {
    layout = layoutOf(head, input, 'queries', options.format);
    return layout;
  };
  await readLines(input, digest, { ...options, onHead }, (bytes, start, end, line) => {
    if (start === end) return;
    const text = bytes.toString('utf8', start, end);
    if (parse === undefined) {
      const prepared = parserFor(layout, text, { ...options, where: `${input.label}:${line}` }, take);
      parse = prepared.parse;
      if (prepared.isHeader) return;
    }
    parse(text);
    count++;
  });
  return count;
}

interface ParserOptions extends QueryLogOptions {
  /** File and line of the first record, for messages. */
  readonly where: string;
}

function parserFor(
  layout: Layout,
  firstLine: string,
  options: ParserOptions,
  take: TakeQuery,
): { parse: (line: string) => void; isHeader: boolean } {
  const { named = {}, where } = options;
  if (layout.format === 'txt') {
    if (Object.keys(named).length === 0) return { parse: (line) => take(line, 1, -1, UNKNOWN_VISIT), isHeader: false };
    throw new BuildError('BUILD_INPUT', `${where}: columns were named, but a text file has none; remove the names`);
  }
  if (layout.format === 'jsonl') return { parse: objectParser(options, take), isHeader: false };
  const header = cellsOf(firstLine, layout).map((name) => name.trim());
  const isNamed = Object.values(named).some((name) => name !== '' && !/^[1-9]\d*$/.test(name));
  const isHeader = isNamed || isHeaderLine(header);
  if (!isHeader && Object.keys(named).length === 0) refuseUnknown(header, where);
  const told = isHeader ? placesOf(header) : WITHOUT_HEADER;
  const places = withNamed(told, named, isHeader ? header : undefined, where);
  if (places.query < 0) {
    throw new BuildError(
      'BUILD_INPUT',
      `${where}: expected a column with queries, found: ${shown(header)}; ${NAMING_ADVICE}`,
    );
  }
  const meant = Object.values(places);
  const unused = isHeader ? header.filter((_, i) => !meant.includes(i)) : [];
  if (unused.length > 0) options.warn?.(`${where}: columns ignored: ${shown(unused)}`);
  // Without a header, a third cell shows that the second may not be a count.
  const most = isHeader || Object.keys(named).length > 0 ? Number.POSITIVE_INFINITY : 2;
  const { query, count, hits, clicks, session, time } = places;
  return {
    parse: (line) => {
      const cells = cellsOf(line, layout);
      const text = cells[query];
      if (text === undefined) throw new InvalidLine(`expected the query in field ${query + 1}, found ${cells.length}`);
      if (cells.length > most) {
        throw new InvalidLine(`expected a query and its count, found ${cells.length} fields; ${NAMING_ADVICE}`);
      }
      take(text, countIn(cells[count], 1, options.countScale), countIn(cells[hits], -1), {
        session: (cells[session] ?? '').trim(),
        timeMs: timeIn(cells[time]),
        clicks: countIn(cells[clicks], -1),
      });
    },
    isHeader,
  };
}

const WITHOUT_HEADER: ColumnPlaces = Object.freeze({ query: 0, count: 1, hits: -1, clicks: -1, session: -1, time: -1 });

/** A first line that is no header and has more or other cells than a query and its count. */
function refuseUnknown(cells: readonly string[], where: string): void {
  const [, second = ''] = cells;
  const isKnown = cells.length < 2 || (cells.length === 2 && (second === '' || /\d/.test(second)));
  if (isKnown) return;
  const found = cells.length === 2 ? JSON.stringify(second.slice(0, 40)) : `${cells.length} fields: ${shown(cells)}`;
  throw new BuildError(
    'BUILD_INPUT',
    `${where}: expected a count in the second field, or a header with a column "query", found ${found}; ${NAMING_ADVICE}`,
  );
}

function shown(names: readonly string[]): string {
  return names.slice(0, 20).join(', ').slice(0, 200);
}

function countIn(cell: string | undefined, absent: number, scale?: number): number {
  return cell === undefined || cell.trim() === '' ? absent : parseCount(cell, scale);
}

/** NaN for an empty cell. */
function timeIn(cell: string | undefined): number {
  return cell === undefined || cell.trim() === '' ? Number.NaN : parseTime(cell);
}

/** Names of properties remembered: some logs have data in them. */
const MOST_NAMES = 1000;

/** Reads objects: which of their properties mean something is looked up for each name once. */
function objectParser({ named = {}, countScale, warn, where }: ParserOptions, take: TakeQuery): (line: string) => void {
  const meanings = new Map<string, QueryColumn | undefined>();
  const unused: string[] = [];
  let isFirst = true;
  const meaningOf = (name: string): QueryColumn | undefined => {
    if (meanings.has(name)) return meanings.get(name);
    const column = columnCalled(name);
    const meaning = column !== undefined && column in named ? undefined : column;
    if (meanings.size < MOST_NAMES) meanings.set(name, meaning);
    return meaning;
  };
  return (line) => {
    const record = parseJsonObject(line);
    const found: Partial<Record<QueryColumn, string>> = {};
    for (const name of Object.keys(record)) {
      let column = meaningOf(name);
      // Results and searches may be given as lists, under names that elsewhere mean their number.
      if (column !== undefined && column !== name && isWhole(record[name])) column = undefined;
      if (column === undefined) {
        if (isFirst) unused.push(name);
        continue;
      }
      const other = found[column];
      if (other === undefined || rankOf(name, column) < rankOf(other, column)) found[column] = name;
    }
    const value = (column: QueryColumn): unknown => {
      const name = named[column];
      if (name !== undefined) return name === '' ? undefined : propertyAt(record, name);
      return found[column] === undefined ? undefined : record[found[column]];
    };
    if (isFirst) {
      isFirst = false;
      const taken = Object.values(named).map((name) => name.split('.')[0]);
      const others = unused.filter((name) => !Object.values(named).includes(name) && !taken.includes(name));
      if (others.length > 0) warn?.(`${where}: properties ignored: ${shown(others)}`);
    }
    const query = value('query');
    if (typeof query !== 'string') {
      const name = named.query ?? found.query ?? 'query';
      throw new InvalidLine(`expected a text as "${name}", found ${typeof query}; ${NAMING_ADVICE}`);
    }
    const cell = (column: QueryColumn) => textOf(value(column), named[column] ?? found[column] ?? column);
    take(query, countIn(cell('count'), 1, countScale), countIn(cell('hits'), -1), {
      session: cell('session').trim(),
      timeMs: timeIn(cell('time')),
      clicks: countIn(cell('clicks'), -1),
    });
  };
}

function isWhole(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** A property of this name, or under a path of names joined by dots. */
function propertyAt(record: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  let value: unknown = record;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** A text, or a number as text; empty if there is none. */
function textOf(value: unknown, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new InvalidLine(`expected a text or a number as "${name}", found ${JSON.stringify(value).slice(0, 40)}`);
}
