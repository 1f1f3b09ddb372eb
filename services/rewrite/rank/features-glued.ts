/** What a cut of a part number says (`xbox360controler`), and a digit taken for a letter: these are no splits and replacements of words. */

import { NUMBER_ID, TermFlag } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { MISS } from '../../../stores/store.ts';
import { isUnit } from '../../../stores/text/glued-run.ts';
import { isAsciiDigit } from '../../../stores/text/letter-digit-runs.ts';
import type { Arc, Slot } from '../decode/lattice.ts';
import type { LanguageModel } from '../language/language-model.ts';

/**
 * In the order in which `addGlued` counts: that a part number is cut; letters of its words; words right behind words; words of one or two
 * letters; letters that stay with a number, but for units; that it may be what somebody or something is called; that letters are
 * changed; that a digit becomes a letter; that a space within a word goes too.
 */
export const GLUED_FEATURES = [
  'gluedCut',
  'gluedLetters',
  'gluedFurther',
  'gluedShort',
  'gluedCode',
  'gluedAsName',
  'gluedReplaced',
  'lookAlikeDigit',
  'gluedJoined',
] as const;

/** Whether an arc changes a part number, alone or with the word beside it. */
export function isOfGlued(arc: Arc, slots: readonly Slot[]): boolean {
  for (let at = arc.from; at < arc.to; at++) if (slots[at]!.token.class === 'part-number') return true;
  return false;
}

/** Adds what such an arc says to `out`, from `at` on. */
export function addGlued(
  arc: Arc,
  lexicon: Lexicon,
  languageModel: LanguageModel,
  out: Float64Array,
  at: number,
): void {
  const { ids } = arc;
  if (!ids.includes(NUMBER_ID)) {
    out[at + 7]!++;
    return;
  }
  out[at]!++;
  const parts = arc.text.split(' ');
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === NUMBER_ID) {
      out[at + 4]! += codeLetters(parts[i]!);
      continue;
    }
    out[at + 1]! += parts[i]!.length;
    if (i > 0 && ids[i - 1] !== NUMBER_ID) out[at + 2]!++;
    if (parts[i]!.length <= 2) out[at + 3]!++;
  }
  if (arc.to > arc.from + 1) out[at + 8]!++;
  if (arc.distance > 0) out[at + 6]!++;
  else if (isAsName(arc, lexicon) && !areNumbersSeen(arc, languageModel)) out[at + 5]!++;
}

/** Whether an arc parts a name from a number (`emily18`), or one digit from a word (`4runner`) or two (`adam4adam`). */
function isAsName({ kind, ids, text }: Arc, lexicon: Lexicon): boolean {
  if (kind !== 'split') return false;
  if (ids.length === 3) return ids[1] === NUMBER_ID && text[text.indexOf(' ') + 2] === ' ';
  if (ids.length !== 2) return false;
  return ids[0] === NUMBER_ID ? text[1] === ' ' : (lexicon.flags(ids[0]!) & TermFlag.name) !== 0;
}

/**
 * Whether what is the whole query may be called so, such as a site: it begins with digits (`800contacts`), or no source has seen its words beside
 * numbers (`adam4adam`).
 */
export function isAsWhole(arc: Arc, languageModel: LanguageModel): boolean {
  const first = arc.text.slice(0, arc.text.indexOf(' '));
  return (arc.ids[0] === NUMBER_ID && isNumber(first)) || !areNumbersSeen(arc, languageModel);
}

/** Whether some source has seen every number of an arc behind the word before it, and before the word behind. */
function areNumbersSeen({ ids }: Arc, languageModel: LanguageModel): boolean {
  for (let i = 1; i < ids.length; i++) {
    const [before, after] = [ids[i - 1]!, ids[i]!];
    if (before !== NUMBER_ID && after !== NUMBER_ID) continue;
    if (languageModel.pairValue(before, after) === MISS) return false;
  }
  return true;
}

function isNumber(part: string): boolean {
  for (let at = 0; at < part.length; at++) if (!isAsciiDigit(part, at)) return false;
  return true;
}

/** Letters of a number that are no unit behind it. */
function codeLetters(part: string): number {
  let letters = 0;
  let unitFrom = part.length;
  for (let at = 0; at < part.length; at++) if (!isAsciiDigit(part, at)) letters++;
  while (unitFrom > 0 && !isAsciiDigit(part, unitFrom - 1)) unitFrom--;
  const unit = part.slice(unitFrom);
  return isUnit(unit) ? letters - unit.length : letters;
}
