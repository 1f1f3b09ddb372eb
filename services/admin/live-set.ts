/** The rule set in force, changed one way only: checked, compiled, logged and published in one transaction. */
import type { Collections } from '../../stores/lmdb/collections.ts';
import { soundRuleSet } from '../rules/compile/check.ts';
import { compileSound } from '../rules/compile/compile.ts';
import type { RuleSet } from '../rules/model/rule.ts';
import { dropPublished, type Publication, publishedSet, putPublished, swapPublished } from '../rules/published.ts';
import type { ReadEntry } from './audit-file.ts';
import { AdminError } from './errors.ts';
import { changeOf, history, logged, type Request } from './ledger.ts';
import { differences, withoutChanges } from './rule-edits.ts';

/** The rules in force: version 0 and none where nothing is published. */
export interface LiveSet {
  readonly version: number;
  readonly publication: Publication | null;
  readonly set: RuleSet;
}

/** What a change of the live set did. */
export interface SetChange {
  /** Number of the change in the audit log; 0 where nothing was changed. */
  readonly seq: number;
  readonly live: LiveSet;
}

const NOTHING: LiveSet = Object.freeze({ version: 0, publication: null, set: { rules: [] } });

/** @throws {StoreError} */
export function liveSet(collections: Collections): LiveSet {
  const published = publishedSet(collections);
  if (published === undefined) return NOTHING;
  return { version: published.publication.version, ...published };
}

/**
 * Changes the live set. `edit` is given what is in force as nobody else can change it meanwhile, and may refuse by throwing.
 *
 * @throws {RuleSetError} with all that is wrong with what it would become
 * @throws {AdminError} `ADMIN_AUDIT`; {StoreError} as `publishRuleSet`; all of which change nothing
 */
export function changeLive(
  collections: Collections,
  action: string,
  request: Request,
  edit: (live: LiveSet) => RuleSet,
): SetChange {
  const { result, seq } = logged(collections, request, 'publishing rules', () => {
    const before = liveSet(collections);
    const set = soundRuleSet(edit(before));
    const changes = differences(before.set, set);
    // Publishing the same rules again is no change, but for the first time.
    if (changes.length === 0 && before.publication !== null) return { result: before, log: undefined };
    const publication = putPublished(collections, compileSound(set), set.rules.length, request.nowMs);
    const { version } = publication;
    return {
      result: { version, publication, set },
      log: { action, changes, version: [before.version, version] as const },
    };
  });
  return { live: result, seq };
}

/**
 * Takes one change back, the last one of the rules by default. Other changes stay.
 *
 * @throws {AdminError} `ADMIN_NOT_FOUND` when there is no such change of rules; `ADMIN_CONFLICT` when what it touched has
 *   been changed since; else as `changeLive`
 */
export function undoChange(
  collections: Collections,
  request: Request,
  seq: number | undefined,
  expect: (live: LiveSet) => void = () => {},
): SetChange {
  return changeLive(collections, 'rules:undo', request, (live) => {
    expect(live);
    return withoutChanges(live.set, changesToUndo(collections, seq).changes);
  });
}

/** The changes of rules, the newest first. */
export function isOfRules({ version, made }: ReadEntry): boolean {
  return version !== undefined && made;
}

/** Puts back what was published before, all of it; once more puts back what that replaced. Undefined: there was nothing before. */
export function swapLive(collections: Collections, request: Request): SetChange | undefined {
  const { result, seq } = logged(collections, request, 'undoing the published rules', () => {
    const before = liveSet(collections);
    if (swapPublished(collections) === undefined) return { result: undefined, log: undefined };
    const after = liveSet(collections);
    const changes = differences(before.set, after.set);
    return { result: after, log: { action: 'rules:undo', changes, version: [before.version, after.version] as const } };
  });
  return result === undefined ? undefined : { live: result, seq };
}

/** Takes all rules out of force. @returns how many there were */
export function clearLive(collections: Collections, request: Request): number {
  return logged(collections, request, 'withdrawing the published rules', () => {
    const { set, version } = liveSet(collections);
    if (dropPublished(collections) === undefined) return { result: 0, log: undefined };
    const changes = differences(set, { rules: [] });
    return { result: set.rules.length, log: { action: 'rules:clear', changes, version: [version, 0] as const } };
  }).result;
}

function changesToUndo(collections: Collections, seq: number | undefined): ReadEntry {
  const entry =
    seq === undefined ? history(collections, { limit: 1, keep: isOfRules }).entries[0] : changeOf(collections, seq);
  if (entry !== undefined && isOfRules(entry)) return entry;
  const which = seq === undefined ? 'there is no change of rules' : `change ${seq} is not of rules`;
  throw new AdminError('ADMIN_NOT_FOUND', `${which}; "emend rules history" lists those there are`);
}
