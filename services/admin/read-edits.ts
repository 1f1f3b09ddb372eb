/** JSON to edits of a rule set: members and types; what they would make of the rules is checked when they are made. */
import type { RuleProblem } from '../rules/compile/problems.ts';
import { isObject, JsonCheck } from '../rules/model/json-check.ts';
import { parseRule, parseSetMembers, SET_MEMBER_NAMES } from '../rules/model/parse.ts';
import type { RuleEdit, SetEdits } from './rule-edits.ts';

/** What a JSON value says, or what is wrong with it: with no problems `edits` is sound. */
export interface ReadEdits {
  readonly edits: SetEdits;
  readonly problems: readonly RuleProblem[];
}

const MEMBERS: readonly string[] = ['changes', ...SET_MEMBER_NAMES];

/**
 * Reads `{"changes": [{"put": RULE}, {"delete": "ID"}, ...], "values": ..., "settings": ...}`, with any member of a set.
 *
 * @param others members that the caller reads
 */
export function readEdits(value: unknown, others: readonly string[] = []): ReadEdits {
  const none: SetEdits = { changes: [] };
  if (!isObject(value)) return { edits: none, problems: [bad('', 'expected an object with "changes"')] };
  const problems: RuleProblem[] = [];
  for (const name of Object.keys(value)) {
    if (MEMBERS.includes(name) || others.includes(name)) continue;
    problems.push({ pointer: `/${name}`, code: 'unknown-member', message: `"${name}" is no member here` });
  }
  const list = value['changes'] ?? [];
  if (!Array.isArray(list)) return { edits: none, problems: [...problems, bad('/changes', 'expected a list')] };
  const changes: RuleEdit[] = [];
  const check = new JsonCheck();
  for (const [i, change] of list.entries()) {
    const [name, ...more] = isObject(change) ? Object.keys(change) : [];
    const item = isObject(change) ? change[name ?? ''] : undefined;
    if (more.length === 0 && name === 'delete' && typeof item === 'string') changes.push({ delete: item });
    else if (more.length === 0 && name === 'put') {
      const before = check.problems.length;
      const rule = parseRule(check, item, `/changes/${i}/put`);
      if (rule !== undefined) changes.push({ put: rule });
      const id = isObject(item) && typeof item['id'] === 'string' ? item['id'] : undefined;
      problems.push(...check.problems.slice(before).map((problem) => ({ ...problem, rule: id })));
    } else problems.push(bad(`/changes/${i}`, 'expected {"put": RULE} or {"delete": "ID"}'));
  }
  const memberCheck = new JsonCheck();
  const members = parseSetMembers(memberCheck, value);
  return { edits: { ...members, changes }, problems: [...problems, ...memberCheck.problems] };
}

function bad(pointer: string, message: string): RuleProblem {
  return { pointer, code: 'bad-shape', message };
}
