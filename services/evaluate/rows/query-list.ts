/** Unlabelled queries with how often each was asked. */
import type { CountedQuery } from '../../compare/compare.ts';
import { EvaluateError } from './errors.ts';
import { readLines } from './text-file.ts';

/**
 * The distinct queries of some files, in the order of their first line: a query a line, asked once, or `query<TAB>count`.
 * A second field that is no whole number is ignored, as are further fields and blank lines; equal lines add up.
 *
 * @throws {EvaluateError} `EVALUATE_FILE`, `EVALUATE_FORMAT`, `EVALUATE_EMPTY` when there is no query
 */
export async function readQueries(paths: readonly string[]): Promise<CountedQuery[]> {
  const counts = new Map<string, number>();
  for (const path of paths) {
    for (const { text } of await readLines(path)) {
      const [query = '', field = ''] = text.split('\t', 2);
      if (query.trim() === '') continue;
      const count = /^\d{1,15}$/.test(field) ? Number(field) : 1;
      counts.set(query, (counts.get(query) ?? 0) + count);
    }
  }
  if (counts.size === 0) {
    throw new EvaluateError('EVALUATE_EMPTY', `${paths.join(', ')}: expected a query a line, found none`);
  }
  return [...counts].map(([query, count]) => ({ query, count }));
}
