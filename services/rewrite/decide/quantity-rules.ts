/** What the rule set in force makes of numbers with a unit in the text that is searched for: filters on fields, and boosts. */
import type { Units } from '../../../stores/profile/units.ts';
import type { Quantity, RangeBoost, RangeFilter, RuleMatch, RuleOutcome } from '../answer.ts';
import type { RewriteContext } from '../context.ts';
import type { QuantityEffect, QuantityRules } from '../rule-engine.ts';
import type { Composed } from './compose.ts';
import { quantitiesIn } from './quantities.ts';
import { rewrittenSpan } from './rule-edits.ts';
import { rowOf, typedRow } from './term-row.ts';

/** A number with a unit, and what becomes of it. */
interface Effects {
  readonly quantity: Quantity;
  readonly effects: readonly QuantityEffect[];
}

/** What rules add to the search and, where there is one, to the reading that is only suggested. */
export interface RuleOutcomes {
  readonly outcome: RuleOutcome;
  readonly forSuggestion: RuleOutcome | null;
}

/**
 * The outcomes with what the quantities add. Units count as the rules write them, then as the answer's quantities name them. A number that
 * a suggestion changes adds nothing to it.
 *
 * @param known the answer's quantities, of `units`
 */
export function withQuantities(
  context: RewriteContext,
  { edits }: Composed,
  known: readonly Quantity[],
  units: Units,
  rules: QuantityRules,
  { outcome, forSuggestion }: RuleOutcomes,
): RuleOutcomes {
  const found = effectsIn(context, edits, known, units, rules);
  if (found.length === 0) return { outcome, forSuggestion };
  const offered = edits.filter(({ decision }) => decision === 'suggest');
  const untouched = found.filter(({ quantity }) =>
    offered.every(
      (edit) => edit.offset + edit.length <= quantity.offset || quantity.offset + quantity.length <= edit.offset,
    ),
  );
  return {
    outcome: added(outcome, found, edits),
    forSuggestion: forSuggestion === null ? null : added(forSuggestion, untouched, edits),
  };
}

function added(outcome: RuleOutcome, found: readonly Effects[], edits: Composed['edits']): RuleOutcome {
  const filters: RangeFilter[] = [];
  const boosts: RangeBoost[] = [];
  for (const { quantity, effects } of found) {
    for (const { rule, field, filter, boost, exact } of effects) {
      const match = matchOf(rule, quantity, edits);
      filters.push({ ...match, field, range: filter });
      if (boost.factor !== 0 || boost.factorFrom !== 0 || boost.factorTo !== 0)
        boosts.push({ ...match, field, ...boost });
      const { range, factor } = exact;
      if (factor !== 0) {
        boosts.push({ ...match, field, range, value: boost.value, factor, factorFrom: factor, factorTo: factor });
      }
    }
  }
  return { ...outcome, filters: [...outcome.filters, ...filters], boosts: [...outcome.boosts, ...boosts] };
}

function effectsIn(
  { query, options, slots, typedRow: typed }: RewriteContext,
  edits: Composed['edits'],
  known: readonly Quantity[],
  units: Units,
  rules: QuantityRules,
): Effects[] {
  const sure = edits.filter(({ decision }) => decision === 'auto');
  const row = sure.length > 0 ? rowOf(query, sure, options.syntax) : (typed ?? typedRow(query, slots));
  const own = quantitiesIn(row, rules.units).map((quantity) => ({
    quantity,
    effects: rules.effects(quantity.unit, quantity.value),
  }));
  const others = known.filter(({ offset, length }) =>
    own.every(({ quantity: other }) => offset + length <= other.offset || other.offset + other.length <= offset),
  );
  const named = others.map((quantity): Effects => ({ quantity, effects: effectsOf(quantity, units, rules) }));
  return [...own, ...named]
    .filter(({ effects }) => effects.length > 0)
    .sort((a, b) => a.quantity.offset - b.quantity.offset);
}

/** Of a unit that the rules write otherwise (`14 inches` for `inch`), or know by another of its kind (`1 m` for `cm`). */
function effectsOf({ unit, value, normal }: Quantity, units: Units, rules: QuantityRules): readonly QuantityEffect[] {
  let ofKind: readonly QuantityEffect[] = [];
  for (const written of rules.units.spellings.keys()) {
    const spelling = units.spellings.get(written)?.[0];
    if (spelling?.unit === unit) return rules.effects(written, value);
    if (spelling?.normal === normal.unit && ofKind.length === 0) {
      ofKind = rules.effects(written, normal.value / spelling.multiplier);
    }
  }
  return ofKind;
}

function matchOf(rule: string, { offset, length, confidence }: Quantity, edits: Composed['edits']): RuleMatch {
  const matched = { offset, length };
  const rewritten = edits.length === 0 ? matched : rewrittenSpan(matched, edits);
  const isSame = rewritten.offset === offset && rewritten.length === length;
  return { rule, matched, confidence, ...(isSame ? {} : { matchedRewritten: rewritten }) };
}
