/**
 * Deletion postings in hash order, in bounded memory: the 2^32 hashes are cut into ranges, and each range's (hash, id)
 * pairs are gathered, sorted and handed on before the next begins.
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
  const scratch = { ids: new Uint32Array(1024) };
  for (let from = 0; from < 256; ) {
    let to = from;
    let size = 0;
    while (to < 256 && (to === from || size + histogram[to]! <= PAIRS_AT_ONCE)) size += histogram[to++]!;
    visitGroups(gatherRange(texts, index, skip, from, histogram.subarray(from, to), size), scratch, visit);
    from = to;
  }
}

/** Pairs of a hash and an id, in two columns. */
interface Pairs {
  readonly hashes: Uint32Array;
  readonly ids: Uint32Array;
}

/**
 * The pairs of the hashes whose top byte is `first` or one of the `sizes.length - 1` after it, in order: moved to their
 * top byte first, then each top byte's sorted, which fit the cache.
 */
function gatherRange(
  texts: readonly string[],
  index: DeletionIndex,
  skip: (id: number) => boolean,
  first: number,
  sizes: Uint32Array,
  size: number,
): Pairs {
  const hashes = new Uint32Array(size);
  const ids = new Uint32Array(size);
  const ends = new Uint32Array(sizes.length);
  for (let top = 1; top < ends.length; top++) ends[top] = ends[top - 1]! + sizes[top - 1]!;
  forEachHash(texts, index, skip, (hash, id) => {
    const top = (hash >>> 24) - first;
    if (top < 0 || top >= sizes.length) return;
    const at = ends[top]!++;
    hashes[at] = hash;
    ids[at] = id;
  });
  const most = sizes.reduce((longest, length) => Math.max(longest, length), 0);
  const spare = { hashes: new Uint32Array(most), ids: new Uint32Array(most) };
  for (let top = 0; top < sizes.length; top++) {
    const [start, end] = [ends[top]! - sizes[top]!, ends[top]!];
    const pairs = { hashes: hashes.subarray(start, end), ids: ids.subarray(start, end) };
    // By the lower three bytes, from the least digit to the greatest; ids came ascending and stay so under each hash.
    moveByDigit(pairs, spare, sizes[top]!, 0);
    moveByDigit(spare, pairs, sizes[top]!, DIGIT_BITS);
  }
  return { hashes, ids };
}

/** Two digits make the lower three bytes of a hash. */
const DIGIT_BITS = 12;

/** Moves `from[0, count)` to `to`, ordered by the digit of the hash that begins at `shift`; what is equal stays in order. */
function moveByDigit(from: Pairs, to: Pairs, count: number, shift: number): void {
  const mask = (1 << DIGIT_BITS) - 1;
  const starts = new Uint32Array(1 << DIGIT_BITS);
  for (let i = 0; i < count; i++) starts[(from.hashes[i]! >>> shift) & mask]!++;
  let start = 0;
  for (let digit = 0; digit <= mask; digit++) {
    const size = starts[digit]!;
    starts[digit] = start;
    start += size;
  }
  for (let i = 0; i < count; i++) {
    const hash = from.hashes[i]!;
    const at = starts[(hash >>> shift) & mask]!++;
    to.hashes[at] = hash;
    to.ids[at] = from.ids[i]!;
  }
}

function visitGroups(
  pairs: Pairs,
  scratch: { ids: Uint32Array },
  visit: (hash: number, ids: Uint32Array, count: number) => void,
): void {
  const { hashes, ids } = pairs;
  let count = 0;
  let current = -1;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i]!;
    const id = ids[i]!;
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
