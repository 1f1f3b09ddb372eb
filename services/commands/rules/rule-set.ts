/** `emend rules publish`, and what other commands of `emend rules` do with the published rule set. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { unreadable } from '../../../stores/errors.ts';
import type { CommandIo } from '../../command.ts';
import { checkedRuleSet } from '../../rules/compile/check.ts';
import { type RuleProblem, RuleSetError } from '../../rules/compile/problems.ts';
import type { RuleSet } from '../../rules/model/rule.ts';
import {
  type Publication,
  publishedIn,
  publishRuleSet,
  undoPublished,
  withdrawPublished,
} from '../../rules/published.ts';

/** All problems of a file are counted; so many are shown. */
const SHOWN_PROBLEMS = 50;

/** Where the rules are, and how the outcome is told. */
export interface RuleSetOptions {
  readonly folder: string;
  readonly json: boolean;
}

/** Publishes a file. @returns the exit code */
export function runPublish(file: string, { folder, json }: RuleSetOptions, io: CommandIo): number {
  const set = readRuleSetFile(file, io, json);
  if (set === undefined) return 1;
  try {
    tell(publishRuleSet(folder, set), 'published', { folder, json }, io);
    return 0;
  } catch (error) {
    if (!(error instanceof RuleSetError)) throw error;
    tellProblems(file, error.problems, json, io);
    return 1;
  }
}

/** Puts back what was published before. @returns the exit code */
export function runUndoRuleSet(options: RuleSetOptions, io: CommandIo): number {
  const publication = undoPublished(options.folder);
  if (publication === undefined) {
    io.stderr.write('emend rules: ruleset: nothing was published before; publish the rules that are wanted\n');
    return 1;
  }
  tell(publication, 'in force again', options, io);
  return 0;
}

/** Takes the published rules out of force. @returns the exit code */
export function runClearRuleSet({ folder, json }: RuleSetOptions, io: CommandIo): number {
  const publication = withdrawPublished(folder);
  if (json) io.stdout.write(`${JSON.stringify({ collection: 'ruleset', folder, removed: publication?.rules ?? 0 })}\n`);
  else io.stdout.write(`ruleset: ${publication?.rules ?? 0} rules removed from ${folder}\n`);
  return 0;
}

/** Prints the published rules as the JSON that `publish` takes. @returns the exit code */
export function runExportRuleSet({ folder }: RuleSetOptions, io: CommandIo): number {
  const set = publishedIn(folder)?.set ?? { rules: [] };
  io.stdout.write(`${JSON.stringify(set, undefined, 2)}\n`);
  return 0;
}

/** The line of `emend rules list` on the published rule set. */
export function listedRuleSet(folder: string): { readonly publication: Publication | null; readonly line: string } {
  const publication = publishedIn(folder)?.publication ?? null;
  if (publication === null) return { publication, line: 'ruleset\t0' };
  const { rules, version, digest } = publication;
  return { publication, line: `ruleset\t${rules}\tversion ${version}\t${digest.slice(0, 19)}` };
}

/**
 * The rule set in a JSON file, checked; undefined when something is wrong with it, which is then told.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readRuleSetFile(file: string, io: CommandIo, json: boolean): RuleSet | undefined {
  const path = resolve(io.cwd, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, 'reading rules', cause, 'check the path');
  }
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    const message = `not JSON: ${error instanceof Error ? error.message : String(error)}`;
    tellProblems(file, [{ pointer: '', code: 'bad-shape', message }], json, io);
    return undefined;
  }
  const { set, problems } = checkedRuleSet(value);
  if (problems.length === 0) return set;
  tellProblems(file, problems, json, io);
  return undefined;
}

function tellProblems(file: string, problems: readonly RuleProblem[], json: boolean, io: CommandIo): void {
  if (json) io.stdout.write(`${JSON.stringify({ file, problems })}\n`);
  for (const { pointer, rule, code, message } of problems.slice(0, SHOWN_PROBLEMS)) {
    const of = rule === undefined ? '' : ` (rule "${rule}")`;
    io.stderr.write(`emend rules: ${file}: ${pointer || '/'}${of}: ${code}: ${message}\n`);
  }
  const hidden = problems.length - SHOWN_PROBLEMS;
  if (hidden > 0) io.stderr.write(`emend rules: ${file}: ${hidden} more problems\n`);
  io.stderr.write(`emend rules: nothing was changed; correct ${file} and try again\n`);
}

function tell(publication: Publication, how: string, { folder, json }: RuleSetOptions, io: CommandIo): void {
  const { rules, version, digest, bytes } = publication;
  if (json) io.stdout.write(`${JSON.stringify({ ...publication, folder })}\n`);
  else {
    io.stdout.write(
      `ruleset: ${rules === 1 ? '1 rule' : `${rules} rules`} ${how} as version ${version}, ${digest.slice(0, 19)}, ${bytes} bytes compiled, in ${folder}\n`,
    );
  }
}
