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

const HELP = `Builds a dataset version, the stores that emend corrects queries with, from your own documents and query log.

  emend build --out dataset --docs products.tsv.gz:2,3 --queries log.tsv --bundled
  emend build --out dataset --docs produkte.tsv --language languages/de     a language of your own

Usage: emend build --out DIR [--docs FILE[:field,...]]... [--queries FILE[:COLUMN=NAME,...]]... [--words FILE]...
                   [--ngrams FILE]...
                   [--pairs FILE]... [--misspellings FILE]... [--channel FILE|none] [--vectors FILE] [--titles FILE]...
                   [--bundled]
                   [--language NAME|DIR] [--config FILE]... [--min-count N[,N,N]] [--min-sessions N]
                   [--engine STORE=fst|blocks|scores]... [--count-scale N] [--memory SIZE] [--skip-invalid] [--allow-empty]
                   [--dry-run] [--json]

--out         a folder that is not there yet, or empty (also a mount point, or a symbolic link to one); the dataset appears
              in it whole or not at all
--docs        documents, one a line: .txt, .tsv, .csv or .jsonl, each also gzipped, "-" for standard input. Fields of TSV
              and CSV by number from 1, or by name from a header line; properties of JSONL, nested by dots; all by default. Of HTML,
              the text that it shows is read
--queries     a query log, in one file or several: TSV, CSV or JSONL with "query" and, if known, "count" and "hits", or the names that
              engines and analytics use (q, search_term, keyword; searches, frequency; nbHits, numFound, results). Name other
              columns: log.csv:query=search_term,count=searches, or by number from 1 without a header; an empty name for none.
              Columns without a meaning are ignored. A table without a header: query, count; text: one query a line. Queries
              that found nothing (hits 0) are ignored. With "session", "time" and "clicks", words that users corrected
              themselves become known misspellings. Times are ISO 8601 (2024-03-31 12:00:00, 2024-03-31T12:00:00+02:00,
              20240331120000), in UTC if they name no zone, or seconds, milliseconds, microseconds or nanoseconds since 1970
--words       correct words or names, one a line, with their count if known; Hunspell .dic files
--ngrams      lines "word word count"; packed .ngrams files (see data/README.md)
--pairs       misspellings with their corrections, words or queries, one pair a line: wrong<TAB>right, or right1|right2, and
              the count if known; also CSV and JSONL ("wrong", "right", "count"). They train the error model on your users'
              errors, and single words among them become known misspellings
--misspellings  lists of misspellings in the format of --pairs that become known misspellings and do not train the error
              model: for general lists, which say nothing about your users
--channel     the error model that the pairs adapt (channel.tsv of a dataset), instead of the language's; "none" learns one
              from the pairs alone or, without pairs, from rare words beside common ones in queries and documents
--vectors     word vectors, a word and its numbers on each line; those of your words are kept. At most one file; it
              replaces the bundled ones
--titles      what works, people, places or products are called, one a line; those of two to four words count. They tell which
              words of a query belong together (the member "phrases" of an answer). Or a file titles.bin of a dataset
--bundled     add the data that comes with the language: general vocabulary, word pairs and word vectors
--language    the language of your inputs: one that comes with emend (${languageNames().join(', ')}; ${DEFAULT_LANGUAGE} by default) or a folder like
              data/languages/en. The dataset contains a copy of what the service needs to know about it
--config      JSON with the same names, for what flags cannot say: weights, word classes, columns (see data/README.md)
--corpus      the folder that paths in --config files are relative to; each file's own folder by default
--min-count   how often single words, pairs and triples must occur in documents and queries; ${DEFAULT_MIN_COUNTS.join(',')} by default
--min-sessions  how many sessions must contain a word, pair or triple that only query logs contain, or how often it must occur if
              the log names no sessions; ${DEFAULT_MIN_SESSIONS} by default, so that what one person types is suggested to nobody else. 1 keeps
              all; "minSessions" of a log in a configuration, for lists that someone has reviewed
--count-scale  multiplies counts of logs and lists, which are then rounded, so that fractions can be used: --count-scale 1000
--engine      the engine of a store (terms, ngrams, deletes1, deletes2, phonetic, misspellings), instead of the one chosen by size;
              scores, for ngrams only and their default up to 8 million, is smallest and fastest but takes one absent
              n-gram in 65,536 for a present one; fst and blocks are exact
--memory      memory for counting, such as 512M (default ${DEFAULT_MEMORY_BYTES >> 20}M): affects speed, never the result
--skip-invalid  leave out and count lines that are not valid UTF-8, not JSON and the like, instead of stopping; does not apply to
              .ngrams files, whose lines depend on one another
--allow-empty  accept an input without a record or without a term, instead of stopping
--dry-run     build nothing: print the plan and the first records of each input as they are understood:
              emend build --dry-run --queries log.csv
--json        print the summary as one JSON object
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
  titles: { type: 'string', multiple: true },
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
  const titles = [...(bundle?.titles ?? []), ...(config.titles ?? [])];
  const plan: BuildPlan = {
    language: readLanguageData(language),
    inputs,
    ...(vectors === undefined ? {} : { vectors }),
    titles,
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
  readonly titles?: string[];
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

/** Inputs with the factor of their counts, unless they state another. */
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
  if (flags.titles !== undefined) config.titles = flags.titles.map((file) => resolve(cwd, file));
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
