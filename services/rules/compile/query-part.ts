/**
 * Queries of filters and boosts that are no engine's own: terms, phrases in quotes (`"dining table"~2`), each with `+` for must or `-`
 * for must not before it.
 */
const CLAUSE = /^[+-]?(?:"[^"]*[\p{L}\p{N}][^"]*"(?:~\d{1,3})?|[^\s"]*[\p{L}\p{N}][^\s"]*)(?=\s|$)\s*/u;

/** What is wrong with such a query, or undefined. */
export function queryProblem(query: string): string | undefined {
  let rest = query.trim();
  if (rest === '') return 'an empty query';
  while (rest !== '') {
    const clause = CLAUSE.exec(rest);
    if (clause === null) {
      return `cannot be read from "${rest.slice(0, 40)}" on: expected terms and "phrases", each with + or - before it where wanted; set "raw" for a query of your engine's own syntax`;
    }
    rest = rest.slice(clause[0].length);
  }
  return undefined;
}
