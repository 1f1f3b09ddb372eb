/**
 * Doubts about terms of no certain standing: frequent misspellings and run-ons look like words in any text drawn from the
 * web. A term that no dictionary or list of names holds is marked when a much commoner term of good standing is one edit
 * away, or when it is two common words written together that also occur side by side.
 */

import { TermFlag } from '../../stores/lexicon/format.ts';
import { forEachDeletion } from './deletions.ts';
import { findSorted, ID_SPACE, type LanguageModel } from './language-model.ts';
import { isWithinOneEdit } from './one-edit.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How much commoner the neighbour must be. `definately` stands at 1 : 60 to `definitely` in general web text. */
const SUSPECT_RATIO = 12;
/** The same for a term that only lists of names hold: rare surnames look like misspellings, and the other way round. */
const SUSPECT_NAME_RATIO = 300;
/** Shorter terms have neighbours by chance. */
const SUSPECT_MIN_LENGTH = 5;
/** How much commoner the two words side by side must be than the term. */
const RUN_ON_RATIO = 0.7;
/** Shorter parts are found at the ends of any name. */
const RUN_ON_MIN_PART = 3;

const CERTAIN = TermFlag.dictionary | TermFlag.name;

/** Sets `suspect` and `runOn` in the vocabulary's flags. */
export function markDoubtful(vocabulary: Vocabulary, model: LanguageModel): void {
  markSuspects(vocabulary);
  markRunOns(vocabulary, model);
}

function markSuspects(vocabulary: Vocabulary): void {
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
        const ratio = (flags[id]! & TermFlag.name) !== 0 ? SUSPECT_NAME_RATIO : SUSPECT_RATIO;
        // Ascending ids are falling probabilities: those before are the commoner ones.
        for (let earlier = 0; earlier < later; earlier++) {
          const other = ids[earlier]!;
          if (probabilities[other]! < ratio * probabilities[id]!) break;
          if ((flags[other]! & CERTAIN) !== 0 && isWithinOneEdit(texts[id]!, texts[other]!)) {
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
