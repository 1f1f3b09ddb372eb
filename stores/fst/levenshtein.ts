/**
 * The Levenshtein automaton for up to two edits, optimal string alignment: insertion, deletion, substitution and the
 * transposition of neighbours cost one each, and what was transposed is not edited again.
 *
 * A state is the set of positions (i, e): i characters of the query are accounted for with e edits. After d characters of
 * the text only positions i = d - k .. d + k can be alive, so bit o of a field of 2 k + 1 bits stands for i = d - k + o,
 * and the same automaton serves queries of any length (Mihov & Schulz 2004 call it universal). Five fields of five bits
 * make one integer: the positions with 0, 1 and 2 edits, and those in the middle of a transposition that will be the
 * first or the second edit: its second character was read, its first is due.
 */

const FIELD_BITS = 5;
const FIELD = 31;
const EDITS_1 = FIELD_BITS;
const EDITS_2 = 2 * FIELD_BITS;
const SWAP_1 = 3 * FIELD_BITS;
const SWAP_2 = 4 * FIELD_BITS;

/** Positions from which, with up to one or two edits, another edit or the end of a transposition can follow. */
const ONE_LIVE = FIELD | (FIELD << SWAP_1);
const TWO_LIVE = FIELD | (FIELD << EDITS_1) | (FIELD << SWAP_1) | (FIELD << SWAP_2);

/** No position is alive: nothing that follows can match. */
export const DEAD = 0;

/** The state before the first character, for a query of `length` characters and `edits` 0..2. */
export function startState(edits: number, length: number): number {
  const valid = validPositions(edits, length, 0);
  const none = 1 << edits;
  const one = edits > 0 ? (none << 1) & valid : 0;
  const two = edits > 1 ? (one << 1) & valid : 0;
  return none | (one << EDITS_1) | (two << EDITS_2);
}

/**
 * The state after one more character, the one with index `depth` of the text.
 *
 * @param matches bit o, 0..2k+1: whether the character is that of the query at depth - edits + o
 */
export function nextState(state: number, matches: number, edits: number, length: number, depth: number): number {
  const valid = validPositions(edits, length, depth + 1);
  const none = state & FIELD;
  const noneNext = none & matches & valid;
  if (edits === 0) return noneNext;
  const one = (state >> EDITS_1) & FIELD;
  const swapsOne = (state >> SWAP_1) & FIELD;
  const oneNext = ((one & matches) | none | (none >> 1) | ((swapsOne & matches) << 1) | (noneNext << 1)) & valid;
  const swapOneNext = ((none & (matches >> 1)) >> 1) & valid;
  if (edits === 1) return noneNext | (oneNext << EDITS_1) | (swapOneNext << SWAP_1);
  const two = (state >> EDITS_2) & FIELD;
  const swapsTwo = (state >> SWAP_2) & FIELD;
  const twoNext = ((two & matches) | one | (one >> 1) | ((swapsTwo & matches) << 1) | (oneNext << 1)) & valid;
  const swapTwoNext = ((one & (matches >> 1)) >> 1) & valid;
  return noneNext | (oneNext << EDITS_1) | (twoNext << EDITS_2) | (swapOneNext << SWAP_1) | (swapTwoNext << SWAP_2);
}

/** The distance of a text that ends here after `depth` characters, or -1 when it is more than `edits`. */
export function distanceAt(state: number, edits: number, length: number, depth: number): number {
  const offset = length - depth + edits;
  if (offset < 0 || offset > 2 * edits) return -1;
  if (((state >> offset) & 1) !== 0) return 0;
  if (((state >> (EDITS_1 + offset)) & 1) !== 0) return 1;
  return ((state >> (EDITS_2 + offset)) & 1) !== 0 ? 2 : -1;
}

/**
 * Whether the state leaves only what the word has: with all edits made, a character that the query does not have next
 * leads nowhere. `matches` as in `nextState`.
 */
export function isDeadEnd(state: number, matches: number, edits: number): boolean {
  if (edits === 0) return (state & matches) === 0;
  if (edits === 1) return (state & ONE_LIVE) === 0 && ((state >> EDITS_1) & FIELD & matches) === 0;
  return (state & TWO_LIVE) === 0 && ((state >> EDITS_2) & FIELD & matches) === 0;
}

/** The bits of positions 0..length that the window has after `depth` characters. */
function validPositions(edits: number, length: number, depth: number): number {
  const window = (2 << (2 * edits)) - 1;
  const beyond = length - depth + edits + 1;
  if (beyond <= 0) return 0;
  return beyond > 2 * edits ? window : window & ((1 << beyond) - 1);
}
