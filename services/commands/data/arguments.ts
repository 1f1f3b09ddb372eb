/** The arguments of `emend data`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandIo, UsageError } from '../../command.ts';
import { DATA_KINDS, type DataFormat, type DataKind } from '../../live/data-file.ts';
import { KEEP_REMOVED_DAYS } from '../../live/update.ts';

const ACTIONS = [
  'import',
  'export',
  'list',
  'get',
  'set',
  'delete',
  'undo',
  'diff',
  'watch',
  'own',
  'verify',
  'compact',
] as const;
/** How many arguments follow the collection's name: at least and at most. */
const ARGUMENTS: Readonly<Record<string, readonly [number, number]>> = {
  import: [1, 1],
  diff: [1, 1],
  own: [1, 1],
  set: [1, 2],
  get: [1, Number.POSITIVE_INFINITY],
  delete: [0, Number.POSITIVE_INFINITY],
};

export interface DataOptions {
  readonly action: (typeof ACTIONS)[number];
  /** The collection; '' for actions on all. */
  readonly name: string;
  /** What follows the name: keys, a file, an owner; JSON values where `--json-keys` says so. */
  readonly keys: readonly unknown[];
  readonly folder: string;
  readonly kind: DataKind | undefined;
  readonly format: DataFormat | undefined;
  readonly text: boolean;
  readonly all: boolean;
  readonly changes: number;
  readonly keepRemovedDays: number;
  readonly json: boolean;
}

/** @returns undefined when help was asked for */
export function parseDataArguments(args: string[], io: CommandIo): DataOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rules: { type: 'string' },
      kind: { type: 'string' },
      format: { type: 'string' },
      text: { type: 'boolean', default: false },
      'json-keys': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      changes: { type: 'string' },
      'keep-removed-days': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const action = ACTIONS.find((one) => one === positionals[0]);
  if (action === undefined) {
    throw new UsageError(`expected one of ${ACTIONS.join(', ')}, found ${JSON.stringify(positionals[0] ?? 'nothing')}`);
  }
  const [, name = '', ...keys] = positionals;
  const needsName = !['list', 'verify', 'watch', 'compact'].includes(action);
  if (needsName && name === '') throw new UsageError(`${action} needs the NAME of a collection`);
  const [least, most] = needsName ? (ARGUMENTS[action] ?? [0, 0]) : [0, 0];
  const count = keys.length + (needsName || name === '' || action === 'watch' ? 0 : 1);
  if (count < least && !values.all) throw new UsageError(`${action} needs more after the name; see emend data --help`);
  if (count > most) throw new UsageError(`unexpected argument "${keys[most] ?? name}"`);
  refuseStray(values, action);
  const folder = values.rules ?? io.env['EMEND_RULES_DIR'];
  return {
    action,
    name,
    keys: values['json-keys'] && action !== 'import' && action !== 'diff' ? keys.map(parseKey) : keys,
    folder: resolve(io.cwd, folder === undefined || folder === '' ? './rules' : folder),
    kind: choice(values.kind, DATA_KINDS, '--kind'),
    format: choice(values.format, ['json', 'jsonl', 'txt'] as const, '--format'),
    text: values.text,
    all: values.all,
    changes: values.changes === undefined ? Number.POSITIVE_INFINITY : wholeNumber(values.changes, '--changes', 1),
    keepRemovedDays: wholeNumber(values['keep-removed-days'] ?? String(KEEP_REMOVED_DAYS), '--keep-removed-days', 0),
    json: values.json,
  };
}

/** Options that would do nothing. */
function refuseStray(values: Readonly<Record<string, unknown>>, action: string): void {
  const takenBy: Readonly<Record<string, readonly string[]>> = {
    kind: ['import', 'diff', 'set'],
    format: ['import', 'diff', 'export'],
    text: ['set'],
    all: ['delete'],
    changes: ['watch'],
    'keep-removed-days': ['compact'],
    'json-keys': ['get', 'set', 'delete'],
  };
  for (const [option, actions] of Object.entries(takenBy)) {
    const given = values[option] !== undefined && values[option] !== false;
    if (given && !actions.includes(action)) throw new UsageError(`--${option} goes with ${actions.join(', ')}`);
  }
}

function choice<T extends string>(value: string | undefined, choices: readonly T[], option: string): T | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option} takes ${choices.join(', ')}, found "${value}"`);
  return found;
}

function wholeNumber(text: string, option: string, least: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`${option} takes a whole number from ${least}, found "${text}"`);
}

function parseKey(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`with --json-keys a key is JSON, found ${text}`);
  }
}
