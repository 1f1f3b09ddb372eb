/** Tables: exports of shops and analytics by the names of their columns, and Search Console's by their places. */
import { BuildError, InvalidLine } from '../errors.ts';
import { cellsOf, type Layout, layoutOf } from '../sources/layout.ts';
import {
  type ColumnNames,
  type ColumnPlaces,
  placesOf,
  QUERY_COLUMNS,
  type QueryColumn,
  withNamed,
} from '../sources/query-columns.ts';
import { countOf, type LogReader, type LogSink, timeOf, wholeOf } from './reader.ts';

/** Names that exports use beside those that a build knows, without case, spaces and marks. */
const MORE_NAMES: Readonly<Record<QueryColumn, readonly string[]>> = Object.freeze({
  query: [
    'topqueries',
    'topsearchqueries',
    'searchphrase',
    'sitesearchterm',
    'term',
    'phrase',
    'originalquery',
    'searchkeyword',
  ],
  count: [
    'totalsearches',
    'uses',
    'numberofsearches',
    'numberofuses',
    'searchvolume',
    'totaluniquesearches',
    'eventcount',
    'impressions',
    'timessearched',
    'popularity',
  ],
  hits: ['numberofresults', 'productsfound', 'resultsfound', 'avgresults', 'matches'],
  clicks: ['totalclicks', 'clickthroughs', 'sessionswithclicks'],
  session: ['sessionid', 'visitid', 'clientid', 'userid'],
  time: ['date', 'datetime', 'createdat', 'searchedat', 'lastsearched'],
});

/** The columns of Search Console's export of queries, whatever language it is in. */
const SEARCH_CONSOLE_COLUMNS = 5;

/** Lines of a comment before the header, as Analytics writes them. */
const COMMENT = /^\s*#/;

/** How the columns of a table are told. */
export type TableKind = 'names' | 'search-console';

/** Reads CSV, with `,`, `;`, `|` or tabs between its cells. */
export class TableReader implements LogReader {
  readonly #sink: LogSink;
  readonly #kind: TableKind;
  readonly #named: ColumnNames;
  readonly #file: { readonly name: string; readonly label: string };
  #layout: Layout;
  #places: ColumnPlaces | undefined;

  constructor(
    sink: LogSink,
    kind: TableKind,
    named: ColumnNames,
    file: { readonly name: string; readonly label: string },
  ) {
    this.#sink = sink;
    this.#kind = kind;
    this.#named = named;
    this.#file = file;
    this.#layout = { format: 'csv', delimiter: ',' };
    this.#places = undefined;
  }

  onHead(head: Buffer): Layout {
    const lines = head.toString('utf8').split('\n');
    const first = lines.findIndex((line) => !COMMENT.test(line) && line.trim() !== '');
    const table = Buffer.from(lines.slice(Math.max(first, 0)).join('\n'));
    // Its header says what is between cells; a name such as log.txt does not.
    this.#layout = layoutOf(table, this.#file, 'queries', /\.tsv(\.gz)?$/i.test(this.#file.name) ? 'tsv' : 'csv');
    if (this.#layout.format === 'csv' && this.#layout.delimiter === '\t')
      this.#layout = { format: 'tsv', delimiter: '\t' };
    return this.#layout;
  }

  record(text: string): void {
    if (this.#places === undefined) {
      if (!COMMENT.test(text)) this.#places = this.#placesIn(cellsOf(text, this.#layout).map((name) => name.trim()));
      return;
    }
    const cells = cellsOf(text, this.#layout);
    const { query, count, hits, clicks, session, time } = this.#places;
    const typed = cells[query];
    if (typed === undefined) throw new InvalidLine(`expected the query in field ${query + 1}, found ${cells.length}`);
    const asked = countIn(cells[count], 'count', 1);
    if (asked === 0) {
      this.#sink.leftOut('never');
      return;
    }
    this.#sink.row({
      query: typed,
      count: asked,
      hits: countIn(cells[hits], 'hits', -1),
      clicks: countIn(cells[clicks], 'clicks', -1),
      session: (cells[session] ?? '').trim(),
      timeMs: timeOf((cells[time] ?? '').trim()),
    });
  }

  #placesIn(header: readonly string[]): ColumnPlaces {
    const places = this.#kind === 'search-console' ? searchConsole(header, this.#file.label) : byNames(header);
    const found = withNamed(places, this.#named, header, this.#file.label);
    if (found.query < 0) {
      throw new BuildError(
        'BUILD_INPUT',
        `${this.#file.label}: expected a header with a column of queries, found: ${header.slice(0, 20).join(', ').slice(0, 200)}; name the columns, as in --columns query=NAME,count=NAME`,
      );
    }
    return found;
  }
}

function byNames(header: readonly string[]): ColumnPlaces {
  const known = placesOf(header);
  const taken = new Set(Object.values(known));
  const found: Record<QueryColumn, number> = { ...known };
  for (const column of QUERY_COLUMNS) {
    if (found[column] >= 0) continue;
    for (const name of MORE_NAMES[column]) {
      const place = header.findIndex((one, i) => !taken.has(i) && plain(one) === name);
      if (place < 0) continue;
      found[column] = place;
      taken.add(place);
      break;
    }
  }
  return found;
}

/** Query, clicks, impressions, click rate, position. */
function searchConsole(header: readonly string[], label: string): ColumnPlaces {
  if (header.length !== SEARCH_CONSOLE_COLUMNS) {
    throw new BuildError(
      'BUILD_INPUT',
      `${label}: expected the ${SEARCH_CONSOLE_COLUMNS} columns of Search Console's Queries.csv (query, clicks, impressions, rate, position), found ${header.length}; import others as shop`,
    );
  }
  return { query: 0, clicks: 1, count: 2, hits: -1, session: -1, time: -1 };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** A number as people write it; averages are rounded. */
function countIn(cell: string | undefined, name: string, absent: number): number {
  const text = (cell ?? '').trim();
  if (text === '' || text === '-') return absent;
  const whole = wholeOf(text);
  if (Number.isNaN(whole) && name === 'hits' && /^\d+\.\d+$/.test(text)) return Math.round(Number(text));
  return countOf(text, name, absent);
}
