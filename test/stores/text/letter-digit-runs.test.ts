import { letterDigitRuns, NO_RUNS, runsOf } from '../../../stores/text/letter-digit-runs.ts';
import { tokenise } from '../../../stores/text/tokenise.ts';

const runs = (raw: string) => tokenise(raw, { syntax: 'plain' }).map((token) => letterDigitRuns(raw, token));

describe('runs of letters and digits', () => {
  it.each([
    ['xbox360controller', [0, 4, 7, 17]],
    ['windows95', [0, 7, 9]],
    ['12voltbattery', [0, 2, 13]],
    ['Xbox360', [0, 4, 7]],
    ['c0m', [0, 1, 2, 3]],
    ['café5xyz', [0, 4, 5, 8]],
  ])('of %s begin at %j', (raw, expected) => {
    expect(runs(raw)).toEqual([expected]);
  });

  it.each([
    // No part numbers: a word, numbers, a number with its unit.
    ['xbox'],
    ['360'],
    ['500gb'],
    ['2x4'],
    ['25th'],
    // More than letters and digits.
    ['ab-123x'],
    ['c++'],
    ["men's5x"],
    // Normalising changes more than the case.
    ['ｘbox360'],
    ['x²box'],
    ['größe5x'],
    ['xbox３60c'],
    ['e\u0301t5x'],
    // Too many, too long.
    ['a1b2c3d4'],
    [`${'a'.repeat(48)}1`],
  ])('of %s are not told', (raw) => {
    for (const found of runs(raw)) expect(found).toBe(NO_RUNS);
  });

  it('are told of a text by itself, up to seven of them', () => {
    expect(runsOf('a1b2c3d')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(runsOf('a1b2c3d4')).toBe(NO_RUNS);
    expect(runsOf('a b1')).toBe(NO_RUNS);
  });
});
