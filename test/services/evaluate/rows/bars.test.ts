import fc from 'fast-check';
import { joinBars, splitBars } from '../../../../services/evaluate/rows/bars.ts';

describe('joinBars', () => {
  it('escapes a bar and leaves other backslashes alone', () => {
    expect(joinBars(['a|b', 'c:\\d', 'e'])).toBe('a\\|b|c:\\d|e');
  });

  it('doubles a backslash only where it would escape a bar', () => {
    expect(joinBars(['a\\', 'b'])).toBe('a\\\\|b');
    expect(splitBars('a\\\\|b')).toEqual(['a\\', 'b']);
  });

  it('gives back every list of texts that are not empty', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '|', '\\', '\u00e9', '\ud83d\ude00'), minLength: 1 });
    fc.assert(fc.property(fc.array(text), (texts) => expect(splitBars(joinBars(texts))).toEqual(texts)));
  });
});
