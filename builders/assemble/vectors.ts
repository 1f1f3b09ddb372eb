import { FIRST_TERM_ID } from '../../stores/lexicon/format.ts';
import { VECTOR_SCALE, type VectorArrays, vectorArrays } from '../../stores/vectors/format.ts';
import type { WordVectors } from '../sources/vectors.ts';

/** The vectors of the terms that have one, each drawn to length 1, in the order of ids. Words that are no terms are left out. */
export function termVectors(texts: readonly string[], { dimensions, rows, values }: WordVectors): VectorArrays {
  const ids: number[] = [];
  const quantised = new Int8Array(rows.size * dimensions);
  for (let id = FIRST_TERM_ID; id < texts.length; id++) {
    const row = rows.get(texts[id]!);
    if (row === undefined) continue;
    const first = row * dimensions;
    let squares = 0;
    for (let i = first; i < first + dimensions; i++) squares += values[i]! * values[i]!;
    const length = Math.sqrt(squares);
    // A vector of nothing but zeros says nothing.
    if (length === 0) continue;
    const at = ids.length * dimensions;
    for (let i = 0; i < dimensions; i++) {
      quantised[at + i] = Math.max(-127, Math.min(127, Math.round((values[first + i]! / length) * VECTOR_SCALE)));
    }
    ids.push(id);
  }
  return vectorArrays(ids, texts.length, quantised.slice(0, ids.length * dimensions), dimensions);
}
