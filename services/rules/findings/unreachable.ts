/**
 * Rules that act in no request. Exact for rules of sequences (with anchors, wildcards, placeholders and plurals), of every query
 * and of the empty one, among rules of the same kinds: each is tried in its worlds. A boolean condition or a regular expression is
 * never said to be unreachable, and keeps no other rule from acting here. Requests that choose rules by themselves are left out, and so is what
 * replacements do to the terms that other rules wait for. Where a better match drops others, it may drop the very rule that would have
 * stopped those after it: of sets that select so and have rules that stop, none is said to be shadowed.
 */
import { DEFAULT_OPTIONS } from '../../rewrite/options.ts';
import { compileRuleSet } from '../compile/compile.ts';
import { openEngine } from '../engine/engine.ts';
import type { Action, Rule, RuleSet } from '../model/rule.ts';
import type { Finding } from './finding.ts';
import { isPlain, type WorldParts, worldsOf } from './worlds.ts';

/** So many rules are named that keep one from acting. */
const NAMED = 3;
const MOST_TERMS = 64;

/** All such rules: dead where their time is over, else shadowed by those named. */
export function unreachable(parts: WorldParts): Finding[] {
  const { set } = parts;
  const engine = openEngine(compileRuleSet(simplified(set)), 'the rules to check');
  const origins = new Uint8Array(MOST_TERMS);
  const findings: Finding[] = [];
  const { selection = 'all' } = set.settings ?? {};
  const dropsStops =
    (selection === 'exclusive' || selection === 'longest') && set.rules.some(({ stop }) => stop === true);
  for (const rule of set.rules) {
    if (rule.enabled === false) continue;
    if (isOver(rule, parts.nowMs)) {
      findings.push({ kind: 'dead', rule: rule.id, others: [], message: 'its last window has ended' });
      continue;
    }
    if (dropsStops || !isPlain(rule)) continue;
    const worlds = worldsOf(rule, parts);
    if (worlds === undefined || worlds.length === 0) continue;
    const before = new Set<string>();
    const acts = worlds.some(({ terms, context, atMs }) => {
      const run = engine.begin(terms, { ...DEFAULT_OPTIONS, context, at: atMs });
      const early = run.early;
      const fired = [...early, ...run.expand(terms, origins)];
      for (const one of fired) if (before.size < NAMED) before.add(one.rule);
      return fired.some((one) => one.rule === rule.id);
    });
    if (acts) continue;
    const others = [...before];
    const message = `wherever it matches, ${others.map((id) => `"${id}"`).join(', ')} ${others.length === 1 ? 'goes' : 'go'} first and it does not act`;
    findings.push({ kind: 'shadowed', rule: rule.id, others, message });
  }
  return findings;
}

function isOver({ validity }: Rule, nowMs: number): boolean {
  return (
    validity !== undefined &&
    validity.length > 0 &&
    validity.every(({ until }) => until !== undefined && until <= nowMs)
  );
}

/** The set with what decides which rules act, and no more: its actions are of the same turn, and refer to nothing. */
function simplified(set: RuleSet): RuleSet {
  const rules = set.rules.flatMap((rule): Rule[] => {
    const triggers = rule.triggers.filter(({ kind }) => kind !== 'boolean' && kind !== 'regex');
    if (triggers.length === 0) return [];
    const isEarly = rule.actions.some(({ do: what }) => what === 'replace' || what === 'redirect');
    const action: Action = isEarly ? { do: 'redirect', to: 'x' } : { do: 'boost', query: 'x', raw: true };
    return [{ ...rule, triggers, actions: [action] }];
  });
  return { ...set, rules };
}
