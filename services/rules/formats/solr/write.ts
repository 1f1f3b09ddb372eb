/** Synonyms as lines of Solr's synonyms.txt. */
import type { Action, Rule, RuleSet, SynonymAction } from '../../model/rule.ts';
import type { Exported } from '../shared/format.ts';
import { RuleExport, type RuleLeaving } from '../shared/rule-export.ts';
import { equivalentsOf, plainTrigger } from '../shared/synonyms.ts';
import { escapeSolr } from './line.ts';

/** One line for a list of equivalents or a mapping; several where each of several terms stays beside its synonyms. */
export function writeSolr(set: RuleSet): Exported {
  const out = new RuleExport('solr');
  const lines = set.rules.flatMap((rule) => linesFor(out.rule(rule)));
  return out.finish(lines.map((line) => `${line}\n`).join(''));
}

function linesFor(leaving: RuleLeaving): string[] {
  const { rule } = leaving;
  const refused = whyNot(rule);
  if (refused !== undefined) {
    leaving.lose('the rule', refused);
    return [];
  }
  loseSmallThings(leaving);
  const list = equivalentsOf(rule);
  if (list !== undefined) {
    leaving.wrote();
    return [list.map(escapeSolr).join(', ')];
  }
  const from = rule.triggers.map(plainTrigger).filter((text) => text !== undefined);
  if (from.length < rule.triggers.length)
    leaving.lose('triggers', 'only terms anywhere in the query, without wildcard');
  const to = rule.actions.flatMap((action) => targetOf(leaving, action));
  if (from.length === 0 || to.length === 0) return [];
  leaving.wrote();
  const right = to.map((action) => action.to);
  if (to.every(({ keepOriginal }) => keepOriginal === false)) return [mapping(from, right)];
  return from.map((term) => mapping([term], [term, ...right.filter((one) => one !== term)]));
}

/** What keeps a rule from being written at all; written without, it would act where it should not. */
function whyNot(rule: Rule): string | undefined {
  if (rule.enabled === false) return 'it is switched off';
  if (rule.context !== undefined) return 'it holds in a context, which the format cannot say';
  if (rule.validity !== undefined) return 'it holds for a time, which the format cannot say';
  return undefined;
}

function loseSmallThings(leaving: RuleLeaving): void {
  const { priority, stop, properties, tags, comment } = leaving.rule;
  if (priority !== undefined || stop) leaving.lose('priority and stop', 'all synonyms act');
  if (properties !== undefined || tags !== undefined) leaving.lose('properties and tags', 'a line is its terms alone');
  if (comment !== undefined) leaving.lose('comment', 'a line is its terms alone');
}

function targetOf(leaving: RuleLeaving, action: Action): SynonymAction[] {
  if (action.do === 'replace' && action.from === undefined && !action.whole) {
    return [{ do: 'synonym', to: action.to, keepOriginal: false }];
  }
  if (action.do !== 'synonym' || action.from !== undefined) {
    leaving.lose(action.do, 'the format has synonyms alone');
    return [];
  }
  if ((action.weight ?? 1) !== 1) leaving.lose('weight', 'the format has none');
  return [action];
}

function mapping(from: readonly string[], to: readonly string[]): string {
  return `${from.map(escapeSolr).join(', ')} => ${to.map(escapeSolr).join(', ')}`;
}
