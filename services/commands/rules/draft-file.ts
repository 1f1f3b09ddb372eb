/** Files that `publish` and `check` take: a whole rule set, or edits of the one in force. */
import { readEdits } from '../../admin/read-edits.ts';
import type { SetEdits } from '../../admin/rule-edits.ts';
import type { CommandIo } from '../../command.ts';
import { checkedRuleSet } from '../../rules/compile/check.ts';
import type { RuleSet } from '../../rules/model/rule.ts';
import { readJsonFile, tellProblems } from './rule-set-file.ts';

/** All rules, or edits of those in force. */
export type DraftFile = { readonly set: RuleSet } | { readonly edits: SetEdits };

/**
 * Reads one; undefined when something is wrong with it, which is then told.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read
 */
export function readDraftFile(file: string, io: CommandIo, json: boolean): DraftFile | undefined {
  const value = readJsonFile(file, io, json)?.json;
  if (value === undefined) return undefined;
  const isEdits = typeof value === 'object' && value !== null && 'changes' in value;
  const { problems, ...read } = isEdits ? readEdits(value) : checkedRuleSet(value);
  if (problems.length === 0) return read;
  tellProblems(file, problems, json, io);
  return undefined;
}
