import { comparable, wordsOf } from '../../../../services/evaluate/rows/comparable.ts';

describe('comparable', () => {
  it.each([
    ['New  York ', 'new york'],
    ['\tnew\u00a0york\u3000', 'new york'],
    ['paula deen’s ‘brother’', "paula deen's 'brother'"],
    ['3′ “pipe”', `3' "pipe"`],
    ['Cafe\u0301', 'caf\u00e9'],
    ['\u0130stanbul', 'i\u0307stanbul'.normalize('NFC')],
    ['', ''],
    [' ', ''],
    ['a-b c_d', 'a-b c_d'],
  ])('compares %j as %j', (text, form) => {
    expect(comparable(text)).toBe(form);
    expect(comparable(form)).toBe(form);
  });

  it('keeps accents and full-width letters apart from plain ones: it is NFC, not NFKC', () => {
    expect(comparable('café')).not.toBe(comparable('cafe'));
    expect(comparable('ａ')).not.toBe('a');
  });

  it('splits into words', () => {
    expect(wordsOf('')).toEqual([]);
    expect(wordsOf('new york')).toEqual(['new', 'york']);
  });
});
