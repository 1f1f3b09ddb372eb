/** Quantities of a rule set: filters and boosts made of numbers with a unit. docs/rule-language.md says what they mean. */
import type { UnitSpelling, Units } from '../../../stores/profile/units.ts';
import { normalise } from '../../../stores/text/normalise.ts';
import type { NumberRange, QuantityEffect, QuantityRules } from '../../rewrite/rule-engine.ts';
import type { QuantityRange, QuantityRule } from '../model/rule.ts';

/** A unit of a definition. */
interface Unit {
  readonly index: number;
  readonly multiplier: number;
}

/** The definitions of a set, ready to be asked. */
export function quantityRules(definitions: readonly QuantityRule[]): QuantityRules {
  const units = new Map<string, Unit[]>();
  const spellings = new Map<string, UnitSpelling[]>();
  let longest = 0;
  for (const [index, { units: own }] of definitions.entries()) {
    for (const { term, multiplier } of own) {
      const text = normalise(term);
      const known = units.get(text);
      if (known === undefined) {
        units.set(text, [{ index, multiplier }]);
        spellings.set(text, [spellingOf(text)]);
        longest = Math.max(longest, text.split(' ').length);
      } else if (!known.some((one) => one.index === index)) known.push({ index, multiplier });
    }
  }
  const written: Units = { spellings, longest };
  return {
    units: written,
    effects(unit, value) {
      const found = units.get(normalise(unit)) ?? [];
      return found.flatMap(({ index, multiplier }) =>
        effectsOf(definitions[index]!, `quantities/${index}`, value * multiplier),
      );
    },
  };
}

function effectsOf({ fields, filter, boost }: QuantityRule, rule: string, value: number): QuantityEffect[] {
  return fields.map(({ name, scale }) => ({
    rule,
    field: name,
    filter: rangeAround(value, filter, scale),
    boost: {
      range: rangeAround(value, boost, scale),
      value: rounded(value, scale),
      factor: boost.scoreAtValue,
      factorFrom: boost.scoreBelow,
      factorTo: boost.scoreAbove,
    },
    exact: { range: rangeAround(value, boost.exact, scale), factor: boost.scoreExact },
  }));
}

function rangeAround(value: number, { below, above }: QuantityRange, scale: number): NumberRange {
  const size = Math.abs(value);
  return { from: rounded(value - (size * below) / 100, scale), to: rounded(value + (size * above) / 100, scale) };
}

/** To so many decimals, halves away from 0; without the noise of binary fractions. */
function rounded(value: number, scale: number): number {
  const clean = Number(value.toPrecision(15));
  const [digits = '0', exponent = '0'] = String(Math.abs(clean)).split('e');
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + scale}`));
  // Of a scale beyond what a number holds nothing is left to round.
  if (!Number.isSafeInteger(shifted)) return clean;
  return Math.sign(clean) * Number(`${shifted}e${-scale}`);
}

function spellingOf(unit: string): UnitSpelling {
  return {
    unit,
    normal: unit,
    multiplier: 1,
    glued: false,
    fraction: false,
    least: 0,
    most: Number.MAX_VALUE,
    step: 0,
    whole: false,
    notAfter: [],
    notBefore: [],
  };
}
