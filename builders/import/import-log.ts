/** Reads logs of other tools and hands on the rows of Emend's, with an account of what was left out. */
import { BuildError, InvalidLine } from '../errors.ts';
import { fileInput, type Input, streamInput } from '../sources/input.ts';
import { type InvalidLines, readLines } from '../sources/lines.ts';
import type { ColumnNames } from '../sources/query-columns.ts';
import { algoliaReader } from './algolia.ts';
import type { LogOptions, LogReader, LogSink } from './reader.ts';
import { SlowLogReader } from './slow-log.ts';
import { SolrLogReader } from './solr-log.ts';
import { TableReader } from './table.ts';
import { type ImportCounts, type RowTarget, Tally } from './tally.ts';
import { typesenseReader } from './typesense.ts';
import { UbiClickReader, UbiClicks, UbiReader } from './ubi.ts';

/** The logs that can be read, with what each is. */
export const LOG_FORMATS = Object.freeze({
  ubi: 'User Behavior Insights: queries and events as JSONL (documents, hits or bulk pairs)',
  'slow-log': 'search slow logs of Elasticsearch and OpenSearch, JSON or text',
  solr: "Solr's request log (solr.log)",
  algolia: 'Algolia: answers of top searches, searches without results, and getLogs',
  typesense: 'Typesense: documents of a popular_queries rule, or of hit counts',
  'typesense-nohits': 'Typesense: documents of a nohits_queries rule',
  'search-console': "Search Console's Queries.csv, in any language: impressions become counts",
  shop: 'CSV or TSV with a column of queries: exports of shops and analytics',
});

export type LogFormat = keyof typeof LOG_FORMATS;

const STDIN_NOTE = 'clicks are unknown: standard input and pipes cannot be read twice; give files';

/** What is to be read, and how. */
export interface ImportPlan extends LogOptions {
  readonly format: LogFormat;
  /** Paths with the names that messages use; `-` is standard input. */
  readonly files: readonly { readonly path: string; readonly label: string }[];
  /** Columns of a table by meaning. */
  readonly named: ColumnNames;
  /** Leave out what cannot be understood instead of stopping. */
  readonly skipInvalid: boolean;
}

/** What an import did. */
export interface ImportReport extends ImportCounts {
  readonly format: LogFormat;
  readonly files: number;
  /** Lines read. */
  readonly lines: number;
  /** What the owner should know of the log. */
  readonly notes: readonly string[];
}

/** What a format's figures can be trusted for. */
const NOTES: Readonly<Partial<Record<LogFormat, string>>> = Object.freeze({
  ubi: 'hits are those of the first page: 0 is sure, more is at least so many',
  'slow-log':
    'a slow log has the slow searches alone unless its threshold is 0, so counts are low; hits are those of one shard',
  'search-console': 'counts are impressions in web search, not searches on your own site',
});

/**
 * Reads the files in order. Memory: a few chunks, the longest record, and what a format remembers (65,536 searches of slow
 * logs; clicks of a million UBI queries). UBI files are read twice, since clicks come after their queries; standard input
 * is read once, and clicks then stay unknown.
 *
 * @throws {BuildError} `BUILD_INPUT` for a file that cannot be read and, unless such are skipped, for the first record that
 *   cannot be understood
 */
export async function importLog(
  plan: ImportPlan,
  stdin: NodeJS.ReadableStream,
  target: RowTarget,
): Promise<ImportReport> {
  const inputs = plan.files.map(({ path, label }) => (path === '-' ? streamInput(stdin) : fileInput(path, label)));
  const tally = new Tally(target, plan.skipInvalid);
  const clicks = new UbiClicks();
  // A pipe has no size, and cannot be read again either.
  const readsTwice = plan.format === 'ubi' && inputs.every(({ size }) => size !== undefined);
  if (readsTwice) {
    for (const input of inputs) {
      const lines: InvalidLines = { skip: true, count: 0, first: '' };
      await readFile(input, new UbiClickReader(clicks), lines, undefined);
    }
  }
  let lines = 0;
  for (const input of inputs) {
    tally.begin(input.label);
    const reader = readerOf(plan, tally, input, clicks);
    lines += await readFile(input, reader, tally.lines, () => target.drain());
    tally.finish();
  }
  const notes = [NOTES[plan.format] ?? '', plan.format === 'ubi' && !readsTwice ? STDIN_NOTE : ''];
  return {
    format: plan.format,
    files: inputs.length,
    lines,
    ...tally.counts(),
    notes: notes.filter((note) => note !== ''),
  };
}

async function readFile(
  input: Input,
  reader: LogReader,
  invalid: InvalidLines,
  breathe: (() => Promise<void> | undefined) | undefined,
): Promise<number> {
  const digest = { bytes: 0, sha256: '' };
  const onHead = reader.onHead?.bind(reader);
  const options = {
    invalid,
    ...(onHead === undefined ? {} : { onHead }),
    ...(breathe === undefined ? {} : { breathe }),
  };
  let last = 0;
  const lines = await readLines(input, digest, options, (bytes, start, end, line) => {
    last = line;
    const text = bytes.toString('utf8', start, end);
    if (text.trim() !== '') reader.record(text);
  });
  try {
    reader.end?.();
  } catch (error) {
    if (!(error instanceof InvalidLine)) throw error;
    const message = `${input.label}:${last}: ${error.message}`;
    if (!invalid.skip) throw new BuildError('BUILD_INPUT', message);
    if (invalid.count++ === 0) invalid.first = message;
  }
  return lines;
}

function readerOf(plan: ImportPlan, sink: LogSink, input: Input, clicks: UbiClicks): LogReader {
  switch (plan.format) {
    case 'ubi':
      return new UbiReader(sink, clicks);
    case 'slow-log':
      return new SlowLogReader(sink, plan);
    case 'solr':
      return new SolrLogReader(sink, plan);
    case 'algolia':
      return algoliaReader(sink);
    case 'typesense':
    case 'typesense-nohits':
      return typesenseReader(sink, plan.format === 'typesense-nohits');
    case 'search-console':
      return new TableReader(sink, 'search-console', plan.named, input);
    case 'shop':
      return new TableReader(sink, 'names', plan.named, input);
  }
}
