/** Whether the rules of a set can act: all that is wrong is listed. `read.ts` has seen to types and members before. */
import type { Action, Expression, Rule, RuleSet, SequenceTrigger, Trigger } from '../model/rule.ts';
import { ProblemList, type RuleProblem } from './problems.ts';
import { MAX_DEPTH } from './programs.ts';
import { queryProblem } from './query-part.ts';
import { escaped, readRuleSet } from './read.ts';
import { referencesIn } from './references.ts';
import { MAX_REGEXES, regexProblem } from './regex.ts';
import { parseSequence, queryTerms } from './sequence.ts';

const MAX_ID_BYTES = 512;

/** What the triggers of a rule give its actions to refer to: what all of them have. */
interface Given {
  readonly wildcard: boolean;
  /** Groups of regular expressions. */
  readonly groups: boolean;
  readonly placeholders: ReadonlySet<string>;
  /** Terms that all triggers hold. */
  readonly terms: ReadonlySet<string>;
  /** Whether a match is of a run of terms. */
  readonly isRun: boolean;
  /** Whether `terms` are known: not with wildcards, placeholders and regular expressions. */
  readonly isLiteral: boolean;
}

/** The rule set that a JSON value says, with all that is wrong with it: an empty list says that it can be compiled. */
export function checkedRuleSet(value: unknown): { readonly set: RuleSet; readonly problems: readonly RuleProblem[] } {
  const { set, problems } = readRuleSet(value);
  if (problems.length === 0) return { set, problems: checkRuleSet(set) };
  if (typeof set !== 'object' || !Array.isArray(set?.rules)) return { set, problems };
  // What is of the right shape is looked at nevertheless, so that everything is told at once.
  const malformed = new Set(problems.map(({ pointer }) => Number(/^\/rules\/(\d+)/.exec(pointer)?.[1] ?? -1)));
  const areValuesSound = !problems.some(({ pointer }) => pointer.startsWith('/values'));
  const { values, ...others } = set;
  const sound = areValuesSound && values !== undefined ? { ...others, values } : others;
  const more = checkRuleSet(sound, malformed).filter(({ code }) => areValuesSound || code !== 'unknown-placeholder');
  return { set, problems: [...problems, ...more] };
}

/**
 * All problems of a set; none for one that compiles.
 *
 * @param malformed indexes of rules that are not looked at
 */
export function checkRuleSet(set: RuleSet, malformed: ReadonlySet<number> = new Set()): RuleProblem[] {
  const problems = new ProblemList();
  const known = new Set<string>();
  for (const [name, values] of Object.entries(set.values ?? {})) {
    const pointer = `/values/${escaped(name)}`;
    if (/[\s{}]/.test(name) || name === '')
      problems.add(pointer, 'bad-placeholder', `"${name}" cannot be written as a placeholder`);
    if (values.every((value) => queryTerms(value).length === 0))
      problems.add(pointer, 'empty-placeholder', `"${name}" has no value with a term`);
    known.add(name);
  }
  const ids = new Set<string>();
  let regexes = 0;
  for (const [i, rule] of set.rules.entries()) {
    if (malformed.has(i)) continue;
    problems.rule = rule.id;
    const pointer = `/rules/${i}`;
    checkId(rule.id, ids, `${pointer}/id`, problems);
    for (const [k, trigger] of rule.triggers.entries()) {
      checkTrigger(trigger, known, `${pointer}/triggers/${k}`, problems);
      if (trigger.kind === 'regex' && ++regexes === MAX_REGEXES + 1) {
        problems.add(`${pointer}/triggers/${k}`, 'too-many-regexes', `more than ${MAX_REGEXES} regular expressions`);
      }
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
    for (const [k, window] of (rule.validity ?? []).entries()) {
      if (window.from !== undefined && window.until !== undefined && window.from >= window.until) {
        problems.add(
          `${pointer}/validity/${k}`,
          'bad-window',
          `a window from ${window.from} until ${window.until} holds at no time`,
        );
      }
    }
    for (const [key, values] of Object.entries(rule.context ?? {})) {
      if (values.length === 0)
        problems.add(`${pointer}/context/${escaped(key)}`, 'bad-shape', 'a condition without a value never holds');
    }
    const given = givenBy(rule);
    for (const [k, action] of rule.actions.entries()) checkAction(action, given, `${pointer}/actions/${k}`, problems);
  }
  return problems.problems;
}

function checkId(id: string, ids: Set<string>, pointer: string, problems: ProblemList): void {
  const bytes = Buffer.byteLength(id);
  if (bytes === 0 || bytes > MAX_ID_BYTES) {
    problems.add(pointer, 'bad-id', `an id of ${bytes} bytes; 1 to ${MAX_ID_BYTES} are allowed`);
  }
  if (ids.has(id)) problems.add(pointer, 'duplicate-id', `another rule has the id "${id}"`);
  ids.add(id);
}

function checkTrigger(trigger: Trigger, known: ReadonlySet<string>, pointer: string, problems: ProblemList): void {
  if (trigger.kind === 'sequence') checkSequence(trigger, known, pointer, problems);
  else if (trigger.kind === 'boolean') checkExpression(trigger.expression, known, `${pointer}/expression`, 1, problems);
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

function checkExpression(
  node: Expression,
  known: ReadonlySet<string>,
  pointer: string,
  depth: number,
  problems: ProblemList,
): void {
  if (depth > MAX_DEPTH) problems.add(pointer, 'empty-expression', `nested more than ${MAX_DEPTH} deep`);
  else if ('sequence' in node) checkSequence(node.sequence, known, `${pointer}/sequence`, problems);
  else if ('not' in node) checkExpression(node.not, known, `${pointer}/not`, depth + 1, problems);
  else {
    const [name, parts] = 'and' in node ? (['and', node.and] as const) : (['or', node.or] as const);
    if (parts.length === 0) problems.add(`${pointer}/${name}`, 'empty-expression', `"${name}" of nothing`);
    for (const [i, part] of parts.entries())
      checkExpression(part, known, `${pointer}/${name}/${i}`, depth + 1, problems);
  }
}

function givenBy({ triggers }: Rule): Given {
  const each = triggers.map((trigger): Given => {
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
    terms: new Set(each.flatMap(({ terms }) => [...terms])),
    isRun: each.every(({ isRun }) => isRun),
    isLiteral: each.every(({ isLiteral }) => isLiteral),
  };
}

function checkAction(action: Action, given: Given, pointer: string, problems: ProblemList): void {
  switch (action.do) {
    case 'replace':
      checkText(action.to, given, `${pointer}/to`, problems, action.whole !== true);
      checkTerms(action.from, given, `${pointer}/from`, problems);
      if (action.from === undefined && action.whole !== true && !given.isRun) needsTerms(pointer, 'from', problems);
      return;
    case 'delete':
      checkTerms(action.terms, given, `${pointer}/terms`, problems);
      if (action.terms === undefined && !given.isRun) needsTerms(pointer, 'terms', problems);
      return;
    case 'synonym':
      checkText(action.to, given, `${pointer}/to`, problems, true);
      checkTerms(action.from, given, `${pointer}/from`, problems);
      if (action.from === undefined && !given.isRun) needsTerms(pointer, 'from', problems);
      checkNumber(action.weight, `${pointer}/weight`, problems);
      return;
    case 'boost':
      checkNumber(action.factor, `${pointer}/factor`, problems);
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

function checkNumber(value: number | undefined, pointer: string, problems: ProblemList): void {
  if (value !== undefined && value < 0) problems.add(pointer, 'bad-number', `${value} is below 0`);
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

/** Of the engine's own syntax braces and dollars belong to it: only what the trigger gives is a reference there. */
function checkReferences(text: string, given: Given, pointer: string, problems: ProblemList, raw = false): void {
  if (raw) return;
  for (const reference of referencesIn(text)) {
    const isGiven =
      typeof reference === 'string'
        ? given.placeholders.has(reference)
        : given.groups || (given.wildcard && reference === 1);
    if (isGiven) continue;
    const shown = typeof reference === 'string' ? `{${reference}}` : `$${reference}`;
    problems.add(
      pointer,
      'unknown-reference',
      `"${shown}" stands for nothing: not every trigger of the rule has it; write "\\${shown}" for the letters`,
    );
  }
}

function checkTerms(text: string | undefined, given: Given, pointer: string, problems: ProblemList): void {
  if (text === undefined) return;
  const { elements, problems: wrong } = parseSequence(text);
  for (const { code, message } of wrong) problems.add(pointer, code, message);
  if (!given.isLiteral) return;
  for (const element of elements) {
    if (element.kind === 'term' && !given.terms.has(element.text)) {
      problems.add(pointer, 'unknown-terms', `"${element.text}" is in no trigger of the rule`);
    }
  }
}
