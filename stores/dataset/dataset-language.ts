import { join } from 'node:path';
import { DEFAULT_LANGUAGE, languageFolder } from '../../data/languages.ts';
import { StoreError } from '../errors.ts';
import { LANGUAGE_FILE, type Language, readLanguage } from '../profile/language.ts';
import type { Manifest } from './manifest.ts';
import { MODEL_FILE, type Model, readModel } from './model.ts';

/** What a dataset version says of its language, besides its stores. */
export interface DatasetLanguage {
  /** What builder and service must know of the language. */
  readonly language: Language;
  /** How readings are weighed. */
  readonly model: Model;
  /** Where the model was read, for messages. */
  readonly modelPath: string;
}

/**
 * Reads what a dataset version took along of its language when it was built. Earlier versions of the program built datasets
 * without, all of the default language: what the program knows of it stands in.
 *
 * @param onWarning told when something stands in
 * @throws {StoreError} when a file cannot be read, is malformed or of another version; `STORE_VERSION` when the keys of the
 *   phonetic index were made by other rules than the language has
 */
export function readDatasetLanguage(
  dir: string,
  manifest: Manifest,
  onWarning: (message: string) => void = () => undefined,
): DatasetLanguage {
  const own = (name: string) => {
    const file = manifest.files.find((candidate) => candidate.name === name)?.file;
    return file === undefined ? undefined : join(dir, file);
  };
  const defaults = languageFolder(DEFAULT_LANGUAGE);
  const languagePath = own('language') ?? join(defaults, LANGUAGE_FILE);
  const modelPath = own('model') ?? join(defaults, MODEL_FILE);
  const language = readLanguage(languagePath);
  checkKeys(dir, manifest, language);
  const lacking = ['language', 'model'].filter((name) => own(name) === undefined);
  if (lacking.length > 0) {
    onWarning(
      `${dir}: the dataset holds no ${lacking.join(' and no ')}, so those of "${DEFAULT_LANGUAGE}" in this program stand in; build it again to take the language along`,
    );
  }
  return { language, model: readModel(modelPath), modelPath };
}

/** Words would be looked up under keys that the phonetic index does not have. */
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
