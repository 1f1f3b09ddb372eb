/** `emend rules history`: the changes of rules, keys and drafts that the audit log has. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ReadEntry } from '../../admin/audit-file.ts';
import { changeOf, history, readRulesFolder } from '../../admin/ledger.ts';
import { type CommandIo, UsageError } from '../../command.ts';

const HELP = `Prints the changes that the audit log has: who, what and why, the newest first.

  emend rules history --limit 5

Usage: emend rules history [SEQ]     SEQ: all of one change, with before and after, as JSON

Options:
  --limit N     so many changes, 1 to 1000 (20)
  --from NEXT   those after a page: what that printed last
  --rules DIR   folder of the rules (EMEND_RULES_DIR, or ./rules)
  --json        print a line of JSON for each, with before and after
  -h, --help    this text
`;

const DEFAULT_LIMIT = 20;
const MOST = 1000;
/** So many names of what was changed are shown. */
const SHOWN_NAMES = 5;

/** Runs `emend rules history`. @returns the exit code */
export function runHistory(args: string[], io: CommandIo): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      limit: { type: 'string' },
      from: { type: 'string' },
      rules: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const [seq, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`unexpected argument "${more[0]}"`);
  const { from, json } = values;
  const limit = wholeNumber('--limit', values.limit ?? String(DEFAULT_LIMIT), MOST);
  const given = values.rules ?? io.env['EMEND_RULES_DIR'];
  const folder = resolve(io.cwd, given === undefined || given === '' ? './rules' : given);
  if (seq !== undefined) {
    const number = wholeNumber('SEQ', seq, Number.MAX_SAFE_INTEGER);
    const entry = readRulesFolder(folder, (collections) => changeOf(collections, number));
    if (entry === undefined) {
      io.stderr.write(`emend rules: there are no rules in ${folder}\n`);
      return 1;
    }
    io.stdout.write(`${JSON.stringify(entry, undefined, json ? 0 : 2)}\n`);
    return 0;
  }
  const page = readRulesFolder(folder, (collections) => history(collections, { limit, from }));
  for (const entry of page?.entries ?? []) {
    io.stdout.write(json ? `${JSON.stringify(entry)}\n` : `${shown(entry)}\n`);
  }
  if (page !== undefined && page.next !== null) io.stderr.write(`emend rules: older ones: --from ${page.next}\n`);
  return 0;
}

function shown({ seq, at, who, action, changes, version, reason, made }: ReadEntry): string {
  const names = changes.slice(0, SHOWN_NAMES).map(({ what }) => what);
  const more = changes.length - names.length;
  const fields = [String(seq), at, `${who.kind} ${who.name}`, action, names.join(' ') + (more > 0 ? ` +${more}` : '')];
  if (version !== undefined) fields.push(`version ${version[0]} -> ${version[1]}`);
  if (reason !== null) fields.push(reason);
  if (!made) fields.push('(not made: its process ended first)');
  return fields.map((field) => field.replace(/\p{C}/gu, ' ')).join('\t');
}

function wholeNumber(what: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new UsageError(`${what} takes a whole number from 1 to ${most}, not "${text}"`);
}
