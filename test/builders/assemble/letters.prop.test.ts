import fc from 'fast-check';
import { learnLetters } from '../../../builders/assemble/letters.ts';
import { LETTER_STEP, MAX_LETTERS } from '../../../stores/letters/format.ts';

const words = fc.array(fc.string({ minLength: 1, maxLength: 9, unit: fc.constantFrom(..."abcdeé'ж") }), {
  maxLength: 30,
});

describe('a letter model', () => {
  it('shares out probability one among the letters after any context', () => {
    fc.assert(
      fc.property(words, (list) => {
        const { letters, costs } = learnLetters(list);
        const size = letters.length + 2;
        for (let row = 0; row < costs.length; row += size) {
          let sum = 0;
          for (let code = 0; code < size; code++) sum += Math.exp(-costs[row + code]! * LETTER_STEP);
          expect(Math.abs(sum - 1)).toBeLessThan(0.05);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('does not depend on the order of the words', () => {
    fc.assert(
      fc.property(words, (list) => {
        expect(learnLetters([...list].reverse())).toEqual(learnLetters(list));
      }),
      { numRuns: 8 },
    );
  });

  it('names the commonest letters where there are more than it can', () => {
    const list = Array.from({ length: 60 }, (_, i) => String.fromCharCode(0x4e00 + i).repeat(i + 1));
    const { letters } = learnLetters(list);
    expect(letters).toEqual(Array.from({ length: MAX_LETTERS }, (_, i) => 0x4e00 + 59 - i));
  });
});
