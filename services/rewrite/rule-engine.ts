/**
 * What the pipeline asks of the rules that people write, and what they answer. `services/rules/engine` answers it from a compiled rule
 * set; the pipeline makes edits, expansions and the like of it (`decide/rule-answer.ts`).
 */
import type { Units } from '../../stores/profile/units.ts';
import type { RewriteOptions } from './options.ts';

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** Rules that are in force. A published set is one engine. */
export interface RuleEngine {
  /** Begins a query with its terms as they were typed. */
  begin(terms: readonly string[], options: RewriteOptions): RuleRun;
  /** What it has spelling leave alone, beside the list `protected`; none if left out. */
  readonly protectedTerms?: ProtectedTerms | undefined;
  /** What it makes of numbers with a unit; nothing if left out. */
  readonly quantities?: QuantityRules | undefined;
}

/** Terms and phrases that nothing may change, as a list of them is asked. */
export interface ProtectedTerms {
  /** @param terms joined by single spaces */
  has(terms: string): boolean;
  /** Terms of the longest. */
  readonly longest: number;
}

/** Filters and boosts made of numbers with a unit. */
export interface QuantityRules {
  /** The units, as they are written. */
  readonly units: Units;
  /** What becomes of a number of a unit; nothing of a unit that there is none of. */
  effects(unit: string, value: number): readonly QuantityEffect[];
}

/** From and to, both inclusive. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** What a number with a unit says of one field. */
export interface QuantityEffect {
  readonly rule: string;
  readonly field: string;
  readonly filter: NumberRange;
  /** Scores fall in a line from `factor` at the value to `factorFrom` and `factorTo` at the ends. */
  readonly boost: {
    readonly range: NumberRange;
    readonly value: number;
    readonly factor: number;
    readonly factorFrom: number;
    readonly factorTo: number;
  };
  /** Added within. */
  readonly exact: { readonly range: NumberRange; readonly factor: number };
}

/**
 * The rules at work on one query. Rules that change the query or lead elsewhere (replace, redirect) are *early*: they match what was typed, then
 * the terms after corrections. All others match one snapshot. Which of the rules that match act is one decision over all of it.
 *
 * A run is good until the engine begins another.
 */
export interface RuleRun {
  /** Early rules that match the terms as typed, in their order. */
  readonly early: readonly FiredRule[];
  /** Whether a rule that matches as typed has term `i` among its own: then it is known, however rare. */
  isKnown(i: number): boolean;
  /** Whether a rule is to take out or to replace term `i`: then it is not to be corrected either. */
  isEdited(i: number): boolean;
  /**
   * Early rules that match terms after corrections: each match has one that was changed and none that a rule put in.
   *
   * @param origins what each term is
   */
  corrected(terms: readonly string[], origins: Uint8Array): readonly FiredRule[];
  /** All other rules, on the snapshot. */
  expand(terms: readonly string[], origins: Uint8Array): readonly FiredRule[];
  /** As `expand`, for a reading that is only suggested; to be asked after it. What may not act through a guess is left out. */
  expandSuggestion(terms: readonly string[], origins: Uint8Array): readonly FiredRule[];
  /** Whether more was to be found in some of the terms than is looked for. */
  readonly isCut: boolean;
  /** Rules that matched and did not act, and why; empty unless the request asks for an explanation. */
  readonly lost: readonly LostRule[];
}

/** What a term of a reading is: typed as it stands, put in by spelling, or by a rule. */
export const Origin = Object.freeze({ typed: 0, corrected: 1, ruled: 2 });

/** One match of a rule that acts: of the terms [from, to) of those it was asked with. */
export interface FiredRule {
  readonly rule: string;
  readonly from: number;
  readonly to: number;
  readonly actions: readonly FiredAction[];
}

/** An action with its texts filled in. `from` and `to` are terms. */
export type FiredAction =
  | {
      readonly do: 'replace';
      readonly from: number;
      readonly to: number;
      readonly text: string;
      readonly whole: boolean;
      readonly announce: boolean;
    }
  | { readonly do: 'delete'; readonly terms: readonly number[]; readonly announce: boolean }
  | {
      readonly do: 'synonym';
      readonly from: number;
      readonly to: number;
      /** In the form of terms. */
      readonly terms: readonly string[];
      readonly weight: number;
      readonly keepOriginal: boolean;
    }
  | {
      readonly do: 'boost';
      readonly query: string;
      readonly raw: boolean;
      readonly factor: number;
      readonly demote: boolean;
    }
  | { readonly do: 'filter'; readonly query: string; readonly raw: boolean }
  | { readonly do: 'decorate'; readonly key: string | null; readonly value: Json }
  | { readonly do: 'redirect'; readonly url: string }
  | { readonly do: 'pin' | 'hide'; readonly documents: Json }
  | { readonly do: 'parameters'; readonly parameters: Json };

/** Why a rule that matched did not act. */
export type LostWhy =
  /** It is not the time of any of its windows. */
  | 'not-now'
  /** The request's context does not hold what it asks for. */
  | 'context'
  /** The request's filter leaves it out. */
  | 'filtered'
  /** A rule before it ends the list, or the setting lets one act alone. */
  | 'stopped'
  /** A better match has some of its terms. */
  | 'overlapped'
  /** As many rules as the request takes came before it. */
  | 'limit'
  /** It acts only on what was typed or surely corrected. */
  | 'through-a-guess';

export interface LostRule {
  readonly rule: string;
  readonly why: LostWhy;
}
