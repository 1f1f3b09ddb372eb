/** Counts what a log gives, and keeps back what nobody should learn from. */
import { LRUMap } from '../../stores/lru.ts';
import type { InvalidLine } from '../errors.ts';
import type { InvalidLines } from '../sources/lines.ts';
import { LEFT_OUT, type LeftOut, type LogSink } from './reader.ts';
import type { LogRow } from './row.ts';

/** Where rows go. */
export interface RowTarget {
  add(row: LogRow): void;
  /** Awaited between chunks of input, so that nothing is read ahead of who takes the rows. */
  drain(): Promise<void> | undefined;
}

/** What was read and what was not. */
export interface ImportCounts {
  /** Rows written, and how many searches they stand for. */
  readonly rows: number;
  readonly searches: number;
  /** Rows of which this is known. */
  readonly known: { readonly hits: number; readonly clicks: number; readonly session: number; readonly time: number };
  /** Rows that come before an earlier one of their session: corrections are learned from sessions in order of time. */
  readonly outOfOrder: number;
  /** Records that gave no row, by reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** Lines or entries that could not be understood, and the first of each file. */
  readonly invalid: number;
  readonly firstInvalid: readonly string[];
}

/** The most bytes of a query; the service takes no more. */
const MOST_BYTES = 16_384;
/** Sessions whose last time is remembered. */
const SESSIONS = 1 << 16;

/** The sink of every reader. */
export class Tally implements LogSink {
  readonly #target: RowTarget;
  readonly #skip: boolean;
  readonly #leftOut: Partial<Record<LeftOut, number>>;
  readonly #firstInvalid: string[];
  readonly #known: { hits: number; clicks: number; session: number; time: number };
  readonly #times: LRUMap<string, number>;
  #rows: number;
  #searches: number;
  #outOfOrder: number;
  #invalid: number;
  #label: string;
  #lines: InvalidLines;

  constructor(target: RowTarget, skip: boolean) {
    this.#target = target;
    this.#skip = skip;
    this.#leftOut = {};
    this.#firstInvalid = [];
    this.#known = { hits: 0, clicks: 0, session: 0, time: 0 };
    this.#times = new LRUMap(SESSIONS);
    this.#rows = 0;
    this.#searches = 0;
    this.#outOfOrder = 0;
    this.#invalid = 0;
    this.#label = '';
    this.#lines = { skip, count: 0, first: '' };
  }

  /** The account of the file's lines. */
  get lines(): InvalidLines {
    return this.#lines;
  }

  begin(label: string): void {
    this.#label = label;
    this.#lines = { skip: this.#skip, count: 0, first: '' };
  }

  finish(): void {
    this.#invalid += this.#lines.count;
    if (this.#lines.first !== '') this.#firstInvalid.push(this.#lines.first);
  }

  row(row: LogRow): void {
    const query = row.query.trim();
    if (query === '' || query === '*' || query === '*:*') {
      this.leftOut('empty');
      return;
    }
    if (query.length > MOST_BYTES || Buffer.byteLength(query) > MOST_BYTES) {
      this.leftOut('long');
      return;
    }
    this.#rows++;
    this.#searches += row.count;
    if (row.hits >= 0) this.#known.hits++;
    if (row.clicks >= 0) this.#known.clicks++;
    if (row.session !== '') this.#known.session++;
    if (!Number.isNaN(row.timeMs)) this.#known.time++;
    if (row.session !== '' && !Number.isNaN(row.timeMs)) {
      if (row.timeMs < (this.#times.get(row.session) ?? row.timeMs)) this.#outOfOrder++;
      this.#times.set(row.session, row.timeMs);
    }
    // Half of a pair of surrogates has no UTF-8.
    this.#target.add({ ...row, query: query.toWellFormed(), session: row.session.toWellFormed() });
  }

  leftOut(why: LeftOut): void {
    this.#leftOut[why] = (this.#leftOut[why] ?? 0) + 1;
  }

  invalid(error: InvalidLine): void {
    if (!this.#skip) throw error;
    if (this.#lines.count++ === 0) this.#lines.first = `${this.#label}: ${error.message}`;
  }

  counts(): ImportCounts {
    return {
      rows: this.#rows,
      searches: this.#searches,
      known: this.#known,
      outOfOrder: this.#outOfOrder,
      leftOut: this.#leftOut,
      invalid: this.#invalid,
      firstInvalid: this.#firstInvalid,
    };
  }
}

/** What was done, for people. */
export function summaryLines(counts: ImportCounts, lines: number, notes: readonly string[]): string[] {
  const { rows, searches, known, outOfOrder, leftOut, invalid, firstInvalid } = counts;
  const number = (value: number) => value.toLocaleString('en');
  return [
    `read ${number(lines)} lines, wrote ${number(rows)} rows for ${number(searches)} searches`,
    `known: hits of ${number(known.hits)} rows, clicks of ${number(known.clicks)}, sessions of ${number(known.session)}, times of ${number(known.time)}`,
    ...Object.entries(leftOut).map(([why, count]) => `left out ${number(count)}: ${LEFT_OUT[why as LeftOut]}`),
    ...(outOfOrder > 0
      ? [
          `${number(outOfOrder)} rows come before an earlier one of their session; sort the log by time to learn corrections from sessions`,
        ]
      : []),
    ...(invalid > 0 ? [`left out ${number(invalid)} that could not be understood`] : []),
    ...firstInvalid.map((message) => `  first of its file: ${message}`),
    ...notes.map((note) => `note: ${note}`),
  ];
}
