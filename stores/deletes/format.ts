/**
 * The deletion indexes: which terms can be reached from a typed word by deleting letters from both (symmetric delete,
 * after Garbe's SymSpell, 2012). Two terms within optimal-string-alignment distance d share a string that both reach
 * by at most d deletions.
 *
 * A key is the 32-bit hash of such a string, 4 bytes big-endian; the value is the list of the terms' ids that reach it:
 * ascending, as LEB128 differences. Candidates are verified by their distance anyway, so a collision of hashes costs a
 * verification and nothing else; with 2 million keys one probe in 2,000 meets one.
 *
 * | index | strings | for |
 * | --- | --- | --- |
 * | `deletes1` | the whole word with 0 or 1 letters deleted | distance 1, every word |
 * | `deletes2` | the first 7 letters with 0 to 2 letters deleted | distance 2, words of 5 letters and more |
 */

/** Bytes of a deletion key. */
export const DELETE_KEY_BYTES = 4;
/** How many leading letters the second index looks at. SymSpell's default; DESIGN figures: 1.8 M keys for 300 k words. */
export const DELETE2_PREFIX = 7;
/** The longest word that the indexes take up, in UTF-16 code units. */
export const MAX_INDEXED_LENGTH = 40;
/** The shortest word in `deletes2`: a shorter one may be reached by two edits from almost anything. */
export const DELETE2_MIN_LENGTH = 3;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The hash of `units[0, length)` with the units at `skip1` and `skip2` left out (-1: none): 0..2^32-1. FNV-1a over code
 * units with murmur3's finaliser, as FNV alone leaves the low bits of short words poorly mixed.
 *
 * Hot path: strings with letters deleted are never made, only hashed.
 */
export function hashDeletion(units: Uint16Array, length: number, skip1: number, skip2: number): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < length; i++) {
    if (i === skip1 || i === skip2) continue;
    hash = Math.imul(hash ^ units[i]!, FNV_PRIME);
  }
  return finish(hash);
}

function finish(hash: number): number {
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}

/** {@link hashDeletion} of what begins with a string of FNV-1a hash `hash` and goes on with `units[start, length)`. */
function hashOn(hash: number, units: Uint16Array, start: number, length: number): number {
  for (let i = start; i < length; i++) hash = Math.imul(hash ^ units[i]!, FNV_PRIME);
  return finish(hash);
}

/** How many hashes `deletionHashes` writes at most for one word. */
export const MAX_DELETION_HASHES = Math.max(
  MAX_INDEXED_LENGTH + 1,
  1 + DELETE2_PREFIX + (DELETE2_PREFIX * (DELETE2_PREFIX - 1)) / 2,
);

/**
 * Writes the hashes of the strings that a word reaches by 0..`maxDeletes` deletions (1 or 2) into `out` and returns how
 * many. Equal letters side by side give equal strings: those are written once. May hold duplicates otherwise.
 */
export function deletionHashes(units: Uint16Array, length: number, maxDeletes: 1 | 2, out: Uint32Array): number {
  let count = 0;
  out[count++] = hashDeletion(units, length, -1, -1);
  // What stands before the letter left out is hashed once for all that come after it.
  let before = FNV_OFFSET;
  for (let i = 0; i < length; i++) {
    if (i === 0 || units[i] !== units[i - 1]) out[count++] = hashOn(before, units, i + 1, length);
    before = Math.imul(before ^ units[i]!, FNV_PRIME);
  }
  if (maxDeletes === 1) return count;
  before = FNV_OFFSET;
  for (let i = 0; i < length; i++) {
    let between = before;
    for (let j = i + 1; j < length; j++) {
      if (j === i + 1 || units[j] !== units[j - 1]) out[count++] = hashOn(between, units, j + 1, length);
      between = Math.imul(between ^ units[j]!, FNV_PRIME);
    }
    before = Math.imul(before ^ units[i]!, FNV_PRIME);
  }
  return count;
}

/** Writes a deletion key at `offset`. */
export function encodeDeletionKey(hash: number, out: Uint8Array, offset: number): void {
  out[offset] = hash >>> 24;
  out[offset + 1] = (hash >>> 16) & 0xff;
  out[offset + 2] = (hash >>> 8) & 0xff;
  out[offset + 3] = hash & 0xff;
}
