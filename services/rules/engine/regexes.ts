/** The regular expressions of a rule set, over runs of whole terms joined by single spaces. */
import type { RegexFinder } from '../compile/matcher.ts';
import { compileRegex } from '../compile/regex.ts';

/** Terms of the longest run that a regular expression matches. */
const MAX_RUN = 32;
/** What is looked through of a query; beyond, no expression matches. */
const MOST_UNITS = 2048;

type Compiled = ReturnType<typeof compileRegex>;

export class Regexes implements RegexFinder {
  readonly #patternOf: (trigger: number) => string;
  readonly #compiled = new Map<number, Compiled>();
  #terms: readonly string[] | undefined;
  #text = '';
  /** Where each term begins in the text; one more than there are. */
  #starts: number[] = [];

  /** @param patternOf the pattern of a trigger */
  constructor(patternOf: (trigger: number) => string) {
    this.#patternOf = patternOf;
  }

  find(trigger: number, terms: readonly string[], found: (from: number, to: number) => void): void {
    this.#read(terms);
    const matcher = this.#of(trigger).matcher(this.#text);
    let at = 0;
    while (at <= this.#text.length && matcher.find(at)) {
      const start = matcher.start(1);
      const end = matcher.end(1);
      const from = this.#starts.indexOf(start);
      const to = this.#starts.indexOf(end + 1);
      if (end > start && from >= 0 && to > from && to - from <= MAX_RUN) found(from, to);
      at = Math.max(end, start + 1);
    }
  }

  /** What group `group` of the pattern stood for in a run of terms; undefined where it took no part. */
  group(trigger: number, run: string, group: number): string | undefined {
    const matcher = this.#of(trigger).matcher(run);
    if (!matcher.find(0) || group + 1 > matcher.groupCount()) return undefined;
    return matcher.group(group + 1) ?? '';
  }

  #of(trigger: number): Compiled {
    let compiled = this.#compiled.get(trigger);
    if (compiled === undefined) {
      compiled = compileRegex(this.#patternOf(trigger));
      this.#compiled.set(trigger, compiled);
    }
    return compiled;
  }

  #read(terms: readonly string[]): void {
    if (terms === this.#terms) return;
    this.#terms = terms;
    this.#starts = [0];
    const runs: string[] = [];
    let length = 0;
    for (const term of terms) {
      if (length + term.length > MOST_UNITS) break;
      length += term.length + 1;
      runs.push(term);
      this.#starts.push(length);
    }
    this.#text = runs.join(' ');
  }
}
