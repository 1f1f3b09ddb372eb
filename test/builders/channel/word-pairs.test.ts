import { pairWeight, wordPairs } from '../../../builders/channel/word-pairs.ts';

const words = (wrong: string, ...rights: string[]) =>
  wordPairs(wrong, rights, 1).map(({ typed, meant, weight }) => `${typed} > ${meant} ${weight}`);

describe('wordPairs', () => {
  it('takes a word as it is, in its normal form', () => {
    expect(words('Recieve', 'receive')).toEqual(['recieve > receive 1']);
    expect(words('cant', 'can\u2019t')).toEqual(["cant > can't 1"]);
  });

  it('finds the misspelled words of a query, each with its own correction', () => {
    expect(words('adidsa red shose 24/7', 'adidas red shoes 24/7')).toEqual(['adidsa > adidas 1', 'shose > shoes 1']);
  });

  it('shares the weight among several corrections', () => {
    expect(words('shose', 'shoes', 'shows')).toEqual(['shose > shoes 0.5', 'shose > shows 0.5']);
  });

  it('leaves out what says nothing of letters: spaces, numbers, other wishes, what is right', () => {
    expect(words('note book', 'notebook')).toEqual([]);
    expect(words('iphone 6s', 'iphone 7s')).toEqual([]);
    expect(words('cat food', 'dog food')).toEqual([]);
    expect(words('red shoes', 'red shoes')).toEqual([]);
  });
});

describe('pairWeight', () => {
  it('grows with how often a misspelling happened, ever slower', () => {
    expect(pairWeight(1)).toBe(1);
    expect(pairWeight(100) - pairWeight(10)).toBeCloseTo(pairWeight(10) - pairWeight(1), 9);
  });
});
