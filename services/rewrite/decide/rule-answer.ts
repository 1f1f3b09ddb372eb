/**
 * What rules make of a query that spelling has decided on: their edits among its own, and what they add for the engine.
 *
 * The order is a promise (docs/rule-language.md): replacements on what was typed, replacements on the terms after sure corrections, one snapshot
 * for all other rules, and deletions last.
 */

import { type Edit, type Expansion, NO_OUTCOME, type Redirect, type RuleMatch, type RuleOutcome } from '../answer.ts';
import { type RewriteContext, traced } from '../context.ts';
import { splice } from '../decode/reading.ts';
import type { FiredRule, RuleEngine, RuleRun } from '../rule-engine.ts';
import type { Composed } from './compose.ts';
import { highlight } from './highlight.ts';
import { isRudePut } from './rude-readings.ts';
import { isSpelled, placed, rewrittenSpan, withDeletions, withReplacements } from './rule-edits.ts';
import { confidenceOf, rawSpan, rowOf, type TermRow, typedRow } from './term-row.ts';

/** The decision with the edits of rules, and what they add. */
export interface Ruled {
  readonly composed: Composed;
  readonly outcome: RuleOutcome;
  readonly forSuggestion: RuleOutcome | null;
}

/** Rules that fired, and the terms that they fired on. */
interface Round {
  readonly row: TermRow;
  readonly fired: readonly FiredRule[];
}

/** Applies the rules to a decision. Without a rule that matches it costs one walk over the terms that were corrected. */
export function applyRules(context: RewriteContext, composed: Composed, engine: RuleEngine): Ruled {
  const { query, options } = context;
  const isRuling = options.workers.includes('rules');
  const isExpanding = options.workers.includes('expand');
  const typed = context.typedRow ?? typedRow(query, context.slots);
  context.typedRow = typed;
  const run = context.ruleRun ?? engine.begin(typed.terms, options);
  const early: Round[] = isRuling && run.early.length > 0 ? [{ row: typed, fired: run.early }] : [];

  let edits = searchEdits(context, composed);
  if (isRuling && context.override === undefined && edits.some(({ worker }) => worker === 'spell')) {
    const row = rowOf(query, edits, options.syntax);
    const fired = run.corrected(row.terms, row.origins);
    if (fired.length > 0) {
      early.push({ row, fired });
      edits = withReplacements(context, row, edits, fired);
    }
  }
  const rounds = [...early];
  let search = edits;
  let snapshot: TermRow | undefined;
  if (isExpanding) {
    snapshot = edits.length === 0 ? typed : rowOf(query, edits, options.syntax);
    const fired = run.expand(snapshot.terms, snapshot.origins);
    if (fired.length > 0) rounds.push({ row: snapshot, fired });
    // What an early rule takes out was matched on other terms than the snapshot's, and is found in it by its place in the raw query.
    const deletions = [...early.flatMap((round) => deletionsIn(snapshot!, round)), ...fired];
    search = withDeletions(context, snapshot, edits, deletions);
  }
  const others = composed.edits.filter((edit) => edit.decision === 'suggest' && !touches(edit, search));
  if (rounds.length === 0 && others.length === countOf(composed, 'suggest')) {
    const forSuggestion =
      others.length === 0 || !isExpanding ? null : suggested(context, run, edits, others, composed.edits);
    explain(context, run, rounds);
    return { composed, outcome: NO_OUTCOME, forSuggestion };
  }
  const all = placed([...search, ...others].sort((a, b) => a.offset - b.offset));
  const result = recomposed(context, composed, all, search);
  const forSuggestion =
    result.suggestion === null || !isExpanding ? null : suggested(context, run, edits, others, all, early);
  explain(context, run, rounds);
  return { composed: result, outcome: outcomeOf(context, rounds, all), forSuggestion };
}

/** The edits of what is searched for, before rules look at it: those of early rules, and the sure ones of spelling. */
function searchEdits({ ruleEdits }: RewriteContext, { edits }: Composed): readonly Edit[] {
  const sure = edits.filter(({ decision }) => decision === 'auto');
  if (ruleEdits.length === 0) return sure;
  return [...ruleEdits, ...sure.filter((edit) => !touches(edit, ruleEdits))].sort((a, b) => a.offset - b.offset);
}

function touches({ offset, length }: Edit, others: readonly Edit[]): boolean {
  return others.some((other) => other.offset < offset + length && offset < other.offset + other.length);
}

function countOf({ edits }: Composed, decision: Edit['decision']): number {
  let count = 0;
  for (const edit of edits) if (edit.decision === decision) count++;
  return count;
}

/** Rules that fired on other terms, with their deletions in the terms of `row`. */
function deletionsIn(row: TermRow, { row: own, fired }: Round): FiredRule[] {
  return fired.flatMap((one) => {
    const actions = one.actions.flatMap((action) => {
      if (action.do !== 'delete') return [];
      const spans = action.terms.map((term) => rawSpan(own, term, term + 1));
      const terms: number[] = [];
      for (let i = 0; i < row.terms.length; i++) {
        // What a rule put in instead is another term.
        if (row.edits[i]?.worker === 'rules') continue;
        const start = row.rawStarts[i]!;
        if (spans.some(({ offset, length }) => offset <= start && row.rawEnds[i]! <= offset + length)) terms.push(i);
      }
      return [{ ...action, terms }];
    });
    return actions.length === 0 ? [] : [{ ...one, actions }];
  });
}

/** The decision with edits of rules. It speaks of spelling alone, and so does its confidence. */
function recomposed(
  context: RewriteContext,
  composed: Composed,
  all: readonly Edit[],
  search: readonly Edit[],
): Composed {
  const { query } = context;
  const rewritten = splice(query, all);
  const searched = splice(query, search);
  const spelled = all.filter(isSpelled);
  const isOverride = context.override !== undefined;
  return {
    ...composed,
    rewritten,
    search: searched,
    suggestion: rewritten === searched ? null : rewritten,
    decision: isOverride
      ? composed.decision
      : spelled.length === 0
        ? 'none'
        : spelled.some(({ decision }) => decision === 'suggest')
          ? 'suggest'
          : 'auto',
    highlighted: highlight(
      rewritten,
      all.filter((edit) => edit.announce !== false || isSpelled(edit)),
    ),
    edits: all,
  };
}

/** What rules add to the reading that is only suggested. */
function suggested(
  context: RewriteContext,
  run: RuleRun,
  edits: readonly Edit[],
  others: readonly Edit[],
  all: readonly Edit[],
  early: readonly Round[] = [],
): RuleOutcome {
  const row = rowOf(
    context.query,
    [...edits, ...others].sort((a, b) => a.offset - b.offset),
    context.options.syntax,
  );
  const fired = run.expandSuggestion(row.terms, row.origins);
  return fired.length === 0 && early.length === 0 ? NO_OUTCOME : outcomeOf(context, [...early, { row, fired }], all);
}

/** Entries of an answer at most: a query of a thousand words that all match would have as many. */
const MOST_ENTRIES = 200;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** The members of an answer that the rules give. */
function outcomeOf(context: RewriteContext, rounds: readonly Round[], all: readonly Edit[]): RuleOutcome {
  const outcome: Mutable<RuleOutcome> = {
    expansions: [],
    filters: [],
    boosts: [],
    decorations: [],
    redirect: null,
    pins: [],
    hides: [],
    parameters: [],
  };
  const repeated = repeatedRules(rounds);
  const said = new Set<string>();
  let entries = 0;
  for (const { row, fired } of rounds) {
    for (const one of fired) {
      for (const action of one.actions) {
        if (action.do === 'replace' || action.do === 'delete') continue;
        if (action.do !== 'synonym' && repeated.has(one.rule)) {
          // It is said of the whole query: once is enough, unless it names what it matched.
          const what = `${one.rule} ${JSON.stringify(action)}`;
          if (said.has(what)) continue;
          said.add(what);
        }
        if (++entries > MOST_ENTRIES) {
          context.reasons.add('too-many-matches');
          return outcome;
        }
        const isSynonym = action.do === 'synonym';
        const match = matchOf(one.rule, row, isSynonym ? action.from : one.from, isSynonym ? action.to : one.to, all);
        if (isSynonym)
          addExpansion(context, outcome.expansions, {
            ...match,
            terms: action.terms,
            weight: action.weight,
            keepOriginal: action.keepOriginal,
          });
        else if (action.do === 'boost') {
          const { query, raw, factor, demote } = action;
          outcome.boosts.push({ ...match, query, raw, factor, demote });
        } else if (action.do === 'filter') outcome.filters.push({ ...match, query: action.query, raw: action.raw });
        else if (action.do === 'decorate') outcome.decorations.push({ ...match, key: action.key, value: action.value });
        else if (action.do === 'redirect')
          outcome.redirect = firstRedirect(context, outcome.redirect, { ...match, url: action.url });
        else if (action.do === 'parameters') outcome.parameters.push({ ...match, parameters: action.parameters });
        else (action.do === 'pin' ? outcome.pins : outcome.hides).push({ ...match, documents: action.documents });
      }
    }
  }
  return outcome;
}

/** Rules that fired in several places. */
function repeatedRules(rounds: readonly Round[]): ReadonlySet<string> {
  const once = new Set<string>();
  const repeated = new Set<string>();
  for (const { fired } of rounds) {
    for (const { rule } of fired) {
      if (once.has(rule)) repeated.add(rule);
      else once.add(rule);
    }
  }
  return repeated;
}

function firstRedirect(context: RewriteContext, first: Redirect | null, redirect: Redirect): Redirect {
  if (first === null) return redirect;
  traced(context, 'rules', 'redirect-lost', { rule: redirect.rule, to: first.rule });
  return first;
}

function addExpansion(context: RewriteContext, expansions: Expansion[], expansion: Expansion): void {
  const { rule, terms } = expansion;
  if (isRudePut(context, terms, context.typedRow?.terms ?? [])) traced(context, 'expand', 'expansion-rude', { rule });
  else if (terms.length > 0) expansions.push(expansion);
}

function matchOf(rule: string, row: TermRow, from: number, to: number, all: readonly Edit[]): RuleMatch {
  const matched = rawSpan(row, from, to);
  const confidence = confidenceOf(row, from, to);
  if (all.length === 0) return { rule, matched, confidence };
  const rewritten = rewrittenSpan(matched, all);
  const isSame = rewritten.offset === matched.offset && rewritten.length === matched.length;
  return isSame ? { rule, matched, confidence } : { rule, matched, matchedRewritten: rewritten, confidence };
}

function explain(context: RewriteContext, run: RuleRun, rounds: readonly Round[]): void {
  if (run.isCut) context.reasons.add('too-many-matches');
  if (!context.options.explain) return;
  for (const { row, fired } of rounds) {
    for (const { rule, from, to, actions } of fired) {
      const matched = row.terms.slice(from, to).join(' ');
      traced(context, 'expand', 'rule-acted', { rule, matched, actions: actions.map((action) => action.do) });
    }
  }
  for (const { rule, why } of run.lost) traced(context, 'expand', 'rule-lost', { rule, why });
}
