import { Coherence } from '../../../services/rewrite/coherence.ts';
import type { Arc } from '../../../services/rewrite/lattice.ts';
import { FIRST_TERM_ID, NUMBER_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import { encodeVectors, vectorArrays } from '../../../stores/vectors/format.ts';
import { Vectors } from '../../../stores/vectors/vectors.ts';

/** Three of a kind, one of another, and two without a vector. */
const COMMON = FIRST_TERM_ID;
const [LAMP, SHADE, LIGHT, GOAT, OTHER] = [5, 6, 7, 8, 9];
const ids = [LAMP!, SHADE!, LIGHT!, GOAT!];
const values = Int8Array.of(120, 0, 120, 40, 120, -40, 0, 120);
const vectors = new Vectors(encodeVectors(vectorArrays(ids, 10, values, 2)), 'test');

function arcs(...rows: number[][]): Arc[] {
  return rows.map((row) => ({ ids: row }) as unknown as Arc);
}

function measured(coherence: Coherence, ...rows: number[][]): number[] {
  coherence.measure(arcs(...rows));
  return [coherence.words, coherence.best, coherence.mean];
}

describe('Coherence', () => {
  const coherence = new Coherence(vectors);
  const lampShade = (120 * 120) / 40_000;
  const shadeLight = (120 * 120 - 40 * 40) / 40_000;

  it('adds up the nearest and the mean cosine of each word, over whatever arcs', () => {
    const best = 3 * lampShade;
    const mean = lampShade + 2 * ((lampShade + shadeLight) / 2);
    for (const rows of [
      [[LAMP!], [SHADE!], [LIGHT!]],
      [[LAMP!, SHADE!], [LIGHT!]],
    ]) {
      const [words, foundBest, foundMean] = measured(coherence, ...rows);
      expect(words).toBe(3);
      expect(foundBest).toBeCloseTo(best, 10);
      expect(foundMean).toBeCloseTo(mean, 10);
    }
  });

  it('tells what goes together from what does not', () => {
    const together = measured(coherence, [LAMP!], [SHADE!])[1]!;
    const apart = measured(coherence, [LAMP!], [GOAT!])[1]!;
    expect(together).toBeGreaterThan(apart);
  });

  it('passes over numbers, unknown words and those without a vector', () => {
    const plain = measured(coherence, [LAMP!], [SHADE!]);
    expect(measured(coherence, [COMMON], [LAMP!], [NUMBER_ID], [UNKNOWN_ID], [OTHER!], [SHADE!])).toEqual(plain);
    expect(measured(coherence, [LAMP!], [OTHER!])).toEqual([1, 0, 0]);
    expect(measured(coherence)).toEqual([0, 0, 0]);
  });

  it('looks no further than six words to either side', () => {
    const goats = Array.from({ length: 6 }, () => [GOAT!]);
    const [, best] = measured(coherence, [LAMP!], ...goats, [SHADE!]);
    // The goats are like one another; the lamp and the shade see goats alone.
    expect(best).toBeCloseTo(6 * lampShade + 0 + (40 * 120) / 40_000, 10);
  });

  it('takes any length', () => {
    const long = Array.from({ length: 5000 }, () => [LAMP!]);
    const [words, best] = measured(coherence, ...long);
    expect(words).toBe(256);
    expect(best).toBeCloseTo(256 * lampShade, 6);
  });

  it('says nothing without vectors', () => {
    expect(measured(new Coherence(undefined), [LAMP!], [SHADE!])).toEqual([0, 0, 0]);
  });
});
