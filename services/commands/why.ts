/** `emend why`: why a query was not rewritten as somebody wanted, and what to do about it. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { nearestRight } from '../evaluate/judge/slices.ts';
import { comparable } from '../evaluate/rows/comparable.ts';
import { readEvalSet } from '../evaluate/rows/eval-rows.ts';
import { renderTables, type Table } from '../figures/table.ts';
import type { Verdict, Why } from '../rewrite/why/account.ts';
import { configure, type OpenRewriter, opener, REWRITER_FLAGS, REWRITER_HELP } from './rewriter-flags.ts';

const HELP = `\
Tells why a query was not rewritten as wanted: how far the wanted text got, what spoke against it, and what to do.

  emend why peace corp --want 'peace corps'
  emend why --file wrong.tsv

Usage: emend why WORD... --want TEXT [OPTION...]
       emend why --file FILE [OPTION...]

The words joined by spaces are the query; put "--" before a word that begins with a dash. Case and signs do not matter in TEXT.
FILE has lines of query<TAB>wanted, of which each is told in a line of a table; "|" separates several that are right.

  --want TEXT            what the query was to become, or the query itself where it was to be left alone
  --file FILE            many at once; "-" reads standard input
  --json                 a JSON object a query, instead of tables
${REWRITER_HELP}
  --help                 this text
`;

/** What each verdict says. */
const VERDICTS: Readonly<Record<Verdict, string>> = {
  auto: 'it is the answer, made unasked',
  suggest: 'it is the answer, offered',
  none: 'it is the answer',
  unsure: 'the likeliest change, but too unlikely to be offered',
  outranked: 'another reading is likelier',
  'not-decoded': 'it can be read, but others are so much likelier that it was not weighed',
  rude: 'it puts in a rude word',
  'not-proposed': 'no candidates make it',
  ruled: 'a rule decided',
};

/** As much as a query may have. */
const MOST_BYTES = 16_384;

/** `emend why`. */
export function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  return whyWith(args, io, opener(io, deps));
}

/** {@link run} with a rewriter from elsewhere. */
export async function whyWith(args: string[], io: CommandIo, open: OpenRewriter): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...REWRITER_FLAGS,
      want: { type: 'string' },
      file: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const asked = readAsked(values, positionals);
  const rows = 'file' in asked ? await readRows(asked.file, io) : [asked];
  const { config, options } = configure(values, io);
  const { rewriter, close } = await open(config);
  try {
    const accounts: Why[] = [];
    for (const { query, want } of rows) {
      const answer = await rewriter.rewrite(query, { ...options, want, explain: false });
      const account = answer.trace.at(-1)?.detail as Why | undefined;
      if (account === undefined) throw new Error(`asking why of "${query}": expected an account, found none`);
      accounts.push(account);
    }
    if (values.json) io.stdout.write(accounts.map((account) => `${JSON.stringify(account)}\n`).join(''));
    else if ('file' in asked) io.stdout.write(renderTables([summary(accounts)], 'text'));
    else for (const account of accounts) io.stdout.write(tell(account));
  } finally {
    await close();
  }
  return 0;
}

interface Asked {
  readonly query: string;
  readonly want: string;
}

function readAsked(
  { want, file }: { readonly want?: string | undefined; readonly file?: string | undefined },
  words: readonly string[],
): Asked | { readonly file: string } {
  if (file !== undefined) {
    if (words.length > 0 || want !== undefined) throw new UsageError('--file goes without words and without --want');
    return { file };
  }
  if (words.length === 0) throw new UsageError('expected the words of a query, or --file FILE');
  if (want === undefined || want.trim() === '')
    throw new UsageError('--want takes the text that the query was to become');
  const query = words.join(' ');
  for (const text of [query, want]) {
    if (Buffer.byteLength(text) > MOST_BYTES) throw new UsageError(`a text has at most ${MOST_BYTES} bytes`);
  }
  return { query, want };
}

/** The rows of a file; of several right texts the one nearest to what was typed is the wanted one. */
async function readRows(file: string, io: CommandIo): Promise<Asked[]> {
  const { rows } = await readEvalSet(file === '-' ? '/dev/stdin' : resolve(io.cwd, file));
  return rows.map(({ input, rights }) => ({
    query: input,
    want: nearestRight(comparable(input), rights.map(comparable)),
  }));
}

/** What an account says, for a terminal. */
function tell(account: Why): string {
  const { query, want, verdict, answer, wanted, thresholds, against, features, obstacles, remedy } = account;
  const lines = [
    `query     ${query}`,
    `answer    ${answer.rewritten}  (${answer.decision}, ${answer.confidence.toFixed(3)})`,
    `wanted    ${want}  (${verdict}: ${VERDICTS[verdict]})`,
  ];
  if (wanted !== null) {
    const place = wanted.place === 1 ? 'the likeliest reading' : `reading ${wanted.place} by probability`;
    const above = `offered above ${thresholds.suggest.toFixed(2)}, made above ${thresholds.auto.toFixed(2)}`;
    lines.push(`          ${wanted.probability.toFixed(3)}, ${place}; ${above}`);
  }
  if (against !== null) lines.push(`against   ${against.text}  (${against.probability.toFixed(3)})`);
  for (const { typed, wanted: to, kind, detail } of obstacles) {
    lines.push(`obstacle  "${typed}" -> "${to}": ${kind}${detail === '' ? '' : ` (${detail})`}`);
  }
  lines.push(`remedy    ${remedy.text}`);
  if (remedy.command !== '') lines.push(`          ${remedy.command}`);
  let text = `${lines.join('\n')}\n`;
  if (features.length > 0) {
    const table: Table = {
      title: 'What speaks for the wanted reading (+) and against it (-), in nats of log-odds',
      columns: ['feature', 'wanted', 'against', 'adds'],
      rows: features.map(({ feature, value, other, adds }) => [
        feature,
        String(Math.round(100 * value) / 100),
        String(Math.round(100 * other) / 100),
        `${adds > 0 ? '+' : ''}${adds.toFixed(2)}`,
      ]),
      note: '',
    };
    text += `\n${renderTables([table], 'text')}`;
  }
  return text;
}

/** Many accounts, a line each. */
function summary(accounts: readonly Why[]): Table {
  const counts = new Map<string, number>();
  for (const { verdict } of accounts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return {
    title: `${accounts.length} queries: ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`,
    columns: ['query', 'wanted', 'verdict', 'P', 'place', 'most lost by', 'obstacle'],
    rows: accounts.map(({ query, want, verdict, wanted, features, obstacles }) => {
      const worst = features.find(({ adds }) => adds < 0);
      return [
        query,
        want,
        verdict,
        wanted === null ? '' : wanted.probability.toFixed(3),
        wanted === null ? '' : String(wanted.place),
        worst === undefined ? '' : `${worst.feature} ${worst.adds.toFixed(1)}`,
        obstacles.map(({ kind, detail }) => (detail === '' ? kind : `${kind} ${detail}`)).join(', '),
      ];
    }),
    note: '',
  };
}
