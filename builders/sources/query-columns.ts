import { existsSync } from 'node:fs';
import { BuildError } from '../errors.ts';
import { looksLikeCount } from './fields.ts';

/** What a column of a query log can mean. */
export const QUERY_COLUMNS = ['query', 'count', 'hits', 'clicks', 'session', 'time'] as const;

export type QueryColumn = (typeof QUERY_COLUMNS)[number];

/** Columns by meaning: names of a header or of properties, or numbers from 1; empty for none. */
export type ColumnNames = Readonly<Partial<Record<QueryColumn, string>>>;

/** Positions of the columns, from 0; -1 if there is none. */
export type ColumnPlaces = Readonly<Record<QueryColumn, number>>;

/** What engines and analytics call the columns, compared without case and marks; those before win. */
const ALIASES: Readonly<Record<QueryColumn, readonly string[]>> = Object.freeze({
  query: [
    'query',
    'q',
    'search',
    'searchterm',
    'searchterms',
    'searchquery',
    'userquery',
    'querytext',
    'keyword',
    'keywords',
  ],
  count: ['count', 'searches', 'frequency', 'freq', 'searchcount'],
  hits: ['hits', 'nbhits', 'results', 'numfound', 'resultcount', 'resultscount', 'totalhits'],
  clicks: ['clicks', 'clickcount'],
  session: ['session', 'sessionid'],
  time: ['time', 'timestamp'],
});

/** A name without case, spaces and marks: `Search Term`, `search_term` and `searchTerm` are one. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** How well a name tells the meaning of a column: 0 best; -1 if it means something else. */
export function rankOf(name: string, column: QueryColumn): number {
  return ALIASES[column].indexOf(plainName(name));
}

/** What a property or column of this name means, if anything. */
export function columnCalled(name: string): QueryColumn | undefined {
  return QUERY_COLUMNS.find((column) => rankOf(name, column) >= 0);
}

/** The columns of a header by their names; each name has one meaning, each meaning the column whose name fits best. */
export function placesOf(names: readonly string[]): ColumnPlaces {
  const places = QUERY_COLUMNS.map((column) => {
    let best = -1;
    names.forEach((name, i) => {
      const rank = rankOf(name, column);
      if (rank >= 0 && (best < 0 || rank < rankOf(names[best]!, column))) best = i;
    });
    return [column, best] as const;
  });
  return Object.fromEntries(places) as Record<QueryColumn, number>;
}

/** Whether cells are a header: one names the query, none is a count, and the others are names, if there are any. */
export function isHeaderLine(cells: readonly string[]): boolean {
  if (cells.some(looksLikeCount) || !cells.some((cell) => rankOf(cell, 'query') >= 0)) return false;
  if (cells.length === 1) return true;
  const known = cells.filter((cell) => columnCalled(cell) !== undefined).length;
  return known > 1 || cells.every(isName);
}

/** Whether a cell could be the name of a column: one word, or several joined by marks or few spaces. */
function isName(cell: string): boolean {
  return /^[\p{L}_@#][\p{L}\p{N}_@#.:/()-]*( [\p{L}\p{N}_()#%-]+){0,2}$/u.test(cell.trim());
}

/**
 * Puts the columns that the owner names in place of those that the header tells.
 *
 * @param header the names in the file's first line; undefined if it has none
 * @throws {BuildError} `BUILD_INPUT` for a name that the header has not, or a name without a header
 */
export function withNamed(
  places: ColumnPlaces,
  named: ColumnNames,
  header: readonly string[] | undefined,
  where: string,
): ColumnPlaces {
  const found: Record<QueryColumn, number> = { ...places };
  for (const [column, name] of Object.entries(named) as [QueryColumn, string][]) {
    const exact = header?.indexOf(name) ?? -1;
    const place = exact >= 0 ? exact : (header?.findIndex((one) => plainName(one) === plainName(name)) ?? -1);
    if (name === '') found[column] = -1;
    else if (place >= 0) found[column] = place;
    else if (/^[1-9]\d*$/.test(name)) found[column] = Number(name) - 1;
    else {
      const names = header === undefined ? 'no header' : header.slice(0, 20).join(', ').slice(0, 200);
      throw new BuildError('BUILD_INPUT', `${where}: expected a column "${name}" for the ${column}, found: ${names}`);
    }
    // A column has one meaning: the one that the owner names.
    for (const other of QUERY_COLUMNS) {
      if (other !== column && !(other in named) && found[other] === found[column]) found[other] = -1;
    }
  }
  return found;
}

/** How columns are named on the command line and in a configuration. */
export const NAMING_ADVICE =
  'name the columns, as in --queries FILE:query=search_term,count=searches, or by number from 1 if there is no header';

/** A query log and the columns that the owner names, as `FILE[:query=NAME,count=NAME,...]` gives them. */
export interface QueryLogSpec {
  readonly file: string;
  readonly named: ColumnNames;
}

/**
 * Parses `FILE[:query=NAME,count=NAME,...]`; an empty name stands for no column. A file of that whole name wins.
 *
 * @throws {BuildError} `BUILD_INPUT` for a meaning that there is not
 */
export function parseQueryLogSpec(text: string): QueryLogSpec {
  const colon = text.search(/:[A-Za-z]+=[^/\\]*$/);
  if (colon < 0 || existsSync(text)) return { file: text, named: {} };
  const parts = text.slice(colon + 1).split(',');
  const named: Partial<Record<QueryColumn, string>> = {};
  for (const part of parts) {
    const equals = part.indexOf('=');
    const column = QUERY_COLUMNS.find((one) => one === part.slice(0, equals).trim());
    if (equals < 0 || column === undefined || column in named) {
      throw new BuildError(
        'BUILD_INPUT',
        `"${text}": expected FILE:COLUMN=NAME,... with columns of ${QUERY_COLUMNS.join(', ')}, each once, found "${part}"`,
      );
    }
    named[column] = part.slice(equals + 1).trim();
  }
  return { file: text.slice(0, colon), named };
}
