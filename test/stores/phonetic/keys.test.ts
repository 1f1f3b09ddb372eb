import fc from 'fast-check';
import { englishKey, MAX_KEY_LENGTH } from '../../../stores/phonetic/english.ts';

function keyOf(word: string): string {
  const out = new Uint8Array(MAX_KEY_LENGTH);
  const length = englishKey(
    Uint16Array.from(word, (_, i) => word.charCodeAt(i)),
    word.length,
    out,
  );
  return String.fromCharCode(...out.subarray(0, length));
}

describe('englishKey', () => {
  it.each([
    ['reciptical', 'receptacle'],
    ['milwoki', 'milwaukee'],
    ['fizzix', 'physics'],
    ['spicket', 'spigot'],
    ['restaint', 'resistant'],
    ['medialons', 'medallions'],
    ['egnighter', 'igniter'],
    ['nite', 'knight'],
    ['assesories', 'accessories'],
    ['kichen', 'kitchen'],
    ['rong', 'wrong'],
    ['sychology', 'psychology'],
    ['tomm', 'tomb'],
    ['dogs', "dog's"],
  ])('is the same for %s and %s', (typed, meant) => {
    expect(keyOf(typed)).toBe(keyOf(meant));
  });

  it.each([
    ['receptacle', 'RSPTKL'],
    ['examination', 'AKSMNXN'],
    ['xylophone', 'SLFN'],
    ['whale', 'WL'],
    ['anticonstitutionally', 'ANTKNSTXNL'],
    ['', ''],
    ['straße', ''],
    ['b2b', ''],
  ])('of %s is %j', (word, key) => {
    expect(keyOf(word)).toBe(key);
  });

  it('is upper-case letters, none twice in a row, at most ten', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z'-]{0,40}$/), (word) => {
        expect(keyOf(word)).toMatch(/^(?:([A-Z])(?!\1)){0,10}$/);
      }),
    );
  });
});
