/** A compiled rule set at work: matches, chooses, and says what the rules that act do. */

import { decodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { ALL_RULES, type RequestContext, type RewriteOptions, type RuleChoice } from '../../rewrite/options.ts';
import { type PropertyFilter, parseFilter } from '../../rewrite/property-filter.ts';
import {
  type FiredRule,
  type Json,
  type LostRule,
  type LostWhy,
  Origin,
  type ProtectedTerms,
  type QuantityRules,
  type RuleEngine,
  type RuleRun,
} from '../../rewrite/rule-engine.ts';
import type { CompiledHead } from '../compile/compile.ts';
import { type CompiledColumns, decodeCompiled, ruleText } from '../compile/format.ts';
import { Matcher } from '../compile/matcher.ts';
import { queryTerms } from '../compile/sequence.ts';
import type { Rule, RuleSet, RuleSetSettings } from '../model/rule.ts';
import { actionsOf } from './fill.ts';
import { LongestMatches } from './longest.ts';
import { type PreparedRule, PreparedRules } from './prepared.ts';
import { quantityRules } from './quantities.ts';
import { Regexes } from './regexes.ts';
import { type Candidate, Selection } from './select.ts';
import { settledSynonyms } from './synonyms.ts';

/** What a rule without properties is filtered by. */
const NO_PROPERTIES: Readonly<Record<string, Json>> = Object.freeze({});
/** Filters remembered as read: requests of one client repeat theirs. */
const REMEMBERED_FILTERS = 64;

const NONE: readonly FiredRule[] = [];

/**
 * Opens a compiled rule set.
 *
 * @param path for messages
 * @throws {StoreError} as `decodeCompiled`
 */
export function openEngine(bytes: Uint8Array, path: string): CompiledEngine {
  return new CompiledEngine(decodeCompiled(bytes, path));
}

/** Made by `openEngine`. */
export class CompiledEngine implements RuleEngine {
  readonly #columns: CompiledColumns;
  readonly #head: CompiledHead;
  readonly settings: RuleSetSettings;
  readonly quantities: QuantityRules | undefined;
  readonly protectedTerms: ProtectedTerms | undefined;
  readonly #run: Run;

  constructor(columns: CompiledColumns) {
    this.#columns = columns;
    this.#head = JSON.parse(decodeUtf8(columns.head)) as CompiledHead;
    this.settings = this.#head.settings ?? {};
    const { quantities, protectedTerms } = this.#head;
    this.quantities = quantities === undefined ? undefined : quantityRules(quantities);
    this.protectedTerms = protectedTerms === undefined ? undefined : protectedIn(protectedTerms);
    this.#run = new Run(columns, this.settings);
  }

  begin(terms: readonly string[], options: RewriteOptions): RuleRun {
    this.#run.begin(terms, options);
    return this.#run;
  }

  get ruleCount(): number {
    return this.#columns.ruleStarts.length - 1;
  }

  /** The rule set that was compiled. Reads all of it. */
  ruleSet(): RuleSet {
    const rules: Rule[] = [];
    for (let i = 0; i < this.ruleCount; i++) rules.push(JSON.parse(ruleText(this.#columns, i)) as Rule);
    return { rules, ...this.#head };
  }
}

/**
 * One query after another: what is kept between them is room.
 *
 * Hot path: a query that no rule matches takes one walk and allocates nothing but what its options ask for.
 */
class Run implements RuleRun {
  readonly #matcher: Matcher;
  readonly #prepared: PreparedRules;
  readonly #regexes: Regexes;
  readonly #settings: RuleSetSettings;
  readonly #filters = new Map<string, PropertyFilter>();
  #selection: Selection | undefined;
  #filter: readonly PropertyFilter[] = [];
  #context: RequestContext = {};
  #choice: RuleChoice = ALL_RULES;
  #atMs = 0;
  #explains = false;
  /** The terms that the matches in the matcher are of, which stay while they are asked for again. */
  #matched: readonly string[] | undefined;
  #known = new Uint8Array(64);
  #candidates: Candidate[] = [];
  /** Terms that a match has to itself, by the round's positions. */
  #taken = new Uint8Array(64);
  readonly #longest = new LongestMatches();
  readonly #isTaken = (candidate: Candidate): boolean => this.#overlaps(candidate);
  /** Rules that act on the query as it is searched for. */
  readonly #acting = new Set<string>();
  /** Matches of early rules that act. */
  readonly #early: Candidate[] = [];
  early: readonly FiredRule[] = NONE;
  isCut = false;
  lost: LostRule[] = [];

  constructor(columns: CompiledColumns, settings: RuleSetSettings) {
    this.#prepared = new PreparedRules(columns);
    this.#settings = settings;
    this.#regexes = new Regexes((trigger) => {
      const { trigger: of } = this.#prepared.trigger(trigger);
      return of.kind === 'regex' ? of.pattern : '';
    });
    this.#matcher = new Matcher(columns, this.#regexes);
  }

  begin(terms: readonly string[], { context, rules, at, explain }: RewriteOptions): void {
    this.#context = context;
    this.#choice = rules;
    this.#filter = rules.filter.length === 0 ? [] : rules.filter.map((text) => this.#filterOf(text));
    this.#atMs = at ?? 0;
    this.#explains = explain;
    this.#selection = undefined;
    this.#acting.clear();
    this.#early.length = 0;
    if (this.lost.length > 0) this.lost = [];
    this.early = NONE;
    if (this.#known.length < terms.length) this.#known = new Uint8Array(2 * terms.length);
    this.#known.fill(0, 0, terms.length);
    this.#matcher.match(terms);
    this.isCut = this.#matcher.isCut;
    this.#matched = terms;
    if (this.#candidates.length > 0) this.#candidates = [];
    if (this.#matcher.count === 0) return;
    if (at === null) this.#atMs = Date.now();
    this.#collect(terms);
    for (const candidate of this.#candidates) this.#noteKnown(candidate, terms);
    this.early = this.#fire(terms, isEarly, undefined);
  }

  isKnown(i: number): boolean {
    return (this.#known[i]! & 1) !== 0;
  }

  isEdited(i: number): boolean {
    return (this.#known[i]! & 2) !== 0;
  }

  corrected(terms: readonly string[], origins: Uint8Array): readonly FiredRule[] {
    // What holds of a whole query holds once.
    const hasActed = ({ trigger, rule }: Candidate) =>
      trigger.elements.length === 0 && this.#early.some((other) => other.rule === rule);
    const isTurn = (candidate: Candidate) =>
      isEarly(candidate) && isThroughCorrection(candidate, origins) && !hasActed(candidate);
    return this.#round(terms, isTurn, undefined);
  }

  expand(terms: readonly string[], origins: Uint8Array): readonly FiredRule[] {
    const fired = this.#round(terms, (candidate) => !candidate.rule.isEarly, origins);
    for (const { rule } of fired) this.#acting.add(rule);
    return fired;
  }

  expandSuggestion(terms: readonly string[], origins: Uint8Array): readonly FiredRule[] {
    // A choice of its own, in which what has acted for the search has no part.
    this.#selection = new Selection(this.#settings, this.#choice);
    for (const candidate of this.#early) this.#selection.admit(candidate, () => false);
    const fired = this.#round(terms, (candidate) => !candidate.rule.isEarly, origins);
    return fired.map((one) => {
      const isSure = this.#acting.has(one.rule);
      const actions = one.actions.filter(
        ({ do: what }) => isSure || (what !== 'filter' && what !== 'hide' && what !== 'delete'),
      );
      if (actions.length < one.actions.length) this.#lose(one.rule, 'through-a-guess');
      return { ...one, actions };
    });
  }

  #round(
    terms: readonly string[],
    isTurn: (candidate: Candidate) => boolean,
    origins: Uint8Array | undefined,
  ): readonly FiredRule[] {
    if (terms !== this.#matched) {
      this.#matcher.match(terms);
      this.isCut ||= this.#matcher.isCut;
      this.#matched = terms;
      if (this.#matcher.count === 0) {
        this.#candidates = [];
        return NONE;
      }
      if (this.#atMs === 0) this.#atMs = Date.now();
      this.#collect(terms);
    }
    return this.#candidates.length === 0 ? NONE : this.#fire(terms, isTurn, origins);
  }

  /** The matches whose time and context it is, in order. */
  #collect(terms: readonly string[]): void {
    const { count, trigger, from, to, boundsAt, bounds } = this.#matcher;
    const candidates: Candidate[] = [];
    for (let i = 0; i < count; i++) {
      const rule = this.#prepared.ruleOf(trigger[i]!);
      const why = this.#excluded(rule);
      if (why !== undefined) {
        this.#lose(rule.id, why);
        continue;
      }
      const prepared = this.#prepared.trigger(trigger[i]!);
      const first = boundsAt[i]!;
      const own: number[] = [];
      if (first >= 0) for (let k = 0; k <= prepared.elements.length; k++) own.push(bounds[first + k]!);
      candidates.push({ rule, trigger: prepared, triggerIndex: trigger[i]!, from: from[i]!, to: to[i]!, bounds: own });
    }
    this.#candidates = candidates;
    if (this.#taken.length < terms.length) this.#taken = new Uint8Array(2 * terms.length);
    this.#selection ??= new Selection(this.#settings, this.#choice);
    this.#selection.order(candidates);
  }

  #fire(
    terms: readonly string[],
    isTurn: (candidate: Candidate) => boolean,
    origins: Uint8Array | undefined,
  ): readonly FiredRule[] {
    this.#selection ??= new Selection(this.#settings, this.#choice);
    const selection = this.#selection;
    if (selection.isExclusive) {
      for (let i = 0; i < terms.length; i++) this.#taken[i] = origins?.[i] === Origin.ruled ? 1 : 0;
    }
    if (selection.isLongest) this.#longest.choose(this.#candidates, isTurn, terms.length);
    const fired: FiredRule[] = [];
    const seen = new Set<string>();
    for (const candidate of this.#candidates) {
      if (!isTurn(candidate)) continue;
      const { rule, from, to } = candidate;
      // Several triggers of one rule may say the same.
      const key = `${rule.index} ${from} ${to}`;
      if (seen.has(key)) continue;
      const isChosen = !selection.isLongest || this.#longest.has(candidate);
      const why = isChosen ? selection.admit(candidate, this.#isTaken) : 'overlapped';
      if (why !== undefined) {
        this.#lose(rule.id, why);
        continue;
      }
      seen.add(key);
      if (rule.isEarly) this.#early.push(candidate);
      if (candidate.trigger.elements.length > 0) this.#taken.fill(1, from, to);
      fired.push({ rule: rule.id, from, to, actions: actionsOf(candidate, terms, this.#regexes) });
    }
    return settledSynonyms(fired, terms);
  }

  #overlaps({ from, to, trigger }: Candidate): boolean {
    if (trigger.elements.length === 0) return false;
    for (let i = from; i < to; i++) if (this.#taken[i] === 1) return true;
    return false;
  }

  #excluded({ rule, context }: PreparedRule): LostWhy | undefined {
    const { validity } = rule;
    if (validity !== undefined && validity.length > 0) {
      const at = this.#atMs;
      const holds = validity.some(({ from = -Infinity, until = Infinity }) => from <= at && at < until);
      if (!holds) return 'not-now';
    }
    for (const [key, values] of context) {
      const given = Object.hasOwn(this.#context, key) ? this.#context[key] : undefined;
      const holds = typeof given === 'string' ? values.includes(given) : given?.some((one) => values.includes(one));
      if (holds !== true) return 'context';
    }
    const properties = (rule.properties ?? NO_PROPERTIES) as Readonly<Record<string, Json>>;
    return this.#filter.every((filter) => filter(properties)) ? undefined : 'filtered';
  }

  /** Marks the terms that the trigger has by name, and those that its rule is going to change. */
  #noteKnown({ trigger, rule, from, to, bounds }: Candidate, terms: readonly string[]): void {
    const edits = rule.actions.some(({ action }) => action.do === 'replace' || action.do === 'delete') ? 2 : 0;
    for (const [i, element] of trigger.elements.entries()) {
      if (element.kind === 'prefix' || element.kind === 'suffix') continue;
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++) this.#known[at]! |= 1 | edits;
    }
    if (trigger.trigger.kind !== 'boolean') return;
    for (let at = from; at < to; at++) if (trigger.terms.has(terms[at]!)) this.#known[at]! |= 1;
  }

  #filterOf(text: string): PropertyFilter {
    let filter = this.#filters.get(text);
    if (filter === undefined) {
      filter = parseFilter(text);
      if (this.#filters.size === REMEMBERED_FILTERS) this.#filters.clear();
      this.#filters.set(text, filter);
    }
    return filter;
  }

  #lose(rule: string, why: LostWhy): void {
    if (!this.#explains || this.lost.some((one) => one.rule === rule && one.why === why)) return;
    this.lost.push({ rule, why });
  }
}

function protectedIn(texts: readonly string[]): ProtectedTerms {
  const rows = texts.map((text) => queryTerms(text));
  const all = new Set(rows.map((row) => row.join(' ')));
  return { has: (terms) => all.has(terms), longest: rows.reduce((longest, row) => Math.max(longest, row.length), 0) };
}

function isEarly({ rule }: Candidate): boolean {
  return rule.isEarly;
}

/** Whether a match has a term that was corrected, and none that a rule put in. */
function isThroughCorrection({ from, to }: Candidate, origins: Uint8Array): boolean {
  let isThrough = false;
  for (let i = from; i < to; i++) {
    if (origins[i] === Origin.ruled) return false;
    if (origins[i] === Origin.corrected) isThrough = true;
  }
  return isThrough;
}
