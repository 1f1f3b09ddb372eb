/** `emend rewrite`: one query from the arguments, or a query a line from standard input. */
import { isUtf8 } from 'node:buffer';
import { parseArgs } from 'node:util';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { joinBars } from '../evaluate/rows/bars.ts';
import { NO_OUTCOME, type RewriteAnswer } from '../rewrite/answer.ts';
import { DEFAULT_OPTIONS, type RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';
import { byteLines } from './byte-lines.ts';
import { Output } from './output.ts';
import { configure, type OpenRewriter, opener, REWRITER_FLAGS, REWRITER_HELP } from './rewriter-flags.ts';

const HELP = `\
Rewrites queries: one answer for each query, in order.

  emend rewrite wireles hedphones for runing
  emend rewrite --format tsv < queries.txt > rewritten.tsv

Usage: emend rewrite [WORD...] [OPTION...]

The words joined by spaces are one query; put "--" before a word that begins with a dash. Without words, standard input is
read, one query a line. Each line gives one line of output: in JSON an answer object, in TSV the columns
query, rewritten, decision, confidence, alternatives (at most 4, joined by |, a bar inside escaped as \\|).
In TSV carriage returns are dropped and tabs become spaces. A byte order mark at the beginning of stdin is ignored. Lines
that are empty, not valid UTF-8, or longer than 16 KiB come back unchanged with the decision none.

  --format json|tsv      output format (json)
  --alternatives N       other readings in each JSON answer, 0 to 10 (${DEFAULT_OPTIONS.alternatives})
  --explain              add a trace to each JSON answer
${REWRITER_HELP}
  --help                 this text
`;

/** The most bytes that a line may have to be rewritten, as over HTTP. */
const MAX_QUERY_BYTES = 16_384;

/** The most alternatives in a TSV line. */
const TSV_ALTERNATIVES = 4;

/** How many answers may wait for the disk at once when stores are read without blocking. */
const MAX_WAITING = 64;

/** `emend rewrite`. */
export function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  return rewriteWith(args, io, opener(io, deps));
}

/** {@link run} with a rewriter from elsewhere. */
export async function rewriteWith(args: string[], io: CommandIo, open: OpenRewriter): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...REWRITER_FLAGS,
      format: { type: 'string', default: 'json' },
      alternatives: { type: 'string' },
      explain: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const { format } = values;
  if (format !== 'json' && format !== 'tsv') throw new UsageError(`--format takes json or tsv, not "${format}"`);
  const { config, options: asked } = configure(values, io);
  const options = { ...asked, explain: values.explain };
  const { rewriter, close } = await open(config);
  try {
    const lines = positionals.length > 0 ? [[Buffer.from(positionals.join(' '))]] : byteLines(io.stdin);
    await rewriteLines(lines, rewriter, format === 'json' ? jsonLine : tsvLine, options, io.stdout);
  } finally {
    await close();
  }
  return 0;
}

/** How a line is put to the rewriter and its answer written. */
interface LineFormat {
  /** What is asked of the rewriter. */
  options(options: RewriteOptions): RewriteOptions;
  /** The query that a line of text states. */
  query(line: string): string;
  /** The line that an answer gives, with its LF. */
  encode(answer: RewriteAnswer): string;
  /** The line for one that is not put to the rewriter; bytes where the text has none. */
  unchanged(line: Buffer, reason: string, dataset: string): string | Uint8Array;
}

/** Answers line by line: what has been read is answered and written before more is read. */
async function rewriteLines(
  batches: Iterable<Buffer[]> | AsyncIterable<Buffer[]>,
  rewriter: Rewriter,
  format: LineFormat,
  options: RewriteOptions,
  stdout: NodeJS.WritableStream,
): Promise<void> {
  const output = new Output(stdout);
  const asked = format.options(options);
  // Answers in order, from the first that is still awaited; empty as long as the stores answer at once.
  let waiting: (string | Promise<string>)[] = [];
  const settle = async () => {
    const texts = await Promise.all(waiting);
    waiting = [];
    for (const text of texts) output.add(text);
  };
  try {
    for await (const lines of batches) {
      for (const line of lines) {
        const answered = answerLine(line, rewriter, format, asked);
        if (answered instanceof Uint8Array) {
          await settle();
          await output.flush(answered);
        } else if (waiting.length > 0 || answered instanceof Promise) {
          waiting.push(answered);
          if (waiting.length >= MAX_WAITING) await settle();
        } else output.add(answered);
        if (output.full) await output.flush();
        if (output.closed) return;
      }
      if (waiting.length > 0) await settle();
      await output.flush();
    }
  } finally {
    output.release();
  }
}

function answerLine(
  line: Buffer,
  rewriter: Rewriter,
  format: LineFormat,
  options: RewriteOptions,
): string | Uint8Array | Promise<string> {
  if (line.length > MAX_QUERY_BYTES) return format.unchanged(line, 'too-long', rewriter.dataset);
  if (!isUtf8(line)) return format.unchanged(line, 'invalid-utf8', rewriter.dataset);
  const answer = rewriter.rewrite(format.query(line.toString('utf8')), options);
  return answer instanceof Promise ? answer.then(format.encode) : format.encode(answer);
}

const jsonLine: LineFormat = {
  options: (options) => options,
  query: (line) => (line.endsWith('\r') ? line.slice(0, -1) : line),
  encode: (answer) => `${JSON.stringify(answer)}\n`,
  unchanged: (line, reason, dataset) =>
    `${JSON.stringify(unchangedAnswer(jsonLine.query(line.toString('utf8')), reason, dataset))}\n`,
};

const tsvLine: LineFormat = {
  options: (options) => ({ ...options, explain: false, alternatives: TSV_ALTERNATIVES }),
  query: oneField,
  encode: ({ query, rewritten, decision, confidence, alternatives }) => {
    // Rules may put in any text: what was asked holds no tab, what is answered might.
    const to = oneField(rewritten);
    const others: string[] = [];
    for (const alternative of alternatives) {
      const other = oneField(alternative.query);
      if (other !== to && others.length < TSV_ALTERNATIVES) others.push(other);
    }
    return `${query}\t${to}\t${decision}\t${confidence.toFixed(4)}\t${joinBars(others)}\n`;
  },
  unchanged: (line) => {
    const bytes = line.filter((byte) => byte !== 0x0d).map((byte) => (byte === 0x09 ? 0x20 : byte));
    return Buffer.concat([bytes, Buffer.from('\t'), bytes, Buffer.from('\tnone\t1.0000\t\n')]);
  },
};

/** A text as one field of a line: no carriage returns or line ends, spaces for tabs. */
function oneField(text: string): string {
  return /[\t\r\n]/.test(text) ? text.replace(/[\r\n]/g, '').replaceAll('\t', ' ') : text;
}

/** The answer to a line that the rewriter is not asked about. */
function unchangedAnswer(query: string, reason: string, dataset: string): RewriteAnswer {
  return {
    query,
    rewritten: query,
    decision: 'none',
    confidence: 1,
    search: query,
    suggestion: null,
    normalized: query,
    highlighted: query.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    edits: [],
    protected: [],
    alternatives: [],
    otherMass: 0,
    phrases: [],
    quantities: [],
    ...NO_OUTCOME,
    forSuggestion: null,
    rules: null,
    reasons: [reason],
    trace: [],
    dataset,
    queryId: '',
    tookMs: 0,
  };
}
