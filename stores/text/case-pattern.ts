/** The case in which a stretch was typed, and how a replacement takes it over. */
import { alignedCase } from './aligned-case.ts';

/**
 * `lower`: no capitals (and all that has no letters of two cases); `title`: the first letter is a capital, and all capitals are
 * first letters of words; `upper`: two or more letters, all capitals; `mixed`: capitals elsewhere (`iPhone`, `PlayStation`).
 */
export type CasePattern = 'lower' | 'title' | 'upper' | 'mixed';

/** The case pattern of a raw stretch of text. O(length). */
export function casePattern(raw: string): CasePattern {
  // Nearly all that is typed into a search box, and asked of every edit of every reading.
  if (raw === raw.toLowerCase()) return 'lower';
  let letters = 0;
  let capitals = 0;
  let inner = 0;
  let isFirst = true;
  let firstIsCapital = false;
  for (const character of raw) {
    const isCapital = character !== character.toLowerCase();
    if (!isCapital && character === character.toUpperCase()) {
      isFirst = true;
      continue;
    }
    if (letters === 0) firstIsCapital = isCapital;
    letters++;
    if (isCapital) {
      capitals++;
      if (!isFirst) inner++;
    }
    isFirst = false;
  }
  if (capitals === 0) return 'lower';
  if (capitals === letters && letters > 1) return 'upper';
  return firstIsCapital && inner === 0 ? 'title' : 'mixed';
}

/**
 * A normalised replacement in the case of what was typed: `upper` all capitals, `title` the first letter of each word a capital
 * (`Newyork` -> `New York`), `mixed` each letter as the typed letter that it stands for (`iPhnoe` -> `iPhone`), else as it is.
 */
export function inCaseOf(typed: string, meant: string): string {
  switch (casePattern(typed)) {
    case 'lower':
      return meant;
    case 'upper':
      return meant.toUpperCase();
    case 'title':
      return meant.split(' ').map(capitalise).join(' ');
    case 'mixed':
      return alignedCase(typed, meant);
  }
}

function capitalise(word: string): string {
  const first = word.codePointAt(0);
  if (first === undefined) return word;
  const letter = String.fromCodePoint(first);
  const upper = letter.toUpperCase();
  // Letters whose capital is two letters (ß) stay as they are, rather than become SS at the start of a word.
  return [...upper].length > 1 ? word : upper + word.slice(letter.length);
}
