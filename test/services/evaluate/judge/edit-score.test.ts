import { countEdits, fHalf } from '../../../../services/evaluate/judge/edit-score.ts';

describe('countEdits', () => {
  it('counts changes made, wanted and both', () => {
    // Made: wireless, for > four. Wanted: wireless, headphones.
    expect(countEdits('wireles hedphones for', 'wireless hedphones four', ['wireless headphones for'])).toEqual({
      proposed: 2,
      wanted: 2,
      right: 1,
    });
  });

  it('counts a change of a correct input as proposed and not wanted', () => {
    expect(countEdits('kirsten dunst', 'kristen dunst', ['kirsten dunst'])).toEqual({
      proposed: 1,
      wanted: 0,
      right: 0,
    });
  });

  it('takes the right answer that is best for the output', () => {
    expect(countEdits('colr', 'colour', ['color', 'colour'])).toEqual({ proposed: 1, wanted: 1, right: 1 });
  });

  it('takes the fewest wanted changes when nothing was done', () => {
    expect(countEdits('a b', 'a b', ['x y', 'a y'])).toEqual({ proposed: 0, wanted: 1, right: 0 });
  });
});

describe('fHalf', () => {
  it('weighs precision twice', () => {
    // P = 3/4, R = 3/6: 1.25 * 0.375 / (0.25 * 0.75 + 0.5) = 0.6818...
    expect(fHalf({ proposed: 4, wanted: 6, right: 3 })).toBeCloseTo(0.46875 / 0.6875, 12);
  });

  it('is 0 when nothing wanted was done, and undefined when there was nothing to do and nothing done', () => {
    expect(fHalf({ proposed: 0, wanted: 3, right: 0 })).toBe(0);
    expect(fHalf({ proposed: 3, wanted: 0, right: 0 })).toBe(0);
    expect(fHalf({ proposed: 0, wanted: 0, right: 0 })).toBeNull();
  });
});
