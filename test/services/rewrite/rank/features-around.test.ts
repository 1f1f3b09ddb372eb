import type { Arc, Slot } from '../../../../services/rewrite/decode/lattice.ts';
import {
  AROUND_FEATURES,
  countAround,
  countLeft,
  LEFT_FEATURES,
} from '../../../../services/rewrite/rank/features-around.ts';
import { TermFlag } from '../../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { tokenise } from '../../../../stores/text/tokenise.ts';

const WORDS: Record<string, { flags: number; cost: number }> = {
  melissa: { flags: TermFlag.dictionary | TermFlag.name, cost: 11 },
  will: { flags: TermFlag.dictionary | TermFlag.name, cost: 6 },
  lamp: { flags: TermFlag.dictionary, cost: 9 },
  que: { flags: TermFlag.web, cost: 11 },
  zylkene: { flags: TermFlag.documents, cost: 14 },
};
const NAMES = Object.keys(WORDS);
const lexicon = {
  flags: (id: number) => WORDS[NAMES[id - 4]!]!.flags,
  unigramCost: (id: number) => WORDS[NAMES[id - 4]!]!.cost,
} as unknown as Lexicon;

function slotsOf(query: string): Slot[] {
  return tokenise(query, { syntax: 'plain' }).map((token) => {
    const row = NAMES.indexOf(token.text);
    return { token, fixed: '', id: row < 0 ? 3 : row + 4, known: row >= 0, owned: false, listed: [], runs: [] };
  });
}

/** What stands around the word at `at`, by name; only what is not 0. */
function around(query: string, at: number): Record<string, number> {
  const out = new Float64Array(AROUND_FEATURES.length);
  countAround(slotsOf(query), at, at + 1, lexicon, 'aeiouy', out, 0);
  return named(AROUND_FEATURES, out);
}

/** What a reading leaves that changes the words at `changed`. */
function left(query: string, changed: readonly number[]): Record<string, number> {
  const slots = slotsOf(query);
  const arcs = slots.map((_, from) => ({ from, to: from + 1, kind: changed.includes(from) ? 'replace' : 'keep' }));
  const out = new Float64Array(LEFT_FEATURES.length);
  countLeft(arcs as unknown as Arc[], slots, lexicon, out, 0);
  return named(LEFT_FEATURES, out);
}

function named(names: readonly string[], values: Float64Array): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!] as const).filter(([, value]) => value !== 0));
}

describe('what stands around a changed word', () => {
  it('tells a word after a name, unless the name is a common word', () => {
    expect(around('melissa eakle', 1)).toEqual({ afterName: 1 });
    expect(around('will eakle', 1)).toEqual({});
  });

  it('tells short words without a vowel', () => {
    expect(around('lmp lamp', 0)).toEqual({ unvoweled: 1 });
    expect(around('lmphgtr lamp', 0)).toEqual({});
  });
});

describe('what a changed reading leaves', () => {
  it('is nothing where all is changed', () => {
    expect(left('lmap', [0])).toEqual({});
    expect(left('lmap xyzzy', [0, 1])).toEqual({});
  });

  it('counts words that are unknown, and those in no dictionary', () => {
    expect(left('que xyzzy lmap lamp 12', [2])).toEqual({ leftUnknown: 1, leftOutside: 2, leftOutsideShare: 2 / 3 });
  });

  it("counts no more than three, and no word of the owner's text", () => {
    expect(left('que que xyzzy xyzzy que xyzzy xyzzy lmap', [7])).toEqual({
      leftUnknown: 3,
      leftOutside: 3,
      leftOutsideShare: 1,
    });
    expect(left('zylkene lmap', [1])).toEqual({});
  });
});
