/** Labelled queries: `input<TAB>right1|right2` a line, no header. */
import { basename } from 'node:path';
import { EvaluateError } from './errors.ts';
import { badLines, readLines } from './text-file.ts';

/** One labelled query as it stands in its file. */
export interface EvalRow {
  /** Line number in the file, from 1. */
  readonly line: number;
  readonly input: string;
  /** The answers that count as right, at least one. The input needs no correction when it is among them. */
  readonly rights: readonly string[];
}

/** The rows of one file. */
export interface EvalSet {
  /** The file's name without `.gz` and `.tsv`. */
  readonly name: string;
  readonly rows: readonly EvalRow[];
  /** Rows left out because the input or the right answer is empty; blank lines do not count. */
  readonly skipped: number;
  /** The line of the first row left out, or 0. */
  readonly firstSkipped: number;
}

/**
 * Reads one file of labelled queries, gzipped or not.
 *
 * Blank lines are passed over; a row whose input or whose every right answer is blank cannot be measured and is counted
 * as skipped. Fields after the second are ignored.
 *
 * @throws {EvaluateError} `EVALUATE_FILE`, `EVALUATE_FORMAT` naming the lines without a tab, `EVALUATE_EMPTY` when no row is left
 */
export async function readEvalSet(path: string): Promise<EvalSet> {
  const rows: EvalRow[] = [];
  const bad: number[] = [];
  let skipped = 0;
  let firstSkipped = 0;
  for (const { number, text } of await readLines(path)) {
    if (text.trim() === '') {
      // A tab with nothing around it was meant as a row; an empty line was not.
      if (text.includes('\t')) {
        skipped++;
        firstSkipped ||= number;
      }
      continue;
    }
    const [input = '', answers] = text.split('\t', 2);
    if (answers === undefined) {
      bad.push(number);
      continue;
    }
    const rights = answers.split('|').filter((right) => right.trim() !== '');
    if (rights.length === 0 || input.trim() === '') {
      skipped++;
      firstSkipped ||= number;
      continue;
    }
    rows.push({ line: number, input, rights });
  }
  if (bad.length > 0) throw badLines(path, bad, 'input<TAB>right1|right2, found no tab');
  if (rows.length === 0) {
    throw new EvaluateError(
      'EVALUATE_EMPTY',
      `${path}: expected rows of input<TAB>right1|right2, found none to measure`,
    );
  }
  return { name: setName(path), rows, skipped, firstSkipped };
}

/** What a file's rows are called in reports: its name without `.gz` and `.tsv`. */
export function setName(path: string): string {
  const name = basename(path);
  return name.replace(/\.gz$/, '').replace(/\.tsv$/, '') || name;
}
