/** Bounds how many combining marks stand in a row. */
import { classOf, MARK } from './char-class.ts';

/**
 * Marks in a row that stay: the bound of Unicode's stream-safe text format (UAX #15, section 13), which no language comes
 * near. Putting n marks into their canonical order takes up to n^2 steps: 64,000 of them took seconds.
 */
export const MOST_MARKS = 30;

/**
 * The text with only the first `MOST_MARKS` marks of each run. Where the stream-safe format puts a joiner between, so as to
 * keep them all, the rest is dropped: the joiner is invisible, and invisible characters are not part of a term.
 *
 * Linear; allocates only where something is dropped.
 */
export function capMarks(text: string): string {
  const { length } = text;
  if (length <= MOST_MARKS) return text;
  let kept = '';
  let keptTo = 0;
  let marks = 0;
  for (let i = 0; i < length; ) {
    const codePoint = text.codePointAt(i) as number;
    const next = i + (codePoint > 0xffff ? 2 : 1);
    if (!isMark(codePoint)) {
      if (marks > MOST_MARKS) keptTo = i;
      marks = 0;
    } else if (++marks === MOST_MARKS + 1) kept += text.slice(keptTo, i);
    i = next;
  }
  if (marks > MOST_MARKS) return kept;
  return keptTo === 0 ? text : kept + text.slice(keptTo);
}

/** A mark, or a half-width voicing mark of Japanese: a letter to Unicode, but NFKC makes it a mark. */
function isMark(codePoint: number): boolean {
  if (codePoint < 0x300 || codePoint >= 0x20000) return false;
  return classOf(codePoint) === MARK || codePoint === 0xff9e || codePoint === 0xff9f;
}
