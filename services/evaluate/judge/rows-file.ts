/** Judged rows as a TSV file, for error analysis and for comparing runs; read back it gives the same figures. */
import { joinBars, splitBars } from '../rows/bars.ts';
import { EvaluateError } from '../rows/errors.ts';
import { badLines, readLines } from '../rows/text-file.ts';
import { judge, type Outcome } from './outcome.ts';

/** The columns, in order; the first line of the file names them. */
export const ROW_COLUMNS = [
  'set',
  'line',
  'input',
  'right',
  'rewritten',
  'decision',
  'confidence',
  'verdict',
  'auto_verdict',
  'slice',
  'rank',
  'alternatives',
  'alternative_confidences',
  'search',
] as const;

/** Files of earlier versions end before `search`. */
const EARLIER_COLUMNS = ROW_COLUMNS.slice(0, -1);

/** Judged rows of one set. */
export interface JudgedSet {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

/** The whole file for some sets. Lists are joined by bars, a bar inside escaped; numbers have all their digits. */
export function encodeRows(sets: readonly JudgedSet[]): string {
  const lines = [ROW_COLUMNS.join('\t')];
  for (const { name, outcomes } of sets) {
    for (const { row, answer, verdicts, slice, rank } of outcomes) {
      lines.push(
        [
          name,
          row.line,
          row.input,
          joinBars(row.rights),
          answer.rewritten,
          answer.decision,
          answer.confidence,
          verdicts.suggest,
          verdicts.auto,
          slice ?? '',
          rank,
          joinBars(answer.alternatives.map(({ query }) => query)),
          answer.alternatives.map(({ confidence }) => confidence).join('|'),
          answer.search,
        ]
          .map((field) => String(field).replace(/[\t\r\n]/g, ' '))
          .join('\t'),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Reads such a file and judges its rows afresh: what was written in the verdict columns is not trusted.
 *
 * @throws {EvaluateError} `EVALUATE_FILE`, or `EVALUATE_FORMAT` when the columns or some lines are others
 */
export async function readRows(path: string): Promise<JudgedSet[]> {
  const [header, ...lines] = await readLines(path);
  const columns = [ROW_COLUMNS, EARLIER_COLUMNS].find((known) => known.join('\t') === header?.text);
  if (columns === undefined) {
    const expected = `the columns of "emend eval --rows" (${ROW_COLUMNS.slice(0, 4).join(', ')}, ...)`;
    throw new EvaluateError(
      'EVALUATE_FORMAT',
      `${path}: expected ${expected}, found another first line; write it anew`,
    );
  }
  const sets = new Map<string, Outcome[]>();
  const bad: number[] = [];
  for (const { number, text } of lines) {
    if (text === '') continue;
    const parsed = parseRow(text.split('\t'), columns.length);
    if (parsed === null) bad.push(number);
    else {
      const outcomes = sets.get(parsed.set) ?? [];
      outcomes.push(parsed.outcome);
      sets.set(parsed.set, outcomes);
    }
  }
  if (bad.length > 0) throw badLines(path, bad, `${columns.length} fields as "emend eval --rows" writes them`);
  return [...sets].map(([name, outcomes]) => ({ name, outcomes }));
}

function parseRow(fields: readonly string[], count: number): { set: string; outcome: Outcome } | null {
  const [set, line, input, right, rewritten, decision, confidence] = fields;
  const queries = splitBars(fields[11] ?? '');
  const confidences = (fields[12] ?? '').split('|').map(Number);
  if (fields.length !== count || set === undefined || input === undefined || rewritten === undefined) {
    return null;
  }
  if (decision !== 'none' && decision !== 'suggest' && decision !== 'auto') return null;
  const rights = splitBars(right ?? '');
  const p = Number(confidence);
  if (!Number.isFinite(p) || !Number.isInteger(Number(line)) || rights.length === 0) return null;
  if (queries.length > 0 && (queries.length !== confidences.length || confidences.some(Number.isNaN))) return null;
  return {
    set,
    outcome: judge(
      { line: Number(line), input, rights },
      {
        rewritten,
        decision,
        confidence: p,
        search: fields[13] ?? (decision === 'auto' ? rewritten : input),
        alternatives: queries.map((query, i) => ({ query, confidence: confidences[i] ?? 0 })),
      },
    ),
  };
}
