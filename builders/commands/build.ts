/** `emend build`: from documents, query logs and word lists to a dataset version. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_LANGUAGE, languageFolder, languageNames } from '../../data/languages.ts';
import {
  type BuildConfig,
  channelOf,
  inputOf,
  isCountScale,
  parseMemory,
  parseMinCounts,
  readBuildConfig,
  setEngine,
} from '../build/build-config.ts';
import { buildDataset } from '../build/build-dataset.ts';
import { bundledConfig, languageChannel } from '../build/bundled.ts';
import { dryRun } from '../build/dry-run.ts';
import { interruptible } from '../build/interrupt.ts';
import { findLanguage, readLanguageData } from '../build/language-folder.ts';
import {
  type BuildPlan,
  DEFAULT_MEMORY_BYTES,
  DEFAULT_MIN_COUNTS,
  DEFAULT_MIN_SESSIONS,
  type InputPlan,
} from '../build/plan.ts';
import { ProgressLine } from '../build/progress-line.ts';
import { summaryTable } from '../build/summary.ts';
import { type CommandIo, UsageError } from '../command.ts';
import { silentProgress } from '../progress.ts';

const HELP = `Builds a dataset version, the stores that emend rewrites queries with, from your own documents and query log.

  emend build --out dataset --docs products.tsv.gz:2,3 --queries log.tsv --bundled
  emend build --out dataset --docs produkte.tsv --language languages/de     a language of your own

Usage: emend build --out DIR [--docs FILE[:field,...]]... [--queries FILE[:COLUMN=NAME,...]]... [--words FILE]...
                   [--ngrams FILE]...
                   [--pairs FILE]... [--misspellings FILE]... [--channel FILE|none] [--vectors FILE] [--bundled]
                   [--language NAME|DIR] [--config FILE]... [--min-count N[,N,N]] [--min-sessions N]
                   [--engine STORE=fst|blocks|scores]... [--count-scale N] [--memory SIZE] [--skip-invalid] [--allow-empty]
                   [--dry-run] [--json]

--out         a folder that is not there yet, or empty (also a mount point, or a symbolic link to one); the dataset appears
              in it whole or not at all
--docs        documents, one a line: .txt, .tsv, .csv or .jsonl, each also gzipped, "-" for standard input. Fields of TSV
              and CSV by number from 1, or by name from a header line; properties of JSONL, nested by dots; all by default. Of HTML
              what it shows is read
--queries     a query log, of one file or many: TSV, CSV or JSONL with "query" and, where known, "count" and "hits", or names that
              engines and analytics give them (q, search_term, keyword; searches, frequency; nbHits, numFound, results); others
              are named: log.csv:query=search_term,count=searches, or by number from 1 without a header, an empty name for none.
              Other columns are passed over. A table without a header: query, count; text: a query a line. Queries that found nothing (hits 0) are passed over;
              where there are "session", "time" and "clicks" too, what people put right themselves is known as misspelled.
              Times are ISO 8601 (2024-03-31 12:00:00, 2024-03-31T12:00:00+02:00, 20240331120000), UTC where no zone is told, or
              seconds, milliseconds, microseconds or nanoseconds since 1970
--words       words or names that are right, one a line, with their count where known; Hunspell .dic files
--ngrams      lines "word word count"; .ngrams files, packed (see data/README.md)
--pairs       misspellings with their corrections, words or queries, a pair a line: wrong<TAB>right, or right1|right2, and
              where known how often; CSV and JSONL ("wrong", "right", "count") too. They teach the error model what your users mistype,
              and single words among them are known as misspellings
--misspellings  lists of misspellings as --pairs has them, to be known as such alone: general ones, that teach the error
              model nothing of your users
--channel     the error model that the pairs are added to (channel.tsv of a dataset) in place of the language's own; "none" to
              learn from the pairs alone or, without pairs, from the rare words beside the common ones of queries and documents
--vectors     vectors of words, a word and its numbers a line; those of your words are kept. At most one file; in place of
              the bundled ones
--bundled     what the language comes with: general vocabulary, word pairs and word vectors
--language    the language of your inputs: one that comes with emend (${languageNames().join(', ')}; ${DEFAULT_LANGUAGE} by default), or a folder as data/languages/en is.
              The dataset takes along what the service must know of it
--config      JSON with the same names, for what a flag cannot say: weights, word classes, columns (see data/README.md)
--corpus      the folder that paths in --config files are relative to; by default each file's own
--min-count   how often single words, pairs and triples must be seen in documents and queries; ${DEFAULT_MIN_COUNTS.join(',')} by default
--min-sessions  in how many sessions a word, pair or triple that only query logs have must have been typed, or how often where
              the log names no sessions; ${DEFAULT_MIN_SESSIONS} by default, so that what one person types is offered to nobody else:
              --min-sessions 10. 1 keeps all; "minSessions" of a log in a configuration, for lists that somebody has looked through
--count-scale  what counts of logs and lists are multiplied by, and rounded, so that fractions can be used: --count-scale 1000
--engine      the engine of a store (terms, ngrams, deletes1, deletes2, phonetic, misspellings) in place of the one that its size suggests;
              scores, for ngrams alone and their default up to 8 million, is smallest and fastest but takes one absent
              n-gram in 65,536 for a present one; fst and blocks are exact
--memory      for counting, such as 512M (default ${DEFAULT_MEMORY_BYTES >> 20}M): decides speed, never the result
--skip-invalid  leave out lines that are no UTF-8, no JSON and the like, and count them, instead of stopping; not of .ngrams
              files, whose lines build on one another
--allow-empty  take an input without a record, or without a term, instead of stopping
--dry-run     build nothing: print the plan and the first records of each input as they are understood:
              emend build --dry-run --queries log.csv
--json        the summary as one JSON object
`;

const OPTIONS = {
  out: { type: 'string' },
  docs: { type: 'string', multiple: true },
  queries: { type: 'string', multiple: true },
  words: { type: 'string', multiple: true },
  ngrams: { type: 'string', multiple: true },
  pairs: { type: 'string', multiple: true },
  misspellings: { type: 'string', multiple: true },
  channel: { type: 'string' },
  vectors: { type: 'string' },
  language: { type: 'string' },
  bundled: { type: 'boolean' },
  config: { type: 'string', multiple: true },
  corpus: { type: 'string' },
  'min-count': { type: 'string' },
  'min-sessions': { type: 'string' },
  'count-scale': { type: 'string' },
  engine: { type: 'string', multiple: true },
  memory: { type: 'string' },
  'skip-invalid': { type: 'boolean' },
  'allow-empty': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Runs `emend build` on the arguments after `build`.
 *
 * @returns the exit code: 0 done, 1 failed, 2 misused
 * @throws {UsageError} for arguments it does not know
 * @throws {BuildError} when an input cannot be read or the dataset cannot be written
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args: joinStdinFields(args), options: OPTIONS, strict: true });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const config = collect(values, io.cwd);
  if (config.out === undefined && !config.dryRun) throw new UsageError('expected --out DIR, found none');
  const language = config.language ?? languageFolder(DEFAULT_LANGUAGE);
  const bundle = config.bundled ? bundledConfig(language) : undefined;
  const inputs = [...(bundle?.inputs ?? []), ...config.inputs];
  if (inputs.every(({ role }) => role === 'pairs'))
    throw new UsageError('expected --docs, --queries, --words, --ngrams or --bundled, found none');
  if (inputs.filter(({ file }) => file === '-').length > 1)
    throw new UsageError('standard input can be read only once');
  const vectors = config.vectors ?? bundle?.vectors;
  const plan: BuildPlan = {
    language: readLanguageData(language),
    inputs,
    ...(vectors === undefined ? {} : { vectors }),
    minCounts: config.minCounts ?? DEFAULT_MIN_COUNTS,
    minSessions: config.minSessions ?? DEFAULT_MIN_SESSIONS,
    engines: config.engines,
    channel: config.channel === undefined ? languageChannel(language) : config.channel,
    skipInvalid: config.skipInvalid ?? false,
    allowEmpty: config.allowEmpty ?? false,
    memoryBytes: config.memoryBytes ?? DEFAULT_MEMORY_BYTES,
  };
  if (config.dryRun || config.out === undefined) {
    io.stdout.write(await dryRun(plan, config.out, io.stdin, values.json === true));
    return 0;
  }
  const { out } = config;
  const started = performance.now();
  const report = await interruptible(async (signal) => {
    const line = io.stderr.isTTY ? new ProgressLine(io.stderr, signal) : undefined;
    try {
      return await buildDataset(plan, out, io.stdin, line ?? silentProgress(signal));
    } finally {
      line?.clear();
    }
  });
  const seconds = (performance.now() - started) / 1000;
  if (values.json) {
    io.stdout.write(
      `${JSON.stringify({ dir: report.dir, seconds: Number(seconds.toFixed(2)), ...report.manifest })}\n`,
    );
  } else {
    io.stdout.write(summaryTable(report, seconds));
  }
  for (const message of report.warnings) io.stderr.write(`emend build: ${message}\n`);
  for (const message of report.firstSkipped) io.stderr.write(`emend build: left out, first of its file: ${message}\n`);
  return 0;
}

/** `--docs -:title` as `--docs=-:title`, and `--queries` alike: `parseArgs` would take `-:title` for an option. */
function joinStdinFields(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    const takesFields = before === '--docs' || before === '--queries';
    if (arg.startsWith('-:') && takesFields) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

interface BuildFlags {
  readonly out?: string;
  readonly docs?: string[];
  readonly queries?: string[];
  readonly words?: string[];
  readonly ngrams?: string[];
  readonly pairs?: string[];
  readonly misspellings?: string[];
  readonly channel?: string;
  readonly corpus?: string;
  readonly vectors?: string;
  readonly language?: string;
  readonly bundled?: boolean;
  readonly config?: string[];
  readonly 'min-count'?: string;
  readonly 'min-sessions'?: string;
  readonly 'count-scale'?: string;
  readonly engine?: string[];
  readonly memory?: string;
  readonly 'skip-invalid'?: boolean;
  readonly 'allow-empty'?: boolean;
  readonly 'dry-run'?: boolean;
}

/** Inputs with what their counts are multiplied by, where they do not say another. */
function withScale(inputs: readonly InputPlan[], countScale: number | undefined): InputPlan[] {
  if (countScale === undefined) return [...inputs];
  const hasCounts = ({ role, unit }: InputPlan) => role !== 'documents' && unit !== 'centibel';
  return inputs.map((input) => (hasCounts(input) ? { countScale, ...input } : input));
}

/** What the configuration files say, in their order, and over it what the flags say; inputs add up. */
function collect(flags: BuildFlags, cwd: string): BuildConfig {
  const config: BuildConfig = { inputs: [], engines: {} };
  const folder = flags.corpus === undefined ? undefined : resolve(cwd, flags.corpus);
  for (const file of flags.config ?? []) {
    const { inputs, engines, countScale, ...rest } = readBuildConfig(resolve(cwd, file), folder);
    config.inputs.push(...withScale(inputs, countScale));
    Object.assign(config.engines, engines);
    Object.assign(config, rest);
  }
  for (const name of ['docs', 'queries', 'words', 'ngrams', 'pairs', 'misspellings'] as const) {
    for (const spec of flags[name] ?? []) config.inputs.push(inputOf(name, spec, cwd));
  }
  const scale = flags['count-scale'] === undefined ? undefined : Number(flags['count-scale']);
  if (scale !== undefined && !isCountScale(scale)) {
    throw new UsageError(`--count-scale: expected a number above 0, found "${flags['count-scale']}"`);
  }
  config.inputs.splice(0, Number.POSITIVE_INFINITY, ...withScale(config.inputs, scale));
  for (const text of flags.engine ?? []) {
    const [store = '', engine] = text.split('=');
    setEngine(config.engines, store, engine, '--engine');
  }
  if (flags.language !== undefined) config.language = findLanguage(flags.language, cwd, '--language');
  if (flags.vectors !== undefined) config.vectors = resolve(cwd, flags.vectors);
  if (flags.out !== undefined) config.out = resolve(cwd, flags.out);
  if (flags.channel !== undefined) config.channel = channelOf(flags.channel, cwd);
  if (flags.bundled) config.bundled = true;
  if (flags['skip-invalid']) config.skipInvalid = true;
  if (flags['allow-empty']) config.allowEmpty = true;
  if (flags['dry-run']) config.dryRun = true;
  if (flags['min-count'] !== undefined) config.minCounts = parseMinCounts(flags['min-count'], '--min-count');
  const sessions = flags['min-sessions'];
  if (sessions !== undefined) {
    if (!/^[1-9]\d{0,14}$/.test(sessions)) {
      throw new UsageError(`--min-sessions: expected a whole number from 1, found "${sessions}"`);
    }
    config.minSessions = Number(sessions);
  }
  if (flags.memory !== undefined) config.memoryBytes = parseMemory(flags.memory, '--memory');
  return config;
}
