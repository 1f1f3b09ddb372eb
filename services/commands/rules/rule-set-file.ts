/** JSON files of rules, and what is wrong with them told. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { unreadable } from '../../../stores/errors.ts';
import type { CommandIo } from '../../command.ts';
import { checkedRuleSet } from '../../rules/compile/check.ts';
import type { RuleProblem } from '../../rules/compile/problems.ts';
import { fileText } from '../../rules/formats/shared/text.ts';
import { ModelError } from '../../rules/model/errors.ts';
import { parseJsonText } from '../../rules/model/parse.ts';
import type { RuleSet } from '../../rules/model/rule.ts';

/** All problems of a file are counted; so many are shown. */
const SHOWN_PROBLEMS = 50;

/**
 * The rule set in a JSON file, checked; undefined when something is wrong with it, which is then told.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readRuleSetFile(file: string, io: CommandIo, json: boolean): RuleSet | undefined {
  const value = readJsonFile(file, io, json);
  if (value === undefined) return undefined;
  const { set, problems } = checkedRuleSet(value.json);
  if (problems.length === 0) return set;
  tellProblems(file, problems, json, io);
  return undefined;
}

/**
 * The JSON of a file; undefined when it is none, which is then told.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readJsonFile(file: string, io: CommandIo, json: boolean): { readonly json: unknown } | undefined {
  const path = resolve(io.cwd, file);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading rules', cause, 'check the path');
  }
  const { text, problems } = fileText(bytes);
  if (problems.length > 0) {
    const told = problems.map(({ line, message }) => (line === 0 ? message : `line ${line}: ${message}`));
    tellProblems(
      file,
      told.map((message) => ({ pointer: '', code: 'bad-shape', message })),
      json,
      io,
    );
    return undefined;
  }
  try {
    return { json: parseJsonText(text, file) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    tellProblems(file, error.problems, json, io);
    return undefined;
  }
}

/** Tells what is wrong with a file. */
export function tellProblems(file: string, problems: readonly RuleProblem[], json: boolean, io: CommandIo): void {
  if (json) io.stdout.write(`${JSON.stringify({ file, problems })}\n`);
  for (const { pointer, rule, code, message } of problems.slice(0, SHOWN_PROBLEMS)) {
    const of = rule === undefined ? '' : ` (rule "${rule}")`;
    io.stderr.write(`emend rules: ${file}: ${pointer || '/'}${of}: ${code}: ${message}\n`);
  }
  const hidden = problems.length - SHOWN_PROBLEMS;
  if (hidden > 0) io.stderr.write(`emend rules: ${file}: ${hidden} more problems\n`);
  io.stderr.write(`emend rules: nothing was changed; correct ${file} and try again\n`);
}
