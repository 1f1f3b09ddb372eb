import fc from 'fast-check';
import { FEATURE_COUNT } from '../../../../services/rewrite/rank/features.ts';
import { fitWeights, logLoss } from '../../../../services/tune/fit/log-linear.ts';
import { minimise } from '../../../../services/tune/fit/minimise.ts';
import { ReadingTable } from '../../../../services/tune/readings/reading-table.ts';

const features = (...first: number[]) => {
  const vector = new Float64Array(FEATURE_COUNT);
  vector.set(first);
  return vector;
};

/** A table of rows, each a list of readings: verdict and first features. The first reading is the query as typed. */
function tableOf(rows: readonly (readonly (readonly [verdict: number, ...first: number[]])[])[]): ReadingTable {
  const table = new ReadingTable();
  for (const [n, readings] of rows.entries()) {
    table.add(
      {
        set: 0,
        input: 'r0',
        rights: ['x'],
        needsCorrection: true,
        fold: n % 5,
        readings: readings.map((_, i) => ({ text: `r${i}`, edits: [] })),
      },
      readings.map(([verdict]) => verdict),
      readings.map(([, ...first]) => features(...first)),
    );
  }
  return table;
}

const lossOf = (table: ReadingTable) =>
  logLoss({ table, rows: table.rows, rowWeights: new Float64Array(table.rows.length).fill(1) });

describe('minimise', () => {
  it('finds the bottom of a curved valley', () => {
    // Rosenbrock's function: least at (1, 1).
    const found = minimise(
      (point, gradient) => {
        const [x = 0, y = 0] = point;
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { tolerance: 1e-15 },
    );
    expect([...found].map((part) => Math.round(part * 1e3) / 1e3)).toEqual([1, 1]);
  });
});

describe('logLoss', () => {
  it('is -ln of what a softmax gives to the right reading', () => {
    const table = tableOf([
      [
        [0, 0],
        [1, 1],
      ],
    ]);
    // Scores 0 and ln 3: the right one has 3 of 4.
    expect(lossOf(table)(features(Math.log(3)), new Float64Array(FEATURE_COUNT))).toBeCloseTo(-Math.log(0.75), 12);
  });

  it('counts three tenths of a query to be left alone where the right answer is not among the readings', () => {
    const table = tableOf([
      [
        [0, 0],
        [0, 1],
      ],
    ]);
    expect(lossOf(table)(features(Math.log(3)), new Float64Array(FEATURE_COUNT))).toBeCloseTo(
      -0.3 * Math.log(0.25),
      12,
    );
  });

  it('has the gradient that small steps show', () => {
    const reading = fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    );
    const rows = fc.array(fc.array(reading, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.double({ min: -2, max: 2, noNaN: true }), (list, w) => {
        const loss = lossOf(tableOf(list));
        const gradient = new Float64Array(FEATURE_COUNT);
        const none = new Float64Array(FEATURE_COUNT);
        loss(features(w, -w), gradient);
        const step = 1e-5;
        const slope = [
          (loss(features(w + step, -w), none) - loss(features(w - step, -w), none)) / (2 * step),
          (loss(features(w, -w + step), none) - loss(features(w, -w - step), none)) / (2 * step),
        ];
        expect(gradient[0]).toBeCloseTo(slope[0] ?? 0, 5);
        expect(gradient[1]).toBeCloseTo(slope[1] ?? 0, 5);
      }),
    );
  });
});

describe('fitWeights', () => {
  // The first feature tells right from wrong three times in four, the second is the same for all.
  const rows = [1, 1, 1, -1].map(
    (sign) =>
      [
        [0, 0, 1],
        [1, sign, 1],
      ] as const,
  );
  const table = tableOf(rows);
  const rowWeights = new Float64Array(4).fill(1);
  const fitted = (strength: number, centre = new Float64Array(FEATURE_COUNT), free?: Float64Array) =>
    fitWeights({ table, rows: table.rows, rowWeights, centre, strength, ...(free === undefined ? {} : { free }) });

  it('finds the log-odds of three in four', () => {
    expect(fitted(1e-9)[0]).toBeCloseTo(Math.log(3), 2);
  });

  it('stays the nearer to where it started, the stronger it is held', () => {
    const centre = features(5);
    expect(Math.abs(5 - (fitted(100, centre)[0] ?? 0))).toBeLessThan(Math.abs(5 - (fitted(0.01, centre)[0] ?? 0)));
  });

  it('leaves weights alone that are not free', () => {
    expect([...fitted(1e-6, features(0.5), new Float64Array(FEATURE_COUNT))]).toEqual([...features(0.5)]);
  });

  it('gives the same bits again', () => {
    expect([...fitted(0.1)]).toEqual([...fitted(0.1)]);
  });
});
