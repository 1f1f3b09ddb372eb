import { traced } from '../context.ts';
import type { Worker } from '../worker.ts';

/** Applies whole-query overrides: what a person decided for exactly this query. */
export const rulesWorker: Worker = {
  name: 'rules',
  run(context, resources) {
    const to = resources.rules.override(context.query);
    if (to === undefined || to === context.query) return;
    if (context.slots.some((slot) => slot.fixed === 'protected')) {
      traced(context, 'rules', 'override-lost-to-protected', { to });
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
