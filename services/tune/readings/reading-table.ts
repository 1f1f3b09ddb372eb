/**
 * What the ranker is fitted on: labelled queries with all their readings, the features of these in sparse rows. Of some fifty
 * features a reading has a dozen that are not zero, so 20,000 queries of 16 readings take 40 MB rather than 130.
 */
import { grown } from '../../../stores/bytes/grown.ts';
import type { AnalysedEdit } from '../../rewrite/pipeline.ts';
import { FEATURE_COUNT } from '../../rewrite/rank/features.ts';
import { networkScore } from '../../rewrite/rank/network.ts';

import type { Ranking } from '../tuned.ts';

/** A reading without its features. */
export interface TableReading {
  readonly text: string;
  readonly edits: readonly AnalysedEdit[];
}

/** One labelled query. Its readings stand at `start`, `start + 1`, ... of the table. */
export interface TableRow {
  /** Which of the sets it came with. */
  readonly set: number;
  readonly input: string;
  /** The answers that count as right; empty where a judge only said what is wrong. */
  readonly rights: readonly string[];
  readonly needsCorrection: boolean;
  /** By a hash of the first right answer, so that all misspellings of one query are in one fold; from 0. */
  readonly fold: number;
  /** None where the pipeline had nothing to weigh. */
  readonly readings: readonly TableReading[];
  readonly start: number;
}

/** How right a reading is. */
export const Verdict = Object.freeze({ wrong: 0, right: 1, unknown: 2 });

/** Rows of labelled queries with the features of their readings; rows are added once and then read many times. */
export class ReadingTable {
  readonly rows: TableRow[] = [];
  /** Of each reading a value of {@link Verdict}. */
  verdicts = new Uint8Array(1024);
  /** Features of reading r: `columns` and `values` from `offsets[r]` to `offsets[r + 1]`. */
  offsets = new Uint32Array(1025);
  columns = new Uint16Array(16_384);
  values = new Float64Array(16_384);
  #readingCount = 0;

  get readingCount(): number {
    return this.#readingCount;
  }

  /** Adds a row; `verdicts` and `features` in the order of its readings. */
  add(row: Omit<TableRow, 'start'>, verdicts: readonly number[], features: readonly Float64Array[]): void {
    this.rows.push({ ...row, start: this.#readingCount });
    for (let i = 0; i < row.readings.length; i++) this.#addReading(verdicts[i] ?? 0, features[i]!);
  }

  #addReading(verdict: number, features: Float64Array): void {
    const reading = this.#readingCount++;
    if (reading + 2 > this.offsets.length) {
      this.offsets = grown(this.offsets, new Uint32Array(2 * this.offsets.length));
      this.verdicts = grown(this.verdicts, new Uint8Array(2 * this.verdicts.length));
    }
    this.verdicts[reading] = verdict;
    let at = this.offsets[reading]!;
    if (at + FEATURE_COUNT > this.values.length) {
      this.columns = grown(this.columns, new Uint16Array(2 * this.columns.length));
      this.values = grown(this.values, new Float64Array(2 * this.values.length));
    }
    for (let column = 0; column < features.length; column++) {
      if (features[column] === 0) continue;
      this.columns[at] = column;
      this.values[at++] = features[column]!;
    }
    this.offsets[reading + 1] = at;
  }

  /** The scores of all readings of a row, as the ranker gives them. */
  scoresOf(row: TableRow, { weights, network }: Ranking): Float64Array {
    return Float64Array.from(row.readings, (_, i) => {
      const from = this.offsets[row.start + i]!;
      const to = this.offsets[row.start + i + 1]!;
      let score = 0;
      for (let at = from; at < to; at++) score += weights[this.columns[at]!]! * this.values[at]!;
      return score + networkScore(network, this.columns, this.values, from, to);
    });
  }

  /** The standard deviation of each feature over all readings; 0 for one that is always the same. */
  deviations(): Float64Array {
    const sums = new Float64Array(FEATURE_COUNT);
    const squares = new Float64Array(FEATURE_COUNT);
    for (let at = 0; at < this.offsets[this.#readingCount]!; at++) {
      sums[this.columns[at]!]! += this.values[at]!;
      squares[this.columns[at]!]! += this.values[at]! ** 2;
    }
    const count = Math.max(1, this.#readingCount);
    return sums.map((sum, i) => Math.sqrt(Math.max(0, squares[i]! / count - (sum / count) ** 2)));
  }
}
