/**
 * Errors of the kinds that labelled sets lack or hold too few of, made of correct queries. Each kind is one function: from the words of
 * a query and a source of random numbers to the query with the error, or null where the query has no place for it.
 */
import { pickIndex, type Random } from '../../services/figures/random.ts';
import { misspell } from '../workloads/misspell.ts';
import { plain, writtenOut } from './marks.ts';

/** Makes one error of a kind. */
export type Kind = (words: readonly string[], random: Random) => string | null;

const WORD = /^\p{Ll}+$/u;
const LONG_WORD = /^\p{Ll}{6,}$/u;
const NUMBER = /^\d{1,4}$/;
const UNIT =
  /^(?:inch|inches|feet|foot|watts?|volts?|gallons?|pack|packs|amps?|years?|months?|days?|weeks?|grams?|ounces?|tons?)$/;
const NUMBER_WITH_UNIT = /^\d{1,4}(?:st|nd|rd|th|gb|tb|ft|in|inch|volt|watt|w|v|k|lb|oz|mm|cm)?$/;
/** Words that people leave out the space beside: they are so short that they do not look like words. */
const FUNCTION_WORDS = new Set(
  'a i an am as at be by do for from how if in is it me my near not of on or so the this to up was we what when where who why with you your'.split(
    ' ',
  ),
);
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  o: '0',
  l: '1',
  i: '1',
  e: '3',
  a: '4',
  s: '5',
  t: '7',
  g: '9',
};
const KEYS_BELOW: Readonly<Record<string, string>> = { p: '0', e: '3', r: '4', t: '5', y: '6', u: '7', i: '8', o: '9' };
const MOST_JOINED_LETTERS = 32;

/** The places of `words` at which `fits` holds, one of them drawn; undefined for none. */
function pickPlace(
  words: readonly string[],
  random: Random,
  fits: (word: string, at: number) => boolean,
): number | undefined {
  const places = words.flatMap((word, at) => (fits(word, at) ? [at] : []));
  return places.length === 0 ? undefined : places[pickIndex(random, places.length)];
}

/** `words` with those from `at` on, `count` of them, replaced by one text. */
function replaced(words: readonly string[], at: number, count: number, text: string): string {
  return [...words.slice(0, at), text, ...words.slice(at + count)].join(' ');
}

/** Three or four words run together, a letter of one wrong: `birthdaycakerecpie`. */
function runOnWithSlip(words: readonly string[], random: Random): string | null {
  const count = random() < 0.6 ? 3 : 4;
  const fits = (_: string, at: number) => {
    const run = words.slice(at, at + count);
    return (
      run.length === count &&
      run.every((word) => WORD.test(word)) &&
      run.join('').length <= MOST_JOINED_LETTERS &&
      run.some((word) => word.length >= 4)
    );
  };
  const at = pickPlace(words, random, fits);
  if (at === undefined) return null;
  const run = words.slice(at, at + count);
  const wrong = pickPlace(run, random, (word) => word.length >= 4);
  if (wrong === undefined) return null;
  const slip = misspell(run[wrong] ?? '', random);
  if (slip === undefined || slip.includes(' ')) return null;
  return replaced(words, at, count, run.with(wrong, slip).join(''));
}

/** Three to five words run together, all right. */
function runOn(words: readonly string[], random: Random): string | null {
  const count = 3 + pickIndex(random, 3);
  const at = pickPlace(words, random, (_, i) => {
    const run = words.slice(i, i + count);
    return run.length === count && run.every((word) => WORD.test(word)) && run.join('').length <= MOST_JOINED_LETTERS;
  });
  return at === undefined ? null : replaced(words, at, count, words.slice(at, at + count).join(''));
}

/** A space left out beside a short, very frequent word: `whatis`, `ilove`, `closeto`. */
function functionRunOn(words: readonly string[], random: Random): string | null {
  const at = pickPlace(words, random, (word, i) => {
    const next = words[i + 1];
    if (next === undefined || !WORD.test(word) || !WORD.test(next)) return false;
    return FUNCTION_WORDS.has(word) || FUNCTION_WORDS.has(next);
  });
  return at === undefined ? null : replaced(words, at, 2, `${words[at]}${words[at + 1]}`);
}

/** An apostrophe a place further on or back, or one key too many: `does'nt`, `theyr'e`. */
function movedApostrophe(words: readonly string[], random: Random): string | null {
  const at = pickPlace(words, random, (word) => /^\p{Ll}{2,}['’]\p{Ll}{1,2}$/u.test(word));
  if (at === undefined) return null;
  const word = words[at] ?? '';
  const mark = word.search(/['’]/u);
  const bare = word.slice(0, mark) + word.slice(mark + 1);
  const to = random() < 0.6 || mark + 1 >= bare.length ? mark - 1 : mark + 1;
  if (to < 1 || to > bare.length) return null;
  return replaced(words, at, 1, `${bare.slice(0, to)}'${bare.slice(to)}`);
}

/** One letter three to five times: `shoeees`. */
function repeatedLetter(words: readonly string[], random: Random): string | null {
  const at = pickPlace(words, random, (word) => WORD.test(word) && word.length >= 4);
  if (at === undefined) return null;
  const word = words[at] ?? '';
  // At the end, and on vowels, more often than not.
  const vowel = [...word].findLastIndex((letter) => 'aeiouy'.includes(letter));
  const draw = random();
  const letter = draw < 0.4 && vowel >= 0 ? vowel : draw < 0.7 ? word.length - 1 : pickIndex(random, word.length);
  const times = 2 + pickIndex(random, 3);
  return replaced(words, at, 1, word.slice(0, letter) + (word[letter] ?? '').repeat(times) + word.slice(letter));
}

/** A hyphen within a word, as of a line that was broken: `in-flatable`. */
function needlessHyphen(words: readonly string[], random: Random): string | null {
  const at = pickPlace(words, random, (word) => LONG_WORD.test(word));
  if (at === undefined) return null;
  const word = words[at] ?? '';
  const cut = 2 + pickIndex(random, word.length - 3);
  return replaced(words, at, 1, `${word.slice(0, cut)}-${word.slice(cut)}`);
}

/**
 * A number and what stands beside it without the spaces between: `windows95`, `500gbhard drive`, on both sides `xbox360controller`; of four one
 * also has a slip in a word (`xbox360controler`).
 */
function gluedNumber(words: readonly string[], random: Random): string | null {
  const isSides = random() < 0.4;
  const at = pickPlace(words, random, (_, i) => {
    if (isSides) return isPart(words[i], 3) && NUMBER.test(words[i + 1] ?? '') && isPart(words[i + 2], 4);
    const isLeft = isPart(words[i], 3) && NUMBER.test(words[i + 1] ?? '');
    // A unit stays with its number.
    return (
      isLeft || (NUMBER_WITH_UNIT.test(words[i] ?? '') && isPart(words[i + 1], 4) && !UNIT.test(words[i + 1] ?? ''))
    );
  });
  if (at === undefined) return null;
  const count = isSides ? 3 : 2;
  const run = words.slice(at, at + count);
  if (random() < 0.25) {
    const wrong = pickPlace(run, random, (word) => isPart(word, 5));
    const slip = wrong === undefined ? undefined : misspell(run[wrong] ?? '', random);
    if (wrong !== undefined && slip !== undefined && WORD.test(slip)) run[wrong] = slip;
  }
  return replaced(words, at, count, run.join(''));
}

/** Whether a word has no capitals and `least` letters or more. */
function isPart(word: string | undefined, least: number): boolean {
  return word !== undefined && word.length >= least && WORD.test(word);
}

/** A digit within a word: for the letter that it looks like (`c0m`), or, of three one, for the letter whose key is below it (`head0hones`). */
function lookAlikeDigit(words: readonly string[], random: Random): string | null {
  const digits = random() < 0.67 ? LOOK_ALIKES : KEYS_BELOW;
  const at = pickPlace(words, random, (word) => WORD.test(word) && word.length >= (digits === LOOK_ALIKES ? 4 : 7));
  if (at === undefined) return null;
  const word = words[at] ?? '';
  const place = pickPlace(
    [...word],
    random,
    (letter, i) => digits[letter] !== undefined && i > 0 && i < word.length - 1,
  );
  if (place === undefined) return null;
  return replaced(words, at, 1, word.slice(0, place) + digits[word[place] ?? ''] + word.slice(place + 1));
}

/** The last one to three letters of the last word not typed: `wireless headpho`. */
function cutShort(words: readonly string[], random: Random): string | null {
  const last = words.length - 1;
  const word = words[last] ?? '';
  if (words.length < 2 || !LONG_WORD.test(word)) return null;
  return replaced(words, last, 1, word.slice(0, -1 - pickIndex(random, 3)));
}

/** The space between two words a letter too early or too late: `diverte rhandle`. */
function movedSpace(words: readonly string[], random: Random): string | null {
  const at = pickPlace(
    words,
    random,
    (word, i) => WORD.test(word) && word.length >= 3 && (words[i + 1] ?? '').length >= 3,
  );
  if (at === undefined) return null;
  const joined = `${words[at]}${words[at + 1]}`;
  const cut = (words[at] ?? '').length + (random() < 0.5 ? -1 : 1);
  return replaced(words, at, 2, `${joined.slice(0, cut)} ${joined.slice(cut)}`);
}

/** The marks of a word left out, or its letters written out: `Munchen`, `Muenchen`. */
function withoutMarks(words: readonly string[], random: Random): string | null {
  const at = pickPlace(words, random, (word) => word.length >= 4 && plain(word) !== word);
  if (at === undefined) return null;
  const word = words[at] ?? '';
  // Left out more often than written out, as far as that is another spelling.
  return replaced(words, at, 1, random() < 0.7 ? plain(word) : writtenOut(word));
}

/** All kinds by the name of their set, how many rows of each are made, and of what: correct queries, if nothing is said. */
export const KINDS: Readonly<
  Record<string, { readonly make: Kind; readonly rows: number; readonly of?: 'queries' | 'places' }>
> = {
  train_moved: { make: movedSpace, rows: 120 },
  train_run_on_slip: { make: runOnWithSlip, rows: 160 },
  train_run_on: { make: runOn, rows: 80 },
  train_function_words: { make: functionRunOn, rows: 160 },
  train_apostrophe: { make: movedApostrophe, rows: 80 },
  train_repeated: { make: repeatedLetter, rows: 100 },
  train_hyphen: { make: needlessHyphen, rows: 80 },
  train_glued: { make: gluedNumber, rows: 160 },
  train_digit: { make: lookAlikeDigit, rows: 80 },
  train_cut: { make: cutShort, rows: 60 },
  train_marks: { make: withoutMarks, rows: 120, of: 'places' },
};
