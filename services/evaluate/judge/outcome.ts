/** One labelled query, what came out, and how that is judged. All figures are counted from these. */
import type { Decision } from '../../rewrite/answer.ts';
import { comparable } from '../rows/comparable.ts';
import type { EvalRow } from '../rows/eval-rows.ts';
import { countEdits, type EditCounts } from './edit-score.ts';
import { nearestRight, type Slice, sliceOf } from './slices.ts';

/** The output: at `suggest` what is suggested or done (`rewritten`), at `auto` only what is done (`search`). */
export const LEVELS = ['suggest', 'auto'] as const;

export type Level = (typeof LEVELS)[number];

/** An answer as far as it is judged. */
export interface JudgedAnswer {
  readonly rewritten: string;
  readonly decision: Decision;
  /** The query with the sure edits alone. */
  readonly search: string;
  /** P(`rewritten` is what was meant), 0..1. */
  readonly confidence: number;
  /** Other readings, best first. */
  readonly alternatives: readonly { readonly query: string; readonly confidence: number }[];
}

/**
 * What became of a row at one level. For an input that needs correction: `fixed` came out right, `wrong` was changed
 * into something else, `missed` came out as it was. For a correct input: `kept`, also if it was changed into another of its right
 * answers, or `broken` if it was changed into something else.
 */
export type Verdict = 'fixed' | 'wrong' | 'missed' | 'kept' | 'broken';

/** A judged row. */
export interface Outcome {
  readonly row: EvalRow;
  readonly answer: JudgedAnswer;
  /** Whether the input is none of its right answers. */
  readonly needsCorrection: boolean;
  /** Whether `rewritten` differs from the input, compared as answers are. */
  readonly changed: boolean;
  readonly verdicts: Readonly<Record<Level, Verdict>>;
  readonly edits: Readonly<Record<Level, EditCounts>>;
  /** Where the first right answer stands in `rewritten` followed by the other readings, from 1; 0 when it is not there. */
  readonly rank: number;
  /** The best reading that differs from the input, and whether it is right; its confidence is -1 when there is none. */
  readonly best: { readonly confidence: number; readonly right: boolean };
  /** What is wrong with the input; null for a correct one. */
  readonly slice: Slice | null;
}

/** Judges one answer. */
export function judge(row: EvalRow, answer: JudgedAnswer): Outcome {
  const input = comparable(row.input);
  const rights = [...new Set(row.rights.map(comparable))];
  const rewritten = comparable(answer.rewritten);
  const needsCorrection = !rights.includes(input);
  const outputs = {
    suggest: answer.decision === 'none' ? input : rewritten,
    auto: answer.decision === 'none' ? input : comparable(answer.search),
  };
  const suggestEdits = countEdits(input, outputs.suggest, rights);
  const readings = [...new Set([rewritten, ...answer.alternatives.map(({ query }) => comparable(query))])];
  return {
    row,
    answer,
    needsCorrection,
    changed: rewritten !== input,
    verdicts: {
      suggest: verdictOf(input, outputs.suggest, rights, needsCorrection),
      auto: verdictOf(input, outputs.auto, rights, needsCorrection),
    },
    edits: {
      suggest: suggestEdits,
      auto: outputs.auto === outputs.suggest ? suggestEdits : countEdits(input, outputs.auto, rights),
    },
    rank: readings.findIndex((reading) => rights.includes(reading)) + 1,
    best: bestChange(input, rewritten, answer, rights),
    slice: needsCorrection ? sliceOf(input, nearestRight(input, rights)) : null,
  };
}

/** Whether any right answer stands among the `count` first readings. */
export function isReached(outcome: Outcome, count: number): boolean {
  return outcome.rank > 0 && outcome.rank <= count;
}

function verdictOf(input: string, output: string, rights: readonly string[], needsCorrection: boolean): Verdict {
  if (output === input) return needsCorrection ? 'missed' : 'kept';
  const isRight = rights.includes(output);
  if (needsCorrection) return isRight ? 'fixed' : 'wrong';
  return isRight ? 'kept' : 'broken';
}

/** What a caller would take who trusts readings above a threshold of its own: `rewritten`, or else the first other reading. */
function bestChange(
  input: string,
  rewritten: string,
  answer: JudgedAnswer,
  rights: readonly string[],
): Outcome['best'] {
  if (rewritten !== input) return { confidence: answer.confidence, right: rights.includes(rewritten) };
  for (const { query, confidence } of answer.alternatives) {
    const reading = comparable(query);
    if (reading !== input) return { confidence, right: rights.includes(reading) };
  }
  return { confidence: -1, right: false };
}
