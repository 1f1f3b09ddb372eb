/**
 * Misspellings made of correct queries, where nobody has labelled any. Errors of the kinds that people make, in about the
 * shares that are reported of search logs (Cucerzan & Brill 2004; Hagiwara & Suzuki 2009): what they lack is the taste of the
 * owner's own users, so labelled queries are better as soon as there are a few hundred.
 *
 * One error a query, two in one of eight: a word by its length is chosen, short ones and numbers are left alone, and then by
 * the shares below a letter is dropped, doubled, put in, swapped with the next, replaced by a neighbour on the keyboard or by
 * another vowel; or a space is dropped or put in.
 */
import { type Random, seededRandom } from '../../figures/random.ts';
import type { LanguageProfile } from '../../rewrite/language/profile.ts';

/** What generating misspellings needs to know about a language: which letters are vowels, and which keys are neighbours. */
export type Keyboard = Pick<LanguageProfile, 'vowels' | 'keyboardRows'>;

/** Kinds of error with their shares in a hundred. */
const KINDS = [
  ['drop', 22],
  ['vowel', 15],
  ['double', 8],
  ['single', 10],
  ['swap', 12],
  ['neighbour', 9],
  ['insert', 10],
  ['join', 8],
  ['part', 6],
] as const;

type Kind = (typeof KINDS)[number][0];

const TOTAL = KINDS.reduce((sum, [, share]) => sum + share, 0);
/** Shorter words are seldom misspelled, and then into other words. */
const LEAST_LETTERS = 4;
const SECOND_ERROR = 1 / 8;
/** Draws of a word and a kind of error until one fits. */
const TRIES = 40;

/** A misspelling of a query, the same for the same seed; null where no word can be misspelled. */
export function misspell(query: string, keyboard: Keyboard, seed: number): string | null {
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1));
  // The generator's first numbers of neighbouring seeds are alike.
  random();
  const once = withError(query, keyboard, random);
  if (once === null) return null;
  const twice = random() < SECOND_ERROR ? withError(once, keyboard, random) : null;
  // The second may undo the first.
  return twice === null || twice === query ? once : twice;
}

function withError(query: string, keyboard: Keyboard, random: Random): string | null {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const changed = tryError(query, pickKind(random), keyboard, random);
    if (changed !== null && changed !== query) return changed;
  }
  return null;
}

function pickKind(random: Random): Kind {
  let at = random() * TOTAL;
  for (const [kind, share] of KINDS) {
    at -= share;
    if (at < 0) return kind;
  }
  return 'drop';
}

function tryError(query: string, kind: Kind, keyboard: Keyboard, random: Random): string | null {
  if (kind === 'join') {
    const gaps = [...query.matchAll(/(?<=\p{L}) (?=\p{L})/gu)];
    const gap = gaps[Math.floor(random() * gaps.length)];
    return gap === undefined ? null : query.slice(0, gap.index) + query.slice(gap.index + 1);
  }
  const words = [...query.matchAll(/(?<![\p{L}\p{N}'])\p{L}+(?![\p{L}\p{N}'])/gu)].filter(
    ([word]) => word.length >= LEAST_LETTERS,
  );
  const letters = words.reduce((sum, [word]) => sum + word.length, 0);
  let at = random() * letters;
  const chosen = words.find(([word]) => {
    at -= word.length;
    return at < 0;
  });
  if (chosen === undefined) return null;
  const word = respell(chosen[0], kind, keyboard, random);
  return word === null ? null : query.slice(0, chosen.index) + word + query.slice(chosen.index + chosen[0].length);
}

function respell(word: string, kind: Kind, { vowels, keyboardRows }: Keyboard, random: Random): string | null {
  const fits = (i: number): boolean => {
    if (kind === 'single') return i > 0 && word[i] === word[i - 1];
    if (kind === 'vowel') return vowels.includes(word[i]!);
    if (kind === 'swap') return i > 0 && word[i] !== word[i - 1];
    if (kind === 'part') return i > 1 && i < word.length - 1;
    return true;
  };
  // The first letter is right nearly always.
  const places = [...word].map((_, i) => i).filter((i) => (i > 0 || random() < 0.15) && i < word.length && fits(i));
  const i = places[Math.floor(random() * places.length)];
  if (i === undefined) return null;
  const before = word.slice(0, i);
  const after = word.slice(i + 1);
  const letter = word[i]!;
  switch (kind) {
    case 'drop':
    case 'single':
      return before + after;
    case 'double':
      return before + letter + letter + after;
    case 'swap':
      return word.slice(0, i - 1) + letter + word[i - 1] + after;
    case 'part':
      return `${before} ${letter}${after}`;
    case 'vowel':
      return before + another(vowels, letter, random) + after;
    case 'neighbour':
      return before + another(neighbours(keyboardRows, letter), letter, random) + after;
    case 'insert':
      return before + letter + another(neighbours(keyboardRows, letter), letter, random) + after;
    default:
      return null;
  }
}

function another(letters: string, letter: string, random: Random): string {
  const others = [...letters].filter((other) => other !== letter.toLowerCase());
  return others[Math.floor(random() * others.length)] ?? '';
}

/** Keys beside a key: on its row, and on the rows above and below, each row shifted by half a key. */
function neighbours(rows: readonly string[], letter: string): string {
  const row = rows.findIndex((keys) => keys.includes(letter.toLowerCase()));
  if (row < 0) return '';
  const at = rows[row]!.indexOf(letter.toLowerCase());
  const above = rows[row - 1] ?? '';
  const below = rows[row + 1] ?? '';
  const keys = [rows[row]![at - 1], rows[row]![at + 1], above[at], above[at + 1], below[at - 1], below[at]];
  return keys.filter((key) => key !== undefined).join('');
}
