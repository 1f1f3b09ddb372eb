import fc from 'fast-check';
import { boundedDistance } from '../../../../services/rewrite/propose/distance.ts';
import { DistanceFrom, NOT_PLAIN } from '../../../../services/rewrite/propose/distance-from.ts';

const units = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i));
const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'c', "'"), minLength: 1, maxLength: 31 });
const marked = fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'ж'), minLength: 1, maxLength: 12 });

describe('DistanceFrom', () => {
  const from = new DistanceFrom();
  /** Of a term that lies among others. */
  const distance = (typed: string, meant: string, limit: number) => {
    const bytes = Buffer.from(`ab${meant}ba`);
    from.begin(units(typed), typed.length);
    return from.to(bytes, 2, bytes.length - 2, limit);
  };

  it('gives the distance of the table as far as it is within the limit, and more beyond', () => {
    fc.assert(
      fc.property(plain, plain, fc.integer({ min: 0, max: 2 }), (typed, meant, limit) => {
        const expected = boundedDistance(units(typed), typed.length, units(meant), meant.length, limit);
        expect(Math.min(limit + 1, distance(typed, meant, limit))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds one and two slips of words of all lengths', () => {
    fc.assert(
      fc.property(plain, fc.array(fc.tuple(fc.nat(3), fc.nat(31)), { maxLength: 2 }), (meant, slips) => {
        let typed = meant;
        for (const [kind, place] of slips) typed = slip(typed, kind, place % typed.length);
        const expected = boundedDistance(units(typed), typed.length, units(meant), meant.length, 2);
        if (typed.length > 31) expect(distance(typed, meant, 2)).toBe(NOT_PLAIN);
        else expect(Math.min(3, distance(typed, meant, 2))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('says of what is not ASCII that it cannot tell, unless it has too few bytes', () => {
    fc.assert(
      fc.property(plain, marked, (typed, meant) => {
        const isPlain = /^[a-z']*$/.test(meant);
        const found = distance(typed, meant, 2);
        if (!isPlain) expect(found === NOT_PLAIN || Buffer.byteLength(meant) < typed.length - 2).toBe(true);
        if (!isPlain) expect(distance(meant, typed, 2)).toBe(NOT_PLAIN);
      }),
    );
  });
});

function slip(word: string, kind: number, at: number): string {
  const rest = word.slice(at + 1);
  if (kind === 0 && word.length > 1) return word.slice(0, at) + rest;
  if (kind === 1) return `${word.slice(0, at)}x${word.slice(at)}`;
  if (kind === 2) return `${word.slice(0, at)}y${rest}`;
  return word.slice(0, at) + rest.slice(0, 1) + word.slice(at, at + 1) + rest.slice(1);
}
