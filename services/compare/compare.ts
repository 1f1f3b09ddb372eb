/** Compares two states over a query log, whatever they are states of. */

/** A distinct query, and how often it was asked. */
export interface CountedQuery {
  readonly query: string;
  readonly count: number;
}

/** What is asked of both states. */
export interface Sides<S> {
  before(query: string): S | Promise<S>;
  after(query: string): S | Promise<S>;
  /** Whether two answers are the same to whoever asks. */
  same(before: S, after: S, query: string): boolean;
}

/** A query that comes out otherwise. */
export interface Changed<S> extends CountedQuery {
  readonly before: S;
  readonly after: S;
}

/** What differs. */
export interface Comparison<S> {
  /** Distinct queries, and how often they were asked. */
  readonly queries: number;
  readonly occurrences: number;
  /** How often those were asked that come out otherwise. */
  readonly changedOccurrences: number;
  /** The most frequent first, then as they came. */
  readonly changed: readonly Changed<S>[];
}

/** Asks both sides about every query, one after another. Keeps what differs alone. */
export async function compareStates<S>(
  queries: readonly CountedQuery[],
  sides: Sides<S>,
  onQuery: () => void = () => {},
): Promise<Comparison<S>> {
  const changed: Changed<S>[] = [];
  let occurrences = 0;
  let changedOccurrences = 0;
  for (const { query, count } of queries) {
    const left = sides.before(query);
    const before = left instanceof Promise ? await left : left;
    const right = sides.after(query);
    const after = right instanceof Promise ? await right : right;
    occurrences += count;
    if (!sides.same(before, after, query)) {
      changed.push({ query, count, before, after });
      changedOccurrences += count;
    }
    onQuery();
  }
  changed.sort((a, b) => b.count - a.count);
  return { queries: queries.length, occurrences, changedOccurrences, changed };
}
