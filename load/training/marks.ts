/** Letters with marks as people type them without, for training sets. */

const PLAIN: Readonly<Record<string, string>> = { ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  ...PLAIN,
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  å: 'aa',
  ø: 'oe',
  đ: 'dj',
};

/** A text with its letters as they are under their marks: `munchen`. The text itself where none has any. */
export function plain(text: string): string {
  return spelled(text, PLAIN);
}

/** A text with its letters written out where that is usual: `muenchen`, `aarhus`. */
export function writtenOut(text: string): string {
  return spelled(text, WRITTEN_OUT);
}

function spelled(text: string, table: Readonly<Record<string, string>>): string {
  const letters = [...text.normalize('NFC')].map((letter) => table[letter] ?? letter);
  return letters
    .join('')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
}
