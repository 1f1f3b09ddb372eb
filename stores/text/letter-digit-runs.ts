/**
 * What a part number such as `xbox360controller` is made of: its runs of letters and of digits, between which a space may have been
 * left out.
 */
import { classAt, LETTER } from './char-class.ts';
import type { Token } from './token.ts';

/** Longer tokens are no words run together. */
const MOST_UNITS = 48;
/** Nor are those that change between letters and digits more often. */
const MOST_RUNS = 7;

/** What a token has that is of words alone, of numbers alone, or of anything beside letters and ASCII digits. */
export const NO_RUNS: readonly number[] = Object.freeze([]);

/**
 * Where each run of letters or of digits of a part number begins, and where the last ends: 0, 4, 7, 17 for `xbox360controller`.
 * {@link NO_RUNS} for other tokens, for those of which {@link runsOf} gives none, and for those whose text is more than the lower case of
 * what was typed, so that offsets in one are offsets in the other.
 *
 * O(length); allocates for a part number alone.
 */
export function letterDigitRuns(raw: string, token: Token): readonly number[] {
  if (token.class !== 'part-number' || token.text.length > MOST_UNITS) return NO_RUNS;
  return raw.slice(token.start, token.end).toLowerCase() === token.text ? runsOf(token.text) : NO_RUNS;
}

/** The runs of a text in lower case; {@link NO_RUNS} where it has anything but letters and ASCII digits, over 48 code units or seven runs. */
export function runsOf(text: string): readonly number[] {
  if (text.length > MOST_UNITS) return NO_RUNS;
  const runs: number[] = [];
  for (let at = 0; at < text.length; ) {
    if (runs.length === MOST_RUNS) return NO_RUNS;
    runs.push(at);
    const isNumber = isAsciiDigit(text, at);
    while (at < text.length && isAsciiDigit(text, at) === isNumber) {
      if (!isNumber && classAt(text, at) !== LETTER) return NO_RUNS;
      at++;
    }
  }
  runs.push(text.length);
  return runs;
}

/** Whether a code unit of `text` is one of the digits 0 to 9. */
export function isAsciiDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}
