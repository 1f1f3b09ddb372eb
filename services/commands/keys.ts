/** `emend keys`: adds, lists and revokes the keys of the admin port. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addKey, type KeyInfo, listKeys, revokeKey } from '../admin/keys.ts';
import { readRulesFolder, withRulesFolder } from '../admin/ledger.ts';
import { SCOPES } from '../admin/scopes.ts';
import { type CommandIo, UsageError } from '../command.ts';
import { commandRequest } from './actor.ts';

const HELP = `Adds, lists and revokes the keys of the admin port. Running services know of a change with their next request.

  emend keys add deploy --scope rules:write --expires 90d

Usage: emend keys add NAME --scope SCOPE...      makes a key and prints it: it is shown once, and kept nowhere
       emend keys list                           prints what is known of each key
       emend keys revoke ID|NAME                 refuses it from now on

Options:
  --scope SCOPE      what the key may do, repeatable: ${SCOPES.join(', ')}; any of them may read, admin may do all
  --dataset DATASET  only on a service of this dataset: its id, the beginning of it, or the name of its folder
  --expires WHEN     until then: a date of ISO 8601, or a number of days as 90d, or of hours as 12h (no end)
  --reason TEXT      why, for the audit log
  --rules DIR        folder of the rules, which has the keys too (EMEND_RULES_DIR, or ./rules)
  --json             print JSON
  -h, --help         this text
`;

const ACTIONS = ['add', 'list', 'revoke'];
const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS };

/** Runs `emend keys`. @returns the exit code: 0 done, 1 failed */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      scope: { type: 'string', multiple: true },
      dataset: { type: 'string' },
      expires: { type: 'string' },
      reason: { type: 'string' },
      rules: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  const [action = '', name, ...more] = positionals;
  if (!ACTIONS.includes(action)) {
    throw new UsageError(`expected one of ${ACTIONS.join(', ')}, found ${action === '' ? 'nothing' : `"${action}"`}`);
  }
  if (more.length > 0 || (action === 'list' && name !== undefined)) {
    throw new UsageError(`unexpected argument "${more[0] ?? name}"`);
  }
  const { scope, dataset, expires, reason, json } = values;
  if (action !== 'add' && (scope ?? dataset ?? expires) !== undefined) {
    throw new UsageError('--scope, --dataset and --expires go with add');
  }
  const given = values.rules ?? io.env['EMEND_RULES_DIR'];
  const folder = resolve(io.cwd, given === undefined || given === '' ? './rules' : given);
  if (action === 'list') {
    if (reason !== undefined) throw new UsageError('--reason goes with add and revoke');
    return list(folder, json, io);
  }
  if (name === undefined) throw new UsageError(`${action} needs a ${action === 'add' ? 'NAME' : 'key, by id or name'}`);
  const request = commandRequest(reason);
  if (action === 'revoke') {
    const info = withRulesFolder(folder, (collections) => revokeKey(collections, name, request));
    io.stdout.write(json ? `${JSON.stringify(info)}\n` : `${info.id} "${info.name}" is revoked\n`);
    return 0;
  }
  const wish = {
    name,
    scopes: scope ?? [],
    dataset: dataset ?? null,
    expiresMs: expires === undefined ? null : expiryOf(expires, request.nowMs),
  };
  const { key, info } = withRulesFolder(folder, (collections) => addKey(collections, wish, request));
  if (json) io.stdout.write(`${JSON.stringify({ key, ...info })}\n`);
  else {
    io.stdout.write(`${key}\n`);
    io.stderr.write(`emend keys: ${shown(info)}; keep the key now, it is not shown again\n`);
  }
  return 0;
}

function list(folder: string, json: boolean, io: CommandIo): number {
  const keys = readRulesFolder(folder, listKeys) ?? [];
  if (json) io.stdout.write(`${JSON.stringify({ keys })}\n`);
  else for (const key of keys) io.stdout.write(`${shown(key)}\n`);
  return 0;
}

function shown({ id, name, scopes, dataset, createdMs, expiresMs, revokedMs }: KeyInfo): string {
  const fields = [id, name, scopes.join(','), dataset ?? 'any dataset', `added ${dateOf(createdMs)}`];
  fields.push(
    expiresMs === null ? 'no end' : `${expiresMs <= Date.now() ? 'expired' : 'expires'} ${dateOf(expiresMs)}`,
  );
  if (revokedMs !== null) fields.push(`revoked ${dateOf(revokedMs)}`);
  return fields.join('\t');
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString();
}

function expiryOf(text: string, nowMs: number): number {
  const span = /^(\d{1,5})([dh])$/.exec(text);
  if (span !== null) return nowMs + Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0);
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const ms = Date.parse(isDate || hasZone ? text : `${text}Z`);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(ms)) return ms;
  throw new UsageError(`--expires takes a date such as 2027-01-31, or 90d, or 12h, not "${text}"`);
}
