import { readLanguageData } from '../../builders/build/language-folder.ts';
import { languageFolder } from '../../data/languages.ts';
import { profileOf } from '../../services/rewrite/language/profile.ts';
import { parametersOf } from '../../services/tuned-parameters.ts';

/** The folder of English, and what is known of the language. */
export const ENGLISH_FOLDER = languageFolder('en');
export const ENGLISH = readLanguageData(ENGLISH_FOLDER);

/** What the pipeline takes from it. */
export const ENGLISH_PROFILE = profileOf(ENGLISH.language);
export const ENGLISH_PARAMETERS = parametersOf({
  ...ENGLISH,
  dir: ENGLISH_FOLDER,
  modelPath: `${ENGLISH_FOLDER}/model.json`,
});
