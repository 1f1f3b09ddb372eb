import { tokeniseDocument } from '../../../stores/text/tokenise.ts';
import { type RewriteContext, traced } from '../context.ts';
import { isRudeInstead } from '../decide/rude-readings.ts';
import { isGlued, isTerm } from '../decode/lattice.ts';
import type { RuleLookup } from '../rewriter.ts';
import type { Worker } from '../worker.ts';

/** Applies whole-query overrides: what a person decided for exactly this query. */
export function createRulesWorker(rules: RuleLookup): Worker {
  return {
    name: 'rules',
    run(context) {
      const to = rules.override(context.query);
      if (to === undefined) return;
      if (to === context.query) {
        keepAll(context);
        return;
      }
      if (context.slots.some((slot) => slot.fixed === 'protected')) {
        traced(context, 'rules', 'override-lost-to-protected', { to });
        return;
      }
      if (isBlocked(context, to, rules)) {
        traced(context, 'rules', 'override-lost-to-blocked', { to });
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
    },
  };
}

function isBlocked(context: RewriteContext, to: string, rules: RuleLookup): boolean {
  const from = context.slots
    .filter(isTerm)
    .map((slot) => slot.token.text)
    .join(' ');
  const meant = tokeniseDocument(to).map((token) => token.text);
  return rules.isBlocked(from, meant.join(' '));
}

/** A rule that gives back what was typed says that it is right: spelling leaves it alone. */
function keepAll(context: RewriteContext): void {
  traced(context, 'rules', 'override-keeps', { to: context.query });
  for (const slot of context.slots) if (slot.fixed === '' || isGlued(slot)) slot.fixed = 'override';
}
