/** The titles of a dataset: what things are called. */
import { join } from 'node:path';
import {
  encodeTitles,
  MOST_TITLE_BYTES,
  putTitleTerm,
  TITLES_FILTER,
  type TitleSet,
  titleTermHash,
} from '../../stores/titles/format.ts';
import { buildFilter, hashListFor } from '../filters/build-filter.ts';
import { writeFile } from '../write-file.ts';
import type { AssembledFile } from './assembled-file.ts';

const TITLES_FILE = 'titles.bin';

/** The filter's own rate, which it has whatever it is asked for. */
const FALSE_POSITIVE_RATE = 1 / 256;

/** Titles to go into a dataset: rows of terms, and sets that were made before. */
export interface TitleSources {
  readonly rows: readonly (readonly string[])[];
  readonly sets: readonly TitleSet[];
  /** The names of the files that they came from. */
  readonly names: readonly string[];
}

/** The filter of some titles; the order of the rows makes no difference. */
export function titleSetOf(rows: Iterable<readonly string[]>): TitleSet {
  const keys = new Set<string>();
  const key = new Uint8Array(MOST_TITLE_BYTES);
  for (const row of rows) {
    let end = 0;
    for (const term of row) end = putTitleTerm(titleTermHash(term), key, end);
    keys.add(Buffer.from(key.buffer, 0, end).toString('latin1'));
  }
  const hashes = hashListFor(TITLES_FILTER);
  for (const text of [...keys].sort()) {
    const bytes = Buffer.from(text, 'latin1');
    hashes.add(bytes, 0, bytes.length);
  }
  return { titleCount: keys.size, filter: buildFilter(TITLES_FILTER, hashes, FALSE_POSITIVE_RATE) };
}

/** Writes the file of titles. */
export function writeTitles({ rows, sets, names }: TitleSources, outDir: string): AssembledFile {
  const all = rows.length === 0 ? sets : [...sets, titleSetOf(rows)];
  const bytes = encodeTitles(all);
  writeFile(join(outDir, TITLES_FILE), bytes);
  return {
    name: 'titles',
    file: TITLES_FILE,
    kind: 'titles',
    entries: all.reduce((sum, { titleCount }) => sum + titleCount, 0),
    bytes: bytes.length,
    parameters: { sources: names.join(' ') },
  };
}
