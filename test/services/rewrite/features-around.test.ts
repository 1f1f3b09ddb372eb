import { AROUND_FEATURES, countAround } from '../../../services/rewrite/features-around.ts';
import type { Slot } from '../../../services/rewrite/lattice.ts';
import { TermFlag } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { tokenise } from '../../../stores/text/tokenise.ts';

const WORDS: Record<string, { flags: number; cost: number }> = {
  melissa: { flags: TermFlag.dictionary | TermFlag.name, cost: 11 },
  will: { flags: TermFlag.dictionary | TermFlag.name, cost: 6 },
  lamp: { flags: TermFlag.dictionary, cost: 9 },
  que: { flags: TermFlag.web, cost: 11 },
};
const NAMES = Object.keys(WORDS);
const lexicon = {
  flags: (id: number) => WORDS[NAMES[id - 4]!]!.flags,
  unigramCost: (id: number) => WORDS[NAMES[id - 4]!]!.cost,
} as unknown as Lexicon;

/** What stands around the word at `at`, by name; only what is not 0. */
function around(query: string, at: number): Record<string, number> {
  const slots: Slot[] = tokenise(query, { syntax: 'plain' }).map((token) => {
    const row = NAMES.indexOf(token.text);
    return { token, fixed: '', id: row < 0 ? 3 : row + 4, known: row >= 0, listed: [] };
  });
  const out = new Float64Array(AROUND_FEATURES.length);
  countAround(slots, at, at + 1, lexicon, 'aeiouy', out, 0);
  return Object.fromEntries(
    AROUND_FEATURES.map((name, i) => [name, out[i]!] as const).filter(([, value]) => value !== 0),
  );
}

describe('what stands around a changed word', () => {
  it('is nothing in a query of one word', () => expect(around('lmap', 0)).toEqual({}));

  it('counts other words that are unknown, and those in no dictionary', () => {
    expect(around('que xyzzy lmap lamp 12', 2)).toEqual({
      othersUnknown: 1,
      othersOutside: 2,
      othersOutsideShare: 2 / 3,
    });
  });

  it('tells a word after a name, unless the name is a common word', () => {
    expect(around('melissa eakle', 1)).toEqual({ afterName: 1 });
    expect(around('will eakle', 1)).toEqual({});
  });

  it('tells short words without a vowel', () => {
    expect(around('lmp lamp', 0)).toEqual({ unvoweled: 1 });
    expect(around('lmphgtr lamp', 0)).toEqual({});
  });
});
