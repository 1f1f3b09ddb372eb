import { beyondChance, chanceError } from '../../../../services/evaluate/score/by-chance.ts';
import { type CalibrationRows, calibrate } from '../../../../services/evaluate/score/calibration.ts';
import { seededRandom } from '../../../../services/figures/random.ts';

/** Rows of a log with 10 % misspelled queries; all misspelled ones are changed, and right as often as their confidence says. */
function rightlySure(changed: number, seed: number): CalibrationRows {
  const random = seededRandom(seed);
  const size = 10 * changed;
  const confidence = Float64Array.from({ length: size }, (_, i) => (i < changed ? (i + 0.5) / changed : 1));
  return {
    needsCorrection: Uint8Array.from({ length: size }, (_, i) => (i < changed ? 1 : 0)),
    confidence,
    right: Uint8Array.from({ length: size }, (_, i) => (i < changed && random() < confidence[i]! ? 1 : 0)),
    changed: Uint32Array.from({ length: changed }, (_, i) => i),
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('chanceError', () => {
  it('foresees the calibration error of confidences that are right', () => {
    for (const changed of [50, 200]) {
      const sets = Array.from({ length: 40 }, (_, seed) => rightlySure(changed, seed));
      const shown = mean(sets.map((rows) => calibrate(rows, null, 0.1)!.error));
      const foreseen = mean(sets.slice(0, 5).map((rows) => chanceError(rows, 0.1)!.mean));
      expect(foreseen / shown).toBeGreaterThan(0.85);
      expect(foreseen / shown).toBeLessThan(1.15);
    }
  });

  it('is exceeded by about one in twenty of those', () => {
    const sets = Array.from({ length: 40 }, (_, seed) => rightlySure(60, seed));
    const exceeding = sets.filter((rows) => calibrate(rows, null, 0.1)!.error > chanceError(rows, 0.1)!.high);
    expect(exceeding.length).toBeLessThan(8);
  });

  it('falls as rows grow in number', () => {
    const few = chanceError(rightlySure(100, 1), 0.1)!;
    const many = chanceError(rightlySure(900, 1), 0.1)!;
    expect(many.mean).toBeLessThan(few.mean / 2);
    expect(few.high).toBeGreaterThan(few.mean);
  });

  it('grows with the weight of the correct queries that are changed', () => {
    const rows = rightlySure(200, 3);
    // One in four of the changed rows is a correct query, of which at 2 % each weighs far more.
    const needsCorrection = rows.needsCorrection.map((needs, i) => (i % 4 === 0 ? 0 : needs));
    const right = rows.right.map((value, i) => (i % 4 === 0 ? 0 : value));
    const broken = { ...rows, needsCorrection, right };
    expect(chanceError(broken, 0.02)!.mean).toBeGreaterThan(chanceError(broken, 0.2)!.mean);
  });

  it('gives the same for the same rows, and nothing where there is no error to speak of', () => {
    const rows = rightlySure(100, 5);
    expect(chanceError(rows, 0.1)).toEqual(chanceError(rows, 0.1));
    expect(chanceError({ ...rows, changed: new Uint32Array(0) }, 0.1)).toBeNull();
    expect(chanceError({ ...rows, needsCorrection: rows.needsCorrection.map(() => 1) }, 0.1)).toBeNull();
  });
});

describe('beyondChance', () => {
  it('takes out what is by chance, as the sides of a right angle add up', () => {
    expect(beyondChance(0.05, { mean: 0.03, high: 0.04 })).toBeCloseTo(0.04, 12);
    expect(beyondChance(0.03, { mean: 0.05, high: 0.07 })).toBe(0);
  });
});
