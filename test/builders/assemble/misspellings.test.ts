import {
  type MisspellingOrigin,
  markListed,
  toMisspelling,
  usableMisspellings,
} from '../../../builders/assemble/misspellings.ts';
import { TermFlag } from '../../../stores/lexicon/format.ts';

const TERMS: readonly (readonly [string, number])[] = [
  ['', 0],
  ['', 0],
  ['', 0],
  ['', 0],
  ['a', TermFlag.dictionary],
  ['lot', TermFlag.dictionary],
  ['definitely', TermFlag.dictionary],
  ['definately', TermFlag.web],
  ['don', TermFlag.name],
  ['done', TermFlag.dictionary],
  ["don't", TermFlag.dictionary],
  ['acme', TermFlag.documents],
  ['dont', TermFlag.variant | TermFlag.dictionary],
];

function vocabulary() {
  return {
    texts: TERMS.map(([text]) => text),
    flags: Uint8Array.from(TERMS, ([, flags]) => flags),
    probabilities: new Float64Array(TERMS.length),
    counts: [],
    idOf: new Map(TERMS.map(([text], id) => [text, id] as const).slice(4)),
  };
}

function usable(pairs: readonly (readonly [string, string])[], origin: MisspellingOrigin) {
  const misspellings = pairs.flatMap(([wrong, right]) => toMisspelling(wrong, right.split('|')) ?? []);
  return Object.fromEntries(usableMisspellings([{ pairs: misspellings, origin }], vocabulary()));
}

describe('toMisspelling', () => {
  it('takes one word for one or several, normalised', () => {
    expect(toMisspelling('ALOT', ['A lot', 'alot'])).toEqual({ wrong: 'alot', rights: [['a', 'lot']] });
  });

  it.each([
    ['a lot', ['alot']],
    ['3rd', ['third']],
    ['teh', ['teh']],
    ['teh', ['24']],
    ['', ['the']],
  ])('takes nothing of %j for %j', (wrong, rights) => {
    expect(toMisspelling(wrong, rights)).toBeUndefined();
  });
});

describe('usableMisspellings', () => {
  it('keeps what is no word itself and whose corrections are known', () => {
    const pairs = [
      ['definately', 'definitely'],
      ['alot', 'a lot'],
      ['doen', 'done|unheardof|don'],
      ['xyz', 'unheardof'],
    ] as const;
    expect(usable(pairs, 'general')).toEqual({ definately: [[6]], alot: [[4, 5]], doen: [[9], [8]] });
  });

  it('leaves out of general lists what is a word, a name or of the documents, and what differs in apostrophes', () => {
    const pairs = [
      ['don', 'done'],
      ['acme', 'a'],
      ["don't", 'done'],
      ['dont', "don't"],
      ["do'nt", "don't"],
    ] as const;
    expect(usable(pairs, 'general')).toEqual({});
    expect(usable(pairs, 'owner')).toMatchObject({ don: [[9]], acme: [[4]], "don't": [[9]], dont: [[10]] });
  });

  it('puts the owner first, and four corrections at most', () => {
    const row = (wrong: string, right: string) => toMisspelling(wrong, right.split('|'))!;
    const lists = [
      { pairs: [row('x', 'a|lot|done|don')], origin: 'general' as const },
      { pairs: [row('x', 'definitely|a')], origin: 'owner' as const },
    ];
    expect(usableMisspellings(lists, vocabulary()).get('x')).toEqual([[6], [4], [5], [9]]);
  });
});

describe('markListed', () => {
  it('marks what only texts have', () => {
    const words = vocabulary();
    markListed(new Map(['definately', 'acme', 'don', 'done', 'nothing'].map((word) => [word, []])), words);
    const marked = words.texts.filter((_, id) => (words.flags[id]! & TermFlag.suspect) !== 0);
    expect(marked).toEqual(['definately', 'acme']);
  });
});
