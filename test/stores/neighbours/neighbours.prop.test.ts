import fc from 'fast-check';
import { seededRandom } from '../../../services/figures/random.ts';
import { addNeighbours, emptyNeighbours, encodeNeighbours, WIDE_TERMS } from '../../../stores/neighbours/format.ts';
import { Neighbours } from '../../../stores/neighbours/neighbours.ts';

const TERMS = WIDE_TERMS + 2000;
/** The first, those on both sides of where signatures get narrow, and the last. */
const id = fc.oneof(
  fc.integer({ min: 0, max: TERMS - 1 }),
  fc.integer({ min: WIDE_TERMS - 3, max: WIDE_TERMS + 3 }),
  fc.constantFrom(0, 1, TERMS - 1),
);

function neighboursOf(pairs: readonly (readonly [number, number])[]): Neighbours {
  const arrays = emptyNeighbours(TERMS);
  for (const [first, second] of pairs) addNeighbours(arrays, first, second);
  return new Neighbours(encodeNeighbours(arrays), 'test');
}

describe('Neighbours', () => {
  it('never turns away a pair that it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 300 }), (pairs) => {
        const neighbours = neighboursOf(pairs);
        for (const [first, second] of pairs) expect(neighbours.mayFollow(first, second)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('says of many terms after one what it says of each', () => {
    const terms = fc.array(id, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 300 }), terms, fc.nat(), (pairs, others, from) => {
        const neighbours = neighboursOf(pairs);
        const seconds = Int32Array.from([...others, ...pairs.map(([, second]) => second)]);
        const start = from % seconds.length;
        for (const first of [...others, ...pairs.slice(0, 40).map(([one]) => one)]) {
          const marks = new Uint8Array(seconds.length).fill(7);
          neighbours.markFollowers(first, seconds, start, seconds.length, marks);
          const expected = Array.from(seconds, (second, i) =>
            i < start ? 7 : Number(neighbours.mayFollow(first, second)),
          );
          expect([...marks]).toEqual(expected);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('turns nearly all others away: as many as its bits promise', () => {
    const random = seededRandom(7);
    const any = () => Math.floor(random() * TERMS);
    const pairs = Array.from({ length: 4 * TERMS }, () => [any(), any()] as const);
    const given = new Set(pairs.map(([first, second]) => first * TERMS + second));
    const neighbours = neighboursOf(pairs);
    // Four neighbours on each side: of 256 bits 1.6 % are set, of 32 bits 12 %; both sides must have theirs.
    let [wide, narrow] = [0, 0];
    for (let i = 0; i < 50_000; i++) {
      const [first, second] = [any() % WIDE_TERMS, any() % WIDE_TERMS];
      if (!given.has(first * TERMS + second) && neighbours.mayFollow(first, second)) wide++;
      const [third, fourth] = [WIDE_TERMS + (any() % 2000), WIDE_TERMS + (any() % 2000)];
      if (!given.has(third * TERMS + fourth) && neighbours.mayFollow(third, fourth)) narrow++;
    }
    expect(wide / 50_000).toBeLessThan(0.001);
    expect(narrow / 50_000).toBeGreaterThan(0.005);
    expect(narrow / 50_000).toBeLessThan(0.025);
  });
});
