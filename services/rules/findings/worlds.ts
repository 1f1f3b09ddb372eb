/**
 * The smallest requests in which a trigger holds: its terms with a term that no rule knows on either side where it may stand
 * there. What matches there matches in every request in which the trigger holds, as far as it is no negation; so a rule that acts in none of them
 * acts in none at all.
 */
import { numbersOf } from '../compile/plurals.ts';
import { type Element, parseSequence, queryTerms } from '../compile/sequence.ts';
import type { Rule, RuleSet, SequenceTrigger, Trigger } from '../model/rule.ts';

/** More of them are not looked at: of such a rule nothing is said. */
export const MOST_WORLDS = 4096;

/** What is asked of the rules. */
export interface World {
  readonly terms: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly atMs: number;
}

/** What worlds are made of, for a whole set. */
export interface WorldParts {
  readonly set: RuleSet;
  /** A term that no rule knows, nor has the beginning or the end of. */
  readonly fresh: string;
  /** Moments at which a window of any rule begins or ends, in rising order. */
  readonly boundaries: readonly number[];
  readonly nowMs: number;
}

/** @param nowMs what was before does not count */
export function worldParts(set: RuleSet, nowMs: number): WorldParts {
  const boundaries = new Set<number>();
  for (const { validity } of set.rules) {
    for (const { from, until } of validity ?? []) {
      if (from !== undefined) boundaries.add(from);
      if (until !== undefined) boundaries.add(until);
    }
  }
  return { set, fresh: freshTerm(set), boundaries: [...boundaries].sort((a, b) => a - b), nowMs };
}

/** Whether all triggers of a rule are such that its worlds are known: sequences, always, empty. */
export function isPlain({ triggers }: Rule): boolean {
  return triggers.every(({ kind }) => kind === 'sequence' || kind === 'always' || kind === 'empty');
}

/** The worlds of a rule; undefined where there are too many. None: its time is over. */
export function worldsOf(rule: Rule, parts: WorldParts): World[] | undefined {
  const moments = momentsOf(rule, parts);
  const contexts = contextsOf(rule);
  const rows = rule.triggers.map((trigger) => rowsOf(trigger, parts));
  if (contexts === undefined || rows.some((row) => row === undefined)) return undefined;
  const all = rows.flatMap((row) => row ?? []);
  if (moments.length * contexts.length * all.length > MOST_WORLDS) return undefined;
  return moments.flatMap((atMs) => contexts.flatMap((context) => all.map((terms) => ({ terms, context, atMs }))));
}

/** One moment in each stretch of a rule's windows in which no other window begins or ends. */
function momentsOf({ validity }: Rule, { boundaries, nowMs }: WorldParts): number[] {
  const windows = validity === undefined || validity.length === 0 ? [{}] : validity;
  const moments = new Set<number>();
  for (const { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } of windows) {
    const first = Math.max(from, nowMs);
    if (first >= until) continue;
    moments.add(first);
    for (const at of boundaries) if (at > first && at < until) moments.add(at);
  }
  return [...moments];
}

/** For each key of a rule's context one of its values; undefined where there are too many ways. */
function contextsOf({ context }: Rule): Record<string, string>[] | undefined {
  let contexts: [string, string][][] = [[]];
  for (const [key, values] of Object.entries(context ?? {})) {
    contexts = contexts.flatMap((one) => values.map((value): [string, string][] => [...one, [key, value]]));
    if (contexts.length > MOST_WORLDS) return undefined;
  }
  return contexts.map((pairs) => Object.fromEntries(pairs));
}

function rowsOf(trigger: Trigger, { set, fresh }: WorldParts): string[][] | undefined {
  if (trigger.kind === 'empty') return [[]];
  if (trigger.kind === 'always') return [[fresh], []];
  if (trigger.kind !== 'sequence') return undefined;
  let rows: string[][] = [[]];
  for (const element of parseSequence(trigger.text).elements) {
    const ways = waysOf(element, trigger, set, fresh);
    rows = rows.flatMap((row) => ways.map((way) => [...row, ...way]));
    if (rows.length > MOST_WORLDS) return undefined;
  }
  const { anchor = 'any' } = trigger;
  const before = anchor === 'start' || anchor === 'both' ? [] : [fresh];
  const after = anchor === 'end' || anchor === 'both' ? [] : [fresh];
  return rows.map((row) => [...before, ...row, ...after]);
}

function waysOf(
  element: Element,
  { plurals = false, wildcardMayBeEmpty = false }: SequenceTrigger,
  set: RuleSet,
  fresh: string,
): string[][] {
  if (element.kind === 'placeholder') {
    const values = (set.values?.[element.name] ?? []).map(queryTerms).filter((value) => value.length > 0);
    return [...new Map(values.map((value) => [value.join(' '), value])).values()];
  }
  if (element.kind === 'term') return (plurals ? numbersOf(element.text) : [element.text]).map((term) => [term]);
  const more = element.kind === 'prefix' ? element.text + fresh : fresh + element.text;
  return wildcardMayBeEmpty ? [[more], [element.text]] : [[more]];
}

function freshTerm(set: RuleSet): string {
  const text = JSON.stringify(set);
  // Of private use: in no query.
  let fresh = '\ue000';
  while (text.includes(fresh)) fresh += '\ue000';
  return fresh;
}
