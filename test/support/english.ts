import { readLanguageData } from '../../builders/build/language-folder.ts';
import { languageFolder } from '../../data/languages.ts';

/** The folder of English, and what is known of the language. */
export const ENGLISH_FOLDER = languageFolder('en');
export const ENGLISH = readLanguageData(ENGLISH_FOLDER);
