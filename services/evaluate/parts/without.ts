/** A rewriter with some of its parts taken out, to measure what each is worth. Weights and thresholds stay as they are. */

import { ForwardingStore } from '../../../stores/forwarding-store.ts';
import { PAIR_BYTES } from '../../../stores/language/ngram-key.ts';
import { type BytesRef, MISS, type Store } from '../../../stores/store.ts';
import { NO_RULES, type RewriterParts } from '../../rewrite/pipeline.ts';

/** What can be left out, and how it is. */
const COMPONENTS = {
  pairs: (parts) => withStores(parts, { ngrams: new ScreenedStore(parts.stores.ngrams, () => MISS) }),
  // A pair's value without what it says of the triples behind it is its low byte.
  triples: (parts) =>
    withStores(parts, {
      ngrams: new ScreenedStore(parts.stores.ngrams, (value, length) => (length > PAIR_BYTES ? MISS : value & 0xff)),
    }),
  'one-edit': (parts) => withStores(parts, { deletes1: new ScreenedStore(parts.stores.deletes1, () => MISS) }),
  'two-edits': (parts) => withStores(parts, { deletes2: new ScreenedStore(parts.stores.deletes2, () => MISS) }),
  splits: (parts) => withBlocked(parts, (from, to) => spaces(to) > spaces(from)),
  merges: (parts) => withBlocked(parts, (from, to) => spaces(to) < spaces(from)),
  misspellings: (parts) => withStores(parts, { misspellings: undefined }),
  'sound-alikes': (parts) => withStores(parts, { phonetic: undefined }),
  marks: (parts) => withStores(parts, { marks: undefined }),
  vectors: (parts) => withStores(parts, { vectors: undefined }),
  'error-model': (parts) => {
    const { channel: _, ...stores } = parts.stores;
    return { ...parts, stores };
  },
} as const satisfies Record<string, (parts: RewriterParts) => RewriterParts>;

/** A part that can be left out. */
export type Component = keyof typeof COMPONENTS;

/** The names of the parts that can be left out. */
export const COMPONENT_NAMES = Object.keys(COMPONENTS) as readonly Component[];

/** The parts of a rewriter without some of its components. */
export function without(components: readonly Component[], parts: RewriterParts): RewriterParts {
  return components.reduce((left, component) => COMPONENTS[component](left), parts);
}

function withStores(parts: RewriterParts, stores: Partial<RewriterParts['stores']>): RewriterParts {
  return { ...parts, stores: { ...parts.stores, ...stores } };
}

/** Blocks changes as a rule would. */
function withBlocked(parts: RewriterParts, isBlocked: (from: string, to: string) => boolean): RewriterParts {
  const rules = parts.rules ?? NO_RULES;
  return {
    ...parts,
    rules: {
      isProtected: (text) => rules.isProtected(text),
      get longestProtected() {
        return rules.longestProtected;
      },
      isBlocked: (from, to) => isBlocked(from, to) || rules.isBlocked(from, to),
      get longestBlocked() {
        return rules.longestBlocked;
      },
      override: (query) => rules.override(query),
      get rudeWords() {
        return rules.rudeWords;
      },
    },
  };
}

function spaces(text: string): number {
  return text.split(' ').length;
}

/** A store of which only some values are seen. */
class ScreenedStore extends ForwardingStore {
  readonly #see: (value: number, keyLength: number) => number;

  /** @param see what is seen of the value of a key of some length: a value, or `MISS` */
  constructor(store: Store, see: (value: number, keyLength: number) => number) {
    super(store);
    this.#see = see;
  }

  override find(key: Uint8Array, start: number, end: number): number {
    const value = this.inner.find(key, start, end);
    return value === MISS ? MISS : this.#see(value, end - start);
  }

  override findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    return this.find(key, start, end) !== MISS && this.inner.findBytes(key, start, end, out);
  }
}
