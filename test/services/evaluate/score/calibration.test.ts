import { judge, type Outcome } from '../../../../services/evaluate/judge/outcome.ts';
import { calibrate, calibrationRows, classWeights } from '../../../../services/evaluate/score/calibration.ts';

function outcome(input: string, right: string, rewritten: string, confidence: number): Outcome {
  return judge(
    { line: 1, input, rights: [right] },
    { rewritten, decision: rewritten === input ? 'none' : 'suggest', search: input, confidence, alternatives: [] },
  );
}

const fixed = (confidence: number) => outcome('in', 'right', 'right', confidence);
const wrong = (confidence: number) => outcome('in', 'right', 'other', confidence);
const missed = () => outcome('in', 'right', 'in', 0.9);
const broken = (confidence: number) => outcome('in', 'in', 'other', confidence);
const kept = () => outcome('in', 'in', 'in', 0.9);

const calibrated = (outcomes: Outcome[], errorRate: number) => calibrate(calibrationRows(outcomes), null, errorRate);

describe('calibrate', () => {
  it('weighs the classes so that they stand as the error rate says', () => {
    // Ten rows, five of each class; at 10 % the misspelled weigh 0.2 each and the correct 1.8.
    expect(classWeights(5, 5, 0.1)).toEqual({ needing: 0.2, correct: 1.8 });
    expect(classWeights(5, 0, 0.1)).toBeNull();
  });

  it('is the weighted mean distance of confidence and share right over ten bins', () => {
    // Ten changed rows, so one a bin: nine fixed at 0.9 and one broken at 0.5, ten of each class. Weights at 50 %: all 1.
    const outcomes = [...Array.from({ length: 9 }, () => fixed(0.9)), missed(), broken(0.5)];
    outcomes.push(...Array.from({ length: 9 }, kept));
    const found = calibrated(outcomes, 0.5);
    // (9 * |0.9 - 1| + |0.5 - 0|) / 10
    expect(found?.error).toBeCloseTo(0.14, 12);
    expect(found?.changed).toBe(10);
    expect(found?.bins).toHaveLength(10);
    expect(found?.bins[0]).toMatchObject({ confidence: 0.5, right: 0 });
  });

  it('counts a broken query for more when few queries are misspelled', () => {
    const outcomes = [...Array.from({ length: 9 }, () => fixed(0.9)), missed(), broken(0.5)];
    outcomes.push(...Array.from({ length: 9 }, kept));
    // At 10 %: a fixed row weighs 0.2, the broken one 1.8. (9 * 0.2 * 0.1 + 1.8 * 0.5) / (1.8 + 1.8)
    expect(calibrated(outcomes, 0.1)?.error).toBeCloseTo(0.3, 12);
  });

  it('shares rows of equal confidence out evenly, in whatever order they come', () => {
    // All at 0.5 and half of them right: every bin is right half of the time.
    const outcomes = [...Array.from({ length: 10 }, () => fixed(0.5)), ...Array.from({ length: 10 }, () => wrong(0.5))];
    outcomes.push(kept());
    const found = calibrated(outcomes, 0.5);
    expect(found?.error).toBeCloseTo(0, 12);
    expect(calibrated(outcomes.reverse(), 0.5)?.error).toBeCloseTo(0, 12);
  });

  it('splits rows that stand on the edge of two bins', () => {
    // Five rows in ten bins: each row fills two.
    const found = calibrated([fixed(0.1), fixed(0.3), fixed(0.5), fixed(0.7), fixed(0.9), kept()], 0.5);
    expect(found?.bins.map(({ confidence }) => confidence.toFixed(1)).join(' ')).toBe(
      '0.1 0.1 0.3 0.3 0.5 0.5 0.7 0.7 0.9 0.9',
    );
    expect(found?.error).toBeCloseTo(0.5, 12);
  });

  it('says nothing of sets without changes or without correct inputs', () => {
    expect(calibrated([missed(), kept()], 0.1)).toBeNull();
    expect(calibrated([fixed(0.9)], 0.1)).toBeNull();
    expect(calibrated([], 0.1)).toBeNull();
  });

  it('gives each row the weight of its count', () => {
    const outcomes = [fixed(0.9), wrong(0.6), kept(), broken(0.4), missed()];
    const counts = Uint16Array.from([2, 0, 1, 1, 1]);
    const repeated = [fixed(0.9), fixed(0.9), kept(), broken(0.4), missed()];
    const weighted = calibrate(calibrationRows(outcomes), counts, 0.06);
    const plain = calibrated(repeated, 0.06);
    expect(weighted?.error).toBeCloseTo(plain?.error ?? -1, 12);
    expect(weighted?.bins.length).toBe(plain?.bins.length);
  });
});
