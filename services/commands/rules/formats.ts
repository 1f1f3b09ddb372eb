/** `emend rules import --format` and `emend rules export --format`: rules of other tools in and out. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { unwritable } from '../../../stores/errors.ts';
import { type CommandIo, UsageError } from '../../command.ts';
import { withoutBadRules } from '../../rules/compile/check.ts';
import { RuleSetError } from '../../rules/compile/problems.ts';
import { exportRules, importRuleFiles } from '../../rules/formats/registry.ts';
import { FormatError } from '../../rules/formats/shared/errors.ts';
import type { LossReport } from '../../rules/formats/shared/report.ts';
import { reportText } from '../../rules/formats/shared/report-text.ts';
import { fileText, linesOf } from '../../rules/formats/shared/text.ts';
import { ModelError } from '../../rules/model/errors.ts';
import { formatRuleSet } from '../../rules/model/format.ts';
import { parseRuleSet, parseRuleSetText } from '../../rules/model/parse.ts';
import type { RuleSet } from '../../rules/model/rule.ts';
import { publishedIn } from '../../rules/published.ts';
import { type FormatArguments, formatHelp, parseFormatArguments } from './format-arguments.ts';
import { readAll, readFile } from './read-input.ts';
import { publishSet } from './rule-set.ts';

/** Problems of a rule set are all counted; so many are shown. */
const SHOWN_PROBLEMS = 20;

/** Runs the command. @returns the exit code: 0 done, 1 failed */
export async function runFormats(args: string[], io: CommandIo): Promise<number> {
  const given = parseFormatArguments(args, io);
  if (given === undefined) {
    io.stdout.write(formatHelp());
    return 0;
  }
  try {
    return given.action === 'import' ? await runImport(given, io) : runExport(given, io);
  } catch (error) {
    if (error instanceof FormatError) throw new UsageError(error.message);
    if (!(error instanceof ModelError || error instanceof RuleSetError)) throw error;
    for (const { pointer, message } of error.problems.slice(0, SHOWN_PROBLEMS)) {
      io.stderr.write(`emend rules: ${given.from ?? 'rules'}${pointer === '' ? '' : `#${pointer}`}: ${message}\n`);
    }
    const hidden = error.problems.length - SHOWN_PROBLEMS;
    if (hidden > 0) io.stderr.write(`emend rules: and ${hidden} more; nothing was written\n`);
    return 1;
  }
}

async function runImport(given: FormatArguments, io: CommandIo): Promise<number> {
  const files: { name: string; bytes: Uint8Array }[] = [];
  for (const file of given.files) {
    files.push({
      name: file === '-' ? 'stdin' : file,
      bytes: file === '-' ? await readAll(io.stdin) : readBytes(file, io),
    });
  }
  const { rules, report } = importRuleFiles(given.format, files, given.options);
  const read = parseRuleSet({ ...rules, ...valuesOf(given, io) }, 'the rules');
  printReport(given, report, io);
  const stopped = report.errors > 0 && !given.skipBad;
  if (stopped) {
    io.stderr.write(
      `emend rules: nothing was written; correct the ${plural(report.errors, 'error')}, or leave those rules out with --skip-bad\n`,
    );
    return 1;
  }
  const set = given.publish ? actingRules(read, given, io) : read;
  if (set === undefined) return 1;
  if (given.out !== undefined) writeWhole(resolve(io.cwd, given.out), formatRuleSet(set));
  if (given.publish) return publishSet(set, given, io);
  if (given.out === undefined) {
    io.stderr.write(
      'emend rules: nothing was written; --out FILE.json takes the rules, --publish puts them in force\n',
    );
  }
  return 0;
}

/** The rules that can act, those that cannot told; undefined where there are some, and they are not to be left out. */
function actingRules(read: RuleSet, given: FormatArguments, io: CommandIo): RuleSet | undefined {
  const { set, problems } = withoutBadRules(read);
  for (const { rule, code, message } of problems.slice(0, SHOWN_PROBLEMS)) {
    io.stderr.write(`emend rules: rule "${rule}": ${code}: ${message}\n`);
  }
  const hidden = problems.length - SHOWN_PROBLEMS;
  if (hidden > 0) io.stderr.write(`emend rules: and ${hidden} more\n`);
  const bad = read.rules.length - set.rules.length;
  if (bad === 0 || given.skipBad) {
    if (bad > 0) io.stderr.write(`emend rules: left out: ${bad === 1 ? '1 rule' : `${bad} rules`} that cannot act\n`);
    return set;
  }
  io.stderr.write(
    `emend rules: nothing was published; correct the ${plural(bad, 'rule')} that cannot act, or leave them out with --skip-bad\n`,
  );
  return undefined;
}

function runExport(given: FormatArguments, io: CommandIo): number {
  const set = given.from === undefined ? publishedRules(given.folder, io) : rulesOfFile(given.from, io);
  if (set === undefined) return 1;
  const { text: written, report } = exportRules(given.format, set, given.options);
  // The report goes where the rules do not.
  if (given.out !== undefined) printReport(given, report, io);
  else {
    if (given.json) throw new UsageError('--json prints the report, and stdout has the rules: give --out FILE too');
    io.stderr.write(reportText(report));
    writeReport(given, report, io);
    io.stdout.write(written);
    return 0;
  }
  writeWhole(resolve(io.cwd, given.out), written);
  return 0;
}

function publishedRules(folder: string, io: CommandIo): RuleSet | undefined {
  const published = publishedIn(folder);
  if (published === undefined) {
    io.stderr.write(
      `emend rules: nothing is published in ${folder}; "emend rules publish" puts rules in force, --in FILE exports others\n`,
    );
  }
  return published?.set;
}

/** @throws {ModelError} when the file holds something else */
function rulesOfFile(file: string, io: CommandIo): RuleSet | undefined {
  const { text, problems } = fileText(readBytes(file, io));
  const [problem] = problems;
  if (problem === undefined) return parseRuleSetText(text, file);
  io.stderr.write(`emend rules: ${file}:${problem.line}: ${problem.message}\n`);
  return undefined;
}

function printReport(given: FormatArguments, report: LossReport, io: CommandIo): void {
  io.stdout.write(given.json ? `${JSON.stringify(report)}\n` : reportText(report));
  writeReport(given, report, io);
}

function writeReport({ report: file }: FormatArguments, report: LossReport, io: CommandIo): void {
  if (file !== undefined) writeWhole(resolve(io.cwd, file), `${JSON.stringify(report)}\n`);
}

/** Values of placeholders, one a line; lines that begin with "#" are comments. */
function valuesOf({ values }: FormatArguments, io: CommandIo): Pick<RuleSet, 'values'> {
  if (values.length === 0) return {};
  const lists = values.map(([name, file]) => {
    const { text, problems } = fileText(readBytes(file, io));
    const [problem] = problems;
    if (problem !== undefined) throw new UsageError(`--values ${name}: ${file}:${problem.line}: ${problem.message}`);
    const lines = linesOf(text).map((line) => line.trim());
    return [name, lines.filter((line) => line !== '' && !line.startsWith('#'))] as const;
  });
  return { values: Object.fromEntries(lists) };
}

/** Writes to a temporary name, syncs and renames, so that a stopped program leaves nothing half made. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    const file = openSync(part, 'w');
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw unwritable(path, cause);
  }
}

/** @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read */

function readBytes(file: string, io: CommandIo): Uint8Array {
  return readFile(resolve(io.cwd, file));
}

function plural(count: number, what: string): string {
  return count === 1 ? what : `${count} ${what}s`;
}
