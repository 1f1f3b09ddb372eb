/** Capitals carried over letter by letter: for words with capitals inside, which are names of products more often than not. */

/** Longer words are not aligned beyond what they share at both ends: the work is the product of what is left of them. */
const LONGEST = 64;
const ADDED = 1;
const OMITTED = 2;
const SWAPPED = 3;
const PAIRED = 0;

/**
 * `meant`, lower case, with each letter in the case of the letter of `typed` that it is aligned with. Letters that were left out are
 * capitals between two capitals. Spaces on both sides are passed over: they change nothing about a letter's case.
 */
export function alignedCase(typed: string, meant: string): string {
  const from = [...typed].filter((letter) => letter !== ' ');
  const to = [...meant].filter((letter) => letter !== ' ');
  const isUpper = capitalsOf(from, to);
  let i = 0;
  let text = '';
  for (const letter of meant) text += letter !== ' ' && isUpper[i++] === true ? capital(letter) : letter;
  return text;
}

/** For each letter of `to` whether the letter of `from` that it stands for is a capital. */
function capitalsOf(from: readonly string[], to: readonly string[]): boolean[] {
  const low = from.map((letter) => letter.toLowerCase());
  const isCapital = from.map((letter, i) => letter !== low[i]);
  const isUpper: (boolean | undefined)[] = to.map(() => undefined);
  let start = 0;
  while (start < low.length && start < to.length && low[start] === to[start]) {
    isUpper[start] = isCapital[start];
    start++;
  }
  let fromEnd = low.length;
  let toEnd = to.length;
  while (fromEnd > start && toEnd > start && low[fromEnd - 1] === to[toEnd - 1])
    isUpper[--toEnd] = isCapital[--fromEnd];
  if (fromEnd - start <= LONGEST && toEnd - start <= LONGEST) {
    for (const [i, j] of aligned(low.slice(start, fromEnd), to.slice(start, toEnd))) {
      isUpper[start + j] = isCapital[start + i];
    }
  }
  return isUpper.map((upper, j) => upper ?? (j > 0 && isUpper[j - 1] === true && isUpper[j + 1] === true));
}

/** The pairs of letters that the cheapest alignment pairs; swapped neighbours cost one edit. */
function aligned(from: readonly string[], to: readonly string[]): [number, number][] {
  const width = to.length + 1;
  const costs = new Uint16Array((from.length + 1) * width);
  const steps = new Uint8Array(costs.length);
  for (let i = 0; i <= from.length; i++) {
    for (let j = 0; j <= to.length; j++) {
      if (i === 0 && j === 0) continue;
      const at = i * width + j;
      costs[at] = 0xffff;
      const consider = (step: number, cost: number) => {
        if (cost >= costs[at]!) return;
        costs[at] = cost;
        steps[at] = step;
      };
      if (i > 0 && j > 0) consider(PAIRED, costs[at - width - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1));
      if (i > 0) consider(ADDED, costs[at - width]! + 1);
      if (j > 0) consider(OMITTED, costs[at - 1]! + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        consider(SWAPPED, costs[at - 2 * width - 2]! + 1);
      }
    }
  }
  const pairs: [number, number][] = [];
  for (let i = from.length, j = to.length; i > 0 || j > 0; ) {
    const step = steps[i * width + j];
    if (step === PAIRED) pairs.push([--i, --j]);
    else if (step === SWAPPED) {
      pairs.push([i - 1, j - 2], [i - 2, j - 1]);
      i -= 2;
      j -= 2;
    } else if (step === ADDED) i--;
    else j--;
  }
  return pairs;
}

function capital(letter: string): string {
  const upper = letter.toUpperCase();
  // A letter whose capital is two letters (ß) stays as it is.
  return [...upper].length > 1 ? letter : upper;
}
