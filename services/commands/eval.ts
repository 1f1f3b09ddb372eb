/** `emend eval`: how good the rewrites are, on labelled queries or by a person's judgement. */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { judgedFigures, judgedTable } from '../evaluate/by-hand/judged.ts';
import { encodeSheet, findChanges, readSheet } from '../evaluate/by-hand/sheet.ts';
import { evaluateSets } from '../evaluate/evaluate-sets.ts';
import { LEVELS } from '../evaluate/judge/outcome.ts';
import { encodeRows, type JudgedSet, readRows } from '../evaluate/judge/rows-file.ts';
import { measurePerplexity, perplexityTable } from '../evaluate/parts/perplexity.ts';
import { encodeMissed, measureReach, reachTables } from '../evaluate/parts/reach.ts';
import { COMPONENT_NAMES, without } from '../evaluate/parts/without.ts';
import { changeTables, diffRuns, diffTable } from '../evaluate/report/diff.ts';
import { reportSummary, reportTables } from '../evaluate/report/report.ts';
import { reportMarkdown, writeReport } from '../evaluate/report/write-report.ts';
import { type EvalSet, readEvalSet } from '../evaluate/rows/eval-rows.ts';
import { readQueries } from '../evaluate/rows/query-list.ts';
import { type Part, readExcluded, type Selection, selectRows } from '../evaluate/rows/select.ts';
import { writeWhole } from '../evaluate/rows/text-file.ts';
import { sample } from '../figures/random.ts';
import { renderTables, type Table } from '../figures/table.ts';
import type { OpenedRewriter } from '../main.ts';
import type { RewriteOptions } from '../rewrite/options.ts';
import type { RewriterParts } from '../rewrite/pipeline.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import { configure, type OpenRewriter, opener, REWRITER_FLAGS, REWRITER_HELP, wholeNumber } from './rewriter-flags.ts';

const HELP = `\
Measures how many misspelled queries are fixed and how many correct ones are broken.

  emend eval queries.tsv                               tables to read
  emend eval queries.tsv words.tsv.gz --json           all figures as JSON
  emend eval queries.tsv --sample 2000 --seed 1 --out report
  emend eval --diff report-old report                  what was gained and lost between two runs
  emend eval --changes log.txt.gz > sheet.tsv          what would change, to judge by hand
  emend eval --judged sheet.tsv                        precision and broken, from those judgements
  emend eval queries.tsv --reach                       where right answers get lost: candidates, decoder, ranker
  emend eval queries.tsv --perplexity                  how well the language model predicts the right answers

Usage: emend eval FILE.tsv... [OPTION...]
       emend eval --diff OLD NEW | --changes FILE... | --judged SHEET [OPTION...]

Each line of a FILE is input<TAB>right1|right2, without a header, plain or gzipped. A row whose input is among its right
answers needs no correction. Blank lines are ignored; rows without an input or a right answer are skipped and counted.

  --sample N             measure N rows of each file (or N distinct queries), drawn at random
  --seed S               seed of the draw (1)
  --part K/N             measure part K of N of each file, split by a hash of the right answer
  --part-by right|input  what to hash; input is for lists of words that overlap (right)
  --exclude FILE         leave out rows whose input is the first field of a line there, such as training rows
  --out DIR              write report.json, report.md, rows.tsv, curve.svg, reliability.svg and reliability-groups.svg there
  --rows FILE            write every row with its answer and verdict there, as TSV
  --reach                instead of answers, measure where right answers get lost and the work of each query; with --rows
                         FILE the lost rows are written there
  --perplexity           instead of answers, measure the language model on the distinct right answers: perplexity, and
                         the share of pairs and triples of words that it has seen
  --without LIST         leave parts of the rewriter out: ${COMPONENT_NAMES.join(', ')}
  --json                 print JSON
  --markdown             print Markdown
  --diff OLD             compare two runs: each a folder of --out, the report.json in it, or a file of --rows
  --changes FILE         unlabelled queries, one a line (or query<TAB>count): print a sheet of those that would change
  --judged SHEET         read such a sheet back, its first column filled in with right, broken, wrong or unsure
${REWRITER_HELP}
  --help                 this text
`;

type Flags = ReturnType<typeof parseFlags>['values'];

function parseFlags(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...REWRITER_FLAGS,
      sample: { type: 'string' },
      seed: { type: 'string' },
      part: { type: 'string' },
      'part-by': { type: 'string' },
      exclude: { type: 'string', multiple: true },
      out: { type: 'string' },
      rows: { type: 'string' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      diff: { type: 'string' },
      changes: { type: 'string', multiple: true },
      judged: { type: 'string' },
      reach: { type: 'boolean', default: false },
      without: { type: 'string' },
      perplexity: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

/** `emend eval`. */
export function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  return evalWith(args, io, opener(io, deps));
}

/** {@link run} with a rewriter from elsewhere. */
export async function evalWith(args: string[], io: CommandIo, open: OpenRewriter): Promise<number> {
  const { values, positionals } = parseFlags(args);
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const modes = [values.diff, values.changes, values.judged].filter((mode) => mode !== undefined).length;
  if (modes > 1) throw new UsageError('--diff, --changes and --judged are three ways to run: choose one');
  if (values.json && values.markdown) throw new UsageError('--json and --markdown exclude each other');
  const paths = positionals.map((path) => resolve(io.cwd, path));
  if (values.diff !== undefined) return diffMode(values.diff, paths, values, io);
  if (values.judged !== undefined) return judgedMode(values.judged, paths, values, io);
  if (values.changes !== undefined) return changesMode([...values.changes, ...positionals], values, io, open);
  return measureMode(positionals, values, io, open);
}

async function measureMode(names: readonly string[], flags: Flags, io: CommandIo, open: OpenRewriter): Promise<number> {
  if (names.length === 0) throw new UsageError('expected at least one FILE.tsv, found none');
  const { config, options } = configure(flags, io);
  const { exclude } = flags;
  const change = changeFrom(flags);
  const part = partFrom(flags);
  const sampled = sampleFrom(flags);
  // Files first: a wrong path should not wait for a dataset to open.
  const excluded = exclude === undefined ? null : await readExcluded(exclude.map((name) => resolve(io.cwd, name)));
  const selection = { part, sample: sampled, excluded };
  const sets = (await readSets(names, io.cwd)).map((set) => selectRows(set, selection));
  if (flags.reach && flags.perplexity) throw new UsageError('--reach and --perplexity are two ways to run: choose one');
  if (flags.perplexity) return perplexityMode(sets, flags, io, await open(config, change), options);
  if (flags.reach) return reachMode(sets, flags, io, await open(config, change), options);
  const rowCount = sets.reduce((sum, { rows }) => sum + rows.length, 0);
  const { rewriter, close } = await open(config, change);
  const progress = new Progress(io.stderr, 'measuring', rowCount);
  try {
    const evaluation = await evaluateSets(rewriter, sets, options, selection, () => progress.step());
    progress.end();
    const { report, judged } = evaluation;
    if (flags.rows !== undefined) await writeWhole(resolve(io.cwd, flags.rows), encodeRows(judged));
    if (flags.out !== undefined) await writeReport(resolve(io.cwd, flags.out), evaluation);
    if (flags.json) await print(io, `${JSON.stringify(report)}\n`);
    else if (flags.markdown) await print(io, reportMarkdown(report));
    else await print(io, `${reportSummary(report)}\n\n${renderTables(reportTables(report), 'text')}`);
  } finally {
    progress.end();
    await close();
  }
  return 0;
}

async function reachMode(
  sets: readonly EvalSet[],
  flags: Flags,
  io: CommandIo,
  { explore, close }: OpenedRewriter,
  options: RewriteOptions,
): Promise<number> {
  const rowCount = sets.reduce((sum, { rows }) => sum + rows.length, 0);
  const progress = new Progress(io.stderr, 'measuring', rowCount);
  try {
    if (explore === undefined) throw new UsageError('--reach: this rewriter does not show its candidates');
    const figures = sets.map((set) => measureReach(explore, set, options, () => progress.step()));
    progress.end();
    if (flags.rows !== undefined) await writeWhole(resolve(io.cwd, flags.rows), encodeMissed(figures));
    if (flags.json) await print(io, `${JSON.stringify(figures)}\n`);
    else await printTables(io, reachTables(figures), flags);
  } finally {
    progress.end();
    await close();
  }
  return 0;
}

async function perplexityMode(
  sets: readonly EvalSet[],
  flags: Flags,
  io: CommandIo,
  { wordCosts, close }: OpenedRewriter,
  options: RewriteOptions,
): Promise<number> {
  try {
    if (wordCosts === undefined) throw new UsageError('--perplexity: this rewriter does not show its language model');
    const figures = sets.map((set) => measurePerplexity((query) => wordCosts(query, options), set));
    if (flags.json) await print(io, `${JSON.stringify(figures)}\n`);
    else await printTables(io, [perplexityTable(figures)], flags);
  } finally {
    await close();
  }
  return 0;
}

async function changesMode(names: readonly string[], flags: Flags, io: CommandIo, open: OpenRewriter): Promise<number> {
  const { config, options: asked } = configure(flags, io);
  const options = { ...asked, alternatives: 0 };
  const size = sampleFrom(flags);
  const all = await readQueries(names.map((name) => resolve(io.cwd, name)));
  const queries = size === null ? all : sample(all, size.size, size.seed);
  const { rewriter, close } = await open(config);
  const progress = new Progress(io.stderr, 'rewriting', queries.length);
  try {
    const sheet = await findChanges(rewriter, queries, options, () => progress.step());
    progress.end();
    await print(io, flags.json ? `${JSON.stringify(sheet)}\n` : encodeSheet(sheet));
  } finally {
    progress.end();
    await close();
  }
  return 0;
}

async function judgedMode(name: string, rest: readonly string[], flags: Flags, io: CommandIo): Promise<number> {
  if (rest.length > 0) throw new UsageError('--judged takes one sheet and no other file');
  const figures = judgedFigures(await readSheet(resolve(io.cwd, name)));
  if (flags.json) await print(io, `${JSON.stringify(figures)}\n`);
  else await printTables(io, [judgedTable(figures)], flags);
  return 0;
}

async function diffMode(old: string, rest: readonly string[], flags: Flags, io: CommandIo): Promise<number> {
  const [newer] = rest;
  if (newer === undefined || rest.length > 1) throw new UsageError('--diff takes two runs: --diff OLD NEW');
  const [before, after] = [await readRun(resolve(io.cwd, old)), await readRun(newer)];
  const diffs = LEVELS.map((level) => ({ level, sets: diffRuns(before, after, level) }));
  if (flags.json) await print(io, `${JSON.stringify(Object.fromEntries(diffs.map((d) => [d.level, d.sets])))}\n`);
  else {
    const tables = diffs.map(({ level, sets }) => diffTable(sets, level));
    // The rows of one level: at the other they are mostly the same.
    await printTables(io, [...tables, ...changeTables(diffs[0]?.sets ?? [])], flags);
  }
  return 0;
}

/** The judged rows of a run, from whichever of its files is named. */
async function readRun(path: string): Promise<JudgedSet[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return readRows(join(path, 'rows.tsv'));
  return readRows(path.endsWith('.json') ? join(dirname(path), 'rows.tsv') : path);
}

/** Reads all files; two of the same name go by the path that was given. */
async function readSets(names: readonly string[], cwd: string): Promise<EvalSet[]> {
  const sets: EvalSet[] = [];
  for (const name of names) sets.push(await readEvalSet(resolve(cwd, name)));
  return sets.map((set, i) => {
    const clash = sets.some((other, j) => j !== i && other.name === set.name);
    return clash ? { ...set, name: names[i] ?? set.name } : set;
  });
}

function partFrom(flags: Flags): Part | null {
  const by = flags['part-by'] ?? 'right';
  if (by !== 'right' && by !== 'input') throw new UsageError(`--part-by takes right or input, not "${by}"`);
  if (flags.part === undefined) {
    if (flags['part-by'] !== undefined) throw new UsageError('--part-by is for --part K/N');
    return null;
  }
  const [index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(flags.part) ?? []).slice(1).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new UsageError(`--part takes K/N, K from 1 to N, not "${flags.part}"`);
  }
  return { index, of, by };
}

function changeFrom({ without: list }: Flags): ((parts: RewriterParts) => RewriterParts) | undefined {
  if (list === undefined) return undefined;
  const components = list.split(',').map((name) => {
    const component = COMPONENT_NAMES.find((known) => known === name.trim());
    if (component === undefined) throw new UsageError(`--without takes ${COMPONENT_NAMES.join(', ')}, not "${name}"`);
    return component;
  });
  return (parts) => without(components, parts);
}

function sampleFrom(flags: Flags): Selection['sample'] {
  const size = wholeNumber('--sample', flags.sample, 1, 1_000_000_000);
  const seed = wholeNumber('--seed', flags.seed, 0, 4_294_967_295);
  if (size === undefined && seed !== undefined) throw new UsageError('--seed is for --sample N');
  return size === undefined ? null : { size, seed: seed ?? 1 };
}

async function printTables(io: CommandIo, tables: readonly Table[], flags: Flags): Promise<void> {
  await print(io, renderTables(tables, flags.markdown ? 'markdown' : 'text'));
}

async function print(io: CommandIo, text: string): Promise<void> {
  const output = new Output(io.stdout);
  output.add(text);
  await output.flush();
  output.release();
}
