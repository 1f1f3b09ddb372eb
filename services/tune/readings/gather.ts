import { comparable } from '../../evaluate/rows/comparable.ts';
import { partOf } from '../../evaluate/rows/select.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import type { Pipeline } from '../../rewrite/pipeline.ts';
import { FOLDS } from '../rows/folds.ts';
import { type LabelledRow, type LabelledSet, needsCorrection } from '../rows/labelled.ts';
import { ReadingTable, Verdict } from './reading-table.ts';

/**
 * Runs the pipeline over all rows and keeps their readings: about 1 ms and 3 KB a row.
 *
 * @param onRow told after each row, for progress
 */
export function gather(
  pipeline: Pick<Pipeline, 'analyse'>,
  sets: readonly LabelledSet[],
  options: RewriteOptions,
  onRow: () => void = () => {},
): ReadingTable {
  const table = new ReadingTable();
  for (const [set, { rows }] of sets.entries()) {
    for (const row of rows) {
      const readings = pipeline.analyse(row.input, options);
      table.add(
        {
          set,
          input: row.input,
          rights: row.rights,
          needsCorrection: needsCorrection(row),
          fold: partOf(row.rights[0] ?? row.input, FOLDS) - 1,
          readings: readings.map(({ text, edits }) => ({ text, edits })),
        },
        verdictsOf(
          row,
          readings.map(({ text }) => text),
        ),
        readings.map(({ features }) => features),
      );
      onRow();
    }
  }
  return table;
}

/** Where only the wrong is known, the query as typed is wrong too, and all else may be right. */
export function verdictsOf({ input, rights, wrong }: LabelledRow, texts: readonly string[]): number[] {
  if (rights.length > 0) {
    const right = new Set(rights.map(comparable));
    return texts.map((text) => (right.has(comparable(text)) ? Verdict.right : Verdict.wrong));
  }
  const known = new Set([comparable(input), comparable(wrong ?? input)]);
  return texts.map((text) => (known.has(comparable(text)) ? Verdict.wrong : Verdict.unknown));
}
