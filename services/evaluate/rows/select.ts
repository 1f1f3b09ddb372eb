/** Which rows of labelled sets are measured: a part that nothing was tuned on, without what was trained on, a sample. */

import { sample } from '../../figures/random.ts';
import { comparable } from './comparable.ts';
import type { EvalRow, EvalSet } from './eval-rows.ts';
import { readLines } from './text-file.ts';

/**
 * Part `index` of `of` (from 1) by a hash of each row's first right answer, so that all misspellings of one query stay
 * together, or of its input, which is the same for sets of words that overlap.
 */
export interface Part {
  readonly index: number;
  readonly of: number;
  readonly by: 'right' | 'input';
}

/** What is measured of every set; null where all is. */
export interface Selection {
  readonly part: Part | null;
  /** At most so many rows of a set, drawn at random from what the rest of the selection leaves. */
  readonly sample: { readonly size: number; readonly seed: number } | null;
  /** Inputs that are left out, in comparable form. */
  readonly excluded: ReadonlySet<string> | null;
}

/** Everything. */
export const ALL_ROWS: Selection = Object.freeze({ part: null, sample: null, excluded: null });

/** The set with the selected rows alone. */
export function selectRows(set: EvalSet, { part, sample: size, excluded }: Selection): EvalSet {
  let rows: readonly EvalRow[] = set.rows;
  if (part !== null)
    rows = rows.filter((row) => partOf(part.by === 'input' ? row.input : row.rights[0], part.of) === part.index);
  if (excluded !== null) rows = rows.filter((row) => !excluded.has(comparable(row.input)));
  if (size !== null) rows = sample(rows, size.size, size.seed);
  return { ...set, rows };
}

/**
 * The first fields of some files in comparable form: inputs that something was trained on.
 *
 * @throws {EvaluateError} `EVALUATE_FILE`, `EVALUATE_FORMAT`
 */
export async function readExcluded(paths: readonly string[]): Promise<Set<string>> {
  const inputs = new Set<string>();
  for (const path of paths) {
    for (const { text } of await readLines(path)) inputs.add(comparable(text.split('\t', 1)[0] ?? ''));
  }
  inputs.delete('');
  return inputs;
}

/** In which of `of` parts a text falls, from 1; told from its comparable form, the same in every version. */
export function partOf(text = '', of: number): number {
  // FNV-1a over UTF-16 code units, then mixed (murmur3's finaliser): its low bits alone follow the last letter.
  let hash = 0x811c9dc5;
  const form = comparable(text);
  for (let i = 0; i < form.length; i++) hash = Math.imul(hash ^ form.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) % of) + 1;
}
