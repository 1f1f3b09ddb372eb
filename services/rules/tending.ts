/** Looks after the folder of live collections for as long as it is served. */

/** How often. */
const TEND_MS = 10_000;

/** What is looked after. */
export interface Tended {
  /** @returns what runs out, a line each */
  tend(): readonly string[];
}

/** Tends every ten seconds, and says what began to run out. */
export class Tending {
  /** What runs out, as of the last look. */
  shortages: readonly string[] = [];
  readonly #tended: Tended;
  readonly #report: (line: string) => void;
  readonly #timer: NodeJS.Timeout;

  constructor(tended: Tended, report: (line: string) => void, everyMs: number = TEND_MS) {
    this.#tended = tended;
    this.#report = report;
    this.#timer = setInterval(() => this.#tend(), everyMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tend(): void {
    const before = this.shortages;
    this.shortages = this.#tended.tend();
    // Their figures change all the time: one is told again only after it was gone.
    const known = new Set(before.map(withoutFigures));
    for (const line of this.shortages) if (!known.has(withoutFigures(line))) this.#report(line);
  }
}

function withoutFigures(line: string): string {
  return line.replace(/\d+/g, '#');
}
