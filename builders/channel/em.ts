/**
 * Learns the error model from what was typed alone, where nobody has put anything right: expectation-maximisation over pairs
 * of a rare word and commoner ones one or two edits away (after Ahmad & Kondrak, "Learning a spelling error model from search
 * query logs", 2005; Whitelaw et al., "Using the web for language independent spellchecking and autocorrection", 2009).
 *
 * A word that was typed n times beside commoner words v is either a slip or a word of its own. As a slip it is expected
 *
 *     l = sum over v of n(v) e P(word | v)
 *
 * times, and typed n times with l^n / (1 + l)^(n + 1): counts vary more than by chance, for some words are misspelled more
 * often than others. As a word of its own it lies just there with the density d of words among the strings near a word,
 * and was typed n times with 0.6 / n^2, as words are. The first round takes every kind of slip for equally likely. A round
 * asks how likely each word is a slip from each neighbour (expectation), and trains on the pairs with that as their weight
 * (maximisation): first the kinds of slips, whatever the letters, and over them, where there are pairs enough, groups of
 * letters. The share of slips e and the density d follow, too.
 */
import { EDGE, type GroupCost } from '../../stores/channel/format.ts';
import { GroupChannel } from '../../stores/channel/group-channel.ts';
import { FIRST_TERM_ID } from '../../stores/lexicon/format.ts';
import { forEachDeletion } from '../deletes/deletions.ts';
import { isWithinOneEdit } from '../deletes/one-edit.ts';
import { countSlips, EVEN_SLIPS, type SlipCounts, slipCosts } from './edit-types.ts';
import { adaptChannel, editsBetween, type TrainingPair } from './train.ts';
import { pairWeight } from './word-pairs.ts';

/** A word as often as it was typed. */
export interface TypedWord {
  readonly text: string;
  readonly count: number;
  /** Whether it is known to be right: never a slip, only what others may be slips from. */
  readonly isCertain: boolean;
}

/** What was learned. */
export interface Learned {
  readonly costs: readonly GroupCost[];
  /** The likely misspellings with their posterior probabilities as weights: what the last round trained on. */
  readonly pairs: readonly TrainingPair[];
  /** The share of occurrences that are slips. */
  readonly errorRate: number;
}

/** Each goes over all near pairs; on synthetic logs the order of the kinds of slips holds from the second on. */
const ROUNDS = 6;
const FIRST_ERROR_RATE = 0.03;
/** Two or three words among the some 450 strings one edit from a word of eight letters. */
const FIRST_DENSITY = 0.005;
/** e is kept from 0, where nothing would ever be learned, and from where every rare word is a slip. */
const LEAST_ERROR_RATE = 0.002;
const MOST_ERROR_RATE = 0.15;
/** Shorter words have neighbours by chance. */
const LEAST_LETTERS = 4;
const LEAST_LETTERS_TWO_EDITS = 8;
/** How much commoner a word must be for others to be its slips. */
const LEAST_RATIO = 8;
/** Neighbours looked at for one word, the commonest. */
const MOST_NEIGHBOURS = 8;
/** Letters that slips are told apart by: of alphabets, all. */
const MOST_DIFFERENT = 64;
/** Less likely slips teach nothing. */
const LEAST_POSTERIOR = 0.05;

/**
 * @param words distinct; any order
 * @param base the error model to begin with, empty for none
 */
export function learnFromWords(words: readonly TypedWord[], base: readonly GroupCost[] = []): Learned {
  const sorted = [...words].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  const neighbours = findNeighbours(sorted);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  const strings = stringsNear(sorted, neighbours);
  const letters = [...new Set(sorted.flatMap(({ text }) => [...text]))]
    .filter(isLetter)
    .sort()
    .slice(0, MOST_DIFFERENT);
  const kinds = (slips: SlipCounts) => (base.length > 0 ? base : slipCosts(slips, letters));
  let costs = kinds(EVEN_SLIPS);
  let errorRate = FIRST_ERROR_RATE;
  let density = FIRST_DENSITY;
  let pairs: TrainingPair[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const channel = new GroupChannel(costs);
    pairs = [];
    let slips = 0;
    let own = 0;
    for (const [typed, sources] of neighbours) {
      const { text, count } = sorted[typed]!;
      const expected = sources.map((source) => {
        return sorted[source]!.count * errorRate * Math.exp(-channel.cost(text, sorted[source]!.text));
      });
      const all = expected.reduce((sum, times) => sum + times, 0);
      const posterior = slipPosterior(count, all, density);
      slips += count * posterior;
      own += 1 - posterior;
      sources.forEach((source, i) => {
        const weight = (posterior * expected[i]!) / all;
        if (weight < LEAST_POSTERIOR) return;
        pairs.push({ typed: text, meant: sorted[source]!.text, weight: weight * pairWeight(count) });
      });
    }
    errorRate = Math.min(MOST_ERROR_RATE, Math.max(LEAST_ERROR_RATE, slips / Math.max(1, total)));
    density = (own + 1) / (strings + 1 / FIRST_DENSITY);
    costs = adaptChannel(kinds(countSlips(pairs.filter(({ typed, meant }) => isWithinOneEdit(typed, meant)))), pairs);
  }
  return { costs, pairs, errorRate };
}

/** P(a word is a slip) that was typed `count` times where slips alone would make it be typed `expected` times. */
function slipPosterior(count: number, expected: number, density: number): number {
  const asSlip = Math.exp(count * Math.log(expected) - (count + 1) * Math.log1p(expected));
  const asWord = (density * (6 / Math.PI ** 2)) / count ** 2;
  return asSlip / (asSlip + asWord);
}

/** How many strings lie one edit from the words that others may be slips from: 54 a letter, of an alphabet of 26. */
function stringsNear(sorted: readonly TypedWord[], neighbours: readonly [number, number[]][]): number {
  const sources = new Set(neighbours.flatMap(([, near]) => near));
  return [...sources].reduce((sum, source) => sum + 54 * sorted[source]!.text.length, 0);
}

function isLetter(letter: string): boolean {
  return letter !== EDGE && /^[\p{L}\p{M}']$/u.test(letter);
}

/** For each word that may be a slip, the words that it may be a slip from, the commonest first. */
function findNeighbours(sorted: readonly TypedWord[]): [typed: number, sources: number[]][] {
  const texts = [...Array<string>(FIRST_TERM_ID).fill(''), ...sorted.map(({ text }) => text)];
  const found = new Map<number, Set<number>>();
  const gather = (index: 'deletes1' | 'deletes2', leastLetters: number, isNear: (a: string, b: string) => boolean) => {
    const skip = (id: number) => texts[id]!.length < leastLetters - 1;
    forEachDeletion(texts, index, skip, (_, ids, count) => {
      for (let later = 1; later < count; later++) {
        const typed = ids[later]! - FIRST_TERM_ID;
        const word = sorted[typed]!;
        if (word.isCertain || word.text.length < leastLetters) continue;
        for (let earlier = 0; earlier < later; earlier++) {
          const source = ids[earlier]! - FIRST_TERM_ID;
          if (sorted[source]!.count < LEAST_RATIO * word.count) break;
          if (!isNear(word.text, sorted[source]!.text)) continue;
          const sources = found.get(typed) ?? new Set();
          found.set(typed, sources.add(source));
        }
      }
    });
  };
  gather('deletes1', LEAST_LETTERS, isWithinOneEdit);
  gather('deletes2', LEAST_LETTERS_TWO_EDITS, (a, b) => editsBetween(a, b) <= 2);
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([typed, sources]) => [typed, [...sources].sort((a, b) => a - b).slice(0, MOST_NEIGHBOURS)]);
}
