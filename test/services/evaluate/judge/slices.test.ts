import { nearestRight, sliceOf } from '../../../../services/evaluate/judge/slices.ts';

describe('sliceOf', () => {
  it.each([
    ['graffitifonts alphabet', 'graffiti fonts alphabet', 'one space missing'],
    ['newyork', 'new york', 'one space missing'],
    ['graffitifontsalphabet', 'graffiti fonts alphabet', 'all spaces missing'],
    ['graf fiti fonts', 'graffiti fonts', 'one extra space'],
    ['a bcd ef', 'abc def', 'other spacing'],
    ['onetwo threefour five', 'one two three four five', 'other spacing'],
    ['wireles mouse', 'wireless mouse', 'one word respelled'],
    ['wireles muose', 'wireless mouse', 'several words respelled'],
    ['newyrok hotels', 'new york hotels', 'mixed'],
    ['the the cat', 'the cat', 'mixed'],
  ])('%j for %j has %s', (input, right, slice) => {
    expect(sliceOf(input, right)).toBe(slice);
  });

  it('goes by the right answer with the fewest changes', () => {
    expect(nearestRight('wireles mouse', ['cordless mice', 'wireless mouse'])).toBe('wireless mouse');
  });
});
