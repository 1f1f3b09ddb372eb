import fc from 'fast-check';
import { Channel, EDIT_TYPES } from '../../../../services/rewrite/propose/channel.ts';
import { ENGLISH_PARAMETERS, ENGLISH_PROFILE } from '../../../support/english.ts';

const P = ENGLISH_PARAMETERS.costs;
const channel = new Channel(P, ENGLISH_PROFILE);
const unitsOf = (word: string): Uint16Array => Uint16Array.from(word, (_, i) => word.charCodeAt(i));
const cost = (typed: string, meant: string): number =>
  channel.editCost(unitsOf(typed), typed.length, unitsOf(meant), meant.length);

const NEIGHBOURS = new Set(['er', 're', 'rt', 'tr']);

/** What one letter typed for another costs, among the letters of these tests. */
function substitution(typed: string, meant: string): number {
  if (typed.normalize('NFD')[0] === meant.normalize('NFD')[0]) return P.diacritic;
  if ('aeiouy'.includes(typed) && 'aeiouy'.includes(meant)) return P.vowelForVowel;
  return NEIGHBOURS.has(typed + meant) ? P.adjacentKey : P.substitution;
}

/** The cheapest alignment, where a letter that is what was meant is never touched, by trying all. */
function naiveCost(typed: string, meant: string): number {
  const known = new Map<number, number>();
  const from = (i: number, j: number): number => {
    const key = 100 * i + j;
    const found = known.get(key);
    if (found !== undefined) return found;
    const [t, m] = [typed[i - 1], meant[j - 1]];
    let least = i === 0 && j === 0 ? 0 : Number.POSITIVE_INFINITY;
    if (t !== undefined && t === m) least = from(i - 1, j - 1);
    else {
      if (t !== undefined) {
        const single = t === "'" ? P.apostrophe : P.insertion + (i === 1 ? P.firstLetter : 0);
        const added = t === typed[i - 2] ? P.doubledLetter : single;
        least = Math.min(least, from(i - 1, j) + added);
      }
      if (m !== undefined) {
        const single = m === "'" ? P.apostrophe : P.deletion + (j === 1 ? P.firstLetter : 0);
        const omitted = m === meant[j - 2] ? P.doubledLetter : single;
        least = Math.min(least, from(i, j - 1) + omitted);
      }
      if (t !== undefined && m !== undefined) {
        const first = i === 1 && j === 1 ? P.firstLetter : 0;
        least = Math.min(least, from(i - 1, j - 1) + substitution(t, m) + first);
        if (i > 1 && j > 1 && t === meant[j - 2] && typed[i - 2] === m) {
          least = Math.min(least, from(i - 2, j - 2) + P.transposition + (i === 2 && j === 2 ? P.firstLetter / 2 : 0));
        }
      }
    }
    known.set(key, least);
    return least;
  };
  return from(typed.length, meant.length);
}

const word = fc.string({ unit: fc.constantFrom('a', 'e', 'i', 'r', 't', "'", 'é'), maxLength: 8 });

describe('Channel', () => {
  it('costs what the cheapest alignment does', () => {
    fc.assert(
      fc.property(word, word, (typed, meant) => {
        expect(cost(typed, meant)).toBeCloseTo(naiveCost(typed, meant), 9);
      }),
      { numRuns: 1000 },
    );
  });

  it('costs nothing to type what was meant, and something to type anything else', () => {
    fc.assert(
      fc.property(word, word, (typed, meant) => {
        expect(cost(typed, typed)).toBe(0);
        expect(cost(typed, meant) > 0).toBe(typed !== meant);
      }),
    );
  });

  it('takes slips of the hand and the ear for likelier than others', () => {
    const [ear, key, other] = [cost('rilative', 'relative'), cost('nerwork', 'network'), cost('nezwork', 'network')];
    expect([ear, key, other]).toEqual([P.vowelForVowel, P.adjacentKey, P.substitution]);
    expect(cost('adidsa', 'adidas')).toBe(P.transposition);
    expect(cost('khone', 'phone')).toBe(P.substitution + P.firstLetter);
  });

  it('forgives marks and apostrophes most', () => {
    const out = new Float64Array(EDIT_TYPES.length);
    expect(channel.countEdits('jalapeno', 'jalapeño', out, 0)).toBe(P.diacritic);
    expect(channel.countEdits("levi's", 'levis', out, 0)).toBe(P.apostrophe);
    expect(channel.countEdits('dont', "don't", out, 0)).toBe(P.apostrophe);
    expect(out[EDIT_TYPES.indexOf('diacritic')]).toBe(1);
    expect(out[EDIT_TYPES.indexOf('apostrophe')]).toBe(2);
    expect(cost('čajka', 'cajka')).toBe(P.diacritic + P.firstLetter);
    expect(cost('đ', 'd')).toBeGreaterThan(P.diacritic + P.firstLetter);
  });

  it('takes a letter typed twice for any letter too many, and cheaper ones from the third on', () => {
    expect(cost('bookk', 'book')).toBe(P.insertion);
    expect(cost('tomorow', 'tomorrow')).toBe(P.deletion);
    expect(cost('bookkk', 'book')).toBe(P.insertion + P.doubledLetter);
  });

  it('gives up on words of more than 64 letters', () => {
    expect(cost('a'.repeat(64), 'a'.repeat(64))).toBe(0);
    expect(cost('a'.repeat(65), 'a')).toBe(Number.POSITIVE_INFINITY);
    const out = new Float64Array(EDIT_TYPES.length);
    expect(channel.countEdits('a'.repeat(65), 'a', out, 0)).toBe(50);
    expect([...out]).toEqual(EDIT_TYPES.map(() => 0));
  });

  it('counts the edits of an alignment that costs as much', () => {
    const prices = [P.substitution, P.adjacentKey, P.vowelForVowel, P.insertion, P.deletion];
    // The first and the last letter touched, and a last s, are no edits of their own.
    prices.push(P.doubledLetter, P.doubledLetter, P.transposition, 0, 0, 0, P.diacritic, P.apostrophe);
    fc.assert(
      fc.property(word, word, (typed, meant) => {
        const out = new Float64Array(EDIT_TYPES.length + 1);
        const total = channel.countEdits(typed, meant, out, 1);
        expect(total).toBeCloseTo(cost(typed, meant), 9);
        const counted = prices.reduce((sum, price, i) => sum + price * (out[1 + i] ?? 0), 0);
        // The first letter touched costs extra, at most once on each side.
        expect(total - counted).toBeGreaterThanOrEqual(-1e-9);
        expect(total - counted).toBeLessThanOrEqual(2 * P.firstLetter + 1e-9);
        expect(out[0]).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
