/** The case in which a stretch was typed, and how a replacement takes it over. */

/**
 * `lower`: no capitals (and all that has no letters of two cases); `title`: its first letter is a capital, and not all of
 * two or more letters are; `upper`: two or more letters, all capitals; `mixed`: capitals, but not the first letter.
 */
export type CasePattern = 'lower' | 'title' | 'upper' | 'mixed';

/** The case pattern of a raw stretch of text. O(length). */
export function casePattern(raw: string): CasePattern {
  // Nearly all that is typed into a search box, and asked of every edit of every reading.
  if (raw === raw.toLowerCase()) return 'lower';
  let letters = 0;
  let capitals = 0;
  let firstIsCapital = false;
  for (const character of raw) {
    const isCapital = character !== character.toLowerCase();
    if (!isCapital && character === character.toUpperCase()) continue;
    if (letters === 0) firstIsCapital = isCapital;
    letters++;
    if (isCapital) capitals++;
  }
  if (capitals === 0) return 'lower';
  if (capitals === letters && letters > 1) return 'upper';
  return firstIsCapital ? 'title' : 'mixed';
}

/**
 * A normalised replacement in the typed case: `upper` all capitals, `title` the first letter of each word a capital
 * (`Newyork` -> `New York`), else as it is.
 */
export function applyCase(pattern: CasePattern, text: string): string {
  if (pattern === 'upper') return text.toUpperCase();
  if (pattern !== 'title') return text;
  return text.split(' ').map(capitalise).join(' ');
}

function capitalise(word: string): string {
  const first = word.codePointAt(0);
  if (first === undefined) return word;
  const letter = String.fromCodePoint(first);
  const upper = letter.toUpperCase();
  // Letters whose capital is two letters (ß) stay as they are, rather than become SS at the start of a word.
  return [...upper].length > 1 ? word : upper + word.slice(letter.length);
}
