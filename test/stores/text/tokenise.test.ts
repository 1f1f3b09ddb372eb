import { readFileSync } from 'node:fs';
import { Scanner } from '../../../stores/text/scanner.ts';
import type { ScanMode, Token } from '../../../stores/text/token.ts';
import { tokenise, tokeniseDocument } from '../../../stores/text/tokenise.ts';

function scan(raw: string, mode: ScanMode): Token[] {
  return mode === 'document' ? tokeniseDocument(raw) : tokenise(raw, { syntax: mode });
}

function shown(tokens: readonly Token[]): string {
  return tokens.map((token) => `${token.breakBefore ? '/ ' : ''}${token.class}<${token.text}>`).join(' ');
}

function examples(): [ScanMode, string, string][] {
  const text = readFileSync(new URL('../../../stores/text/FORMAT.md', import.meta.url), 'utf8');
  const found: [ScanMode, string, string][] = [];
  for (const [, mode, body] of text.matchAll(/```(plain|lucene|document)\n(.*?)```/gs)) {
    for (const line of (body as string).trim().split('\n')) {
      const [raw, expected] = line.split(/ *=> /);
      found.push([mode as ScanMode, raw as string, expected as string]);
    }
  }
  return found;
}

describe('the examples of FORMAT.md', () => {
  it('are there', () => expect(examples().length).toBeGreaterThan(30));

  it.each(examples())('%s: %s', (mode, raw, expected) => {
    expect(shown(scan(raw, mode))).toBe(expected);
  });
});

describe('offsets', () => {
  it('leave the hyphen between two words outside', () => {
    expect(tokenise('wi-fi', { syntax: 'plain' }).map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [3, 5],
    ]);
  });

  it('keep invisible characters inside the stretch and out of the text', () => {
    expect(tokenise('\ufeffa so\u00adft\u200b b', { syntax: 'plain' })).toEqual([
      { class: 'word', start: 1, end: 2, text: 'a', breakBefore: false },
      { class: 'word', start: 3, end: 9, text: 'soft', breakBefore: false },
      { class: 'word', start: 10, end: 11, text: 'b', breakBefore: false },
    ]);
  });

  it('never part a letter from its marks', () => {
    expect(
      tokenise('cafe\u0301s 1\ufe0f\u20e3', { syntax: 'plain' }).map(({ start, end, text }) => [start, end, text]),
    ).toEqual([
      [0, 6, 'cafés'],
      [7, 10, '1\u20e3'],
    ]);
  });

  it('count code units beyond the basic plane as two', () => {
    expect(tokenise('😀 𝐡𝐢', { syntax: 'plain' })).toEqual([
      { class: 'symbol', start: 0, end: 2, text: '😀', breakBefore: false },
      { class: 'word', start: 3, end: 7, text: 'hi', breakBefore: false },
    ]);
  });
});

describe('letters beyond the basic plane', () => {
  it.each([
    ['𞤢. 𞤣. b', 'word<𞤢> word<𞤣> word<b>'],
    ['𞤢𞤣. b', 'word<𞤢𞤣> / word<b>'],
    ['e\u0301. x', 'word<é> word<x>'],
    ['𝐚𝟏 𝟏𝟎𝐦𝐦 𝟏𝐚 𝟐𝐱𝟒', 'part-number<a1> number<10mm> number<1a> number<2x4>'],
    ['𞤢#tag #𞤢 😀#tag', 'word<𞤢> word<tag> field<#𞤢> symbol<😀> field<#tag>'],
    ['-𝟓 $𝟓 $.𝟓 𝟓% 𝟓0%', 'number<-5> number<$5> number<$.5> number<5%> number<50%>'],
    ["6''𝐱 6''", "number<6> word<x> number<6''>"],
    ["𞤢'𞤣 𞤢-𞤣", "word<𞤢'𞤣> word<𞤢> word<𞤣>"],
  ])('%s', (raw, expected) => {
    expect(shown(tokenise(raw, { syntax: 'plain' }))).toBe(expected);
  });
});

describe('marks that tell the direction of writing', () => {
  it.each([
    ['\u202ahedphones\u202c', [[1, 10]]],
    [
      '\u2067wrod\u2069 \u2066b\u2069',
      [
        [1, 5],
        [8, 9],
      ],
    ],
    ['\u200ehed\u200ephones\u200e.', [[1, 11]]],
    ['a\u202c\u200bb\u202c\u202c', [[0, 4]]],
    [
      '\u202a50%\u202c "x"\u200f',
      [
        [1, 4],
        [6, 9],
      ],
    ],
    ['e\u200f\u0301', [[0, 3]]],
  ] as const)('stay outside of the token that they close: %j', (raw, expected) => {
    expect(tokenise(raw, { syntax: 'plain' }).map(({ start, end }) => [start, end])).toEqual(expected);
  });
});

describe('text that no one should type', () => {
  it.each([
    '',
    ' ',
    '\0',
    '\ud800',
    '\udc00',
    '\u0301',
    '"',
    '""',
    '::',
    '@',
    '#',
    '-',
    '--',
    "'",
    '.',
    '*',
    '(',
    '\\',
    '~',
    '[',
    '/',
  ])('is read without an error: %j', (raw) => {
    for (const mode of ['plain', 'lucene', 'document'] as const) expect(() => scan(raw, mode)).not.toThrow();
  });

  it('takes NUL for a separator and a lone surrogate for a symbol', () => {
    expect(shown(tokenise('a\0b \ud800', { syntax: 'plain' }))).toBe('word<a> word<b> symbol<\ud800>');
  });

  const parts = [
    ...[
      '"',
      '“',
      '«',
      '»',
      '「',
      ':',
      'a:',
      'a:"',
      'a:(',
      'a:[',
      'a:/',
      '(',
      '[',
      '[a TO ',
      '{',
      '/',
      '/a ',
      '\\',
      '*',
      '?',
      '~',
    ],
    ...[
      '@',
      'a@',
      'a@b',
      'a.',
      '.a',
      '1.',
      '1-',
      'a-',
      '-a',
      '-1',
      "a'",
      "1'",
      '$',
      '$1',
      '#',
      '#a',
      '#1',
      'a#',
      'a++',
      '+',
      '+1',
    ],
    ...[
      'http://',
      'www.',
      'a.com',
      'a.com/',
      'a\u0301',
      '\u0301',
      '\u200b',
      '中',
      '中a',
      '😀',
      '\ud800',
      'a:« ',
      '1"',
      "1''",
      'a:)',
      'a/b(',
    ],
    ...[
      '/\\/ ',
      'x:{a ',
      'a:« b » ',
      '" a:',
      '\\" ',
      '%',
      '1%',
      '20€',
      '€',
      '. ',
      'a.b.c@',
      'A',
      'OR ',
      '&&',
      '1/',
      '9a',
      '1x',
    ],
  ];

  it('costs work in proportion to its length, whatever kinds of characters it repeats', () => {
    const categories =
      'Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn'.split(' ');
    const kinds = categories.flatMap((category) => {
      const pattern = new RegExp(`^\\p{${category}}$`, 'u');
      const found: string[] = [];
      for (let codePoint = 0x80; codePoint < 0x30000 && found.length < 3; codePoint += found.length === 0 ? 1 : 61) {
        const character = String.fromCodePoint(codePoint);
        if (pattern.test(character)) found.push(character);
      }
      return found;
    });
    expect(kinds.length).toBeGreaterThan(55);
    const partners = [
      '',
      ...`'"#@$%+-.:/\\(*a1`,
      '\u0301',
      '\u200b',
      '\u202c',
      '％',
      '：',
      '𞤢',
      'ŀ',
      '\u{1f3f4}\u{e0067}',
    ];
    for (const kind of kinds) {
      for (const part of partners.map((partner) => kind + partner)) {
        const raw = part.repeat(Math.ceil(600 / part.length));
        for (const mode of ['plain', 'lucene', 'document'] as const) {
          const scanner = new Scanner(raw, mode);
          scanner.scan();
          expect([part, mode, scanner.work.units <= 8 * raw.length]).toEqual([part, mode, true]);
        }
      }
    }
  });

  it.each(['plain', 'lucene', 'document'] as const)('costs work in proportion to its length: %s', (mode) => {
    for (const part of parts) {
      const raw = part.repeat(Math.ceil(16_384 / part.length));
      const scanner = new Scanner(raw, mode);
      scanner.scan();
      expect([part, scanner.work.units <= 8 * raw.length]).toEqual([part, true]);
    }
  });
});
