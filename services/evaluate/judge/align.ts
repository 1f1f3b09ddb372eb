/**
 * Word alignment of two texts: which words of one became which words of the other, splits and merges included.
 *
 * First the words that both have in common, in order (longest common subsequence); then, in each stretch between them,
 * the letters: a space that is aligned with a space ends one change and begins the next. So two misspelled neighbours
 * are two changes, a split is one change of one word into two, and a wholly re-spaced stretch is one change.
 */
import { wordsOf } from '../rows/comparable.ts';

/** Words `[start, end)` of the first text became `to` (words joined by single spaces; empty when they were dropped). */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly to: string;
}

/**
 * The changes that turn `from` into `to`, both in comparable form, in order and without overlap.
 *
 * O(letters x letters) of the stretches that differ, O(words x words) of the rest.
 */
export function alignWords(from: string, to: string): Change[] {
  if (from === to) return [];
  const a = wordsOf(from);
  const b = wordsOf(to);
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [...commonWords(a, b), [a.length, b.length] as const]) {
    if (nextI > i || nextJ > j) alignStretch(a, i, nextI, b, j, nextJ, changes);
    i = nextI + 1;
    j = nextJ + 1;
  }
  return changes;
}

/** Pairs of positions of a longest common subsequence of words, ascending. */
function commonWords(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  // lengths[i * width + j]: the longest for a[i..] and b[j..].
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? at(lengths, (i + 1) * width + j + 1) + 1
          : Math.max(at(lengths, (i + 1) * width + j), at(lengths, i * width + j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(lengths, (i + 1) * width + j) >= at(lengths, i * width + j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** Cuts the stretch a[i, endI) -> b[j, endJ), which begins and ends with words that differ, into changes. */
function alignStretch(
  a: readonly string[],
  i: number,
  endI: number,
  b: readonly string[],
  j: number,
  endJ: number,
  out: Change[],
): void {
  if (i === endI || j === endJ || (endI - i === 1 && endJ - j === 1)) {
    out.push({ start: i, end: endI, to: b.slice(j, endJ).join(' ') });
    return;
  }
  let startI = i;
  let startJ = j;
  const push = (stopI: number, stopJ: number) => {
    const to = b.slice(startJ, stopJ).join(' ');
    if (a.slice(startI, stopI).join(' ') !== to) out.push({ start: startI, end: stopI, to });
    startI = stopI;
    startJ = stopJ;
  };
  for (const [spaceI, spaceJ] of sharedSpaces(a.slice(i, endI).join(' '), b.slice(j, endJ).join(' '))) {
    push(i + spaceI, j + spaceJ);
  }
  push(endI, endJ);
}

/** For each space of `x` that is aligned with a space of `y`: how many words lie before it in each. */
function sharedSpaces(x: string, y: string): [number, number][] {
  const width = y.length + 1;
  const costs = new Uint16Array((x.length + 1) * width);
  for (let j = 0; j <= y.length; j++) costs[j] = j;
  for (let i = 1; i <= x.length; i++) {
    costs[i * width] = i;
    for (let j = 1; j <= y.length; j++) {
      const gap = Math.min(at(costs, (i - 1) * width + j), at(costs, i * width + j - 1)) + 1;
      costs[i * width + j] = Math.min(gap, at(costs, (i - 1) * width + j - 1) + pairCost(x, i - 1, y, j - 1));
    }
  }
  const shared: [number, number][] = [];
  for (let i = x.length, j = y.length; i > 0 && j > 0; ) {
    const cost = at(costs, i * width + j);
    if (cost === at(costs, (i - 1) * width + j - 1) + pairCost(x, i - 1, y, j - 1)) {
      i--;
      j--;
      if (x[i] === ' ' && y[j] === ' ') shared.push([countSpaces(x, i) + 1, countSpaces(y, j) + 1]);
    } else if (cost === at(costs, (i - 1) * width + j) + 1) i--;
    else j--;
  }
  return shared.reverse();
}

/** Letters may stand for each other; a space only for a space, so that no word is cut in two by chance. */
function pairCost(x: string, i: number, y: string, j: number): number {
  const c = x.charCodeAt(i);
  const d = y.charCodeAt(j);
  if (c === d) return 0;
  return c === 0x20 || d === 0x20 ? 3 : 1;
}

function countSpaces(text: string, end: number): number {
  let count = 0;
  for (let i = 0; i < end; i++) if (text.charCodeAt(i) === 0x20) count++;
  return count;
}

function at(table: Uint16Array, index: number): number {
  return table[index] ?? 0;
}
