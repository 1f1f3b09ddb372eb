/** An error model by kinds of slips alone, whatever the letters: what a model of letter groups begins with where it has nothing. */
import type { GroupCost } from '../../stores/channel/format.ts';
import type { TrainingPair } from './train.ts';

/** What can happen to letters: one left out, put in, typed for another; two swapped; one typed twice, two typed once. */
export const SLIP_TYPES = ['omission', 'addition', 'substitution', 'swap', 'doubling', 'singling'] as const;

type SlipType = (typeof SLIP_TYPES)[number];

/** How often each kind of slip happened, and how often there was an opportunity for it. */
export type SlipCounts = Readonly<Record<SlipType, { readonly slips: number; readonly chances: number }>>;

/** What learning begins with counts as so many chances, so that no kind is impossible. */
const SMOOTHING = 8;
/** Letters of a word before anything is known of the words. */
const USUAL_LETTERS = 8;

/** Every kind as likely as every other, in words of eight letters: where learning begins. */
export const EVEN_SLIPS: SlipCounts = Object.freeze(
  Object.fromEntries(
    SLIP_TYPES.map((type) => [type, { slips: 100 / SLIP_TYPES.length, chances: 100 * USUAL_LETTERS }]),
  ) as SlipCounts,
);

/** Counts the kinds of slips in pairs that are one edit apart. Doubled letters have their chances at letters that are double. */
export function countSlips(pairs: readonly TrainingPair[]): SlipCounts {
  const counts = Object.fromEntries(SLIP_TYPES.map((type) => [type, { slips: 0, chances: 0 }])) as Record<
    SlipType,
    { slips: number; chances: number }
  >;
  for (const { typed, meant, weight = 1 } of pairs) {
    counts[slipType(typed, meant)].slips += weight;
    const doubles = [...meant].filter((letter, i) => letter === meant[i - 1]).length;
    for (const type of SLIP_TYPES) counts[type].chances += weight * (type === 'singling' ? doubles : meant.length);
  }
  return counts;
}

/** The kind of slip between two words one edit apart. */
export function slipType(typed: string, meant: string): SlipType {
  let start = 0;
  while (start < typed.length && start < meant.length && typed[start] === meant[start]) start++;
  if (typed.length === meant.length) {
    const isSwap = typed[start] === meant[start + 1] && typed[start + 1] === meant[start];
    return isSwap && start + 1 < meant.length ? 'swap' : 'substitution';
  }
  const longer = typed.length > meant.length ? typed : meant;
  const isDouble = start > 0 && longer[start - 1] === longer[start];
  if (longer === typed) return isDouble ? 'doubling' : 'addition';
  return isDouble ? 'singling' : 'omission';
}

/** Costs of the slips for each of the letters: a kind's chances are shared among the letters that it may put in. */
export function slipCosts(counts: SlipCounts, letters: readonly string[]): GroupCost[] {
  const cost = (type: SlipType, among: number) => {
    const { slips, chances } = counts[type];
    const usual = EVEN_SLIPS[type].slips / EVEN_SLIPS[type].chances;
    return -Math.log((slips + SMOOTHING * usual) / (chances + SMOOTHING) / Math.max(1, among));
  };
  const others = letters.length - 1;
  return letters.flatMap((letter): GroupCost[] => [
    { meant: letter, typed: '', cost: cost('omission', 1) },
    { meant: '', typed: letter, cost: cost('addition', letters.length) },
    { meant: letter, typed: letter + letter, cost: cost('doubling', 1) },
    { meant: letter + letter, typed: letter, cost: cost('singling', 1) },
    ...letters
      .filter((other) => other !== letter)
      .flatMap((other) => [
        { meant: letter, typed: other, cost: cost('substitution', others) },
        { meant: letter + other, typed: other + letter, cost: cost('swap', 1) },
      ]),
  ]);
}
