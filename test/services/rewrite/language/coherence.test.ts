import { Coherence, MOST_WORDS } from '../../../../services/rewrite/language/coherence.ts';
import { FIRST_TERM_ID, NUMBER_ID, UNKNOWN_ID } from '../../../../stores/lexicon/format.ts';
import { MISS } from '../../../../stores/store.ts';
import { encodeVectors, vectorArrays } from '../../../../stores/vectors/format.ts';
import { Vectors } from '../../../../stores/vectors/vectors.ts';

/** Three of a kind, one of another, and two without a vector. */
const COMMON = FIRST_TERM_ID;
const [LAMP, SHADE, LIGHT, GOAT, OTHER] = [5, 6, 7, 8, 9];
const ids = [LAMP!, SHADE!, LIGHT!, GOAT!];
const values = Int8Array.of(120, 0, 120, 40, 120, -40, 0, 120);
const vectors = new Vectors(encodeVectors(vectorArrays(ids, 10, values, 2)), 'test');

function measured(coherence: Coherence, ...ids: number[]): number[] {
  const rows = ids.map((id) => coherence.rowOf(id)).filter((row) => row !== MISS);
  coherence.rows.set(rows.slice(0, MOST_WORDS));
  coherence.measure(Math.min(rows.length, MOST_WORDS));
  return [coherence.words, coherence.best, coherence.mean];
}

describe('Coherence', () => {
  const coherence = new Coherence(vectors);
  const lampShade = (120 * 120) / 40_000;
  const shadeLight = (120 * 120 - 40 * 40) / 40_000;

  it('adds up the nearest and the mean cosine of each word', () => {
    const [words, best, mean] = measured(coherence, LAMP!, SHADE!, LIGHT!);
    expect(words).toBe(3);
    expect(best).toBeCloseTo(3 * lampShade, 10);
    expect(mean).toBeCloseTo(lampShade + 2 * ((lampShade + shadeLight) / 2), 10);
  });

  it('tells what goes together from what does not', () => {
    const together = measured(coherence, LAMP!, SHADE!)[1]!;
    const apart = measured(coherence, LAMP!, GOAT!)[1]!;
    expect(together).toBeGreaterThan(apart);
  });

  it('passes over numbers, unknown words and those without a vector', () => {
    const plain = measured(coherence, LAMP!, SHADE!);
    expect(measured(coherence, COMMON, LAMP!, NUMBER_ID, UNKNOWN_ID, OTHER!, SHADE!)).toEqual(plain);
    expect(measured(coherence, LAMP!, OTHER!)).toEqual([1, 0, 0]);
    expect(measured(coherence)).toEqual([0, 0, 0]);
  });

  it('looks no further than six words to either side', () => {
    const goats = Array.from({ length: 6 }, () => GOAT!);
    const [, best] = measured(coherence, LAMP!, ...goats, SHADE!);
    // The goats are like one another; the lamp and the shade see goats alone.
    expect(best).toBeCloseTo(6 * lampShade + 0 + (40 * 120) / 40_000, 10);
  });

  it('takes any length', () => {
    const long = Array.from({ length: 5000 }, () => LAMP!);
    const [words, best] = measured(coherence, ...long);
    expect(words).toBe(256);
    expect(best).toBeCloseTo(256 * lampShade, 6);
  });

  it('says nothing without vectors', () => {
    expect(measured(new Coherence(undefined), LAMP!, SHADE!)).toEqual([0, 0, 0]);
  });
});
