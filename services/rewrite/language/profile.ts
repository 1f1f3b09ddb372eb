import { Marks } from '../../../stores/marks/marks.ts';
import { PhoneticKeys } from '../../../stores/phonetic/keys.ts';
import type { Language } from '../../../stores/profile/language.ts';

/** What the pipeline needs to know about a language beyond the stores of its dataset; `stores/profile` explains each member. */
export interface LanguageProfile
  extends Pick<
    Language,
    | 'language'
    | 'scripts'
    | 'vowels'
    | 'keyboardRows'
    | 'singleLetterWords'
    | 'prefixes'
    | 'neutralEndings'
    | 'finalInflection'
    | 'ampersand'
  > {
  /** Writes the keys of the dataset's phonetic index; undefined for a language without phonetic rules. */
  readonly phonetics: PhoneticKeys | undefined;
  /** How letters with marks are written without. */
  readonly marks: Marks;
}

/** The profile of a language, its phonetic rules compiled: about a millisecond. */
export function profileOf(language: Language): LanguageProfile {
  const { phonetic } = language;
  const phonetics = phonetic === null ? undefined : new PhoneticKeys(phonetic);
  return { ...language, phonetics, marks: new Marks(language.marks) };
}
