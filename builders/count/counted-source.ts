/** Stands for any number or part number in n-gram keys: what stands beside a number matters, not which one it is. */
export const NUMBER = '\u0001';

/** Marks the start and the end of a sentence or query inside n-gram keys, as if they were terms. */
export const SENTENCE_START = '\u0002';
export const SENTENCE_END = '\u0003';

/** What a source is, which decides how its words are classed and how its counts are weighed. */
export type SourceRole = 'documents' | 'queries' | 'words' | 'ngrams';

/** Walks counted n-grams in byte order of their keys: terms joined by single spaces (0x20), UTF-8. */
export interface CountCursor {
  next(): boolean;
  /** The current key's bytes are `key[0, keyEnd)`: valid until the next move. */
  readonly key: Uint8Array;
  readonly keyEnd: number;
  /** A whole number from 1. */
  readonly count: number;
}

/** One input file after counting: what the assembly of stores starts from. */
export interface CountedSource {
  /** The file's name without its folder, unique within a build. */
  readonly name: string;
  readonly role: SourceRole;
  /** What the words of a word list are: `dictionary`, `names`, `web`, ...; free-form, from the configuration. */
  readonly wordClass: string;
  /** Multiplies the source's counts in the mixture: 1 unless the configuration says otherwise. */
  readonly weight: number;
  /**
   * Sum of the unigram counts before pruning, numbers included, sentence marks excluded; of a list of n-grams the
   * largest sum of the counts of one order.
   */
  readonly tokenCount: number;
  /** A new cursor over the n-grams of one order that survived the pruning thresholds. */
  ngrams(order: 1 | 2 | 3): CountCursor;
}
