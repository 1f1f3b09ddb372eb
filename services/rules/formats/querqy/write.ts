/** Rules as Querqy's common rules. */
import type { Action, Expression, Rule, RuleSet, SequenceTrigger, Trigger } from '../../model/rule.ts';
import { parseSequenceText, type SequenceTerm } from '../../model/sequence-text.ts';
import { sequencesOf } from '../shared/checks.ts';
import type { Exported } from '../shared/format.ts';
import { RuleExport, type RuleLeaving } from '../shared/rule-export.ts';
import { escapeBoolean, isBoolean, parseBoolean } from './boolean.ts';
import { parseInput, type QuerqyInput } from './input.ts';
import { parseInstruction } from './instructions.ts';
import { cutComment } from './parse.ts';
import { escapeQuerqy, type QuerqyTerm } from './terms.ts';

/** Writes the rules; those with several triggers become several. */
export function writeQuerqy(set: RuleSet): Exported {
  const out = new RuleExport('querqy');
  const operators = set.rules.some(({ triggers }) =>
    triggers.some((one) => one.kind === 'boolean' && !('sequence' in one.expression)),
  );
  if (operators) out.warn('DIFFERENT', 'some inputs have operators: set allowBooleanInput of the rewriter');
  const blocks = set.rules.flatMap((rule) => blocksFor(out.rule(rule), operators));
  return out.finish(blocks.join('\n'));
}

function blocksFor(leaving: RuleLeaving, operators: boolean): string[] {
  const { rule } = leaving;
  if (rule.enabled === false) return none(leaving, 'it is switched off');
  if (rule.validity !== undefined) return none(leaving, 'it holds for a time: without, it would always hold');
  loseSmallThings(leaving);
  const blocks: string[] = [];
  for (const [i, trigger] of rule.triggers.entries()) {
    const input = inputOf(leaving, trigger, operators);
    if (input === undefined) continue;
    const lines = rule.actions.flatMap((action) => instructionsFor(leaving, action, trigger));
    if (lines.length === 0) continue;
    const id = i === 0 ? rule.id : `${rule.id}/${i + 1}`;
    leaving.wrote();
    blocks.push(
      [...commentLines(rule, i), `${input} =>`, ...lines, ...propertyLines(leaving, id)]
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  return blocks;
}

function none(leaving: RuleLeaving, why: string): string[] {
  leaving.lose('the rule', why);
  return [];
}

function loseSmallThings(leaving: RuleLeaving): void {
  const { priority, stop, tags, context, comment } = leaving.rule;
  if (priority !== undefined) leaving.lose('priority', 'all rules of Querqy fire; sort them by a property');
  if (stop) leaving.lose('stop', 'all rules of Querqy fire');
  if (tags !== undefined) leaving.lose('tags', 'Querqy has properties alone');
  if (comment !== undefined) leaving.lose('comment', 'written as a comment, which is not read back');
  if (context !== undefined) {
    leaving.lose('context', 'written as properties: it holds only where requests filter by them');
  }
}

function commentLines({ comment }: Rule, index: number): string[] {
  return comment === undefined || index > 0 ? [] : comment.split(/\r?\n/).map((line) => `# ${line}`);
}

function propertyLines({ rule }: RuleLeaving, id: string): string[] {
  const all = { _id: id, ...rule.context, ...rule.properties };
  // A line must not hold "#", which begins a comment, nor end in "}@" before its time.
  const json = JSON.stringify(all).replaceAll('#', '\\u0023').replaceAll('@', '\\u0040');
  return [`  @${json}@`];
}

function inputOf(leaving: RuleLeaving, trigger: Trigger, operators: boolean): string | undefined {
  if (trigger.kind === 'sequence') {
    const input = sequenceInput(leaving, trigger, false);
    if (input === undefined || !operators || !isBoolean(input)) return input;
    return leaving.lose('trigger', `"${input}" would be read as a condition, since other inputs have operators`);
  }
  if (trigger.kind === 'boolean') {
    const { expression } = trigger;
    if ('sequence' in expression) return inputOf(leaving, { kind: 'sequence', ...expression.sequence }, operators);
    const input = expressionInput(leaving, expression, 0);
    if (input === undefined) return undefined;
    const phrases: QuerqyInput[] = [];
    const texts = sequencesOf(expression).map(({ text }) => text.split(/\s+/).join(' '));
    const same =
      typeof parseBoolean(input, phrases) !== 'string' &&
      phrases.every(({ sequence }, i) => sequence.text === texts[i]);
    return same ? input : leaving.lose('trigger', `"${input}" would be read as something else`);
  }
  return leaving.lose(`trigger ${trigger.kind}`, 'inputs are terms');
}

function sequenceInput(
  leaving: RuleLeaving,
  trigger: Omit<SequenceTrigger, 'kind'>,
  operators: boolean,
): string | undefined {
  const { anchor = 'any', text, plurals, wildcardMayBeEmpty } = trigger;
  if (plurals) leaving.lose('plurals', 'inputs match terms as they are');
  const terms = parseSequenceText(text);
  if (typeof terms === 'string') return leaving.lose('trigger', terms);
  if (terms.some(({ kind }) => kind === 'placeholder')) return leaving.lose('trigger', 'inputs have no placeholders');
  const wild = terms.findIndex(({ kind }) => kind !== 'term');
  const kind = terms[wild]?.kind;
  if (kind === 'prefix' && wild < terms.length - 1)
    return leaving.lose('trigger', 'a trailing wildcard must be at the last term');
  if (kind === 'prefix' && (anchor === 'end' || anchor === 'both'))
    return leaving.lose('trigger', 'a trailing wildcard does not go with a right boundary');
  if (kind === 'suffix' && wild === 0 && (anchor === 'start' || anchor === 'both')) {
    return leaving.lose('trigger', 'a leading wildcard does not go with a left boundary');
  }
  if (wild >= 0 && wildcardMayBeEmpty) leaving.lose('empty wildcard', 'a wildcard stands for one letter or more');
  const words = terms.map((term) => {
    const letters = escapeQuerqy(term.text);
    const word = term.kind === 'suffix' ? `*${letters}` : term.kind === 'prefix' ? `${letters}*` : letters;
    return operators ? escapeBoolean(word) : word;
  });
  const [left, right] = [anchor === 'start' || anchor === 'both', anchor === 'end' || anchor === 'both'];
  const input = `${left ? '"' : ''}${words.join(' ')}${right ? '"' : ''}`;
  return readsBack(input, trigger, operators)
    ? input
    : leaving.lose('trigger', `"${text}" would be read as something else`);
}

/** Whether Querqy reads an input as these terms: not so those with a colon, and some with signs that mean something. */
function readsBack(
  input: string,
  { text, anchor = 'any' }: Omit<SequenceTrigger, 'kind'>,
  operators: boolean,
): boolean {
  if (cutComment(input) !== input || input.startsWith('@')) return false;
  const phrases: QuerqyInput[] = [];
  const read = operators ? parseBoolean(input, phrases) : parseInput(input);
  if (typeof read === 'string' || (operators && phrases.length !== 1)) return false;
  const [back] = operators ? phrases : [read as QuerqyInput];
  const same = JSON.stringify(back?.terms.map(({ kind, text: own }) => [kind, own]));
  const terms = parseSequenceText(text);
  const wanted = typeof terms === 'string' ? '' : JSON.stringify(terms.map(({ kind, text: own }) => [kind, own]));
  const fields = back?.terms.some((term) => term.fields.length > 0) === true;
  return same === wanted && !fields && (back?.sequence.anchor ?? 'any') === anchor;
}

function expressionInput(leaving: RuleLeaving, expression: Expression, level: number): string | undefined {
  if ('sequence' in expression) return sequenceInput(leaving, expression.sequence, true);
  if ('not' in expression) {
    const inner = expressionInput(leaving, expression.not, 3);
    return inner === undefined ? undefined : wrap(`NOT ${'not' in expression.not ? `(${inner})` : inner}`, false);
  }
  const [parts, operator, own] =
    'and' in expression ? ([expression.and, 'AND', 2] as const) : ([expression.or, 'OR', 1] as const);
  const written = parts.map((part) => expressionInput(leaving, part, own + 1));
  return written.includes(undefined) ? undefined : wrap(written.join(` ${operator} `), level > own);
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

function instructionsFor(leaving: RuleLeaving, action: Action, trigger: Trigger): string[] {
  const lines = linesFor(leaving, action, trigger);
  const terms: QuerqyInput = {
    sequence: { text: '' },
    terms: trigger.kind === 'sequence' ? termsOf(trigger.text) : [],
  };
  const input = trigger.kind === 'boolean' ? undefined : terms;
  if (lines.every((line) => readsBackAs(line, action, input))) return lines.map((line) => `  ${line}`);
  leaving.lose(action.do, 'it would be read as something else');
  return [];
}

function termsOf(text: string): QuerqyTerm[] {
  const terms = parseSequenceText(text);
  if (typeof terms === 'string') return [];
  return terms.flatMap((term) =>
    term.kind === 'placeholder' ? [] : [{ kind: term.kind, text: term.text, fields: [] }],
  );
}

/** Whether Querqy reads a line as this action. */
function readsBackAs(line: string, action: Action, input: QuerqyInput | undefined): boolean {
  if (cutComment(line).trim() !== line || /[\r\n]/.test(line) || line.endsWith('=>')) return false;
  const read = parseInstruction(line, input);
  if (typeof read === 'string') return false;
  if (read.lost.length > 0) return false;
  const back = read.action;
  switch (action.do) {
    case 'synonym':
    case 'replace':
      return back.do === 'delete' || (back.do === 'synonym' && back.to === action.to);
    case 'boost':
    case 'filter':
      return back.do === action.do && back.query === action.query && (back.raw ?? false) === (action.raw ?? false);
    case 'decorate':
      return back.do === 'decorate' && back.value === action.value && back.key === action.key;
    default:
      return true;
  }
}

function linesFor(leaving: RuleLeaving, action: Action, trigger: Trigger): string[] {
  const boolean = trigger.kind === 'boolean';
  const refuse = (why: string): string[] => {
    leaving.lose(action.do, why);
    return [];
  };
  switch (action.do) {
    case 'synonym': {
      if (boolean) return refuse('SYNONYM does not go with a boolean input');
      if (action.from !== undefined) return refuse('SYNONYM is for all that matched');
      if (trigger.kind === 'sequence' && trigger.text === action.to && action.keepOriginal !== false) return [];
      const line = synonymLine(action.to, action.weight);
      if (action.keepOriginal !== false) return [line];
      leaving.lose('keepOriginal', 'written as SYNONYM and DELETE');
      return [line, 'DELETE'];
    }
    case 'replace': {
      if (boolean || action.whole || action.from !== undefined) return refuse('Querqy replaces by replace rules alone');
      const line = synonymLine(action.to, undefined);
      leaving.lose('replace', 'written as SYNONYM and DELETE');
      return [line, 'DELETE'];
    }
    case 'delete':
      return deleteLines(action.terms, trigger, refuse);
    case 'boost':
    case 'filter': {
      const query = action.raw ? `* ${action.query}` : action.query;
      if (action.do === 'filter') return [`FILTER: ${query}`];
      const factor = action.factor ?? 1;
      return [`${action.demote ? 'DOWN' : 'UP'}${factor === 1 ? '' : `(${decimal(factor)})`}: ${query}`];
    }
    case 'decorate': {
      if (typeof action.value !== 'string') return refuse('the value of DECORATE is text');
      if (action.key !== undefined && !/^[\w.-]+$/.test(action.key))
        return refuse(`"${action.key}" is no key of Querqy's`);
      if (action.value === '' || action.value !== action.value.trim())
        return refuse('white space around the value would be lost');
      return [`DECORATE${action.key === undefined ? '' : `(${action.key})`}: ${action.value}`];
    }
    case 'redirect':
      leaving.lose('redirect', 'written as DECORATE(redirect)');
      return [`DECORATE(redirect): ${action.to}`];
    default:
      return refuse('Querqy rewrites queries alone');
  }
}

function synonymLine(to: string, weight: number | undefined): string {
  return `SYNONYM${weight === undefined ? '' : `(${decimal(weight)})`}: ${to.split(' ').map(escapeQuerqy).join(' ')}`;
}

function deleteLines(terms: string | undefined, trigger: Trigger, refuse: (why: string) => string[]): string[] {
  if (trigger.kind !== 'sequence') return refuse('DELETE does not go with a boolean input');
  if (terms === undefined) return ['DELETE'];
  const [wanted, input] = [parseSequenceText(terms), parseSequenceText(trigger.text)];
  if (typeof wanted === 'string' || typeof input === 'string') return refuse('its terms cannot be read');
  const lower = (term: SequenceTerm) => `${term.kind} ${term.text.toLowerCase()}`;
  if (!wanted.every((term) => input.some((one) => lower(one) === lower(term))))
    return refuse('DELETE is for terms of the input');
  const words = wanted.map(
    ({ kind, text }) => `${kind === 'suffix' ? '*' : ''}${escapeQuerqy(text)}${kind === 'prefix' ? '*' : ''}`,
  );
  return [`DELETE: ${words.join(' ')}`];
}

/** A number without an exponent sign, which Querqy's pattern of parameters does not have. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('+') ? BigInt(value).toString() : text;
}
