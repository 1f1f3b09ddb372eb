/** The plainest reading of triggers, which the compiled form is compared with. */
import { numbersOf } from '../../services/rules/compile/plurals.ts';
import { type Element, parseSequence, queryTerms } from '../../services/rules/compile/sequence.ts';
import type { Expression, RuleSet, SequenceTrigger, Trigger } from '../../services/rules/model/rule.ts';

/** A trigger that holds: of rule `rule` the trigger `trigger`, for the terms [from, to). */
export interface NaiveMatch {
  readonly rule: number;
  readonly trigger: number;
  readonly from: number;
  readonly to: number;
}

/** All of them, in no order; of boolean triggers and of those of the whole query from 0 to 0. */
export function naiveMatches(set: RuleSet, terms: readonly string[]): NaiveMatch[] {
  return set.rules.flatMap((rule, i) =>
    rule.enabled === false
      ? []
      : rule.triggers.flatMap((trigger, k) =>
          spansOf(trigger, set, terms).map(([from, to]) => ({ rule: i, trigger: k, from, to })),
        ),
  );
}

type SpanPair = readonly [from: number, to: number];

function spansOf(trigger: Trigger, set: RuleSet, terms: readonly string[]): SpanPair[] {
  switch (trigger.kind) {
    case 'sequence':
      return sequenceSpans(trigger, set, terms);
    case 'boolean':
      return isTrue(trigger.expression, set, terms) ? [[0, 0]] : [];
    case 'always':
      return [[0, 0]];
    case 'empty':
      return terms.length === 0 ? [[0, 0]] : [];
    default:
      throw new Error('regular expressions have tests of their own');
  }
}

function isTrue(expression: Expression, set: RuleSet, terms: readonly string[]): boolean {
  if ('sequence' in expression) return sequenceSpans(expression.sequence, set, terms).length > 0;
  if ('not' in expression) return !isTrue(expression.not, set, terms);
  if ('and' in expression) return expression.and.every((part) => isTrue(part, set, terms));
  return expression.or.some((part) => isTrue(part, set, terms));
}

function sequenceSpans(sequence: Omit<SequenceTrigger, 'kind'>, set: RuleSet, terms: readonly string[]): SpanPair[] {
  const { elements } = parseSequence(sequence.text);
  const spans: SpanPair[] = [];
  for (let from = 0; from <= terms.length; from++) {
    for (const to of endsOf(elements, sequence, set, terms, from)) {
      if ((sequence.anchor === 'start' || sequence.anchor === 'both') && from !== 0) continue;
      if ((sequence.anchor === 'end' || sequence.anchor === 'both') && to !== terms.length) continue;
      if (!spans.some((span) => span[0] === from && span[1] === to)) spans.push([from, to]);
    }
  }
  return spans;
}

function endsOf(
  elements: readonly Element[],
  sequence: Omit<SequenceTrigger, 'kind'>,
  set: RuleSet,
  terms: readonly string[],
  at: number,
): number[] {
  const [element, ...rest] = elements;
  if (element === undefined) return [at];
  return widthsOf(element, sequence, set, terms, at).flatMap((width) => endsOf(rest, sequence, set, terms, at + width));
}

/** How many terms an element takes from `at` on: none when it does not stand there. */
function widthsOf(
  element: Element,
  { plurals = false, wildcardMayBeEmpty = false }: Omit<SequenceTrigger, 'kind'>,
  set: RuleSet,
  terms: readonly string[],
  at: number,
): number[] {
  if (element.kind === 'placeholder') {
    const values = (set.values?.[element.name] ?? []).map(queryTerms);
    const widths = values
      .filter((value) => value.length > 0 && value.every((term, i) => terms[at + i] === term))
      .map(({ length }) => length);
    return [...new Set(widths)];
  }
  const term = terms[at];
  if (term === undefined) return [];
  if (element.kind === 'term') return (plurals ? numbersOf(element.text) : [element.text]).includes(term) ? [1] : [];
  const isAffix = element.kind === 'prefix' ? term.startsWith(element.text) : term.endsWith(element.text);
  return isAffix && (wildcardMayBeEmpty || term.length > element.text.length) ? [1] : [];
}
