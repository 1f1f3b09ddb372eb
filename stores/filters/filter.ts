/** The kinds of filter that a file can name. */
export const FILTER_KINDS = ['none', 'split-block', 'fuse8', 'fuse16', 'bloom'] as const;

/** Which filter guards a file's look-ups: see FORMAT.md beside this file. */
export type FilterKind = (typeof FILTER_KINDS)[number];

/** Answers whether a key may be in a set: never false for a key that is. */
export interface Filter {
  readonly kind: FilterKind;
  /** Bytes held in memory. */
  readonly byteLength: number;
  /** False only when `key[start, end)` is surely absent. Allocates nothing (`bloom` excepted). */
  mayContain(key: Uint8Array, start: number, end: number): boolean;
}
