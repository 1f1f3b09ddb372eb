/** The arguments of `emend rules import --format` and `emend rules export --format`. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CommandIo, UsageError } from '../../command.ts';
import { FORMATS, formatNamed } from '../../rules/formats/registry.ts';
import { FormatError } from '../../rules/formats/shared/errors.ts';
import type { FormatOption } from '../../rules/formats/shared/options.ts';

export interface FormatArguments {
  readonly action: 'import' | 'export';
  readonly format: string;
  /** Files to import. */
  readonly files: readonly string[];
  /** The rule set to export; undefined: what is published. */
  readonly from: string | undefined;
  /** Whether what is imported is put in force. */
  readonly publish: boolean;
  /** Folder of the rules. */
  readonly folder: string;
  /** Why, for the audit log. */
  readonly reason: string | undefined;
  readonly out: string | undefined;
  readonly report: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  /** Values of placeholders: for each name a file. */
  readonly values: readonly (readonly [string, string])[];
  readonly skipBad: boolean;
  readonly json: boolean;
}

/** Whether arguments ask for a format. */
export function asksForFormat(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--format' || arg.startsWith('--format='));
}

/** @returns undefined when help was asked for */
export function parseFormatArguments(args: string[], io: CommandIo): FormatArguments | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      in: { type: 'string' },
      out: { type: 'string' },
      publish: { type: 'boolean', default: false },
      rules: { type: 'string' },
      reason: { type: 'string' },
      report: { type: 'string' },
      option: { type: 'string', multiple: true, default: [] },
      values: { type: 'string', multiple: true, default: [] },
      'skip-bad': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [action, ...files] = positionals;
  if (action !== 'import' && action !== 'export') {
    throw new UsageError(`--format goes with import and export, found ${JSON.stringify(action ?? 'nothing')}`);
  }
  const format = values.format ?? '';
  checkFormat(format);
  const importing = action === 'import';
  const only = (name: string, given: boolean, of: 'import' | 'export') => {
    if (given && of !== action) throw new UsageError(`--${name} goes with ${of}`);
  };
  only('in', values.in !== undefined, 'export');
  only('skip-bad', values['skip-bad'], 'import');
  only('publish', values.publish, 'import');
  if (values.reason !== undefined && !values.publish) throw new UsageError('--reason goes with --publish');
  const isFolderUsed = importing ? values.publish : values.in === undefined;
  if (values.rules !== undefined && !isFolderUsed) {
    throw new UsageError('--rules goes with import --publish, and with export without --in');
  }
  only('values', values.values.length > 0, 'import');
  if (importing && files.length === 0) throw new UsageError('import needs at least one FILE, or "-" for stdin');
  if (!importing && files.length > 0)
    throw new UsageError(`unexpected argument "${files[0]}"; the rules are given by --in`);
  const folder = values.rules ?? io.env['EMEND_RULES_DIR'];
  return {
    action,
    format,
    files,
    from: values.in,
    publish: values.publish,
    folder: resolve(io.cwd, folder === undefined || folder === '' ? './rules' : folder),
    reason: values.reason,
    out: values.out,
    report: values.report,
    options: Object.fromEntries(values.option.map((one) => pair(one, '--option'))),
    values: values.values.map((one) => pair(one, '--values')),
    skipBad: values['skip-bad'],
    json: values.json,
  };
}

/** Help, with all formats and their options. */
export function formatHelp(): string {
  const names = Math.max(...FORMATS.map(({ name }) => name.length));
  const lines = FORMATS.flatMap(({ name, help, importOptions, exportOptions, write }) => [
    `  ${name.padEnd(names)}  ${help}${write === undefined ? '' : '; also export'}`,
    ...importOptions.map((option) => optionLine(option, names)),
    ...(exportOptions ?? []).map((option) => optionLine(option, names)),
  ]);
  return `Takes rules of other tools over, and writes rules for them; says what is lost.

  emend rules import --format solr synonyms.txt --out rules.json

Usage: emend rules import --format NAME FILE...         reads files ("-" is stdin), prints what was taken over
       emend rules import --format NAME FILE... --publish  puts them in force too, instead of the rule set before
       emend rules export --format NAME                 writes the published rule set for another tool

Options:
  --publish            import: put the rules in force; running services follow from their next request on
  --rules DIR          folder of the published rules (EMEND_RULES_DIR, or ./rules)
  --reason TEXT        with --publish: why, for the audit log
  --out FILE           where the rules go: import writes a rule set as JSON, export the tool's file (else to stdout)
  --in FILE            export: a rule set as import writes it, instead of the published one
  --option NAME=VALUE  an option of the format, see below; repeatable
  --values NAME=FILE   import: values of the placeholder {NAME}, one a line; repeatable
  --skip-bad           import: rules with errors, or that cannot act, are left out; else nothing is written
  --report FILE        write the whole report as JSON
  --json               print the report as JSON
  -h, --help           this text

Formats:
${lines.join('\n')}
`;
}

function optionLine({ name, values, usual, help }: FormatOption, indent: number): string {
  const choices = typeof values === 'string' ? '' : ` (${values.join(', ')})`;
  return `  ${' '.repeat(indent)}  ${name}=${usual === '' ? '...' : usual}: ${help}${choices}`;
}

function checkFormat(name: string): void {
  try {
    formatNamed(name);
  } catch (error) {
    throw error instanceof FormatError ? new UsageError(error.message) : error;
  }
}

function pair(text: string, flag: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`${flag} takes NAME=VALUE, found "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
