/**
 * A sheet of changes to judge by hand: what would be done to unlabelled queries, most frequent first.
 *
 * TSV with a comment line that says of how many queries it tells, a line of column names, and a line a changed query whose
 * first field is for the judge.
 */
import { type CountedQuery, compareStates } from '../../compare/compare.ts';
import type { Decision, RewriteAnswer } from '../../rewrite/answer.ts';
import type { RewriteOptions } from '../../rewrite/options.ts';
import type { Rewriter } from '../../rewrite/rewriter.ts';
import { comparable } from '../rows/comparable.ts';
import { EvaluateError } from '../rows/errors.ts';
import { badLines, readLines } from '../rows/text-file.ts';

/**
 * What a judge says of a change: `right`, it is what was meant; `broken`, the query was right as it was; `wrong`, it needed
 * a correction but not this one; `unsure`, leave it out.
 */
export const JUDGEMENTS = ['right', 'broken', 'wrong', 'unsure'] as const;

export type Judgement = (typeof JUDGEMENTS)[number];

/** One changed query. */
export interface SheetRow {
  /** Null until it is judged. */
  readonly judgement: Judgement | null;
  readonly count: number;
  readonly query: string;
  readonly rewritten: string;
  readonly decision: Decision;
  readonly confidence: number;
}

/** The changes among some queries. */
export interface Sheet {
  /** How many distinct queries were asked, changed or not, and how often all of them together. */
  readonly queries: number;
  readonly occurrences: number;
  readonly rows: readonly SheetRow[];
}

const COLUMNS = 'judgement\tcount\tquery\trewritten\tdecision\tconfidence';

const HOW_TO_JUDGE = `judgement: ${JUDGEMENTS.join(', ')}, or their first letters; empty is not judged yet`;

/** Rewrites all queries and keeps those that `suggest` or `auto` would change, the most frequent first, then as they came. */
export async function findChanges(
  rewriter: Rewriter,
  queries: readonly CountedQuery[],
  options: RewriteOptions,
  onQuery: () => void = () => {},
): Promise<Sheet> {
  const asked = (query: string) => rewriter.rewrite(query, options);
  const { changed, occurrences } = await compareStates<RewriteAnswer | null>(
    queries,
    {
      // Beside what was typed.
      before: () => null,
      after: asked,
      same: (_, answer, query) =>
        answer === null || answer.decision === 'none' || comparable(answer.rewritten) === comparable(query),
    },
    onQuery,
  );
  const rows = changed.flatMap(({ query, count, after }): SheetRow[] => {
    if (after === null) return [];
    const { rewritten, decision, confidence } = after;
    return [{ judgement: null, count, query, rewritten, decision, confidence }];
  });
  return { queries: queries.length, occurrences, rows };
}

/** The sheet as text. */
export function encodeSheet({ queries, occurrences, rows }: Sheet): string {
  const lines = rows.map(({ judgement, count, query, rewritten, decision, confidence }) =>
    [judgement ?? '', count, query, rewritten, decision, confidence.toFixed(4)]
      .map((field) => String(field).replace(/[\t\r\n]/g, ' '))
      .join('\t'),
  );
  return `# queries=${queries} occurrences=${occurrences}; ${HOW_TO_JUDGE}\n${COLUMNS}\n${lines.map((line) => `${line}\n`).join('')}`;
}

/**
 * Reads a sheet back, judged in part or whole.
 *
 * @throws {EvaluateError} `EVALUATE_FILE`; `EVALUATE_FORMAT` when its first two lines are others or a line cannot be read
 */
export async function readSheet(path: string): Promise<Sheet> {
  const [comment, columns, ...lines] = await readLines(path);
  const totals = /^# queries=(\d+) occurrences=(\d+)/.exec(comment?.text ?? '');
  if (totals === null || columns?.text !== COLUMNS) {
    throw new EvaluateError(
      'EVALUATE_FORMAT',
      `${path}: expected the two first lines of a sheet by "emend eval --changes", found others; keep them when judging`,
    );
  }
  const rows: SheetRow[] = [];
  const bad: number[] = [];
  for (const { number, text } of lines) {
    if (text.trim() === '') continue;
    const row = parseRow(text.split('\t'));
    if (row === null) bad.push(number);
    else rows.push(row);
  }
  if (bad.length > 0) throw badLines(path, bad, `six fields, the first of them ${JUDGEMENTS.join(', ')} or empty`);
  return { queries: Number(totals[1]), occurrences: Number(totals[2]), rows };
}

function parseRow(fields: readonly string[]): SheetRow | null {
  const [word = '', count, query, rewritten, decision, confidence] = fields;
  if (query === undefined || rewritten === undefined || !Number.isInteger(Number(count))) return null;
  if (decision !== 'suggest' && decision !== 'auto') return null;
  if (confidence === undefined || !Number.isFinite(Number(confidence))) return null;
  const judgement = parseJudgement(word.trim().toLowerCase());
  if (judgement === undefined) return null;
  return { judgement, count: Number(count), query, rewritten, decision, confidence: Number(confidence) };
}

function parseJudgement(word: string): Judgement | null | undefined {
  if (word === '') return null;
  return JUDGEMENTS.find((name) => name === word || name[0] === word);
}
