/** Which terms of the vocabulary are likely misspellings of words that a dictionary holds. */

import type { GroupChannel } from '../../stores/channel/group-channel.ts';
import { GROUP_COST_WEIGHT, slipOdds } from '../../stores/channel/slip-odds.ts';
import { TermFlag } from '../../stores/lexicon/format.ts';
import { forEachDeletion } from '../deletes/deletions.ts';
import { isWithinOneEdit } from '../deletes/one-edit.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Log-odds from which a term is suspect. In the bundled dataset 17,000 terms are, and of the misspellings on lists that
 * had no part in it 88 %; at -4.2 they are 13,500 and 86 %, at -5 they are 23,000 and 92 %.
 */
const SUSPECT_ABOVE = -4.5;
/** Shorter terms have neighbours by chance. */
const MIN_LENGTH = 4;
/** Shorter ones are not looked for two edits away. */
const FAR_MIN_LENGTH = 7;
/** Rarer words have few misspellings; -ln P. Of those two edits away alone: there are too many of them. */
const FAR_MOST_COST = 13;
/** The other word must be commoner by so many nats. */
const LEAST_GAIN = 1;
/** One edit, and two, hardly ever cost less: 99 of a hundred slips cost more. */
const LEAST_NEAR_COST = 1.2;
const LEAST_FAR_COST = 3.4;
/** Pairs weighed last, a power of two: long words that begin alike meet under each of their 29 hashes. */
const WEIGHED_SLOTS = 1 << 20;

/**
 * Sets `suspect` in the vocabulary's flags: one edit away over whole terms, two edits within their first seven letters for
 * long terms beside common words. About 3 s for half a million terms.
 */
export function markSuspects({ texts, flags, probabilities }: Vocabulary, channel: GroupChannel): void {
  const letters = Uint32Array.from(texts, letterSet);
  const costs = Float64Array.from(probabilities, (p) => -Math.log(p));
  const isDoubtable = (id: number) =>
    (flags[id]! & (TermFlag.dictionary | TermFlag.suspect | TermFlag.variant)) === 0 && texts[id]!.length >= MIN_LENGTH;
  const isCertain = (id: number) => (flags[id]! & TermFlag.dictionary) !== 0 && (flags[id]! & TermFlag.variant) === 0;

  const weigh = (id: number, other: number, isFar: boolean) => {
    const gain = costs[id]! - costs[other]!;
    if (gain < LEAST_GAIN) return;
    const isName = (flags[id]! & TermFlag.name) !== 0;
    const slip = { gain, groupCost: 0, isFar, isName, length: texts[id]!.length, meantCost: costs[other]! };
    // What the slip may cost: most pairs could be none whatever the letters.
    const most = (slipOdds(slip) - SUSPECT_ABOVE) / GROUP_COST_WEIGHT;
    if (most < (isFar ? LEAST_FAR_COST : LEAST_NEAR_COST)) return;
    if (channel.cost(texts[id]!, texts[other]!, most) <= most) flags[id]! |= TermFlag.suspect;
  };

  // Ascending ids are falling probabilities: those before are the commoner ones.
  forEachDeletion(
    texts,
    'deletes1',
    () => false,
    (_, ids, count) => {
      for (let later = 1; later < count; later++) {
        const id = ids[later]!;
        for (let earlier = 0; earlier < later && isDoubtable(id); earlier++) {
          const other = ids[earlier]!;
          if (isCertain(other) && isWithinOneEdit(texts[id]!, texts[other]!)) weigh(id, other, false);
        }
      }
    },
  );
  const weighed = new Float64Array(WEIGHED_SLOTS);
  const isWeighed = (id: number, other: number) => {
    const pair = id * texts.length + other;
    const slot = (Math.imul(id, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b)) & (WEIGHED_SLOTS - 1);
    if (weighed[slot] === pair) return true;
    weighed[slot] = pair;
    return false;
  };
  const isFarSource = (id: number) => isCertain(id) && costs[id]! < FAR_MOST_COST;
  forEachDeletion(
    texts,
    'deletes2',
    (id) => !isFarSource(id) && (!isDoubtable(id) || texts[id]!.length < FAR_MIN_LENGTH),
    (_, ids, count) => {
      for (let later = 1; later < count; later++) {
        const id = ids[later]!;
        for (let earlier = 0; earlier < later && isDoubtable(id); earlier++) {
          const other = ids[earlier]!;
          if (!isFarSource(other) || !areTwoEditsPossible(id, other) || isWeighed(id, other)) continue;
          if (!isWithinOneEdit(texts[id]!, texts[other]!)) weigh(id, other, true);
        }
      }
    },
  );

  function areTwoEditsPossible(a: number, b: number): boolean {
    if (Math.abs(texts[a]!.length - texts[b]!.length) > 2) return false;
    return bitCount(letters[a]! & ~letters[b]!) <= 2 && bitCount(letters[b]! & ~letters[a]!) <= 2;
  }
}

const LETTER_A = 0x61;
const LETTERS = 26;

/** A bit for each letter from a to z. */
function letterSet(text: string): number {
  let set = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i) - LETTER_A;
    if (letter >= 0 && letter < LETTERS) set |= 1 << letter;
  }
  return set;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
