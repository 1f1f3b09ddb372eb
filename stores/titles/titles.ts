import { readFileSync } from 'node:fs';
import { corrupt, unreadable } from '../errors.ts';
import type { Filter } from '../filters/filter.ts';
import { openFilter } from '../filters/open.ts';
import { decodeTitles, TITLES_FILTER, TITLES_HEADER_BYTES } from './format.ts';

/**
 * The rows of two to four terms that something is called by: works, people, places, products. Held off the JavaScript heap, 9 bits a
 * title.
 *
 * Hot path: asked up to three times for each word of a query, 30 ns each.
 */
export class Titles {
  /** Bytes held in memory. */
  readonly bytes: number;
  /** Number of titles. */
  readonly count: number;
  readonly #filters: readonly Filter[];

  /** Over the bytes of a file of titles; `path` is for messages. */
  constructor(bytes: Uint8Array, path: string) {
    const sets = decodeTitles(bytes, path);
    this.bytes = bytes.length;
    this.count = sets.reduce((sum, { titleCount }) => sum + titleCount, 0);
    this.#filters = sets.map(({ filter }) => {
      const opened = openFilter(TITLES_FILTER, filter);
      if (opened !== undefined) return opened;
      throw corrupt(path, TITLES_HEADER_BYTES, `a ${TITLES_FILTER} filter`, filter.length);
    });
  }

  /** Whether `key[start, end)`, terms as `putTitleTerm` writes them, is a title: false is certain, true is wrong for one row in 256. */
  has(key: Uint8Array, start: number, end: number): boolean {
    const filters = this.#filters;
    for (let i = 0; i < filters.length; i++) if (filters[i]!.mayContain(key, start, end)) return true;
    return false;
  }
}

/**
 * Opens a file of titles; `read` is its content where that has been read already.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, or as `decodeTitles`
 */
export function openTitles(path: string, read?: Uint8Array): Titles {
  let bytes: Uint8Array;
  try {
    bytes = read ?? readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading the titles', cause);
  }
  return new Titles(bytes, path);
}
