import fc from 'fast-check';
import { boundedDistance } from '../../../../services/rewrite/propose/distance.ts';
import { alignmentDistance } from '../../../support/alignment.ts';

const unitsOf = (word: string): Uint16Array => Uint16Array.from(word, (_, i) => word.charCodeAt(i));
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
/** A word and another one made of it by up to three slips. */
const pair = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '\u4e2d'), maxLength: 40 }),
    fc.array(fc.tuple(fc.nat(3), fc.nat(40)), { maxLength: 3 }),
  )
  .map(([from, slips]): [string, string] => {
    let to = from;
    for (const [kind, place] of slips) {
      const at = place % (to.length + 1);
      const swapped = to
        .slice(at, at + 2)
        .split('')
        .reverse()
        .join('');
      const put = ['e', '', 'e', swapped][kind] ?? '';
      to = to.slice(0, at) + put + to.slice(at + ([0, 1, 1, 2][kind] ?? 0));
    }
    return [from, to];
  });

function bounded(a: string, b: string, limit: number): number {
  // Whatever lies beyond the words in their buffers does not count.
  return boundedDistance(unitsOf(`${a}zz`), a.length, unitsOf(`${b}y`), b.length, limit);
}

describe('boundedDistance', () => {
  it('is the optimal string alignment distance, or one more than the limit where that is passed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(word, word), pair), ([a, b]) => {
        const whole = alignmentDistance(a, b);
        for (const limit of [0, 1, 2]) expect(bounded(a, b, limit)).toBe(Math.min(whole, limit + 1));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['', '', 0],
    ['a', '', 1],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
    ['abcd', 'badc', 2],
    ['aab', 'aba', 1],
    ['tommorow', 'tomorrow', 2],
    ['x'.repeat(100), `${'x'.repeat(99)}y`, 1],
    ['a'.repeat(70), 'b'.repeat(70), 3],
  ])('of %s and %s is %d', (a, b, distance) => {
    expect([bounded(a, b, 2), bounded(b, a, 2)]).toEqual([distance, distance]);
  });
});
