/** The labelled rows that are measured, and those that settings are chosen by. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EvalRow, type EvalSet, readEvalSet } from '../../services/evaluate/rows/eval-rows.ts';
import { readLines } from '../../services/evaluate/rows/text-file.ts';

/** Which half of a file: by whether the SHA-1 of a row's first right answer begins with an even byte. */
export type Half = 'even' | 'odd';

/** A set to be measured, and the part of it that is told apart. */
export interface MeasuredSet extends EvalSet {
  /** Rows that whoever labelled them was sure of, where some were marked `unclear`; null where none was. */
  readonly clear: readonly EvalRow[] | null;
}

/** The third field of a row that may be right as it is or not: a name that nobody knows, a site's name typed together. */
const UNCLEAR = 'unclear';

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
export async function readSources(dir: string): Promise<{ reported: MeasuredSet[]; choosing: MeasuredSet[] }> {
  const reported: MeasuredSet[] = [];
  const choosing: MeasuredSet[] = [];
  for (const { name, reported: half } of SOURCES) {
    const path = join(dir, `${name}.tsv`);
    if (!existsSync(path)) continue;
    const set = await readEvalSet(path);
    reported.push({ ...rowsOfHalf(set, half), clear: half === null ? await clearRows(path, set.rows) : null });
    if (half !== null) choosing.push({ ...rowsOfHalf(set, half === 'odd' ? 'even' : 'odd'), clear: null });
  }
  return { reported, choosing };
}

async function clearRows(path: string, rows: readonly EvalRow[]): Promise<readonly EvalRow[] | null> {
  const unclear = new Set<number>();
  for (const { number, text } of await readLines(path)) if (text.split('\t')[2] === UNCLEAR) unclear.add(number);
  return unclear.size === 0 ? null : rows.filter(({ line }) => !unclear.has(line));
}
