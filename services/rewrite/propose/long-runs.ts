/** Letters that were held down: no word has three of a letter side by side, but a few compounds. */

/** Letters from which on a run is no spelling. */
const LEAST_RUN = 3;
/** Runs that are collapsed at most: each may be one letter or two, so a word has as many forms as 2 to this power. */
const MOST_RUNS = 3;

/** Whether some letter stands three times or more side by side. */
export function hasLongRun(text: string): boolean {
  let run = 1;
  for (let i = 1; i < text.length; i++) {
    run = text.charCodeAt(i) === text.charCodeAt(i - 1) ? run + 1 : 1;
    if (run === LEAST_RUN) return true;
  }
  return false;
}

/** The text with each long run as one letter and as two, the shortest form first. */
export function collapsed(text: string): string[] {
  let forms = [''];
  let runs = 0;
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    while (end < text.length && text[end] === text[at]) end++;
    const letter = text[at]!;
    const count = end - at;
    if (count < LEAST_RUN) forms = forms.map((form) => form + letter.repeat(count));
    else if (++runs <= MOST_RUNS) forms = [1, 2].flatMap((times) => forms.map((form) => form + letter.repeat(times)));
    else forms = forms.map((form) => form + letter);
    at = end;
  }
  return forms;
}

/**
 * `typed` with its long runs as `meant` has them, but for one letter too many: however long a key was held down, it was one slip.
 * `typed` itself where that does not make `meant`.
 */
export function asOneSlip(typed: string, meant: string): string {
  if (!hasLongRun(typed) || !collapsed(typed).includes(meant)) return typed;
  let i = 0;
  while (i < meant.length && typed[i] === meant[i]) i++;
  // The first letter that is one too many is as the one before it.
  return `${meant.slice(0, i)}${meant[i - 1]}${meant.slice(i)}`;
}
