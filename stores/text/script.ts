/** Which script a term is written in, cheaply: enough to tell whether a language's knowledge applies to it. */

/** Scripts of letters: `Japanese` is kana with or without Han, `Other` any script that is not listed. */
export const SCRIPTS = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Indic',
  'Thai',
  'Lao',
  'Tibetan',
  'Myanmar',
  'Georgian',
  'Hangul',
  'Ethiopic',
  'Khmer',
  'Japanese',
  'Han',
  'Other',
] as const;

/** What a term is written in: a script, two of them (`Mixed`), or no letters (`None`). */
export type Script = (typeof SCRIPTS)[number] | 'Mixed' | 'None';

/** `[first, last, script]` of the blocks of Unicode 17 that hold letters, in order. */
const BLOCKS: readonly (readonly [number, number, Script])[] = [
  [0xaa, 0xaa, 'Latin'],
  [0xba, 0xba, 'Latin'],
  [0xc0, 0x2af, 'Latin'],
  [0x370, 0x3ff, 'Greek'],
  [0x400, 0x52f, 'Cyrillic'],
  [0x531, 0x58f, 'Armenian'],
  [0x591, 0x5f4, 'Hebrew'],
  [0x600, 0x6ff, 'Arabic'],
  [0x750, 0x77f, 'Arabic'],
  [0x870, 0x8ff, 'Arabic'],
  [0x900, 0x97f, 'Devanagari'],
  [0x980, 0xdff, 'Indic'],
  [0xe01, 0xe7f, 'Thai'],
  [0xe81, 0xeff, 'Lao'],
  [0xf00, 0xfff, 'Tibetan'],
  [0x1000, 0x109f, 'Myanmar'],
  [0x10a0, 0x10ff, 'Georgian'],
  [0x1100, 0x11ff, 'Hangul'],
  [0x1200, 0x139f, 'Ethiopic'],
  [0x1780, 0x17ff, 'Khmer'],
  [0x1c80, 0x1c8f, 'Cyrillic'],
  [0x1c90, 0x1cbf, 'Georgian'],
  [0x1d00, 0x1dbf, 'Latin'],
  [0x1e00, 0x1eff, 'Latin'],
  [0x1f00, 0x1fff, 'Greek'],
  [0x2c60, 0x2c7f, 'Latin'],
  [0x2d00, 0x2d2f, 'Georgian'],
  [0x2d80, 0x2ddf, 'Ethiopic'],
  [0x2de0, 0x2dff, 'Cyrillic'],
  [0x2e80, 0x2fdf, 'Han'],
  [0x3005, 0x3007, 'Han'],
  [0x3041, 0x30ff, 'Japanese'],
  [0x3131, 0x318e, 'Hangul'],
  [0x31f0, 0x31ff, 'Japanese'],
  [0x3400, 0x4dbf, 'Han'],
  [0x4e00, 0x9fff, 'Han'],
  [0xa640, 0xa69f, 'Cyrillic'],
  [0xa720, 0xa7ff, 'Latin'],
  [0xa8e0, 0xa8ff, 'Devanagari'],
  [0xa960, 0xa97c, 'Hangul'],
  [0xa9e0, 0xa9fe, 'Myanmar'],
  [0xaa60, 0xaa7f, 'Myanmar'],
  [0xab01, 0xab2e, 'Ethiopic'],
  [0xab30, 0xab6f, 'Latin'],
  [0xac00, 0xd7ff, 'Hangul'],
  [0xf900, 0xfaff, 'Han'],
  [0xfb00, 0xfb06, 'Latin'],
  [0xfb13, 0xfb17, 'Armenian'],
  [0xfb1d, 0xfb4f, 'Hebrew'],
  [0xfb50, 0xfdff, 'Arabic'],
  [0xfe70, 0xfefc, 'Arabic'],
  [0xff21, 0xff5a, 'Latin'],
  [0xff66, 0xff9d, 'Japanese'],
  [0xffa0, 0xffdc, 'Hangul'],
  [0x1b000, 0x1b16f, 'Japanese'],
  [0x20000, 0x3ffff, 'Han'],
];

/**
 * The script of a term's letters. Digits, marks, apostrophes and signs are of no script; Latin letters among them decide.
 *
 * O(letters x log blocks), a few nanoseconds a letter of ASCII; allocates nothing.
 */
export function scriptOf(term: string): Script {
  let script: Script = 'None';
  for (let i = 0; i < term.length; i++) {
    const codePoint = term.codePointAt(i) as number;
    if (codePoint > 0xffff) i++;
    const found = scriptOfCodePoint(codePoint);
    if (found === 'None' || found === script) continue;
    if (script === 'None') script = found;
    else if (isJapanese(script, found)) script = 'Japanese';
    else return 'Mixed';
  }
  return script;
}

function isJapanese(a: Script, b: Script): boolean {
  return (a === 'Japanese' && b === 'Han') || (a === 'Han' && b === 'Japanese');
}

const LETTER = /^\p{L}$/u;

function scriptOfCodePoint(codePoint: number): Script {
  if (codePoint < 0x80) {
    const lower = codePoint | 0x20;
    return lower >= 0x61 && lower <= 0x7a ? 'Latin' : 'None';
  }
  let low = 0;
  let high = BLOCKS.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const block = BLOCKS[middle] as readonly [number, number, Script];
    if (codePoint < block[0]) high = middle - 1;
    else if (codePoint > block[1]) low = middle + 1;
    else return codePoint === 0xd7 || codePoint === 0xf7 ? 'None' : block[2];
  }
  return LETTER.test(String.fromCodePoint(codePoint)) ? 'Other' : 'None';
}
