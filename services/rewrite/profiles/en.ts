import { englishKey } from '../../../stores/phonetic/english.ts';
import type { LanguageProfile } from './profile.ts';

export const ENGLISH: LanguageProfile = Object.freeze({
  language: 'en',
  scripts: ['Latin'],
  vowels: 'aeiouy',
  keyboardRows: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
  singleLetterWords: ['a', 'i'],
  neutralEndings: ["'s", "s'"],
  finalInflection: 's',
  phoneticKey: englishKey,
});
