/**
 * Deletion postings in hash order, in bounded memory: the 2^32 hashes are cut into ranges, and each range's (hash, id)
 * pairs are gathered, sorted as packed numbers and handed on before the next begins.
 */

import {
  DELETE2_MIN_LENGTH,
  DELETE2_PREFIX,
  deletionHashes,
  MAX_DELETION_HASHES,
  MAX_INDEXED_LENGTH,
} from '../../stores/deletes/format.ts';
import { FIRST_TERM_ID } from '../../stores/lexicon/format.ts';

/** Which of the two indexes. */
export type DeletionIndex = 'deletes1' | 'deletes2';

/** Pairs held at once: 8 bytes each. */
const PAIRS_AT_ONCE = 16_000_000;

/**
 * Calls `visit` with each hash in ascending order and the ascending ids under it: `ids[0, count)`, reused between calls.
 *
 * @param skip ids that are accepted when typed but never proposed
 */
export function forEachDeletion(
  texts: readonly string[],
  index: DeletionIndex,
  skip: (id: number) => boolean,
  visit: (hash: number, ids: Uint32Array, count: number) => void,
): void {
  const histogram = new Uint32Array(256);
  forEachHash(texts, index, skip, (hash) => {
    histogram[hash >>> 24]!++;
  });
  const idSpace = 2 ** Math.ceil(Math.log2(texts.length + 1));
  // A packed pair must stay within 2^53, so a range spans at most 2^53 / idSpace hashes.
  const widest = Math.min(256, Math.floor(2 ** 53 / idSpace / 2 ** 24));
  const scratch = { ids: new Uint32Array(1024) };
  for (let from = 0; from < 256; ) {
    let to = from;
    let size = 0;
    while (to < 256 && to - from < widest && (to === from || size + histogram[to]! <= PAIRS_AT_ONCE)) {
      size += histogram[to++]!;
    }
    const range = { first: from, last: to, base: from * 2 ** 24, idSpace };
    visitGroups(gatherRange(texts, index, skip, range, histogram.subarray(from, to), size), range, scratch, visit);
    from = to;
  }
}

interface HashRange {
  /** Top bytes of the hashes: [first, last). */
  readonly first: number;
  readonly last: number;
  /** The smallest hash. */
  readonly base: number;
  /** A pair is packed as `(hash - base) * idSpace + id`. */
  readonly idSpace: number;
}

/** The range's pairs in order: moved to their top byte first, then each top byte's sorted, which fit the cache. */
function gatherRange(
  texts: readonly string[],
  index: DeletionIndex,
  skip: (id: number) => boolean,
  range: HashRange,
  sizes: Uint32Array,
  size: number,
): Float64Array {
  const pairs = new Float64Array(size);
  const ends = new Uint32Array(sizes.length);
  for (let top = 1; top < ends.length; top++) ends[top] = ends[top - 1]! + sizes[top - 1]!;
  forEachHash(texts, index, skip, (hash, id) => {
    const top = (hash >>> 24) - range.first;
    if (top >= 0 && top < sizes.length) pairs[ends[top]!++] = (hash - range.base) * range.idSpace + id;
  });
  for (let top = 0; top < sizes.length; top++) pairs.subarray(ends[top]! - sizes[top]!, ends[top]!).sort();
  return pairs;
}

function visitGroups(
  pairs: Float64Array,
  range: HashRange,
  scratch: { ids: Uint32Array },
  visit: (hash: number, ids: Uint32Array, count: number) => void,
): void {
  let count = 0;
  let current = -1;
  for (let i = 0; i < pairs.length; i++) {
    const offset = Math.floor(pairs[i]! / range.idSpace);
    const hash = offset + range.base;
    const id = pairs[i]! - offset * range.idSpace;
    if (hash !== current) {
      if (count > 0) visit(current, scratch.ids, count);
      current = hash;
      count = 0;
    } else if (scratch.ids[count - 1] === id) {
      continue;
    }
    if (count === scratch.ids.length) {
      const larger = new Uint32Array(2 * count);
      larger.set(scratch.ids);
      scratch.ids = larger;
    }
    scratch.ids[count++] = id;
  }
  if (count > 0) visit(current, scratch.ids, count);
}

function forEachHash(
  texts: readonly string[],
  index: DeletionIndex,
  skip: (id: number) => boolean,
  visit: (hash: number, id: number) => void,
): void {
  const units = new Uint16Array(MAX_INDEXED_LENGTH);
  const hashes = new Uint32Array(MAX_DELETION_HASHES);
  for (let id = FIRST_TERM_ID; id < texts.length; id++) {
    const text = texts[id]!;
    if (text.length > MAX_INDEXED_LENGTH || skip(id)) continue;
    if (index === 'deletes2' && text.length < DELETE2_MIN_LENGTH) continue;
    const length = index === 'deletes1' ? text.length : Math.min(text.length, DELETE2_PREFIX);
    for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i);
    const count = deletionHashes(units, length, index === 'deletes1' ? 1 : 2, hashes);
    for (let i = 0; i < count; i++) visit(hashes[i]!, id);
  }
}
