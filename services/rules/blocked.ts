/**
 * What a blocked rule forbids. A rule names one term or several side by side; a correction may change more than that at
 * once (a run-on of four words, a whole-query override), so every run of terms in it is asked for.
 */
import { ANY } from './collections.ts';

/** The blocked rules, as they are asked for. */
export interface BlockedRules {
  /** Whether there is a rule `from => to`; either side may be `ANY`. */
  has(from: string, to: string): boolean;
  /** The largest number of terms on one side of a rule. */
  readonly longest: number;
  /** Whether any rule has `ANY` for what is typed, or for what it becomes. */
  readonly hasAnySource: boolean;
  readonly hasAnyTarget: boolean;
}

/**
 * Whether some rule forbids that `from` becomes `to`, both as terms joined by single spaces:
 *
 * - `X => *`: a run X of the typed terms is not left as it is;
 * - `* => Y`: a run Y of the resulting terms was not typed;
 * - `X => Y`: both at once.
 *
 * One to three look-ups for one term that becomes one; otherwise at most the product of the differing runs.
 */
export function isChangeBlocked(rules: BlockedRules, from: string, to: string): boolean {
  if (rules.has(from, to)) return true;
  if (rules.hasAnyTarget && rules.has(from, ANY)) return true;
  if (rules.hasAnySource && rules.has(ANY, to)) return true;
  if (!from.includes(' ') && !to.includes(' ')) return false;
  const typed = runsOf(from, rules.longest);
  const meant = runsOf(to, rules.longest);
  const taken = lessIn(meant, typed);
  const put = lessIn(typed, meant);
  if (rules.hasAnyTarget && taken.some((run) => rules.has(run, ANY))) return true;
  if (rules.hasAnySource && put.some((run) => rules.has(ANY, run))) return true;
  return taken.some((x) => put.some((y) => rules.has(x, y)));
}

/** The runs of up to `longest` terms with how often each occurs. */
function runsOf(text: string, longest: number): Map<string, number> {
  const terms = text.split(' ');
  const runs = new Map<string, number>();
  for (let start = 0; start < terms.length; start++) {
    let run = '';
    for (let end = start; end < Math.min(terms.length, start + longest); end++) {
      run = end === start ? terms[end]! : `${run} ${terms[end]}`;
      runs.set(run, (runs.get(run) ?? 0) + 1);
    }
  }
  return runs;
}

/** The runs that occur less often in `there` than in `here`. */
function lessIn(there: ReadonlyMap<string, number>, here: ReadonlyMap<string, number>): string[] {
  const fewer: string[] = [];
  for (const [run, count] of here) if ((there.get(run) ?? 0) < count) fewer.push(run);
  return fewer;
}
