/** `emend rules publish`, and what other commands of `emend rules` do with the published rule set. */

import { hasCollections } from '../../../stores/lmdb/migrate.ts';
import { withRulesFolder } from '../../admin/ledger.ts';
import { changeLive, clearLive, type LiveSet, swapLive, undoChange } from '../../admin/live-set.ts';
import { withEdits } from '../../admin/rule-edits.ts';
import type { CommandIo } from '../../command.ts';
import { RuleSetError } from '../../rules/compile/problems.ts';
import type { RuleSet } from '../../rules/model/rule.ts';
import { type Publication, publishedIn } from '../../rules/published.ts';
import { commandRequest } from '../actor.ts';
import { type DraftFile, readDraftFile } from './draft-file.ts';
import { tellProblems } from './rule-set-file.ts';

/** Where the rules are, and how the outcome is told. */
export interface RuleSetOptions {
  readonly folder: string;
  readonly json: boolean;
  /** For the audit log. */
  readonly reason?: string | undefined;
}

/** Publishes a file: all rules, or edits of those in force. @returns the exit code */
export function runPublish(file: string, { folder, json, reason }: RuleSetOptions, io: CommandIo): number {
  const draft = readDraftFile(file, io, json);
  if (draft === undefined) return 1;
  try {
    return publishMade(({ set }) => ruleSetOf(draft, set), { folder, json, reason }, io);
  } catch (error) {
    if (!(error instanceof RuleSetError)) throw error;
    tellProblems(file, error.problems, json, io);
    return 1;
  }
}

/** Publishes a rule set. @returns the exit code @throws {RuleSetError} */
export function publishSet(set: RuleSet, options: RuleSetOptions, io: CommandIo): number {
  return publishMade(() => set, options, io);
}

function publishMade(make: (live: LiveSet) => RuleSet, options: RuleSetOptions, io: CommandIo): number {
  const request = commandRequest(options.reason);
  const { live } = withRulesFolder(options.folder, (collections) =>
    changeLive(collections, 'rules:publish', request, make),
  );
  if (live.publication !== null) tell(live.publication, 'published', options, io);
  return 0;
}

/** What a file makes of the rules in force. */
export function ruleSetOf(draft: DraftFile, live: RuleSet): RuleSet {
  return 'edits' in draft ? withEdits(live, draft.edits) : draft.set;
}

/**
 * Puts back what was published before, or takes back one change of the audit log. @returns the exit code
 *
 * @throws {AdminError} as `undoChange`
 */
export function runUndoRuleSet(
  options: RuleSetOptions & { readonly change?: number | undefined },
  io: CommandIo,
): number {
  const { folder, change, reason } = options;
  const request = commandRequest(reason);
  const done = !hasCollections(folder)
    ? undefined
    : withRulesFolder(folder, (collections) =>
        change === undefined ? swapLive(collections, request) : undoChange(collections, request, change),
      );
  const publication = done?.live.publication;
  if (publication === undefined || publication === null) {
    io.stderr.write('emend rules: ruleset: nothing was published before; publish the rules that are wanted\n');
    return 1;
  }
  tell(publication, 'in force again', options, io);
  return 0;
}

/** Takes the published rules out of force. @returns the exit code */
export function runClearRuleSet({ folder, json, reason }: RuleSetOptions, io: CommandIo): number {
  const request = commandRequest(reason);
  const removed = hasCollections(folder)
    ? withRulesFolder(folder, (collections) => clearLive(collections, request))
    : 0;
  if (json) io.stdout.write(`${JSON.stringify({ collection: 'ruleset', folder, removed })}\n`);
  else io.stdout.write(`ruleset: ${removed} rules removed from ${folder}\n`);
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

function tell(publication: Publication, how: string, { folder, json }: RuleSetOptions, io: CommandIo): void {
  const { rules, version, digest, bytes } = publication;
  if (json) io.stdout.write(`${JSON.stringify({ ...publication, folder })}\n`);
  else {
    io.stdout.write(
      `ruleset: ${rules === 1 ? '1 rule' : `${rules} rules`} ${how} as version ${version}, ${digest.slice(0, 19)}, ${bytes} bytes compiled, in ${folder}\n`,
    );
  }
}
