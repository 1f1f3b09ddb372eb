/** `emend rules check --draft FILE --queries LOG`: what a draft would change, before it does. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkRules } from '../../check-rules.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../../command.ts';
import type { Outcome } from '../../compare/outcome.ts';
import { hasNewFaults, type RuleReport } from '../../compare/rule-report.ts';
import { readQueries } from '../../evaluate/rows/query-list.ts';
import { compileRuleSet } from '../../rules/compile/compile.ts';
import { RuleSetError } from '../../rules/compile/problems.ts';
import type { RuleSet } from '../../rules/model/rule.ts';
import { publishedIn } from '../../rules/published.ts';
import { Progress } from '../progress.ts';
import { configure, REWRITER_FLAGS, REWRITER_HELP } from '../rewriter-flags.ts';
import { readDraftFile } from './draft-file.ts';
import { ruleSetOf } from './rule-set.ts';
import { tellProblems } from './rule-set-file.ts';

const HELP = `Runs a draft and the rules in force over a query log, and says what differs. Nothing is changed.

  emend rules check --draft spring.json --queries log.txt.gz

Usage: emend rules check --draft FILE [--queries LOG]...

FILE is a rule set, or edits of the rules in force: {"changes": [{"put": RULE}, {"delete": "ID"}]}. Said are the share of queries
that it touches, the changed queries by frequency with before and after, those that lose terms first, and rules that are
shadowed, dead, duplicate, in conflict or in circles; "new" are those that the rules in force have not.

Options:
  --draft FILE           the draft; without it, the rules in force are run beside none
  --queries LOG          a query a line, or query<TAB>count, also gzipped; repeatable. Without it the rules alone are looked at
  --limit N              so many changed queries are shown, 1 to 1000 (20)
${REWRITER_HELP}
  --json                 print the whole report as JSON
  -h, --help             this text

Exit codes: 0 nothing is wrong, 1 the draft brings a finding, or queries that lose terms, or cannot be read, 2 misused.
`;

const DEFAULT_LIMIT = 20;
const MOST = 1000;

/** Runs it. @returns the exit code */
export async function runCheckDraft(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...REWRITER_FLAGS,
      draft: { type: 'string' },
      queries: { type: 'string', multiple: true },
      limit: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const { draft: file, queries: logs = [], limit: shownText, json, ...flags } = values;
  const limit = Number(shownText ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new UsageError(`--limit takes a whole number from 1 to ${MOST}, not "${shownText}"`);
  }
  const { config, options } = configure(flags, io);
  const folder = resolve(io.cwd, config.rulesDir);
  const published = publishedIn(folder)?.set ?? { rules: [] };
  const states = statesOf(file, published, io, json);
  if (states === undefined) return 1;
  const queries = logs.length === 0 ? [] : await readQueries(logs.map((log) => resolve(io.cwd, log)));
  const dataset = logs.length === 0 ? undefined : (config.dataset ?? (await deps.ensureBundled(io, config.cacheDir)));
  const progress = new Progress(io.stderr, 'rewriting', queries.length);
  const asked = { ...options, alternatives: 0 };
  const todo = { ...states, queries, options: asked, nowMs: Date.now() };
  const report = await checkRules(dataset, config, io, todo, () => progress.step());
  progress.end();
  io.stdout.write(json ? `${JSON.stringify(report)}\n` : shown(report, limit));
  return hasNewFaults(report) ? 1 : 0;
}

function statesOf(
  file: string | undefined,
  published: RuleSet,
  io: CommandIo,
  json: boolean,
): { live: RuleSet; draft: RuleSet } | undefined {
  if (file === undefined) return { live: { rules: [] }, draft: published };
  const read = readDraftFile(file, io, json);
  if (read === undefined) return undefined;
  try {
    const draft = ruleSetOf(read, published);
    compileRuleSet(draft);
    return { live: published, draft };
  } catch (error) {
    if (!(error instanceof RuleSetError)) throw error;
    tellProblems(file, error.problems, json, io);
    return undefined;
  }
}

function shown({ rules, log, findings }: RuleReport, limit: number): string {
  const lines = [`rules\t${rules.live} -> ${rules.draft}`];
  if (log !== null) {
    const share = (100 * log.touched).toFixed(2);
    lines.push(
      `touched\t${share} % of ${log.occurrences} queries: ${log.changedOccurrences}, of ${log.queries} distinct ones ${log.changedQueries}`,
      `losing terms\t${log.losing}`,
    );
    for (const { query, count, before, after, lost } of log.changed.slice(0, limit)) {
      const loses = lost.length === 0 ? '' : `\tloses ${lost.join(' ')}`;
      lines.push(`changed\t${count}\t${query}\t${textOf(before)}\t${textOf(after)}${loses}`);
    }
    const more = log.changedQueries - Math.min(limit, log.changed.length);
    if (more > 0) lines.push(`changed\t${more} more`);
  }
  for (const { kind, rule, message, isNew } of findings)
    lines.push(`${kind}${isNew ? ', new' : ''}\t${rule}\t${message}`);
  return `${lines.join('\n')}\n`;
}

/** An outcome in a line. */
function textOf({ search, ...others }: Outcome): string {
  return Object.keys(others).length === 0 ? search : `${search} ${JSON.stringify(others)}`;
}
