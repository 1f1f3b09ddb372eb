import { join } from 'node:path';
import { DEFAULT_LANGUAGE, languageFolder, languageNames } from '../../data/languages.ts';
import { StoreError } from '../errors.ts';
import { decodeLanguage, LANGUAGE_FILE, type Language, readLanguage } from '../profile/language.ts';
import { decodeRudeWords, NO_RUDE_WORDS, RUDE_FILE, type RudeWords, readRudeWords } from '../profile/rude-words.ts';
import { readDigested } from './file-check.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { decodeModel, MODEL_FILE, type Model, readModel } from './model.ts';

/** What a dataset version contains about its language, besides its stores. */
export interface DatasetLanguage {
  /** What builder and service need to know about the language. */
  readonly language: Language;
  /** Weights, calibration and threshold. */
  readonly model: Model;
  /** Path of the model, for messages. */
  readonly modelPath: string;
  /** Words that are never put in unasked. */
  readonly rudeWords: RudeWords;
}

/**
 * Reads the language and the model that a dataset version contains. Datasets built by earlier versions of the program lack
 * them and are all of the default language: the program's own data of it are used instead. Those that lack only rude words get
 * the program's for their language, where it has some.
 *
 * @param onWarning called when the program's data are used instead
 * @throws {StoreError} when a file cannot be read, is malformed or of another version; `STORE_VERSION` when the keys of the
 *   phonetic index were made by rules other than the language's
 */
export function readDatasetLanguage(
  dir: string,
  manifest: Manifest,
  onWarning: (message: string) => void = () => undefined,
): DatasetLanguage {
  const own = (name: string) => manifest.files.find((candidate) => candidate.name === name);
  const defaults = languageFolder(DEFAULT_LANGUAGE);
  const [ownLanguage, ownModel] = [own('language'), own('model')];
  const modelPath = ownModel === undefined ? join(defaults, MODEL_FILE) : join(dir, ownModel.file);
  const language =
    ownLanguage === undefined
      ? readLanguage(join(defaults, LANGUAGE_FILE))
      : decodeLanguage(readDigested(dir, ownLanguage), join(dir, ownLanguage.file));
  checkKeys(dir, manifest, language);
  const lacking = ['language', 'model'].filter((name) => own(name) === undefined);
  if (lacking.length > 0) {
    onWarning(
      `${dir}: the dataset contains no ${lacking.join(' and no ')}; those of "${DEFAULT_LANGUAGE}" in this program are used instead; build the dataset again to include its own`,
    );
  }
  const model = ownModel === undefined ? readModel(modelPath) : decodeModel(readDigested(dir, ownModel), modelPath);
  return { language, model, modelPath, rudeWords: rudeWordsOf(dir, own('rude'), language) };
}

function rudeWordsOf(dir: string, own: ManifestFile | undefined, { language }: Language): RudeWords {
  if (own !== undefined) return decodeRudeWords(readDigested(dir, own), join(dir, own.file));
  return languageNames().includes(language) ? readRudeWords(join(languageFolder(language), RUDE_FILE)) : NO_RUDE_WORDS;
}

/** With other rules, words would be looked up under keys that the phonetic index does not have. */
function checkKeys(dir: string, { files }: Manifest, { language, phonetic }: Language): void {
  const index = files.find(({ name }) => name === 'phonetic');
  if (index === undefined) return;
  const { language: builtLanguage, keyVersion } = index.parameters;
  if (builtLanguage === language && keyVersion === phonetic?.version) return;
  const found = phonetic === null ? `no rules for "${language}"` : `version ${phonetic.version} for "${language}"`;
  throw new StoreError(
    'STORE_VERSION',
    `${join(dir, index.file)}: expected phonetic rules of version ${keyVersion} for "${builtLanguage}", found ${found}; build the dataset again`,
  );
}
