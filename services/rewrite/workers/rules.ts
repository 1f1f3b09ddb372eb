import { type RewriteContext, traced } from '../context.ts';
import { isRudeInstead } from '../decide/rude-readings.ts';
import { placed, withReplacements } from '../decide/rule-edits.ts';
import { typedRow } from '../decide/term-row.ts';
import { isGlued, isTerm } from '../decode/lattice.ts';
import type { RuleLookup } from '../rewriter.ts';
import type { RuleEngine } from '../rule-engine.ts';
import type { Worker } from '../worker.ts';

/**
 * Applies what people decided for the query as it was typed: an override of all of it, or else the replacements of the rule set. What a
 * rule has put in, or is going to take out, spelling leaves alone; the terms of every rule that matches count as known.
 */
export function createRulesWorker(rules: RuleLookup): Worker {
  return {
    name: 'rules',
    run(context) {
      const { engine } = rules;
      if (engine !== undefined) beginRules(context, engine);
      const to = rules.override(context.query);
      if (to !== undefined) override(context, to, rules);
      else if (context.ruleRun !== undefined && context.ruleRun.early.length > 0) replace(context);
    },
  };
}

function override(context: RewriteContext, to: string, rules: RuleLookup): void {
  if (to === context.query) {
    keepAll(context);
    return;
  }
  if (isRudeInstead(context, to)) {
    traced(context, 'rules', 'override-lost-to-rude');
    return;
  }
  traced(context, 'rules', 'override', { to });
  context.override = {
    offset: 0,
    length: context.query.length,
    from: context.query,
    to,
    rewrittenOffset: 0,
    rewrittenLength: to.length,
    kind: 'override',
    worker: 'rules',
    decision: 'auto',
    confidence: 1,
    evidence: { rule: 'override' },
  };
  context.ruleEdits = [context.override];
  if (context.options.explain) traceGuards(context, rules);
}

/** What was protected binds guesses, and no person's rule; who looks why something protected changed is told. */
function traceGuards(context: RewriteContext, rules: RuleLookup): void {
  if (context.slots.some((slot) => slot.fixed === 'protected')) traced(context, 'rules', 'override-of-protected');
  else if (rules.longestBlocked > 0) traced(context, 'rules', 'override-whatever-is-blocked');
}

/** A rule that gives back what was typed says that it is right: spelling leaves it alone. */
function keepAll(context: RewriteContext): void {
  traced(context, 'rules', 'override-keeps', { to: context.query });
  for (const slot of context.slots) if (slot.fixed === '' || isGlued(slot)) slot.fixed = 'override';
}

function beginRules(context: RewriteContext, engine: RuleEngine): void {
  const row = typedRow(context.query, context.slots);
  const run = engine.begin(row.terms, context.options);
  context.typedRow = row;
  context.ruleRun = run;
  let term = 0;
  for (const slot of context.slots) {
    if (!isTerm(slot)) continue;
    if (term === row.terms.length) return;
    const at = term++;
    if (!run.isKnown(at)) continue;
    if (run.isEdited(at) || !slot.known) fix(slot);
    slot.owned = true;
  }
}

function replace(context: RewriteContext): void {
  const { ruleRun, typedRow: row } = context;
  if (ruleRun === undefined || row === undefined) return;
  context.ruleEdits = placed(withReplacements(context, row, [], ruleRun.early));
  // Both are in order.
  const edits = context.ruleEdits;
  let next = 0;
  for (const slot of context.slots) {
    const { start, end } = slot.token;
    while (next < edits.length && edits[next]!.offset + edits[next]!.length <= start) next++;
    if (next < edits.length && edits[next]!.offset < end) fix(slot);
  }
}

function fix(slot: RewriteContext['slots'][number]): void {
  if (slot.fixed === '' || isGlued(slot)) slot.fixed = 'rule';
}
