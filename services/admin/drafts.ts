/** Drafts: sets of edits over the live rules, kept until they are published or thrown away. */
import { randomBytes } from 'node:crypto';
import type { Collections } from '../../stores/lmdb/collections.ts';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import { checkedRuleSet } from '../rules/compile/check.ts';
import { RuleSetError } from '../rules/compile/problems.ts';
import { SET_MEMBER_NAMES } from '../rules/model/parse.ts';
import type { RuleSet } from '../rules/model/rule.ts';
import { AdminError } from './errors.ts';
import { logged, type Request } from './ledger.ts';
import { changeLive, liveSet, type SetChange } from './live-set.ts';
import { editedId, etagOf, membersOf, type SetEdits, withEdits } from './rule-edits.ts';

/** The collection. */
const COLLECTION = 'emend-drafts';
const ID = /^[\w.-]{1,64}$/;

/** A draft as it is kept. */
export interface Draft extends SetEdits {
  readonly id: string;
  readonly name: string;
  /** Counts its states, from 1. */
  readonly version: number;
  /** What it was made over: of each rule that it edits the state, null where there was none. */
  readonly bases: Readonly<Record<string, string | null>>;
  readonly by: string;
  readonly createdMs: number;
  readonly changedMs: number;
}

/** What a draft is to be. */
export interface DraftWish extends SetEdits {
  readonly name: string;
}

/** All of them, by id. */
export function listDrafts(collections: Collections): Draft[] {
  return [...collections.map(COLLECTION).values()] as unknown as Draft[];
}

/** @throws {AdminError} `ADMIN_NOT_FOUND` */
export function draftOf(collections: Collections, id: string): Draft {
  const draft = find(collections, id);
  if (draft === undefined) throw new AdminError('ADMIN_NOT_FOUND', `there is no draft "${id.slice(0, 64)}"`);
  return draft;
}

/**
 * Makes a draft, or replaces one. It is made over the rules as they are now.
 *
 * @param id undefined for one that is chosen here
 * @param expect refuses by throwing; undefined: there is none of that id
 * @throws {AdminError} `ADMIN_INPUT` for an id that cannot be; `ADMIN_NOT_FOUND` for a rule to be deleted that is not there
 * @throws {RuleSetError} with all that is wrong with what the rules would become
 */
export function putDraft(
  collections: Collections,
  id: string | undefined,
  wish: DraftWish,
  request: Request,
  expect: (before: Draft | undefined) => void,
): Draft {
  return logged(collections, request, 'writing a draft', () => {
    const chosen = id ?? randomBytes(6).toString('hex');
    if (!ID.test(chosen)) {
      throw new AdminError(
        'ADMIN_INPUT',
        'the id of a draft is 1 to 64 letters, digits, hyphens, dots and underscores',
      );
    }
    const before = find(collections, chosen);
    expect(before);
    const { set } = liveSet(collections);
    const { problems } = checkedRuleSet(withEdits(set, wish));
    if (problems.length > 0) throw new RuleSetError(problems, 'the rules with this draft');
    const draft: Draft = {
      id: chosen,
      name: wish.name,
      version: (before?.version ?? 0) + 1,
      changes: wish.changes,
      ...membersOf((name) => wish[name]),
      bases: basesOf(set, wish),
      by: request.who.name,
      createdMs: before?.createdMs ?? request.nowMs,
      changedMs: request.nowMs,
    };
    collections.write.put(COLLECTION, [{ key: chosen, value: draft }], 'commands', { kind: 'map' });
    return { result: draft, log: logOf('drafts:put', chosen, before, draft) };
  }).result;
}

/** Throws a draft away. @throws {AdminError} `ADMIN_NOT_FOUND` */
export function deleteDraft(
  collections: Collections,
  id: string,
  request: Request,
  expect: (before: Draft) => void,
): void {
  logged(collections, request, 'deleting a draft', () => {
    const before = draftOf(collections, id);
    expect(before);
    collections.write.delete(COLLECTION, [id]);
    return { result: undefined, log: logOf('drafts:delete', id, before, undefined) };
  });
}

/** The rules with a draft's edits. @throws {AdminError} `ADMIN_CONFLICT` when rules that it edits were changed since */
export function withDraft(set: RuleSet, draft: Draft): RuleSet {
  const now = basesOf(set, draft);
  const stale = Object.keys(draft.bases).filter((key) => now[key] !== draft.bases[key]);
  if (stale.length > 0) {
    const names = stale.slice(0, 5).map((key) => `"${key}"`);
    throw new AdminError(
      'ADMIN_CONFLICT',
      `${names.join(', ')}${stale.length > 5 ? ` and ${stale.length - 5} more` : ''}: changed since the draft was written; look at what is there now, and put the draft again`,
    );
  }
  return withEdits(set, draft);
}

/**
 * Publishes a draft, which is then gone.
 *
 * @throws {AdminError} `ADMIN_NOT_FOUND`; `ADMIN_CONFLICT` as `withDraft`; else as `changeLive`
 */
export function publishDraft(
  collections: Collections,
  id: string,
  request: Request,
  expect: (draft: Draft) => void,
): SetChange {
  return collections.transaction('publishing a draft', () => {
    const draft = draftOf(collections, id);
    expect(draft);
    collections.write.delete(COLLECTION, [id]);
    return changeLive(collections, `drafts:publish`, request, ({ set }) => withDraft(set, draft));
  });
}

function find(collections: Collections, id: string): Draft | undefined {
  return collections.map(COLLECTION).get(id) as unknown as Draft | undefined;
}

function basesOf(set: RuleSet, edits: SetEdits): Record<string, string | null> {
  const rules = new Map(set.rules.map((rule) => [rule.id, rule]));
  const bases: [string, string | null][] = edits.changes.map((edit) => {
    const id = editedId(edit);
    const rule = rules.get(id);
    return [`rules/${id}`, rule === undefined ? null : etagOf(rule)];
  });
  for (const member of SET_MEMBER_NAMES) {
    if (edits[member] !== undefined) bases.push([member, etagOf(set[member] ?? null)]);
  }
  return Object.fromEntries(bases);
}

function logOf(action: string, id: string, before: Draft | undefined, after: Draft | undefined) {
  const json = (draft: Draft | undefined) => (draft ?? null) as unknown as JsonValue;
  return { action, changes: [{ what: `drafts/${id}`, before: json(before), after: json(after) }] };
}
