/**
 * A row of Emend's query log: what every foreign log is turned into, and what `emend build --queries` and `emend audit` read.
 *
 * TSV with a header of the six names, or JSONL with the same as properties. A cell that is empty, or a property that is not
 * there, is unknown; `hits` and `clicks` of 0 are known to be none.
 */

/** One search, or several alike. */
export interface LogRow {
  /** As it was typed, as far as the log tells. */
  readonly query: string;
  /** How often; 1 and more. */
  readonly count: number;
  /** Results found; -1 where it is unknown. */
  readonly hits: number;
  /** Results opened; -1 where it is unknown. */
  readonly clicks: number;
  /** Who asked, in the words of the log; empty where it is unknown. */
  readonly session: string;
  /** Milliseconds since 1970; NaN where it is unknown. */
  readonly timeMs: number;
}

/** How rows are written. */
export const ROW_FORMATS = ['tsv', 'jsonl'] as const;

export type RowFormat = (typeof ROW_FORMATS)[number];

/** A row of which nothing but the query is known. */
export const PLAIN_ROW: Omit<LogRow, 'query'> = Object.freeze({
  count: 1,
  hits: -1,
  clicks: -1,
  session: '',
  timeMs: Number.NaN,
});

/** The first line of a log; none in JSONL. */
export function rowHeader(format: RowFormat): string {
  return format === 'tsv' ? 'query\tcount\thits\tclicks\tsession\ttime\n' : '';
}

/** A row as a line with its LF. In TSV, tabs and line ends within a text become spaces. */
export function encodeRow({ query, count, hits, clicks, session, timeMs }: LogRow, format: RowFormat): string {
  const time = Number.isNaN(timeMs) ? '' : new Date(timeMs).toISOString();
  if (format === 'jsonl') {
    const known = {
      query,
      count,
      ...(hits < 0 ? {} : { hits }),
      ...(clicks < 0 ? {} : { clicks }),
      ...(session === '' ? {} : { session }),
      ...(time === '' ? {} : { time }),
    };
    return `${JSON.stringify(known)}\n`;
  }
  const cells = [oneField(query), count, hits < 0 ? '' : hits, clicks < 0 ? '' : clicks, oneField(session), time];
  return `${cells.join('\t')}\n`;
}

function oneField(text: string): string {
  return /[\t\r\n]/.test(text) ? text.replace(/[\t\r\n]+/g, ' ') : text;
}
