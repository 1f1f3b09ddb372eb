/** The labelled rows that are measured, and those that settings are chosen by. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EvalRow, type EvalSet, readEvalSet } from '../../services/evaluate/eval-rows.ts';

/** Which half of a file: by whether the SHA-1 of a row's first right answer begins with an even byte. */
export type Half = 'even' | 'odd';

/** A file and the half of it that nothing was trained on; null where that is all of it. */
export interface Source {
  readonly name: string;
  readonly reported: Half | null;
}

/** Weights of Emend were trained on the even halves, so peers' settings are chosen there too. */
export const SOURCES: readonly Source[] = [
  { name: 'wild.dev', reported: null },
  { name: 'homedepot_queries.dev', reported: 'odd' },
  { name: 'msmarco_typos.dev', reported: 'odd' },
];

/** The half that a row belongs to: all misspellings of one query to the same. */
export function halfOf(row: EvalRow): Half {
  const [first = 0] = createHash('sha1')
    .update(row.rights[0] ?? '')
    .digest();
  return first % 2 === 0 ? 'even' : 'odd';
}

/** The rows of one half. */
export function rowsOfHalf(set: EvalSet, half: Half | null): EvalSet {
  if (half === null) return set;
  return { ...set, name: `${set.name}, ${half} half`, rows: set.rows.filter((row) => halfOf(row) === half) };
}

/** The sets that are there, as they are reported and as settings are chosen by them. */
export async function readSources(dir: string): Promise<{ reported: EvalSet[]; choosing: EvalSet[] }> {
  const reported: EvalSet[] = [];
  const choosing: EvalSet[] = [];
  for (const { name, reported: half } of SOURCES) {
    const path = join(dir, `${name}.tsv`);
    if (!existsSync(path)) continue;
    const set = await readEvalSet(path);
    reported.push(rowsOfHalf(set, half));
    if (half !== null) choosing.push(rowsOfHalf(set, half === 'odd' ? 'even' : 'odd'));
  }
  return { reported, choosing };
}
