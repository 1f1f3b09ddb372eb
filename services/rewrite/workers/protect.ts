import type { RewriteContext } from '../context.ts';
import type { Resources, Worker } from '../worker.ts';

/**
 * Says what nothing may change: every token that is not a word (numbers, part numbers, URLs, quoted text, `field:value`,
 * operators), and, which it alone decides, the terms and phrases of the protected list.
 */
export const protectWorker: Worker = {
  name: 'protect',
  run(context, resources) {
    for (const slot of context.slots) {
      const { class: kind, start, end } = slot.token;
      if (kind !== 'word' && kind !== 'symbol') protect(context, start, end, kind);
    }
    protectListed(context, resources);
  },
};

function protect(context: RewriteContext, start: number, end: number, why: string): void {
  context.protectedSpans.push({ offset: start, length: end - start, why });
}

function protectListed(context: RewriteContext, resources: Resources): void {
  const { slots } = context;
  const longest = resources.rules.longestProtected;
  for (let from = 0; from < slots.length; from++) {
    let phrase = '';
    for (let to = from; to < Math.min(slots.length, from + longest); to++) {
      phrase += (to === from ? '' : ' ') + slots[to]!.token.text;
      if (!resources.rules.isProtected(phrase)) continue;
      for (let i = from; i <= to; i++) slots[i]!.fixed = 'protected';
      protect(context, slots[from]!.token.start, slots[to]!.token.end, 'protected');
    }
  }
}
