/** `emend rules check`: whether rules can act, which of them go against what is protected or blocked, and what they do with a query at any moment. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { withRuleSet } from '../../check-rules.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../../command.ts';
import type { RangeFilter, RewriteAnswer } from '../../rewrite/answer.ts';
import type { RequestContext } from '../../rewrite/options.ts';
import { guardedPairs } from '../../rules/guarded.ts';
import { openRules } from '../../rules/live-rules.ts';
import type { RuleSet } from '../../rules/model/rule.ts';
import { publishedIn } from '../../rules/published.ts';
import { configure, opener, REWRITER_FLAGS, REWRITER_HELP } from '../rewriter-flags.ts';
import { runCheckDraft } from './check-draft.ts';
import { readRuleSetFile } from './rule-set-file.ts';

const HELP = `Says whether rules can act, and what they do with a query at any moment. Nothing is changed.

  emend rules check shop.json --query "cheap trainers" --at 2026-12-24 --context channel=app

Usage: emend rules check [FILE] [--query QUERY]... [--at DATE] [--context KEY=VALUE]...
       emend rules check --draft FILE [--queries LOG]...    what it would change: see check --draft FILE --help

FILE is a rule set as "emend rules publish" takes it; without it, the rules that are published. Without a query all problems of
the rules are printed, and each rule that changes what a list protects or makes a correction that a list blocks: a rule wins over
both.

Options:
  --query QUERY          rewrite this query by the rules; may be repeated
  --at DATE              at this moment: a date or a time of ISO 8601, UTC unless it says otherwise (now)
  --context KEY=VALUE    with this in the request's context; may be repeated, also for a key
${REWRITER_HELP}
  --json                 print JSON: of a query its whole answer, a line each
  -h, --help             this text

Exit codes: 0 all is well, 1 a rule cannot act, or the file cannot be read.
`;

/** Runs `emend rules check`. @returns the exit code */
export async function runCheck(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  if (args.some((arg) => /^--(?:draft|queries)(?:=|$)/.test(arg))) return runCheckDraft(args, io, deps);
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...REWRITER_FLAGS,
      query: { type: 'string', multiple: true },
      at: { type: 'string' },
      context: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`unexpected argument "${more[0]}"`);
  const { query: queries = [], at, context = [], json, ...flags } = values;
  if (queries.length === 0 && (at !== undefined || context.length > 0)) {
    throw new UsageError('--at and --context go with --query');
  }
  const given = file === undefined ? undefined : readRuleSetFile(file, io, json);
  if (file !== undefined && given === undefined) return 1;
  const { config, options } = configure(flags, io);
  const folder = resolve(io.cwd, config.rulesDir);
  if (queries.length === 0) return checkSet(given ?? publishedIn(folder)?.set ?? { rules: [] }, folder, json, io);

  const asked = { ...options, explain: true, at: at === undefined ? null : momentOf(at), context: contextOf(context) };
  const opened = await opener(io, deps)(config, (parts) =>
    given === undefined ? parts : { ...parts, rules: withRuleSet(parts.rules, given) },
  );
  try {
    for (const query of queries) {
      const answer = await opened.rewriter.rewrite(query, asked);
      io.stdout.write(json ? `${JSON.stringify(answer)}\n` : shown(answer));
    }
  } finally {
    await opened.close();
  }
  return 0;
}

function checkSet(set: RuleSet, folder: string, json: boolean, io: CommandIo): number {
  const rules = openRules(folder);
  try {
    const pairs = guardedPairs(set, rules);
    if (json) io.stdout.write(`${JSON.stringify({ rules: set.rules.length, problems: [], wins: pairs })}\n`);
    else {
      io.stdout.write(`${set.rules.length} rules, all of which can act\n`);
      for (const { rule, from, to, list } of pairs) {
        io.stdout.write(`${rule}\t${from}${to === undefined ? '' : ` => ${to}`}\twins over "${list}"\n`);
      }
    }
    return 0;
  } finally {
    rules.close();
  }
}

/** A date of ISO 8601 as milliseconds since 1970. */
function momentOf(text: string): number {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(isDate || hasZone ? text : `${text}Z`);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(ms)) {
    throw new UsageError(`--at takes a date such as 2026-12-24 or 2026-12-24T18:00, not "${text}"`);
  }
  return ms;
}

function contextOf(pairs: readonly string[]): RequestContext {
  const context = new Map<string, string[]>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`--context takes KEY=VALUE, not "${pair}"`);
    const key = pair.slice(0, at);
    context.set(key, [...(context.get(key) ?? []), pair.slice(at + 1)]);
  }
  return Object.fromEntries(context);
}

/** An answer for people: what is searched for, and what each rule did or why it did nothing. */
function shown(answer: RewriteAnswer): string {
  const lines = [`${answer.query}`, `  search      ${answer.search}`];
  if (answer.suggestion !== null) lines.push(`  suggestion  ${answer.suggestion}`);
  for (const { from, to, evidence, worker } of answer.edits) {
    lines.push(`  edit        ${from} => ${to === '' ? '(nothing)' : to}  by ${evidence['rule'] ?? worker}`);
  }
  for (const one of answer.expansions) {
    lines.push(
      `  expansion   ${one.terms.join(' ')} ^${one.weight}${one.keepOriginal ? '' : ' instead'}  by ${one.rule}`,
    );
  }
  for (const one of answer.filters)
    lines.push(`  filter      ${'query' in one ? one.query : rangeText(one)}  by ${one.rule}`);
  for (const one of answer.boosts)
    lines.push(
      `  boost       ${'query' in one ? `${one.query} ${one.demote ? '/' : '^'}${one.factor}` : `${rangeText(one)} ^${one.factor}`}  by ${one.rule}`,
    );
  for (const one of answer.decorations)
    lines.push(`  decoration  ${one.key ?? ''} ${JSON.stringify(one.value)}  by ${one.rule}`);
  if (answer.redirect !== null) lines.push(`  redirect    ${answer.redirect.url}  by ${answer.redirect.rule}`);
  for (const one of answer.pins) lines.push(`  pin         ${JSON.stringify(one.documents)}  by ${one.rule}`);
  for (const one of answer.hides) lines.push(`  hide        ${JSON.stringify(one.documents)}  by ${one.rule}`);
  for (const one of answer.parameters) lines.push(`  parameters  ${JSON.stringify(one.parameters)}  by ${one.rule}`);
  for (const { event, detail } of answer.trace) {
    if (event === 'rule-lost') lines.push(`  lost        ${detail?.['rule']}: ${detail?.['why']}`);
  }
  return `${lines.join('\n')}\n`;
}

function rangeText({ field, range }: RangeFilter): string {
  return `${field}:[${range.from} TO ${range.to}]`;
}
