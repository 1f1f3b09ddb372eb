/** `emend audit`: what would change of a search log, on one page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { auditLog } from '../audit/audit.ts';
import { auditPage } from '../audit/page.ts';
import type { AuditReport } from '../audit/report.ts';
import { SearchLog } from '../audit/search-log.ts';
import { vocabularyOf } from '../audit/vocabulary.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { writeWhole } from '../evaluate/rows/text-file.ts';
import { openRewriter } from '../open-rewriter.ts';
import { Progress } from './progress.ts';
import { configure, REWRITER_FLAGS, REWRITER_HELP, wholeNumber } from './rewriter-flags.ts';

/** Distinct queries that are rewritten: two to five minutes on one core. */
const DEFAULT_LIMIT = 200_000;

const HELP = `\
Writes a page about what would change of your own search log: how much, which queries, why, and what other settings would do.

  emend audit --docs products.tsv.gz:2,3 --queries log.tsv --bundled --out report.html
  emend audit --dataset shop --queries log.tsv --out report.html

Usage: emend audit --queries FILE[:COLUMN=NAME,...]... --out FILE [--docs FILE]... [BUILD OPTION...] [OPTION...]

The page needs nothing else and loads nothing. Changes can be judged on it, and the judgements downloaded as a sheet for
"emend tune --judged". Logs of other tools: emend import log.

  --queries FILE         a query log as "emend build --queries" takes it, with count and hits where they are known
  --out FILE             the page
  --docs FILE            documents to build a dataset of, with the log; without --docs and --dataset the bundled dataset is used
  --keep DIR             keep the dataset that is built here, for "emend serve"
  --bundled, --words, --pairs, --misspellings, --titles, --build-language, --min-count, --min-sessions, --memory
                         as "emend build" has them (--build-language is its --language)
  --skip-invalid         leave out lines of documents and log that cannot be used
  --limit N              distinct queries that are looked at, the most frequent first (${DEFAULT_LIMIT})
  --json                 print the figures as JSON
${REWRITER_HELP}
  --help                 this text
`;

/** What the building side lends to an audit. */
export interface AuditDeps extends CommandDeps {
  /** Runs `emend build` on these arguments. @returns its exit code */
  build(args: string[], io: CommandIo): Promise<number>;
  /**
   * Reads a query log, as `FILE[:COLUMN=NAME,...]` names it.
   *
   * @param take given each row; hits are -1 where they are unknown
   * @throws {BuildError} for a log that cannot be read
   */
  readLog(
    spec: string,
    io: CommandIo,
    skipInvalid: boolean,
    take: (query: string, count: number, hits: number) => void,
  ): Promise<void>;
}

/** Options that go to the build as they are. */
const BUILD_LISTS = ['docs', 'words', 'pairs', 'misspellings', 'titles'] as const;
const BUILD_TEXTS = ['min-count', 'min-sessions', 'memory'] as const;

const OPTIONS = {
  ...REWRITER_FLAGS,
  queries: { type: 'string', multiple: true },
  out: { type: 'string' },
  docs: { type: 'string', multiple: true },
  words: { type: 'string', multiple: true },
  pairs: { type: 'string', multiple: true },
  misspellings: { type: 'string', multiple: true },
  titles: { type: 'string', multiple: true },
  bundled: { type: 'boolean' },
  'build-language': { type: 'string' },
  'min-count': { type: 'string' },
  'min-sessions': { type: 'string' },
  memory: { type: 'string' },
  keep: { type: 'string' },
  'skip-invalid': { type: 'boolean' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** `emend audit`. */
export async function auditWith(args: string[], io: CommandIo, deps: AuditDeps): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const { queries = [], out } = values;
  if (queries.length === 0) throw new UsageError('expected --queries FILE, found none');
  if (out === undefined) throw new UsageError('expected --out FILE, found none');
  if (queries.some((spec) => spec === '-' || spec.startsWith('-:'))) {
    throw new UsageError('--queries: expected a file, found standard input; the log is read more than once');
  }
  const limit = wholeNumber('--limit', values.limit, 1, 1 << 20) ?? DEFAULT_LIMIT;
  // Before anything is built: a wrong setting or a log that cannot be read should not wait for it.
  const { config, options } = configure(values, io);
  const builds = isBuild(values);
  const log = new SearchLog();
  for (const spec of queries) {
    await deps.readLog(spec, io, values['skip-invalid'] ?? false, (query, count, hits) => log.add(query, count, hits));
  }
  const scratch = builds && values.keep === undefined ? mkdtempSync(join(tmpdir(), 'emend-audit-')) : undefined;
  try {
    const target = values.keep ?? join(scratch ?? '', 'dataset');
    if (builds) {
      // What a build says of a dataset that is thrown away is for nobody; its warnings still are.
      const stdout = scratch === undefined ? io.stderr : new Writable({ write: (_chunk, _encoding, done) => done() });
      const code = await deps.build(buildArguments(values, target), { ...io, stdout });
      if (code !== 0) return code;
    }
    const dir = builds
      ? resolve(io.cwd, target)
      : config.dataset === null
        ? await deps.ensureBundled(io, config.cacheDir)
        : resolve(io.cwd, config.dataset);
    const vocabulary = vocabularyOf(dir);
    const { rewriter, close } = await openRewriter(dir, config, io);
    const progress = new Progress(io.stderr, 'rewriting', Math.min(limit, log.distinct));
    try {
      const about = { limit, made: new Date(), vocabulary };
      const asked = { ...options, alternatives: 0, explain: false };
      const report = await auditLog(rewriter, log, asked, about, () => progress.step());
      progress.end();
      await writeWhole(resolve(io.cwd, out), auditPage(report));
      io.stdout.write(values.json ? `${JSON.stringify(report)}\n` : summary(report, out));
    } finally {
      progress.end();
      await close();
    }
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
  return 0;
}

function isBuild(values: Flags): boolean {
  const given = [...BUILD_LISTS, ...BUILD_TEXTS, 'bundled', 'build-language', 'keep'] as const;
  const named = given.filter((name) => values[name] !== undefined);
  if (named.length === 0) return false;
  if (values.dataset !== undefined) {
    throw new UsageError(`--${named[0]} is for a build, and --dataset names a dataset that is built: choose one`);
  }
  if (values.docs === undefined && values.words === undefined && values.bundled === undefined) {
    throw new UsageError(`--${named[0]}: expected --docs, --words or --bundled to build of, found none`);
  }
  return true;
}

function buildArguments(values: Flags, target: string): string[] {
  const args = ['--out', target];
  for (const name of [...BUILD_LISTS, 'queries'] as const) {
    for (const value of values[name] ?? []) args.push(`--${name}=${value}`);
  }
  for (const name of BUILD_TEXTS) if (values[name] !== undefined) args.push(`--${name}=${values[name]}`);
  if (values['build-language'] !== undefined) args.push(`--language=${values['build-language']}`);
  if (values.bundled) args.push('--bundled');
  if (values['skip-invalid']) args.push('--skip-invalid');
  return args;
}

function summary({ log, auto, suggest }: AuditReport, out: string): string {
  const share = (searches: number) =>
    log.looked.searches === 0 ? '-' : `${((100 * searches) / log.looked.searches).toFixed(2)} %`;
  return [
    `${log.searches} searches, ${log.queries} different queries, ${log.looked.queries} looked at`,
    `auto     ${share(auto.changed.searches)} of searches, ${auto.changed.queries} queries`,
    `suggest  ${share(suggest.changed.searches)} of searches, ${suggest.changed.queries} queries`,
    `the page is ${out}`,
    '',
  ].join('\n');
}
