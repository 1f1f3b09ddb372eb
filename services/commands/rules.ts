import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loggedList } from '../admin/lists.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { isRuleCollection, RULE_COLLECTIONS, type RuleCollection } from '../rules/collections.ts';
import { RuleError } from '../rules/errors.ts';
import { addRules, clearRules, countRules, exportRules, importRules, removeRules, undoRules } from '../rules/import.ts';
import { RULE_SET_COLLECTION } from '../rules/published.ts';
import { type ParsedRules, parseRules } from '../rules/rule-file.ts';
import { commandRequest } from './actor.ts';
import { runCheck } from './rules/check.ts';
import { asksForFormat } from './rules/format-arguments.ts';
import { runFormats } from './rules/formats.ts';
import { runHistory } from './rules/history.ts';
import { readAll, readFile } from './rules/read-input.ts';
import { listedRuleSet, runClearRuleSet, runExportRuleSet, runPublish, runUndoRuleSet } from './rules/rule-set.ts';

const HELP = `Adds and removes, imports, exports and lists rules. Running services apply a change from their next request on.

  emend rules add protected "ninja foodi"

Usage: emend rules add NAME RULE...                  adds rules, each an argument, to a collection
       emend rules remove NAME RULE...               removes rules
       emend rules undo NAME                         undoes the last change of a collection; once more makes it again
       emend rules import --collection NAME FILE     replaces the collection by the file's rules; "-" reads stdin
       emend rules import --format NAME FILE...      reads rules of another tool; see emend rules import --format solr --help
       emend rules export --collection NAME          prints its rules as lines that import reads back
       emend rules export --format NAME              writes the published rules, or those of --in FILE, for another tool
       emend rules clear --collection NAME           removes its rules
       emend rules list                              prints the number of rules in each collection
       emend rules publish FILE                      puts a rule set (JSON) in force, instead of the one before; or edits
                                                     of it: {"changes": [{"put": RULE}, {"delete": "ID"}]}
       emend rules history [SEQ]                     prints the changes that the audit log has: see history --help
       emend rules check [FILE] [--query QUERY] [--at DATE] [--context KEY=VALUE]
                                                     whether rules can act, and what they do with a query: see check --help
       emend rules check --draft FILE --queries LOG  what a draft would change, over a query log

Options:
  --collection NAME  protected, blocked, overrides, rude, polite or vocabulary; add, remove and undo take it as their first
                     argument too. "ruleset", the published rules, can be undone, exported and cleared
  --rules DIR        folder of the rules (EMEND_RULES_DIR, or ./rules)
  --format NAME      a format of another tool, with --publish, --in, --out, --option, --values, --skip-bad and --report as its help says
  --change SEQ       with undo ruleset: take back this change of "emend rules history" alone
  --reason TEXT      why, for the audit log: of what changes rules
  --allow-empty      let import accept a file without a rule, which removes all rules of the collection (see also clear)
  --json             print the outcome as one line of JSON
  -h, --help         this text

A rules file is UTF-8, one rule a line; lines that begin with "#" are comments.
  protected   a term or a phrase that is never changed
  blocked     "from => to": this correction is never made; "to": this term is never inserted; "from => *": never changed
  overrides   "the whole query => what it becomes"
  rude        a term or a phrase that is rude, beside those of the language: what is never put in
  polite      a term or a phrase that is not rude, whatever the language or the collection "rude" says: moby dick
  vocabulary  a term that is known from now on; "term => 20 name": as frequent as 20 in a million words, a name;
              "term => out": not known any more
`;

/** Wrong lines of a file are all counted; so many of them are shown. */
const SHOWN_PROBLEMS = 20;

const ACTIONS = ['add', 'remove', 'undo', 'import', 'export', 'clear', 'list', 'publish', 'check', 'history'];
/** What can be done with the published rule set as with a collection. */
const RULE_SET_ACTIONS = ['undo', 'export', 'clear'];

interface Options {
  readonly action: string;
  readonly file: string | undefined;
  /** Rules to add or remove. */
  readonly rules: readonly string[];
  readonly collection: RuleCollection | undefined;
  /** Whether the published rule set is meant. */
  readonly isRuleSet: boolean;
  readonly folder: string;
  readonly json: boolean;
  readonly allowEmpty: boolean;
  /** Why, for the audit log. */
  readonly reason: string | undefined;
  /** A change of the audit log, to be taken back. */
  readonly change: number | undefined;
}

/** Runs `emend rules`. @returns the exit code: 0 done, 1 failed */
export async function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  if (asksForFormat(args)) return await runFormats(args, io);
  if (args[0] === 'check') return await runCheck(args.slice(1), io, deps);
  if (args[0] === 'history') return runHistory(args.slice(1), io);
  const options = parse(args, io);
  if (options === undefined) {
    io.stdout.write(HELP);
    return 0;
  }
  if (options.isRuleSet) return runRuleSet(options, io);
  switch (options.action) {
    case 'publish':
      if (options.file === undefined) throw new UsageError('publish needs a FILE with a rule set');
      return runPublish(options.file, options, io);
    case 'add':
    case 'remove':
      return runChange(options, io);
    case 'undo':
      return runUndo(options, io);
    case 'import':
      return runImport(options, io);
    case 'export':
      return runExport(options, io);
    case 'clear':
      return runClear(options, io);
    default:
      return runList(options, io);
  }
}

function parse(args: string[], io: CommandIo): Options | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      collection: { type: 'string' },
      rules: { type: 'string' },
      json: { type: 'boolean', default: false },
      'allow-empty': { type: 'boolean', default: false },
      reason: { type: 'string' },
      change: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [action, ...rest] = positionals;
  if (action === undefined || !ACTIONS.includes(action)) {
    throw new UsageError(
      `expected one of ${ACTIONS.join(', ')}, found ${action === undefined ? 'nothing' : `"${action}"`}`,
    );
  }
  if (action === 'check' || action === 'history') {
    throw new UsageError(`write "${action}" before its options: emend rules ${action} --help`);
  }
  const changes = ['add', 'remove', 'undo'].includes(action);
  const collection = values.collection ?? (changes ? rest.shift() : undefined);
  const rules = changes && action !== 'undo' ? rest.splice(0) : [];
  if (changes && action !== 'undo' && rules.length === 0) {
    throw new UsageError(`${action} needs a collection and at least one RULE`);
  }
  const [file, ...more] = rest;
  if (values['allow-empty'] && action !== 'import') throw new UsageError('--allow-empty goes with import');
  if ((file !== undefined && action !== 'import' && action !== 'publish') || more.length > 0) {
    throw new UsageError(`unexpected argument "${more[0] ?? file}"`);
  }
  const folder = values.rules ?? io.env['EMEND_RULES_DIR'];
  const isRuleSet = collection === RULE_SET_COLLECTION && RULE_SET_ACTIONS.includes(action);
  if (values.reason !== undefined && (action === 'export' || action === 'list')) {
    throw new UsageError(`--reason goes with what changes rules, which ${action} does not`);
  }
  if (values.change !== undefined && !(isRuleSet && action === 'undo')) {
    throw new UsageError('--change goes with undo ruleset');
  }
  if (values.change !== undefined && !/^[1-9]\d{0,14}$/.test(values.change)) {
    throw new UsageError(`--change takes the number of a change, not "${values.change}"`);
  }
  return {
    action,
    file,
    rules,
    collection: isRuleSet ? undefined : collectionOf(collection, action),
    isRuleSet,
    folder: resolve(io.cwd, folder === undefined || folder === '' ? './rules' : folder),
    json: values.json,
    allowEmpty: values['allow-empty'],
    reason: values.reason,
    change: values.change === undefined ? undefined : Number(values.change),
  };
}

function collectionOf(name: string | undefined, action: string): RuleCollection | undefined {
  const names = RULE_COLLECTIONS.join(', ');
  if (name === undefined) {
    if (action === 'list' || action === 'publish') return undefined;
    throw new UsageError(`${action} needs --collection, one of ${names}`);
  }
  if (isRuleCollection(name)) return name;
  throw new UsageError(`unknown collection "${name}"; expected one of ${names}`);
}

function runRuleSet(options: Options, io: CommandIo): number {
  if (options.action === 'undo') return runUndoRuleSet(options, io);
  return options.action === 'export' ? runExportRuleSet(options, io) : runClearRuleSet(options, io);
}

async function runImport(
  { file, collection, folder, json, allowEmpty, reason }: Options,
  io: CommandIo,
): Promise<number> {
  if (file === undefined || collection === undefined) throw new UsageError('import needs a FILE, or "-" for stdin');
  const name = file === '-' ? 'stdin' : file;
  const bytes = file === '-' ? await readAll(io.stdin) : readFile(resolve(io.cwd, file));
  const parsed = readRules(bytes, collection, name, io);
  if (parsed === undefined) return 1;
  if (parsed.entries.length === 0 && !allowEmpty) {
    io.stderr.write(
      `emend rules: ${name}: the file has no rule, and nothing was imported; check the file, or remove all rules with "emend rules clear" (or --allow-empty)\n`,
    );
    return 1;
  }
  const around = loggedList(commandRequest(reason), 'import');
  const summary = importRules(folder, collection, parsed, around);
  const repeated = summary.duplicates === 0 ? '' : `, ${summary.duplicates} repeated`;
  write(io, json, { ...summary, folder }, [
    `${collection}: ${rulesOf(summary.rules)}${repeated}, instead of ${summary.before}, in ${folder}`,
  ]);
  return 0;
}

function runChange({ action, collection, rules, folder, json, reason }: Options, io: CommandIo): number {
  if (collection === undefined) return 2;
  const lines = rules.map((rule) => rule.replaceAll('\n', ' ')).join('\n');
  const parsed = readRules(Buffer.from(lines), collection, 'arguments', io);
  if (parsed === undefined) return 1;
  if (parsed.entries.length === 0) {
    io.stderr.write('emend rules: the arguments hold no rule; a rule that begins with "#" is written "\\#"\n');
    return 1;
  }
  const change = action === 'add' ? addRules : removeRules;
  const summary = change(folder, collection, parsed, loggedList(commandRequest(reason), action));
  const done = action === 'add' ? 'added' : 'removed';
  write(io, json, { ...summary, folder }, [
    `${collection}: ${rulesOf(summary.changed)} ${done}, ${summary.rules} now, in ${folder}`,
  ]);
  return 0;
}

function runUndo({ collection, folder, json, reason }: Options, io: CommandIo): number {
  if (collection === undefined) return 2;
  const summary = undoRules(folder, collection, loggedList(commandRequest(reason), 'undo'));
  if (summary === undefined) {
    io.stderr.write(`emend rules: ${collection}: there is no change that can be undone; import the rules of before\n`);
    return 1;
  }
  write(io, json, { ...summary, folder }, [
    `${collection}: ${rulesOf(summary.changed)} changed back, ${summary.rules} now, in ${folder}`,
  ]);
  return 0;
}

/** Reads rules; when lines are wrong, says so and returns undefined. */
function readRules(
  bytes: Uint8Array,
  collection: RuleCollection,
  name: string,
  io: CommandIo,
): ParsedRules | undefined {
  try {
    return parseRules(bytes, collection, name);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    for (const { line, message } of error.problems.slice(0, SHOWN_PROBLEMS)) {
      io.stderr.write(`emend rules: ${name}:${line}: ${message}\n`);
    }
    const hidden = error.problems.length - SHOWN_PROBLEMS;
    if (hidden > 0)
      io.stderr.write(`emend rules: ${name}: ${hidden} more ${hidden === 1 ? 'line is' : 'lines are'} wrong\n`);
    io.stderr.write(`emend rules: nothing was changed; correct ${name} and try again\n`);
    return undefined;
  }
}

function runExport({ collection, folder, json }: Options, io: CommandIo): number {
  if (collection === undefined) return 2;
  const lines = exportRules(folder, collection);
  write(io, json, { collection, folder, lines }, lines);
  return 0;
}

function runClear({ collection, folder, json, reason }: Options, io: CommandIo): number {
  if (collection === undefined) return 2;
  const removed = clearRules(folder, collection, loggedList(commandRequest(reason), 'clear'));
  write(io, json, { collection, folder, removed }, [`${collection}: ${rulesOf(removed)} removed from ${folder}`]);
  return 0;
}

function runList({ collection, folder, json }: Options, io: CommandIo): number {
  const counts = Object.entries(countRules(folder)).filter(([name]) => collection === undefined || name === collection);
  const { publication, line } = listedRuleSet(folder);
  const lines = counts.map(([name, count]) => `${name}\t${count}`);
  const ofAll = collection === undefined;
  const value = { folder, collections: Object.fromEntries(counts), ...(ofAll ? { ruleset: publication } : {}) };
  write(io, json, value, ofAll ? [...lines, line] : lines);
  return 0;
}

function rulesOf(count: number): string {
  return count === 1 ? '1 rule' : `${count} rules`;
}

function write(io: CommandIo, json: boolean, value: unknown, lines: readonly string[]): void {
  if (json) io.stdout.write(`${JSON.stringify(value)}\n`);
  else if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
}
