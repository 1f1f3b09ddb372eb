/** What was typed with the marks of what was meant, so that what is left between the two are slips. */

import type { Marks } from '../../../stores/marks/marks.ts';

/** Longer words are left as they are. */
const MAX_LENGTH = 64;
const WIDTH = MAX_LENGTH + 1;

const costs = new Uint16Array(WIDTH * WIDTH);
/** For each place the units of `typed` and of `meant` that the last step to it took, 16 times the first and the second. */
const steps = new Uint8Array(WIDTH * WIDTH);
const STEP = 16;
/** A slip outweighs all marks of a word. Of two ways, the one that leaves no letter over: `ue` is `ü` rather than `ü` and an `e` for an `s`. */
const SLIP = 2 * MAX_LENGTH;
const PLAIN = 1;
const NEVER = 0xffff;

/**
 * `typed` with its letters' marks as `meant` has them, however they were written: `schluesel` -> `schlüsel` for `schlüssel`. The text
 * itself where no letter differs in marks alone.
 *
 * O(product of the lengths), for words of which either has marks; else it takes a look at each letter.
 */
export function markedAs(typed: string, meant: string, marks: Marks): string {
  const rows = typed.length;
  const columns = meant.length;
  if (rows > MAX_LENGTH || columns > MAX_LENGTH || (!marks.isMarked(typed) && !marks.isMarked(meant))) return typed;
  costs.fill(NEVER, 0, (rows + 1) * WIDTH);
  costs[0] = 0;
  for (let i = 0; i <= rows; i++) {
    for (let j = 0; j <= columns; j++) advance(typed, i, meant, j, marks);
  }
  let written = '';
  for (let i = rows, j = columns; i > 0 || j > 0; ) {
    const step = steps[i * WIDTH + j]!;
    const fromI = i - Math.floor(step / STEP);
    const fromJ = j - (step % STEP);
    // What costs less than a slip is a letter that is right, or its marks.
    const isRight = costs[i * WIDTH + j]! - costs[fromI * WIDTH + fromJ]! < SLIP;
    written = (isRight ? meant.slice(fromJ, j) : typed.slice(fromI, i)) + written;
    i = fromI;
    j = fromJ;
  }
  return written;
}

/** Takes all steps from one place. */
function advance(typed: string, i: number, meant: string, j: number, marks: Marks): void {
  const cost = costs[i * WIDTH + j]!;
  const isTyped = i < typed.length;
  const isMeant = j < meant.length;
  if (isTyped && isMeant) {
    let step = SLIP;
    if (typed[i] === meant[j]) step = 0;
    else if (areAlike(typed, i, meant, j, marks)) step = PLAIN;
    reach(i + 1, j + 1, 1, 1, cost + step);
  }
  if (isMeant) {
    for (const spelling of marks.spellingsOf(meant.charCodeAt(j))) {
      if (typed.startsWith(spelling, i))
        reach(i + spelling.length, j + 1, spelling.length, 1, cost + (spelling.length > 1 ? 0 : PLAIN));
    }
    reach(i, j + 1, 0, 1, cost + SLIP);
  }
  if (isTyped) {
    for (const spelling of marks.spellingsOf(typed.charCodeAt(i))) {
      if (meant.startsWith(spelling, j))
        reach(i + 1, j + spelling.length, 1, spelling.length, cost + (spelling.length > 1 ? 0 : PLAIN));
    }
    reach(i + 1, j, 1, 0, cost + SLIP);
  }
}

function reach(i: number, j: number, typedUnits: number, meantUnits: number, cost: number): void {
  const at = i * WIDTH + j;
  if (cost >= costs[at]!) return;
  costs[at] = cost;
  steps[at] = STEP * typedUnits + meantUnits;
}

/** Whether two letters are one but for their marks. */
function areAlike(typed: string, i: number, meant: string, j: number, marks: Marks): boolean {
  const typedSpellings = marks.spellingsOf(typed.charCodeAt(i));
  if (typedSpellings.length === 0) return false;
  const [plain] = typedSpellings;
  return plain === marks.spellingsOf(meant.charCodeAt(j))[0];
}
