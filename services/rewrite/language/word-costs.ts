import { END_ID, START_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import { MISS } from '../../../stores/store.ts';
import type { Slot } from '../decode/lattice.ts';
import type { LanguageModel } from './language-model.ts';

/** How likely the language model holds one word of a query, or its end, after what stands before it. */
export interface WordCost {
  /** -ln P in nats; 0 for a word that the vocabulary does not hold. */
  readonly cost: number;
  readonly kind: 'word' | 'unknown' | 'end';
  /** -1 where it has no such neighbours; else whether the model saw the pair, the triple, that ends here: 1 or 0. */
  readonly pair: -1 | 0 | 1;
  readonly triple: -1 | 0 | 1;
}

/** What a query's words cost as they were typed, each in its context, and then its end. */
export function wordCosts(slots: readonly Slot[], model: LanguageModel): WordCost[] {
  const costs: WordCost[] = [];
  let before = -1;
  let last = START_ID;
  for (const id of [...slots.map((slot) => slot.id), END_ID]) {
    const isWord = id !== END_ID;
    const hasPair = isWord && last !== START_ID && last !== UNKNOWN_ID && id !== UNKNOWN_ID;
    const hasTriple = hasPair && before > START_ID && before !== UNKNOWN_ID;
    costs.push({
      cost: costOf(model, before, last, id),
      kind: !isWord ? 'end' : id === UNKNOWN_ID ? 'unknown' : 'word',
      pair: hasPair ? seen(model.pairValue(last, id) !== MISS) : -1,
      triple: hasTriple ? seen(model.isTripleSeen(before, last, id)) : -1,
    });
    before = last;
    last = id;
  }
  return costs;
}

function seen(isSeen: boolean): 0 | 1 {
  return isSeen ? 1 : 0;
}

/** As the decoder reckons: an unknown word has costs of its own, and tells nothing of what follows. */
function costOf(model: LanguageModel, before: number, last: number, id: number): number {
  if (id === UNKNOWN_ID) return 0;
  if (last === UNKNOWN_ID) return model.unigramCost(id);
  return before === UNKNOWN_ID ? model.pairCost(last, id) : model.tripleCost(before, last, id);
}
