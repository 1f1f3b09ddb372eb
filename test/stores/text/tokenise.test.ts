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

  it.each(['plain', 'lucene', 'document'] as const)('costs work in proportion to its length: %s', (mode) => {
    for (const part of parts) {
      const raw = part.repeat(Math.ceil(16_384 / part.length));
      const scanner = new Scanner(raw, mode);
      scanner.scan();
      expect([part, scanner.work.units <= 8 * raw.length]).toEqual([part, true]);
    }
  });
});
