/** `emend gate`: whether a new dataset version may take the place of the old one. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SearchLog } from '../audit/search-log.ts';
import { type CommandIo, UsageError } from '../command.ts';
import { percentWithin } from '../figures/numbers.ts';
import { type GateReport, gateVersions } from '../gate/gate.ts';
import { readJudged } from '../gate/judged.ts';
import { openRewriter } from '../open-rewriter.ts';
import type { AuditDeps } from './audit.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import { configure, REWRITER_FLAGS, REWRITER_HELP, wholeNumber } from './rewriter-flags.ts';

/** Distinct queries that are replayed: a few minutes through both versions. */
const DEFAULT_LIMIT = 100_000;
/** Changed queries that are printed. */
const DEFAULT_SHOW = 20;

const HELP = `\
Replays a query log through two dataset versions and says what changes; the exit code says whether the new one may pass.

  emend gate shop-1 shop-2 --log log.tsv --judged judged.tsv

Usage: emend gate OLD NEW --log FILE[:COLUMN=NAME,...]... [--judged FILE]... [OPTION...]

Exit codes: 0 the new version passes; 1 it does not, or the gate could not be run; 2 misused. It does not pass when the whole 95 %
interval of fixes minus breaks among the judged queries is below 0, or when a limit below is passed.

  --log FILE             a query log as "emend build --queries" takes it
  --judged FILE          what is right: a sheet of "emend audit" or "emend eval --changes", or input<TAB>right1|right2 a line
  --max-changed P        share of searches that may change, 0 to 1
  --max-slower R         how many times the old 99th percentile of time the new one may be
  --limit N              distinct queries that are replayed, the most frequent first (${DEFAULT_LIMIT})
  --show N               changed queries that are printed (${DEFAULT_SHOW})
  --skip-invalid         leave out lines of the log that cannot be used
  --json                 print everything as JSON
${REWRITER_HELP.split('\n')
  .filter((line) => !line.includes('--dataset DIR') && !line.includes('--cache-dir'))
  .join('\n')}
  --help                 this text
`;

/** `emend gate`. */
export async function gateWith(args: string[], io: CommandIo, deps: Pick<AuditDeps, 'readLog'>): Promise<number> {
  const { dataset: _, 'cache-dir': __, ...rewriterFlags } = REWRITER_FLAGS;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...rewriterFlags,
      log: { type: 'string', multiple: true },
      judged: { type: 'string', multiple: true },
      'max-changed': { type: 'string' },
      'max-slower': { type: 'string' },
      limit: { type: 'string' },
      show: { type: 'string' },
      'skip-invalid': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const [old, newer, ...more] = positionals;
  if (old === undefined || newer === undefined || more.length > 0) {
    throw new UsageError(`expected two dataset folders, OLD and NEW, found ${positionals.length}`);
  }
  if (values.log === undefined) throw new UsageError('expected --log FILE, found none');
  const limits = {
    maxChanged: decimal('--max-changed', values['max-changed'], 1),
    maxSlower: decimal('--max-slower', values['max-slower'], 1000),
  };
  const limit = wholeNumber('--limit', values.limit, 1, 1 << 20) ?? DEFAULT_LIMIT;
  const show = wholeNumber('--show', values.show, 0, 1000) ?? DEFAULT_SHOW;
  const { config, options: asked } = configure(values, io);
  const judged = await readJudged((values.judged ?? []).map((name) => resolve(io.cwd, name)));
  const log = new SearchLog();
  for (const spec of values.log) {
    await deps.readLog(spec, io, values['skip-invalid'], (query, count, hits) => log.add(query, count, hits));
  }
  const before = await openRewriter(resolve(io.cwd, old), config, io);
  try {
    const after = await openRewriter(resolve(io.cwd, newer), config, io);
    const progress = new Progress(io.stderr, 'replaying', Math.min(limit, log.distinct));
    try {
      const versions = { old: before.rewriter, new: after.rewriter };
      const options = { ...asked, alternatives: 0, explain: false };
      const queries = log.frequent(limit);
      const report = await gateVersions(versions, queries, judged, options, limits, () => progress.step());
      progress.end();
      const output = new Output(io.stdout);
      output.add(values.json ? `${JSON.stringify(report)}\n` : textOf(report, show));
      await output.flush();
      output.release();
      return report.failures.length === 0 ? 0 : 1;
    } finally {
      progress.end();
      await after.close();
    }
  } finally {
    await before.close();
  }
}

function decimal(flag: string, value: string | undefined, high: number): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (!/^\d*\.?\d+$/.test(value) || number > high) {
    throw new UsageError(`${flag} takes a number from 0 to ${high}, not "${value}"`);
  }
  return number;
}

function textOf(report: GateReport, show: number): string {
  const { queries, searches, changedQueries, changedSearches, changed, changes, judgements, latency } = report;
  const lines = [
    `${searches} searches, ${queries} different queries`,
    `changed: ${(100 * changed).toFixed(2)} % of searches (${changedSearches}), ${changedQueries} queries`,
    ...(judgements ?? []).map(
      ({ level, judged, fixes, breaks, net }) =>
        `${level}: fixes ${fixes}, breaks ${breaks} of ${judged} judged; fixes minus breaks, %: ${percentWithin(net.value, net.low, net.high, 2)}`,
    ),
    ...(judgements === null ? ['nothing is judged: fixes and breaks are unknown (--judged FILE)'] : []),
    ...(report.undecided > 0
      ? [`${report.undecided} rows of the sheets do not say what is right and are left out`]
      : []),
    `time of a rewrite, ms: p50 ${latency.old.p50Ms.toFixed(2)} -> ${latency.new.p50Ms.toFixed(2)}, p99 ${latency.old.p99Ms.toFixed(2)} -> ${latency.new.p99Ms.toFixed(2)}`,
    ...changes
      .slice(0, show)
      .map(({ query, count, before, after }) => `  ${count}\t${oneLine(query)}\t${told(before)} => ${told(after)}`),
    ...report.failures.map((failure) => `fails: ${failure}`),
    report.failures.length === 0 ? 'passes' : 'does not pass',
  ];
  return `${lines.join('\n')}\n`;
}

function told({ search, suggestion }: GateReport['changes'][number]['before']): string {
  return oneLine(suggestion === undefined ? search : `${search} (did you mean ${suggestion})`);
}

/** A text of a log on a terminal: no line ends, and nothing that a terminal would obey. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
