/** Edits of a rule set: made, told apart, and taken back. Pure: nothing here reads or writes a file. */
import { createHash } from 'node:crypto';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import { SET_MEMBER_NAMES, type SetMembers } from '../rules/model/parse.ts';
import type { Rule, RuleSet } from '../rules/model/rule.ts';
import type { AuditedChange } from './audit-file.ts';
import { AdminError } from './errors.ts';

/** One edit: a rule put in (in its place where there is one of its id, else at the end), or one taken out. */
export type RuleEdit = { readonly put: Rule } | { readonly delete: string };

/** Edits of a set, made together: of rules, and what is to be there instead of other members. */
export interface SetEdits extends SetMembers {
  readonly changes: readonly RuleEdit[];
}

/** The members of a set that edits replace, and what they are called where one was changed since. */
const MEMBERS = Object.freeze({
  values: 'the values of placeholders',
  quantities: 'the quantities',
  protectedTerms: 'the protected terms',
  settings: 'the settings',
}) satisfies Record<keyof SetMembers, string>;

/** The id of the rule that an edit is of. */
export function editedId(edit: RuleEdit): string {
  return 'put' in edit ? edit.put.id : edit.delete;
}

/**
 * A rule set with some edits, in their order.
 *
 * @throws {AdminError} `ADMIN_NOT_FOUND` for a rule to be deleted that is not there
 */
export function withEdits(set: RuleSet, edits: SetEdits): RuleSet {
  const rules: (Rule | undefined)[] = [...set.rules];
  const places = new Map(set.rules.map(({ id }, i) => [id, i]));
  for (const edit of edits.changes) {
    const id = editedId(edit);
    const place = places.get(id);
    if ('put' in edit) {
      if (place === undefined) places.set(id, rules.push(edit.put) - 1);
      else rules[place] = edit.put;
      continue;
    }
    if (place === undefined) throw new AdminError('ADMIN_NOT_FOUND', `there is no rule "${id}" to delete`);
    rules[place] = undefined;
    places.delete(id);
  }
  return setOf(
    rules.filter((rule) => rule !== undefined),
    membersOf((name) => edits[name] ?? set[name]),
  );
}

/** What differs between two sets. */
export function differences(before: RuleSet, after: RuleSet): AuditedChange[] {
  const changes: AuditedChange[] = [];
  const old = new Map(before.rules.map((rule, at) => [rule.id, { rule, at }]));
  const now = new Map(after.rules.map((rule, at) => [rule.id, { rule, at }]));
  for (const [id, { rule, at }] of old) {
    const other = now.get(id);
    if (other !== undefined && sameJson(rule, other.rule)) continue;
    changes.push({ what: `rules/${id}`, at: [at, other?.at ?? null], before: json(rule), after: json(other?.rule) });
  }
  for (const [id, { rule, at }] of now) {
    if (!old.has(id)) changes.push({ what: `rules/${id}`, at: [null, at], before: null, after: json(rule) });
  }
  const common = (set: RuleSet, other: ReadonlyMap<string, unknown>) =>
    set.rules.map(({ id }) => id).filter((id) => other.has(id));
  if (!sameJson(common(before, now), common(after, old))) {
    changes.push({ what: 'order', before: before.rules.map(({ id }) => id), after: after.rules.map(({ id }) => id) });
  }
  for (const member of SET_MEMBER_NAMES) {
    if (!sameJson(before[member], after[member])) {
      changes.push({ what: member, before: json(before[member]), after: json(after[member]) });
    }
  }
  return changes;
}

/**
 * A rule set with logged changes taken back. What other changes have touched since stays as they left it.
 *
 * @throws {AdminError} `ADMIN_CONFLICT` when one of the things has been changed since
 */
export function withoutChanges(set: RuleSet, changes: readonly AuditedChange[]): RuleSet {
  const rules = new Map(set.rules.map((rule) => [rule.id, rule]));
  const restored: { readonly at: number; readonly rule: Rule }[] = [];
  const members: Record<string, unknown> = membersOf((name) => set[name]);
  let order: readonly string[] | undefined;
  for (const { what, at, before, after } of changes) {
    if (what === 'order') {
      mustBe(
        set.rules.map(({ id }) => id),
        after,
        'the order of the rules',
      );
      order = before as readonly string[];
    } else if (isMember(what)) {
      mustBe(members[what], after, MEMBERS[what]);
      members[what] = before ?? undefined;
    } else if (what.startsWith('rules/')) {
      const id = what.slice('rules/'.length);
      mustBe(rules.get(id), after, `the rule "${id}"`);
      const rule = before as unknown as Rule | null;
      if (rule === null) rules.delete(id);
      else if (rules.has(id)) rules.set(id, rule);
      else restored.push({ at: at?.[0] ?? rules.size, rule });
    }
  }
  const list = [...rules.values()];
  // In rising order, so that each finds those before it in their places.
  restored.sort((a, b) => a.at - b.at);
  for (const { at, rule } of restored) list.splice(at, 0, rule);
  if (order !== undefined) {
    const places = new Map(order.map((id, i) => [id, i]));
    list.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
  }
  return setOf(list, members as SetMembers);
}

/** What tells one state of a rule from another: 16 hexadecimal digits. */
export function etagOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16);
}

function mustBe(found: unknown, logged: JsonValue, what: string): void {
  if (sameJson(found ?? null, logged)) return;
  throw new AdminError(
    'ADMIN_CONFLICT',
    `${what} has been changed since; undo the later change first, or put in what is wanted`,
  );
}

function setOf(rules: readonly Rule[], members: SetMembers): RuleSet {
  return { rules, ...membersOf((name) => members[name]) };
}

/** The members of a set that are there. */
export function membersOf(of: (name: keyof SetMembers) => unknown): SetMembers {
  const there = SET_MEMBER_NAMES.map((name) => [name, of(name)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as SetMembers;
}

function isMember(name: string): name is keyof SetMembers {
  return Object.hasOwn(MEMBERS, name);
}

function json(value: unknown): JsonValue {
  return (value ?? null) as JsonValue;
}

function sameJson(a: unknown, b: unknown): boolean {
  // Most rules of a set are the same object before and after a change.
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The value with the members of its objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // Of entries, so that a member "__proto__" stays one.
  return members
    .map(([name, member]) => [name, sorted(member)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
