/** Rules that want different things of one query, and rules that replace in circles. */

import { DEFAULT_OPTIONS } from '../../rewrite/options.ts';
import type { FiredRule, RuleRun } from '../../rewrite/rule-engine.ts';
import { compileRuleSet } from '../compile/compile.ts';
import { queryTerms } from '../compile/sequence.ts';
import { openEngine } from '../engine/engine.ts';
import type { Rule } from '../model/rule.ts';
import type { Finding } from './finding.ts';
import { isPlain, type World, type WorldParts, worldsOf } from './worlds.ts';

/**
 * Looks at each rule in the smallest requests in which it matches: whether a rule that goes before it takes its words, leads
 * elsewhere, or ranks the other way.
 */
export function conflicts(parts: WorldParts): Finding[] {
  const engine = openEngine(compileRuleSet(parts.set), 'the rules to check');
  const findings = new Map<string, Finding>();
  for (const rule of parts.set.rules) {
    if (rule.enabled === false || !isPlain(rule)) continue;
    for (const world of worldsOf(rule, parts) ?? []) {
      const fired = firedIn(engine.begin(world.terms, optionsOf(world)), world);
      for (const one of fired.filter(({ rule: id }) => id === rule.id)) {
        for (const other of fired) {
          const message =
            other.rule === rule.id ? undefined : clash(other, one, fired.indexOf(other) < fired.indexOf(one));
          if (message === undefined) continue;
          const key = JSON.stringify([rule.id, other.rule, message]);
          if (!findings.has(key)) findings.set(key, { kind: 'conflict', rule: rule.id, others: [other.rule], message });
        }
      }
    }
  }
  return [...findings.values()];
}

/** Replacements whose results others replace, until the first comes again. The engine never runs in circles; other tools may. */
export function cycles(parts: WorldParts): Finding[] {
  const engine = openEngine(compileRuleSet(parts.set), 'the rules to check');
  const next = new Map<string, string[]>();
  for (const rule of parts.set.rules) {
    if (rule.enabled === false) continue;
    const outputs = rule.actions.flatMap((action) =>
      action.do === 'replace' && !/[${]/.test(action.to) ? [queryTerms(action.to)] : [],
    );
    const followers = outputs.flatMap((terms) => {
      const { early } = engine.begin(terms, { ...DEFAULT_OPTIONS, at: parts.nowMs, context: contextOf(rule) });
      return early
        .filter(({ actions }) => actions.some(({ do: what }) => what === 'replace'))
        .map(({ rule: id }) => id);
    });
    next.set(
      rule.id,
      [...new Set(followers)].filter((id) => id !== rule.id),
    );
  }
  return circlesIn(next).map(([rule = '', ...others]) => ({
    kind: 'cycle' as const,
    rule,
    others,
    message: `what it puts in is replaced by ${[...others, rule].map((id) => `"${id}"`).join(', then by ')}`,
  }));
}

function firedIn(run: RuleRun, { terms }: World): FiredRule[] {
  const { early } = run;
  return [...early, ...run.expand(terms, new Uint8Array(terms.length))];
}

function optionsOf({ context, atMs }: World) {
  return { ...DEFAULT_OPTIONS, context, at: atMs };
}

function contextOf({ context }: Rule): Record<string, string> {
  return Object.fromEntries(Object.entries(context ?? {}).map(([key, values]) => [key, values[0] ?? '']));
}

/** @param isFirst whether `other` goes before `one` */
function clash(other: FiredRule, one: FiredRule, isFirst: boolean): string | undefined {
  for (const mine of one.actions) {
    for (const theirs of other.actions) {
      if (isFirst && mine.do === 'replace' && theirs.do === 'replace' && mine.text !== theirs.text) {
        const isOver = mine.whole || theirs.whole || (theirs.from < mine.to && mine.from < theirs.to);
        if (isOver) return `its replacement "${mine.text}" is not made: "${theirs.text}" takes the same words first`;
      }
      if (isFirst && mine.do === 'redirect' && theirs.do === 'redirect' && mine.url !== theirs.url) {
        return `its redirect to ${mine.url} is not taken: ${theirs.url} comes first`;
      }
      if (isFirst && mine.do === 'boost' && theirs.do === 'boost' && mine.query === theirs.query) {
        if (mine.demote !== theirs.demote) return `it ranks "${mine.query}" the other way`;
      }
    }
  }
  return undefined;
}

/** One circle for each set of rules that reach one another, in the order of the first rule. */
function circlesIn(next: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  for (const start of next.keys()) {
    if (done.has(start)) continue;
    const circle = shortestBack(start, next);
    if (circle === undefined) continue;
    for (const id of circle) done.add(id);
    circles.push(circle);
  }
  return circles;
}

/** The shortest way from a rule to itself. */
function shortestBack(start: string, next: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const from = new Map<string, string>();
  const queue = [start];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    for (const follower of next.get(id) ?? []) {
      if (follower === start) {
        const way = [id];
        for (let at = from.get(id); at !== undefined; at = from.get(at)) way.unshift(at);
        return way;
      }
      if (from.has(follower)) continue;
      from.set(follower, id);
      queue.push(follower);
    }
  }
  return undefined;
}
