/** `emend build`: from documents, query logs and word lists to a dataset version. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_LANGUAGE, languageFolder, languageNames } from '../../data/languages.ts';
import {
  type BuildConfig,
  channelOf,
  inputOf,
  parseMemory,
  parseMinCounts,
  readBuildConfig,
  setEngine,
} from '../build/build-config.ts';
import { buildDataset } from '../build/build-dataset.ts';
import { bundledConfig, languageChannel } from '../build/bundled.ts';
import { interruptible } from '../build/interrupt.ts';
import { findLanguage, readLanguageData } from '../build/language-folder.ts';
import { type BuildPlan, DEFAULT_MEMORY_BYTES, DEFAULT_MIN_COUNTS } from '../build/plan.ts';
import { ProgressLine } from '../build/progress-line.ts';
import { summaryTable } from '../build/summary.ts';
import { type CommandIo, UsageError } from '../command.ts';
import { silentProgress } from '../progress.ts';

const HELP = `Builds a dataset version, the stores that emend corrects queries with, from your own documents and query log.

  emend build --out dataset --docs products.tsv.gz:2,3 --queries log.tsv --bundled
  emend build --out dataset --docs produkte.tsv --language languages/de     a language of your own

Usage: emend build --out DIR [--docs FILE[:field,...]]... [--queries FILE]... [--words FILE]... [--ngrams FILE]...
                   [--pairs FILE]... [--misspellings FILE]... [--channel FILE|none] [--vectors FILE] [--bundled]
                   [--language NAME|DIR] [--config FILE]... [--min-count N[,N,N]] [--engine STORE=fst|blocks|scores]...
                   [--memory SIZE] [--skip-invalid] [--json]

--out         a folder that is not there yet, or empty (also a mount point, or a symbolic link to one); the dataset appears
              in it whole or not at all
--docs        documents, one a line: .txt, .tsv, .csv or .jsonl, each also gzipped, "-" for standard input. Fields of TSV
              and CSV by number from 1, or by name from a header line; properties of JSONL, nested by dots; all by default
--queries     a query log: TSV, CSV or JSONL with "query" and, where known, "count" and "hits"; TSV without a header: query,
              count; text: a query a line. Queries that found nothing (hits 0) are passed over;
              where there are "session", "time" and "clicks" too, what people put right themselves is known as misspelled
--words       correct words or names, one a line, with their count if known
--ngrams      lines "word word count"
--pairs       misspellings with their corrections, words or queries, one pair a line: wrong<TAB>right, or right1|right2, and
              the count if known; also CSV and JSONL ("wrong", "right", "count"). They train the error model on your users'
              errors, and single words among them become known misspellings
--misspellings  lists of misspellings in the format of --pairs that become known misspellings and do not train the error
              model: for general lists, which say nothing about your users
--channel     the error model that the pairs adapt (channel.tsv of a dataset), instead of the language's; "none" learns one
              from the pairs alone or, without pairs, from rare words beside common ones in queries and documents
--vectors     word vectors, a word and its numbers on each line; those of your words are kept. At most one file; it
              replaces the bundled ones
--bundled     add the data that comes with the language: general vocabulary, word pairs and word vectors
--language    the language of your inputs: one that comes with emend (${languageNames().join(', ')}; ${DEFAULT_LANGUAGE} by default) or a folder like
              data/languages/en. The dataset contains a copy of what the service needs to know about it
--config      JSON with the same names, for what flags cannot say: weights, word classes, columns (see data/README.md)
--corpus      the folder that paths in --config files are relative to; each file's own folder by default
--min-count   how often single words, pairs and triples must occur in documents and queries; ${DEFAULT_MIN_COUNTS.join(',')} by default
--engine      the engine of a store (terms, ngrams, deletes1, deletes2, phonetic, misspellings), instead of the one chosen by size;
              scores, for ngrams only and their default up to 8 million, is smallest and fastest but takes one absent
              n-gram in 65,536 for a present one; fst and blocks are exact
--memory      memory for counting, such as 512M (default ${DEFAULT_MEMORY_BYTES >> 20}M): affects speed, never the result
--skip-invalid  leave out lines that are no UTF-8, no JSON and the like, and count them, instead of stopping
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
  language: { type: 'string' },
  bundled: { type: 'boolean' },
  config: { type: 'string', multiple: true },
  corpus: { type: 'string' },
  'min-count': { type: 'string' },
  engine: { type: 'string', multiple: true },
  memory: { type: 'string' },
  'skip-invalid': { type: 'boolean' },
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
  if (config.out === undefined) throw new UsageError('expected --out DIR, found none');
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
    engines: config.engines,
    channel: config.channel === undefined ? languageChannel(language) : config.channel,
    skipInvalid: config.skipInvalid ?? false,
    memoryBytes: config.memoryBytes ?? DEFAULT_MEMORY_BYTES,
  };
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
  for (const message of report.firstSkipped) io.stderr.write(`emend build: left out, first of its file: ${message}\n`);
  return 0;
}

/** `--docs -:title` as `--docs=-:title`: `parseArgs` would take `-:title` for an option. */
function joinStdinFields(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (arg.startsWith('-:') && joined.at(-1) === '--docs') joined[joined.length - 1] = `--docs=${arg}`;
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
  readonly engine?: string[];
  readonly memory?: string;
  readonly 'skip-invalid'?: boolean;
}

/** What the configuration files say, in their order, and over it what the flags say; inputs add up. */
function collect(flags: BuildFlags, cwd: string): BuildConfig {
  const config: BuildConfig = { inputs: [], engines: {} };
  const folder = flags.corpus === undefined ? undefined : resolve(cwd, flags.corpus);
  for (const file of flags.config ?? []) {
    const { inputs, engines, ...rest } = readBuildConfig(resolve(cwd, file), folder);
    config.inputs.push(...inputs);
    Object.assign(config.engines, engines);
    Object.assign(config, rest);
  }
  for (const name of ['docs', 'queries', 'words', 'ngrams', 'pairs', 'misspellings'] as const) {
    for (const spec of flags[name] ?? []) config.inputs.push(inputOf(name, spec, cwd));
  }
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
  if (flags['min-count'] !== undefined) config.minCounts = parseMinCounts(flags['min-count'], '--min-count');
  if (flags.memory !== undefined) config.memoryBytes = parseMemory(flags.memory, '--memory');
  return config;
}
