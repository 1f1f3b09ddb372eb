/** Which of the rules that match act, and in which order. */
import type { RuleChoice } from '../../rewrite/options.ts';
import { parseSort } from '../../rewrite/property-filter.ts';
import type { Json, LostWhy } from '../../rewrite/rule-engine.ts';
import type { RuleSetSettings } from '../model/rule.ts';
import type { PreparedRule, PreparedTrigger } from './prepared.ts';

/** A match that its time, its context and the request's filter let pass. */
export interface Candidate {
  readonly rule: PreparedRule;
  readonly trigger: PreparedTrigger;
  /** Of the matcher. */
  readonly triggerIndex: number;
  readonly from: number;
  readonly to: number;
  /** Where each element begins, and the end of the last; empty for what is no sequence. */
  readonly bounds: readonly number[];
}

const ANCHOR_RANKS = Object.freeze({ both: 0, start: 1, end: 2, any: 3 });

/**
 * Chooses among the candidates of a query, in several rounds: what a round has let act binds those after it.
 */
export class Selection {
  readonly #settings: Required<RuleSetSettings>;
  readonly #choice: RuleChoice;
  readonly #sort: ReturnType<typeof parseSort>;
  readonly #isPlain: boolean;
  #stopper: Candidate | undefined;
  #only: PreparedRule | undefined;
  readonly #acting = new Set<number>();
  readonly #levels = new Set<unknown>();

  constructor(settings: RuleSetSettings | undefined, choice: RuleChoice) {
    this.#settings = { selection: settings?.selection ?? 'all', order: settings?.order ?? 'listed' };
    this.#choice = choice;
    this.#sort = choice.sort === null ? undefined : parseSort(choice.sort);
    this.#isPlain = this.#settings.selection === 'all' && choice.limit === null;
  }

  /** In the order in which rules go: sorts in place. */
  order(candidates: Candidate[]): void {
    if (candidates.length > 1) candidates.sort((a, b) => this.#compare(a, b));
  }

  /**
   * Whether a candidate acts; to be asked in order, about those whose turn it is in this round.
   *
   * @param isTaken whether some of its terms are another's, where the setting is `exclusive`
   * @returns undefined for yes, else why not
   */
  admit(candidate: Candidate, isTaken: (candidate: Candidate) => boolean): LostWhy | undefined {
    const { rule } = candidate;
    if (this.#only !== undefined && this.#only !== rule) return 'stopped';
    const stopper = this.#stopper;
    if (stopper !== undefined && stopper.rule !== rule && this.#compare(stopper, candidate) < 0) return 'stopped';
    if (!this.#isPlain) {
      if (this.#settings.selection === 'exclusive' && isTaken(candidate)) return 'overlapped';
      if (this.#isBeyondLimit(rule)) return 'limit';
      if (this.#settings.selection === 'first') this.#only = rule;
    }
    // A later round may let one act that goes before the one there is.
    if (rule.stop && (stopper === undefined || this.#compare(candidate, stopper) < 0)) this.#stopper = candidate;
    return undefined;
  }

  get isExclusive(): boolean {
    return this.#settings.selection === 'exclusive';
  }

  get isLongest(): boolean {
    return this.#settings.selection === 'longest';
  }

  #isBeyondLimit(rule: PreparedRule): boolean {
    const { limit, limitByLevel } = this.#choice;
    if (limit === null || this.#acting.has(rule.index)) return false;
    const level = limitByLevel && this.#sort !== undefined ? JSON.stringify(this.#valueOf(rule) ?? null) : rule.index;
    if (!this.#levels.has(level)) {
      if (this.#levels.size >= limit) return true;
      this.#levels.add(level);
    }
    this.#acting.add(rule.index);
    return false;
  }

  #compare(a: Candidate, b: Candidate): number {
    return (
      this.#compareSorted(a.rule, b.rule) ||
      a.rule.priority - b.rule.priority ||
      (this.#settings.order === 'specific' ? compareSpecific(a, b) : 0) ||
      a.rule.index - b.rule.index ||
      a.from - b.from ||
      b.to - a.to
    );
  }

  #compareSorted(a: PreparedRule, b: PreparedRule): number {
    if (this.#sort === undefined) return 0;
    const left = this.#valueOf(a);
    const right = this.#valueOf(b);
    if (left === undefined || right === undefined) return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0);
    const order = compareValues(left, right);
    return this.#sort.isFalling ? -order : order;
  }

  #valueOf({ rule }: PreparedRule): Json | undefined {
    return this.#sort === undefined ? undefined : (rule.properties?.[this.#sort.property] as Json | undefined);
  }
}

/** Numbers before texts before all else, which has no order. */
function compareValues(a: Json, b: Json): number {
  const kinds = rankOfKind(a) - rankOfKind(b);
  if (kinds !== 0) return kinds;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return 0;
}

function rankOfKind(value: Json): number {
  return typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2;
}

/** The more specific first: nearest to the beginning, longest, by anchor, with a context, without placeholders. */
function compareSpecific(a: Candidate, b: Candidate): number {
  return (
    a.from - b.from ||
    b.to - b.from - (a.to - a.from) ||
    ANCHOR_RANKS[a.trigger.anchor] - ANCHOR_RANKS[b.trigger.anchor] ||
    Math.sign(b.rule.context.length) - Math.sign(a.rule.context.length) ||
    (a.trigger.hasPlaceholder ? 1 : 0) - (b.trigger.hasPlaceholder ? 1 : 0)
  );
}
