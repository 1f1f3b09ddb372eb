import { MAX_KEY_BYTES } from '../stores/blocks/format.ts';
import { InvalidLine } from './errors.ts';

/** The most bytes of UTF-8 that a term may have: it becomes a key, whatever engine is chosen for it in the end. */
export const MAX_TERM_BYTES = MAX_KEY_BYTES;

/** @throws {InvalidLine} for a term that no store can contain */
export function checkTermLength(term: string): void {
  const bytes = Buffer.byteLength(term);
  if (bytes <= MAX_TERM_BYTES) return;
  throw new InvalidLine(
    `expected terms of at most ${MAX_TERM_BYTES} bytes, found one of ${bytes}: "${term.slice(0, 20)}..."`,
  );
}
