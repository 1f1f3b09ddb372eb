/**
 * Doubts about terms of no certain standing: frequent misspellings and run-ons look like words in any text drawn from the
 * web. A term that no dictionary holds is marked when a commoner word of a dictionary explains it as a slip (`suspects.ts`),
 * or when it is two common words written together that also occur side by side.
 */

import type { GroupChannel } from '../../stores/channel/group-channel.ts';
import { TermFlag } from '../../stores/lexicon/format.ts';
import type { LanguageModel } from './model.ts';
import { findSorted, ID_SPACE } from './source-counts.ts';
import { markSuspects } from './suspects.ts';
import type { Vocabulary } from './vocabulary.ts';

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
