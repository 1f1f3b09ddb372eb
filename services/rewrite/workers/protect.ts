import type { RewriteContext } from '../context.ts';
import { isTerm } from '../decode/lattice.ts';
import type { RuleLookup } from '../rewriter.ts';
import type { Worker } from '../worker.ts';

/**
 * Says what nothing may change: every token that is not a word (numbers, part numbers, URLs, quoted text, `field:value`,
 * operators), and, which it alone decides, the terms and phrases of the protected list and of the published rules. A part number that is then cut is taken out of the
 * answer's list.
 */
export function createProtectWorker(rules: RuleLookup): Worker {
  return {
    name: 'protect',
    run(context) {
      for (const slot of context.slots) {
        const { class: kind, start, end } = slot.token;
        if (kind !== 'word' && kind !== 'symbol') protect(context, start, end, kind);
      }
      protectListed(context, rules);
    },
  };
}

function protect(context: RewriteContext, start: number, end: number, why: string): void {
  context.protectedSpans.push({ offset: start, length: end - start, why });
}

function protectListed(context: RewriteContext, rules: RuleLookup): void {
  const own = rules.engine?.protectedTerms;
  const longest = Math.max(rules.longestProtected, own?.longest ?? 0);
  // As in the list, signs between the terms of a phrase do not matter.
  const slots = context.slots.filter(isTerm);
  for (let from = 0; from < slots.length; from++) {
    let phrase = '';
    for (let to = from; to < Math.min(slots.length, from + longest); to++) {
      phrase += (to === from ? '' : ' ') + slots[to]!.token.text;
      if (!rules.isProtected(phrase) && own?.has(phrase) !== true) continue;
      for (let i = from; i <= to; i++) slots[i]!.fixed = 'protected';
      protect(context, slots[from]!.token.start, slots[to]!.token.end, 'protected');
    }
  }
}
