import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** The language of the bundled dataset, and of datasets that do not name their language. */
export const DEFAULT_LANGUAGE = 'en';

/** The folder of a language that comes with the program: `data/languages/NAME`. */
export function languageFolder(name: string): string {
  return join(packageRoot(), 'data', 'languages', name);
}

/** The names of the languages that come with the program, in order. */
export function languageNames(): string[] {
  const folder = languageFolder('');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'language.json')))
    .sort();
}
