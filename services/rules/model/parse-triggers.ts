/** Triggers of a rule in JSON. */
import { childPointer, compact, type JsonCheck, type JsonObject } from './json-check.ts';
import type { Anchor, Expression, SequenceTrigger, Trigger } from './rule.ts';
import { readSequenceText } from './sequence-text.ts';

const ANCHORS: readonly Anchor[] = ['any', 'start', 'end', 'both'];
const KINDS: readonly Trigger['kind'][] = ['sequence', 'boolean', 'regex', 'always', 'empty'];
const SEQUENCE_MEMBERS = ['text', 'anchor', 'plurals', 'wildcardMayBeEmpty'];
const OPERATORS = ['and', 'or', 'not', 'sequence'] as const;
/** Deeper expressions are refused: they are walked by recursion. */
const MAX_DEPTH = 100;

/** One trigger; undefined, with problems noted, where it is none. Members that have their default are left out. */
export function parseTrigger(check: JsonCheck, value: unknown, pointer: string): Trigger | undefined {
  const trigger = check.object(value, pointer);
  if (trigger === undefined) return undefined;
  const kind = check.choice(trigger['kind'], childPointer(pointer, 'kind'), KINDS);
  switch (kind) {
    case undefined:
      return undefined;
    case 'sequence': {
      check.object(trigger, pointer, ['kind', ...SEQUENCE_MEMBERS]);
      const sequence = parseSequence(check, trigger, pointer);
      return sequence && { kind, ...sequence };
    }
    case 'boolean': {
      check.object(trigger, pointer, ['kind', 'expression']);
      const expression = parseExpression(check, trigger['expression'], childPointer(pointer, 'expression'), 0);
      return expression && { kind, expression };
    }
    case 'regex': {
      check.object(trigger, pointer, ['kind', 'pattern']);
      const pattern = check.text(trigger['pattern'], childPointer(pointer, 'pattern'), 1, 'bad-regex');
      return pattern === undefined ? undefined : { kind, pattern };
    }
    default:
      check.object(trigger, pointer, ['kind']);
      return { kind };
  }
}

function parseSequence(check: JsonCheck, value: JsonObject, at: string): Omit<SequenceTrigger, 'kind'> | undefined {
  const text = check.text(value['text'], childPointer(at, 'text'));
  if (text === undefined) return undefined;
  const terms = readSequenceText(text);
  if ('code' in terms) return check.wrong(childPointer(at, 'text'), terms.message, terms.code);
  const anchor = check.member(value, 'anchor', at, (one, pointer) => check.choice(one, pointer, ANCHORS));
  const flag = (name: string) => check.member(value, name, at, (one, pointer) => check.flag(one, pointer)) || undefined;
  const hasWildcard = terms.some(({ kind }) => kind === 'prefix' || kind === 'suffix');
  const mayBeEmpty = flag('wildcardMayBeEmpty');
  return compact<Omit<SequenceTrigger, 'kind'>>({
    text,
    anchor: anchor === 'any' ? undefined : anchor,
    plurals: flag('plurals'),
    wildcardMayBeEmpty: hasWildcard ? mayBeEmpty : undefined,
  });
}

function parseExpression(check: JsonCheck, value: unknown, at: string, depth: number): Expression | undefined {
  if (depth > MAX_DEPTH) return check.wrong(at, `expected at most ${MAX_DEPTH} levels`, 'empty-expression');
  const object = check.object(value, at, OPERATORS);
  if (object === undefined) return undefined;
  const names = OPERATORS.filter((name) => object[name] !== undefined);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    return check.wrong(at, `expected one of ${OPERATORS.join(', ')}, found ${names.join(' and ') || 'none'}`);
  }
  const pointer = childPointer(at, name);
  if (name === 'sequence') {
    const inner = check.object(object[name], pointer, SEQUENCE_MEMBERS);
    const sequence = inner && parseSequence(check, inner, pointer);
    return sequence && { sequence };
  }
  if (name === 'not') {
    const not = parseExpression(check, object[name], pointer, depth + 1);
    return not && { not };
  }
  const parts = check.list(object[name], pointer, (part, where) => parseExpression(check, part, where, depth + 1));
  if (parts === undefined) return undefined;
  if (parts.length === 0) return check.wrong(pointer, 'expected at least one expression', 'empty-expression');
  return name === 'and' ? { and: parts } : { or: parts };
}
