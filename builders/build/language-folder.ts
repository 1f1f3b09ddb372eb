/** The folder of a language: what a build reads from it and copies into the dataset version. README.md of `data/` describes it. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { languageFolder, languageNames } from '../../data/languages.ts';
import type { ManifestFile } from '../../stores/dataset/manifest.ts';
import { encodeModel, MODEL_FILE, type Model, readModel } from '../../stores/dataset/model.ts';
import { encodeLanguage, LANGUAGE_FILE, type Language, readLanguage } from '../../stores/profile/language.ts';
import {
  encodeRudeWords,
  RUDE_FILE,
  RUDE_FORMAT_VERSION,
  type RudeWords,
  readRudeWords,
} from '../../stores/profile/rude-words.ts';
import { UsageError } from '../command.ts';
import { reasonOf } from '../errors.ts';
import { writeFile } from '../write-file.ts';

/** A language, read from its folder. */
export interface LanguageData {
  readonly language: Language;
  readonly model: Model;
  readonly rudeWords: RudeWords;
}

/**
 * The folder of a language: by name if it comes with the program, otherwise by path.
 *
 * @param folder what the path is relative to
 * @returns an absolute path
 * @throws {UsageError} naming `where`, when no language is there
 */
export function findLanguage(name: string, folder: string, where: string): string {
  const names = languageNames();
  if (names.includes(name)) return languageFolder(name);
  const dir = resolve(folder, name);
  const expected = `${where}: expected ${names.join(', ')} or a folder with ${LANGUAGE_FILE}, found "${name}"`;
  try {
    if (statSync(join(dir, LANGUAGE_FILE), { throwIfNoEntry: false }) !== undefined) return dir;
  } catch (error) {
    throw new UsageError(`${expected}: ${reasonOf(error)}`);
  }
  throw new UsageError(expected);
}

/**
 * Reads a language, its model and its rude words, if it has some.
 *
 * @throws {StoreError} when one of the first two is missing, or any malformed or of another version
 */
export function readLanguageData(dir: string): LanguageData {
  return {
    language: readLanguage(join(dir, LANGUAGE_FILE)),
    model: readModel(join(dir, MODEL_FILE)),
    rudeWords: readRudeWords(join(dir, RUDE_FILE)),
  };
}

/** Writes what the service needs to know about a language into a dataset version, and returns the files for its manifest. */
export function writeLanguage({ language, model, rudeWords }: LanguageData, outDir: string): ManifestFile[] {
  const write = (name: string, file: string, text: string, entries: number, parameters: ManifestFile['parameters']) => {
    const bytes = Buffer.from(text);
    writeFile(join(outDir, file), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, file, kind: name, entries, bytes: bytes.length, sha256, parameters };
  };
  const { formatVersion } = model;
  return [
    write('language', LANGUAGE_FILE, encodeLanguage(language), 1, {
      formatVersion: language.formatVersion,
      language: language.language,
    }),
    write('model', MODEL_FILE, encodeModel(model), Object.keys(model.weights).length, { formatVersion }),
    // Also without a word: a dataset without the file is an older one, which gets the program's.
    write('rude', RUDE_FILE, encodeRudeWords(rudeWords), rudeWords.rude.length, { formatVersion: RUDE_FORMAT_VERSION }),
  ];
}
