/** Whether the rules of a set can act: all that is wrong is listed. The model has seen to types and members before. */
import { childPointer } from '../model/json-check.ts';
import { readRuleSet } from '../model/parse.ts';
import type { Action, Expression, Rule, RuleSet, SequenceTrigger, Trigger } from '../model/rule.ts';
import { ProblemList, type RuleProblem, RuleSetError } from './problems.ts';
import { queryProblem } from './query-part.ts';
import { referencesIn } from './references.ts';
import { regexProblem } from './regex.ts';
import { parseSequence, queryTerms } from './sequence.ts';

/** What the triggers of a rule give its actions to refer to: what all of them have. */
interface Given {
  readonly wildcard: boolean;
  /** Groups of regular expressions. */
  readonly groups: boolean;
  readonly placeholders: ReadonlySet<string>;
  /** Whether some trigger has a placeholder; a wildcard or groups. */
  readonly somePlaceholder: boolean;
  readonly someNumber: boolean;
  /** Terms that all triggers hold. */
  readonly terms: ReadonlySet<string>;
  /** Whether a match is of a run of terms. */
  readonly isRun: boolean;
  /** Whether `terms` are known: not with wildcards, placeholders and regular expressions. */
  readonly isLiteral: boolean;
}

/** The rule set that a JSON value says, with all that is wrong with it: an empty list says that it can be compiled. */
export function checkedRuleSet(value: unknown): { readonly set: RuleSet; readonly problems: readonly RuleProblem[] } {
  const { set, places, problems: misread } = readRuleSet(value);
  if (misread.length === 0) return { set, problems: checkRules(set, places) };
  const problems = misread.map((problem) => ({ ...problem, rule: ruleAt(value, problem.pointer) }));
  // What is of the right shape is looked at nevertheless, so that everything is told at once.
  const malformed = new Set(misread.map(({ pointer }) => placeIn(pointer)));
  const sound = set.rules.filter((_, i) => !malformed.has(places[i]!));
  const areValuesSound = !misread.some(({ pointer }) => pointer.startsWith('/values'));
  const { values, ...others } = set;
  const rest = areValuesSound && values !== undefined ? { ...others, values } : others;
  const found = checkRules(
    { ...rest, rules: sound },
    places.filter((place) => !malformed.has(place)),
  );
  return {
    set,
    problems: [...problems, ...found.filter(({ code }) => areValuesSound || code !== 'unknown-placeholder')],
  };
}

/**
 * The set as it is read.
 *
 * @throws {RuleSetError} with all that is wrong with it
 */
export function soundRuleSet(value: unknown): RuleSet {
  const { set, problems } = checkedRuleSet(value);
  if (problems.length > 0) throw new RuleSetError(problems);
  return set;
}

/**
 * A set without the rules that cannot act, and what is wrong with those.
 *
 * @throws {RuleSetError} when something is wrong beside its rules
 */
export function withoutBadRules(value: RuleSet): { readonly set: RuleSet; readonly problems: readonly RuleProblem[] } {
  const { problems } = checkedRuleSet(value);
  const elsewhere = problems.filter(({ pointer }) => placeIn(pointer) < 0);
  if (elsewhere.length > 0) throw new RuleSetError(elsewhere);
  const bad = new Set(problems.map(({ pointer }) => placeIn(pointer)));
  return { set: { ...value, rules: value.rules.filter((_, i) => !bad.has(i)) }, problems };
}

/** The rule that a pointer leads into; -1 for none. */
function placeIn(pointer: string): number {
  return Number(/^\/rules\/(\d+)/.exec(pointer)?.[1] ?? -1);
}

function ruleAt(value: unknown, pointer: string): string | undefined {
  const rules = (value as { readonly rules?: unknown } | null)?.rules;
  const rule: unknown = Array.isArray(rules) ? rules[placeIn(pointer)] : undefined;
  const id = (rule as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}

/** @param places where each rule stands in the value that it was read from */
function checkRules(set: RuleSet, places: readonly number[]): RuleProblem[] {
  const problems = new ProblemList();
  const known = new Set<string>();
  for (const [name, values] of Object.entries(set.values ?? {})) {
    const pointer = childPointer('/values', name);
    if (/[\s{}]/.test(name) || name === '')
      problems.add(pointer, 'bad-placeholder', `"${name}" cannot be written as a placeholder`);
    if (values.every((value) => queryTerms(value).length === 0))
      problems.add(pointer, 'empty-placeholder', `"${name}" has no value with a term`);
    known.add(name);
  }
  for (const [i, rule] of set.rules.entries()) {
    problems.rule = rule.id;
    const pointer = `/rules/${places[i]}`;
    for (const [k, trigger] of rule.triggers.entries()) {
      checkTrigger(trigger, known, `${pointer}/triggers/${k}`, problems);
    }
    if (rule.triggers.length === 0) {
      problems.add(
        `${pointer}/triggers`,
        'empty-trigger',
        'a rule without a trigger never fires; write {"kind": "always"} for every query',
      );
    }
    if (rule.actions.length === 0)
      problems.add(`${pointer}/actions`, 'no-action', 'a rule without an action does nothing');
    const given = givenBy(rule);
    for (const [k, action] of rule.actions.entries()) checkAction(action, given, `${pointer}/actions/${k}`, problems);
  }
  return problems.problems;
}

function checkTrigger(trigger: Trigger, known: ReadonlySet<string>, pointer: string, problems: ProblemList): void {
  if (trigger.kind === 'sequence') checkSequence(trigger, known, pointer, problems);
  else if (trigger.kind === 'boolean') checkExpression(trigger.expression, known, `${pointer}/expression`, problems);
  else if (trigger.kind === 'regex') {
    const problem = regexProblem(trigger.pattern);
    if (problem !== undefined) problems.add(`${pointer}/pattern`, 'bad-regex', problem);
  }
}

function checkSequence(
  sequence: Omit<SequenceTrigger, 'kind'>,
  known: ReadonlySet<string>,
  pointer: string,
  problems: ProblemList,
): void {
  const parsed = parseSequence(sequence.text);
  for (const { code, message } of parsed.problems) problems.add(`${pointer}/text`, code, message);
  for (const element of parsed.elements) {
    if (element.kind === 'placeholder' && !known.has(element.name)) {
      problems.add(`${pointer}/text`, 'unknown-placeholder', `there are no values for "{${element.name}}"`);
    }
  }
}

function checkExpression(node: Expression, known: ReadonlySet<string>, pointer: string, problems: ProblemList): void {
  if ('sequence' in node) checkSequence(node.sequence, known, `${pointer}/sequence`, problems);
  else if ('not' in node) checkExpression(node.not, known, `${pointer}/not`, problems);
  else {
    const [name, parts] = 'and' in node ? (['and', node.and] as const) : (['or', node.or] as const);
    for (const [i, part] of parts.entries()) checkExpression(part, known, `${pointer}/${name}/${i}`, problems);
  }
}

function givenBy({ triggers }: Rule): Given {
  const each = triggers.map((trigger): Omit<Given, 'somePlaceholder' | 'someNumber'> => {
    if (trigger.kind !== 'sequence') {
      const isRegex = trigger.kind === 'regex';
      return {
        wildcard: false,
        groups: isRegex,
        placeholders: new Set(),
        terms: new Set(),
        isRun: isRegex,
        isLiteral: false,
      };
    }
    const { elements } = parseSequence(trigger.text);
    const terms = elements.flatMap((element) => (element.kind === 'term' ? [element.text] : []));
    return {
      wildcard: elements.some(({ kind }) => kind === 'prefix' || kind === 'suffix'),
      groups: false,
      placeholders: new Set(elements.flatMap((element) => (element.kind === 'placeholder' ? [element.name] : []))),
      terms: new Set(terms),
      isRun: true,
      isLiteral: terms.length === elements.length && trigger.plurals !== true,
    };
  });
  return {
    wildcard: each.every(({ wildcard }) => wildcard),
    groups: each.every(({ groups }) => groups),
    placeholders: new Set(
      [...(each[0]?.placeholders ?? [])].filter((name) => each.every((one) => one.placeholders.has(name))),
    ),
    somePlaceholder: each.some(({ placeholders }) => placeholders.size > 0),
    someNumber: each.some(({ wildcard, groups }) => wildcard || groups),
    terms: new Set(each.flatMap(({ terms }) => [...terms])),
    isRun: each.every(({ isRun }) => isRun),
    isLiteral: each.every(({ isLiteral }) => isLiteral),
  };
}

function checkAction(action: Action, given: Given, pointer: string, problems: ProblemList): void {
  switch (action.do) {
    case 'replace':
      checkText(action.to, given, `${pointer}/to`, problems, action.whole !== true);
      checkFrom(action.from, given, `${pointer}/from`, problems);
      if (action.from === undefined && action.whole !== true && !given.isRun) needsTerms(pointer, 'from', problems);
      return;
    case 'delete':
      checkTerms(action.terms, given, `${pointer}/terms`, problems);
      if (action.terms === undefined && !given.isRun) needsTerms(pointer, 'terms', problems);
      return;
    case 'synonym':
      checkText(action.to, given, `${pointer}/to`, problems, true);
      checkFrom(action.from, given, `${pointer}/from`, problems);
      if (action.from === undefined && !given.isRun) needsTerms(pointer, 'from', problems);
      return;
    case 'boost':
      checkQuery(action.query, action.raw === true, given, `${pointer}/query`, problems);
      return;
    case 'filter':
      checkQuery(action.query, action.raw === true, given, `${pointer}/query`, problems);
      return;
    case 'redirect':
      if (action.to.trim() === '') problems.add(`${pointer}/to`, 'empty-text', 'a redirect to nowhere');
      checkReferences(action.to, given, `${pointer}/to`, problems);
      return;
    default:
  }
}

function needsTerms(pointer: string, member: string, problems: ProblemList): void {
  problems.add(pointer, 'needs-terms', `its trigger is of no run of terms: say with "${member}" which terms are meant`);
}

function checkText(text: string, given: Given, pointer: string, problems: ProblemList, needsTerm: boolean): void {
  if (needsTerm ? queryTerms(text).length === 0 && referencesIn(text).length === 0 : text.trim() === '') {
    problems.add(pointer, 'empty-text', `"${text}" holds no term; to take terms out, use "delete"`);
  }
  checkReferences(text, given, pointer, problems);
}

function checkQuery(query: string, raw: boolean, given: Given, pointer: string, problems: ProblemList): void {
  const problem = raw ? (query.trim() === '' ? 'an empty query' : undefined) : queryProblem(query);
  if (problem !== undefined) problems.add(pointer, 'bad-query', problem);
  checkReferences(query, given, pointer, problems, raw);
}

/**
 * What a trigger gives to refer to is a reference; all else is letters. What only some of the triggers give, or a placeholder that
 * another name is meant for, is a mistake; in the engine's own syntax braces and dollars are its own.
 */
function checkReferences(text: string, given: Given, pointer: string, problems: ProblemList, raw = false): void {
  if (raw) return;
  for (const reference of referencesIn(text)) {
    const isPlaceholder = typeof reference === 'string';
    if (isPlaceholder ? given.placeholders.has(reference) : given.groups || (given.wildcard && reference === 1))
      continue;
    if (isPlaceholder ? !given.somePlaceholder : !given.someNumber) continue;
    const shown = isPlaceholder ? `{${reference}}` : `$${reference}`;
    problems.add(pointer, 'unknown-reference', `"${shown}" stands for nothing: not every trigger of the rule has it`);
  }
}

/** Terms as they are, without wildcards. */
function checkFrom(text: string | undefined, given: Given, pointer: string, problems: ProblemList): void {
  if (text === undefined) return;
  const terms = queryTerms(text);
  if (terms.length === 0) problems.add(pointer, 'empty-text', `"${text}" holds no term`);
  checkAmong(terms, given, pointer, problems);
}

function checkTerms(text: string | undefined, given: Given, pointer: string, problems: ProblemList): void {
  if (text === undefined) return;
  const { elements, problems: wrong } = parseSequence(text);
  for (const { code, message } of wrong) problems.add(pointer, code, message);
  const terms = elements.flatMap((element) => (element.kind === 'term' ? [element.text] : []));
  checkAmong(terms, given, pointer, problems);
}

function checkAmong(terms: readonly string[], given: Given, pointer: string, problems: ProblemList): void {
  if (!given.isLiteral) return;
  for (const term of terms) {
    if (!given.terms.has(term)) problems.add(pointer, 'unknown-terms', `"${term}" is in no trigger of the rule`);
  }
}
