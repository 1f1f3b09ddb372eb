/** All findings of a rule set. */
import { parseSequence } from '../compile/sequence.ts';
import type { Rule, RuleSet, Trigger } from '../model/rule.ts';
import { conflicts, cycles } from './conflicts.ts';
import type { Finding } from './finding.ts';
import { unreachable } from './unreachable.ts';
import { worldParts } from './worlds.ts';

/**
 * What may be wrong with a rule set that compiles.
 *
 * @param nowMs windows that ended before it do not count
 */
export function findingsOf(set: RuleSet, nowMs: number): Finding[] {
  const parts = worldParts(set, nowMs);
  return [...unreachable(parts), ...duplicates(set), ...conflicts(parts), ...cycles(parts)];
}

/** Findings that another state has not. */
export function newFindings(findings: readonly Finding[], before: readonly Finding[]): Finding[] {
  const known = new Set(before.map(keyOf));
  return findings.filter((finding) => !known.has(keyOf(finding)));
}

function keyOf({ kind, rule, others }: Finding): string {
  return JSON.stringify([kind, rule, others]);
}

/** Rules that say what a rule before them says. */
function duplicates(set: RuleSet): Finding[] {
  const first = new Map<string, string>();
  const findings: Finding[] = [];
  for (const rule of set.rules) {
    if (rule.enabled === false) continue;
    const key = meaningOf(rule);
    const other = first.get(key);
    if (other === undefined) first.set(key, rule.id);
    else {
      const message = `says what "${other}" says; remove one of them`;
      findings.push({ kind: 'duplicate', rule: rule.id, others: [other], message });
    }
  }
  return findings;
}

function meaningOf({ triggers, actions, validity, context, properties }: Rule): string {
  const meant = triggers.map((trigger) => JSON.stringify(triggerMeaning(trigger))).sort();
  return JSON.stringify([meant, actions, validity ?? [], context ?? {}, properties ?? {}]);
}

function triggerMeaning(trigger: Trigger): unknown {
  if (trigger.kind !== 'sequence') return trigger;
  const { text, anchor = 'any', plurals = false, wildcardMayBeEmpty = false } = trigger;
  return [parseSequence(text).elements, anchor, plurals, wildcardMayBeEmpty];
}
