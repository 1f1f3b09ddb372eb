/** JSON to edits of a rule set: members and types; what they would make of the rules is checked when they are made. */
import type { RuleProblem } from '../rules/compile/problems.ts';
import { readRuleSet } from '../rules/compile/read.ts';
import type { Rule } from '../rules/model/rule.ts';
import type { RuleEdit, SetEdits } from './rule-edits.ts';

/** What a JSON value says, or what is wrong with it: with no problems `edits` is sound. */
export interface ReadEdits {
  readonly edits: SetEdits;
  readonly problems: readonly RuleProblem[];
}

const MEMBERS = ['changes', 'values', 'settings'];

/**
 * Reads `{"changes": [{"put": RULE}, {"delete": "ID"}, ...], "values": ..., "settings": ...}`.
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
  const rules: unknown[] = [];
  const places: number[] = [];
  for (const [i, change] of list.entries()) {
    const [name, ...more] = isObject(change) ? Object.keys(change) : [];
    const item = isObject(change) ? change[name ?? ''] : undefined;
    if (more.length === 0 && name === 'delete' && typeof item === 'string') changes.push({ delete: item });
    else if (more.length === 0 && name === 'put') {
      changes.push({ put: item as Rule });
      places.push(i);
      rules.push(item);
    } else problems.push(bad(`/changes/${i}`, 'expected {"put": RULE} or {"delete": "ID"}'));
  }
  const { values, settings } = value;
  const set = {
    rules,
    ...(values === undefined ? {} : { values }),
    ...(settings === undefined ? {} : { settings }),
  };
  const read = readRuleSet(set);
  for (const problem of read.problems) {
    const pointer = problem.pointer.replace(/^\/rules\/(\d+)/, (_, index) => `/changes/${places[Number(index)]}/put`);
    problems.push({ ...problem, pointer });
  }
  const { rules: _, ...members } = read.set;
  return { edits: { ...members, changes }, problems };
}

function bad(pointer: string, message: string): RuleProblem {
  return { pointer, code: 'bad-shape', message };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
