/** `emend import`: what other tools have, in the form that a build reads. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandIo, UsageError } from '../command.ts';
import { BuildError, reasonOf } from '../errors.ts';
import { importLog, LOG_FORMATS, type LogFormat } from '../import/import-log.ts';
import { encodeRow, type LogRow, ROW_FORMATS, type RowFormat, rowHeader } from '../import/row.ts';
import { type RowTarget, summaryLines } from '../import/tally.ts';
import { parseQueryLogSpec } from '../sources/query-columns.ts';
import { temporaryPath } from '../temporary-path.ts';

const HELP = `Turns the search log of another tool into the query log that "emend build --queries" and "emend audit" read.

  emend import log solr solr.log.1.gz solr.log --out log.tsv
  emend import log ubi queries.jsonl events.jsonl --out log.tsv
  emend import log shop export.csv --columns query="Search term",count=Uses --out log.tsv

Usage: emend import log FORMAT FILE... [--out FILE] [--to tsv|jsonl] [OPTION...]

FORMAT is one of
${Object.entries(LOG_FORMATS)
  .map(([name, what]) => `  ${name.padEnd(18)}${what}`)
  .join('\n')}

FILE is plain or gzipped, whatever its name; "-" is standard input. The columns written are query, count, hits, clicks, session and
time; what is not known is empty. A summary on stderr says what was read, what was left out, and why.

--out             the file to write; standard output by default
--to              tsv or jsonl; by the name of --out, else tsv
--columns         of shop and search-console: columns by meaning, query=NAME,count=NAME,hits=NAME,clicks=NAME,session=NAME,time=NAME,
                  an empty name for none
--query-pointer   of slow-log: JSON pointer to what was typed in the search request, such as /query/multi_match/query
--query-param     of solr: the request parameter with what was typed, such as userQuery
--handler         of solr: a search handler beside /select, /query, /search, /browse and /spell; may be repeated
--skip-invalid    leave out and count what cannot be understood, instead of stopping
--json            print the summary as JSON on stderr
`;

const OPTIONS = {
  out: { type: 'string' },
  to: { type: 'string' },
  columns: { type: 'string' },
  'query-pointer': { type: 'string' },
  'query-param': { type: 'string' },
  handler: { type: 'string', multiple: true },
  'skip-invalid': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Which formats take an option; an option that would do nothing is refused. */
const ONLY: Readonly<Record<string, readonly LogFormat[]>> = Object.freeze({
  columns: ['shop', 'search-console'],
  'query-pointer': ['slow-log'],
  'query-param': ['solr'],
  handler: ['solr'],
});

/**
 * Runs `emend import` on the arguments after `import`.
 *
 * @returns the exit code: 0 done, 1 failed, 2 misused
 * @throws {UsageError} for arguments it does not know
 * @throws {BuildError} when a log cannot be read or the rows cannot be written
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: true });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const [what, name, ...files] = positionals;
  if (what !== 'log') throw new UsageError(`expected "log", found ${what === undefined ? 'nothing' : `"${what}"`}`);
  const format = formatOf(name);
  if (files.length === 0) throw new UsageError('expected a FILE, found none; "-" is standard input');
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input can be read only once');
  for (const [option, formats] of Object.entries(ONLY)) {
    if (values[option as keyof typeof values] !== undefined && !formats.includes(format)) {
      throw new UsageError(`--${option} is for ${formats.join(' and ')}, not for ${format}`);
    }
  }
  const pointer = values['query-pointer'];
  if (pointer !== undefined && !pointer.startsWith('/')) {
    throw new UsageError(`--query-pointer: expected a JSON pointer such as /query/match/title, found "${pointer}"`);
  }
  const out = values.out === undefined ? undefined : resolve(io.cwd, values.out);
  const to = rowFormatOf(values.to, out);
  const target = out === undefined ? new StreamTarget(io.stdout, to) : new FileTarget(out, to);
  try {
    const param = values['query-param'];
    const report = await importLog(
      {
        format,
        files: files.map((file) => ({ path: file === '-' ? '-' : resolve(io.cwd, file), label: file })),
        named: values.columns === undefined ? {} : parseQueryLogSpec(`-:${values.columns}`).named,
        skipInvalid: values['skip-invalid'] ?? false,
        ...(pointer === undefined ? {} : { queryPointer: pointer }),
        ...(param === undefined ? {} : { queryParam: param }),
        ...(values.handler === undefined ? {} : { handlers: values.handler }),
      },
      io.stdin,
      target,
    );
    await target.finish();
    const { lines, notes } = report;
    if (values.json) io.stderr.write(`${JSON.stringify(report)}\n`);
    else for (const line of summaryLines(report, lines, notes)) io.stderr.write(`emend import: ${line}\n`);
    return 0;
  } finally {
    target.discard();
  }
}

function formatOf(name: string | undefined): LogFormat {
  if (name !== undefined && Object.hasOwn(LOG_FORMATS, name)) return name as LogFormat;
  const found = name === undefined ? 'nothing' : `"${name}"`;
  throw new UsageError(`expected a format of ${Object.keys(LOG_FORMATS).join(', ')}, found ${found}`);
}

function rowFormatOf(asked: string | undefined, out: string | undefined): RowFormat {
  if (asked === undefined) return out !== undefined && /\.(jsonl|ndjson)$/i.test(out) ? 'jsonl' : 'tsv';
  const format = ROW_FORMATS.find((one) => one === asked);
  if (format === undefined) throw new UsageError(`--to: expected ${ROW_FORMATS.join(' or ')}, found "${asked}"`);
  return format;
}

/** So much is gathered before it is written. */
const PIECE_CHARACTERS = 1 << 16;

interface Target extends RowTarget {
  finish(): Promise<void>;
  discard(): void;
}

/** Rows to a stream, no faster than it takes them. */
class StreamTarget implements Target {
  readonly #stream: NodeJS.WritableStream;
  readonly #format: RowFormat;
  #text: string;

  constructor(stream: NodeJS.WritableStream, format: RowFormat) {
    this.#stream = stream;
    this.#format = format;
    this.#text = rowHeader(format);
  }

  add(row: LogRow): void {
    this.#text += encodeRow(row, this.#format);
  }

  drain(): Promise<void> | undefined {
    return this.#text.length < PIECE_CHARACTERS ? undefined : this.finish();
  }

  finish(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    return new Promise((done, fail) => {
      this.#stream.write(text, (error?: Error | null) => (error ? fail(error) : done()));
    });
  }

  discard(): void {}
}

/** Rows to a file that appears whole or not at all. */
class FileTarget implements Target {
  readonly #path: string;
  readonly #temporary: string;
  readonly #format: RowFormat;
  #file: number;
  #text: string;

  constructor(path: string, format: RowFormat) {
    this.#path = path;
    this.#temporary = temporaryPath(path);
    this.#format = format;
    this.#text = rowHeader(format);
    this.#file = this.#doing(() => openSync(this.#temporary, 'w'));
  }

  add(row: LogRow): void {
    this.#text += encodeRow(row, this.#format);
    if (this.#text.length >= PIECE_CHARACTERS) this.#write();
  }

  drain(): undefined {
    return undefined;
  }

  finish(): Promise<void> {
    this.#write();
    this.#doing(() => {
      fsyncSync(this.#file);
      closeSync(this.#file);
      this.#file = -1;
      renameSync(this.#temporary, this.#path);
    });
    return Promise.resolve();
  }

  discard(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
    rmSync(this.#temporary, { force: true });
  }

  #write(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.#doing(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
  }

  #doing<T>(act: () => T): T {
    try {
      return act();
    } catch (cause) {
      throw new BuildError('BUILD_OUTPUT', `${this.#path}: writing it: ${reasonOf(cause)}`, { cause });
    }
  }
}
