/** Hands out ranges of small integers and takes them back, so that ids stay small however many files come and go. */
export class IdRanges {
  /** Free ranges in rising order, never touching; the last one is open-ended. */
  #free: { first: number; end: number }[];

  constructor() {
    this.#free = [{ first: 0, end: Number.POSITIVE_INFINITY }];
  }

  /** The least id above all that were ever handed out and not taken back. */
  get limit(): number {
    return this.#free[this.#free.length - 1]?.first ?? 0;
  }

  /** The first id of a range of `count` ids. */
  take(count: number): number {
    for (const range of this.#free) {
      if (range.end - range.first < count) continue;
      const { first } = range;
      range.first += count;
      this.#free = this.#free.filter(({ first: start, end }) => start < end);
      return first;
    }
    throw new RangeError(`no ${count} ids left`);
  }

  /** Takes back what `take(count)` gave. */
  give(first: number, count: number): void {
    if (count === 0) return;
    const ranges = [...this.#free, { first, end: first + count }].sort((a, b) => a.first - b.first);
    this.#free = [];
    for (const range of ranges) {
      const last = this.#free[this.#free.length - 1];
      if (last !== undefined && last.end === range.first) last.end = range.end;
      else this.#free.push({ ...range });
    }
  }
}
