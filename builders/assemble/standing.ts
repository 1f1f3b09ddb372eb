/**
 * Doubts about terms of no certain standing: frequent misspellings and run-ons look like words in any text drawn from the
 * web. A term that no dictionary or list of names holds is marked when a much commoner term of good standing is one edit
 * away, or when it is two common words written together that also occur side by side.
 */

import type { GroupChannel } from '../../stores/channel/group-channel.ts';
import { TermFlag } from '../../stores/lexicon/format.ts';
import { forEachDeletion } from './deletions.ts';
import type { LanguageModel } from './language-model.ts';
import { isWithinOneEdit } from './one-edit.ts';
import { findSorted, ID_SPACE } from './source-counts.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * How much commoner the neighbour must be, by how easily one is typed for the other (nats of the trained error model): a
 * doubled letter or a vowel for a vowel says much (`recieve`, `definately`, 60 times rarer than the right word), a consonant
 * for an unlike one little (`lohan` beside `logan`).
 */
const SUSPECT_RATIOS: readonly { readonly costBelow: number; readonly ratio: number }[] = [
  { costBelow: 3.2, ratio: 10 },
  { costBelow: 4.5, ratio: 30 },
  { costBelow: Number.POSITIVE_INFINITY, ratio: 150 },
];
/** Times that for a term that only lists of names hold: rare surnames look like misspellings, and the other way round. */
const SUSPECT_NAME_FACTOR = 20;
/** Shorter terms have neighbours by chance. */
const SUSPECT_MIN_LENGTH = 5;
/** How much commoner the two words side by side must be than the term. */
const RUN_ON_RATIO = 0.7;
/** Shorter parts are found at the ends of any name. */
const RUN_ON_MIN_PART = 3;

const CERTAIN = TermFlag.dictionary | TermFlag.name;

/** Sets `suspect` and `runOn` in the vocabulary's flags. */
export function markDoubtful(vocabulary: Vocabulary, model: LanguageModel, channel: GroupChannel): void {
  markSuspects(vocabulary, channel);
  markRunOns(vocabulary, model);
}

/** Asked for less often, a term without results may be chance. */
const MIN_ZERO_HITS = 2;
const STANDING = CERTAIN | TermFlag.documents | TermFlag.queries;

/**
 * Marks as suspect what people asked for more than once and never found, and only text drawn from the web knows: such terms
 * are misspellings more often than not. What a dictionary, a list of names or the owner's text has is left alone.
 *
 * @param zeroHits how often each term was asked for that only queries without results have
 */
export function markZeroHits(zeroHits: ReadonlyMap<string, number>, { flags, idOf }: Vocabulary): void {
  for (const [term, count] of zeroHits) {
    const id = idOf.get(term);
    if (id !== undefined && count >= MIN_ZERO_HITS && (flags[id]! & STANDING) === 0) flags[id]! |= TermFlag.suspect;
  }
}

function suspectRatio(cost: number): number {
  return SUSPECT_RATIOS.find(({ costBelow }) => cost < costBelow)!.ratio;
}

function markSuspects(vocabulary: Vocabulary, channel: GroupChannel): void {
  const { texts, flags, probabilities } = vocabulary;
  forEachDeletion(
    texts,
    'deletes1',
    () => false,
    (_, ids, count) => {
      for (let later = 1; later < count; later++) {
        const id = ids[later]!;
        if ((flags[id]! & (TermFlag.dictionary | TermFlag.suspect | TermFlag.variant)) !== 0) continue;
        if (texts[id]!.length < SUSPECT_MIN_LENGTH) continue;
        const factor = (flags[id]! & TermFlag.name) !== 0 ? SUSPECT_NAME_FACTOR : 1;
        // Ascending ids are falling probabilities: those before are the commoner ones.
        for (let earlier = 0; earlier < later; earlier++) {
          const other = ids[earlier]!;
          const ratio = probabilities[other]! / probabilities[id]! / factor;
          if (ratio < SUSPECT_RATIOS[0]!.ratio) break;
          if ((flags[other]! & CERTAIN) === 0 || !isWithinOneEdit(texts[id]!, texts[other]!)) continue;
          if (ratio > suspectRatio(channel.cost(texts[id]!, texts[other]!))) {
            flags[id]! |= TermFlag.suspect;
            break;
          }
        }
      }
    },
  );
}

function markRunOns(vocabulary: Vocabulary, model: LanguageModel): void {
  const { texts, flags, probabilities, idOf } = vocabulary;
  for (let id = 0; id < texts.length; id++) {
    if ((flags[id]! & CERTAIN) !== 0) continue;
    const text = texts[id]!;
    for (let cut = RUN_ON_MIN_PART; cut <= text.length - RUN_ON_MIN_PART; cut++) {
      const left = idOf.get(text.slice(0, cut));
      const right = idOf.get(text.slice(cut));
      if (left === undefined || right === undefined) continue;
      const pair = findSorted(model.pairs, left * ID_SPACE + right);
      if (pair < 0) continue;
      if (probabilities[left]! * model.pairProbabilities[pair]! > RUN_ON_RATIO * probabilities[id]!) {
        flags[id]! |= TermFlag.runOn;
        break;
      }
    }
  }
}
