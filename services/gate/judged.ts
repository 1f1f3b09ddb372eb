/** Queries of which somebody said what is right: from sheets of changes, or from labelled queries. */
import { readSheet } from '../evaluate/by-hand/sheet.ts';
import { comparable } from '../evaluate/rows/comparable.ts';
import { readEvalSet } from '../evaluate/rows/eval-rows.ts';
import { readLines } from '../evaluate/rows/text-file.ts';

/** The texts that are right for a query, in comparable form. */
export interface JudgedQuery {
  readonly query: string;
  readonly rights: ReadonlySet<string>;
}

/** What the files say. */
export interface Judged {
  readonly queries: readonly JudgedQuery[];
  /** Rows that say nothing of what is right: not judged, unsure, or wrong without the text that was meant. */
  readonly undecided: number;
}

/**
 * Reads sheets of `emend audit` or `emend eval --changes` and files of labelled queries, told apart by their first line. A query
 * that is judged twice counts once, as it is judged last.
 *
 * @throws {EvaluateError} for a file that is neither, or cannot be read
 */
export async function readJudged(paths: readonly string[]): Promise<Judged> {
  const found = new Map<string, JudgedQuery>();
  let undecided = 0;
  const add = (query: string, rights: readonly string[]) =>
    found.set(comparable(query), { query, rights: new Set(rights.map(comparable)) });
  for (const path of paths) {
    const [first] = await readLines(path);
    if (!/^# queries=\d/.test(first?.text ?? '')) {
      for (const { input, rights } of (await readEvalSet(path)).rows) add(input, rights);
      continue;
    }
    for (const { judgement, query, rewritten } of (await readSheet(path)).rows) {
      if (judgement === 'right') add(query, [rewritten]);
      else if (judgement === 'broken') add(query, [query]);
      else undecided++;
    }
  }
  return { queries: [...found.values()], undecided };
}
