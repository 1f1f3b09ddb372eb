import { seededRandom } from '../../../services/figures/random.ts';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import type { AnalysedReading } from '../../../services/rewrite/pipeline.ts';
import { FEATURE_COUNT } from '../../../services/rewrite/rank/features.ts';
import { fitCalibration, isEditRight, rowWeights } from '../../../services/tune/fit/calibrate.ts';
import { gather } from '../../../services/tune/readings/gather.ts';
import { fromPairs, type LabelledSet } from '../../../services/tune/rows/labelled.ts';
import { groupOf, leaveOneSetOut } from '../../../services/tune/study/study.ts';
import { tune } from '../../../services/tune/tune.ts';
import { tunedOf, UNFITTED } from '../../../services/tune/tuned.ts';
import { ENGLISH_PARAMETERS } from '../../support/english.ts';

const ASKED = { errorRate: 0.06, costOfBreaking: 9 };

/** Queries `q1`..: a third misspelled. */
function pairs(name: string, count: number): LabelledSet {
  const rows = Array.from({ length: count }, (_, n) => {
    const input = `${name} q${n}`;
    return { line: n + 1, input, rights: [n % 3 === 0 ? `${input} fixed` : input] };
  });
  return fromPairs({ name, rows });
}

/**
 * A pipeline of two readings a query whose first feature says, with noise, whether the change is right, and whose second is
 * noise alone; the third tells a change from none. The change is right for every third query.
 */
function noisyPipeline(seed: number) {
  const random = seededRandom(seed);
  return {
    analyse(query: string): AnalysedReading[] {
      const isRight = Number(/\d+$/.exec(query)?.[0]) % 3 === 0;
      const features = new Float64Array(FEATURE_COUNT);
      features[0] = (isRight ? 1 : -1) + 2 * (random() + random() - 1);
      features[1] = random();
      features[2] = 1;
      const edits = [{ offset: query.length, length: 0, to: ' fixed', isKnown: false }];
      return [
        { text: query, edits: [], features: new Float64Array(FEATURE_COUNT) },
        { text: `${query} fixed`, edits, features },
      ];
    },
  };
}

/** Weights that take the noise for something. */
const current = (first: number) => {
  const weights = new Float64Array(FEATURE_COUNT);
  weights[0] = first;
  weights[1] = 3;
  return { ...tunedOf(ENGLISH_PARAMETERS), ...UNFITTED, weights };
};

describe('tune', () => {
  const sets = [pairs('one', 300), pairs('two', 210)];
  const table = gather(noisyPipeline(1), sets, DEFAULT_OPTIONS);

  it('finds weights and a calibration that foresee held-out rows better, and says so', () => {
    const result = tune({ table, sets, current: current(0.1), ...ASKED });
    expect(result.newWeights).toBe(true);
    expect(result.newCalibration).toBe(true);
    expect(result.lossAfter).toBeLessThan(result.lossBefore);
    expect(result.tuned.weights[0]).toBeGreaterThan(1);
    expect(Math.abs(result.tuned.weights[1] ?? 9)).toBeLessThan(2);
    expect(result.after.map(({ set }) => set)).toEqual(['one', 'two', 'all']);
    const all = result.after[2];
    expect(all?.calibration.error.value).toBeLessThan(0.15);
    expect(all?.suggest.broken.share).toBeLessThan(0.04);
  });

  it('keeps the weights in use where new ones do not help', () => {
    const { tuned } = tune({ table, sets, current: current(0), isFresh: true, ...ASKED });
    const again = tune({ table, sets, current: { ...tuned }, ...ASKED });
    expect(again.newWeights).toBe(false);
    expect(again.tuned.weights).toEqual(tuned.weights);
  });

  it('gives the same again for the same rows', () => {
    const [a, b] = [1, 2].map(() => tune({ table, sets, current: current(1), isFresh: true, ...ASKED }));
    expect(a?.tuned).toEqual(b?.tuned);
  });

  it('leaves calibration and threshold alone where no correct query tells of breaking', () => {
    const words = [fromPairs({ name: 'w', rows: [{ line: 1, input: 'w q3', rights: ['w q3 fixed'] }] })];
    const few = gather(noisyPipeline(2), words, DEFAULT_OPTIONS);
    const result = tune({ table: few, sets: words, current: current(1), ...ASKED });
    expect(result.newCalibration).toBe(false);
    expect(result.tuned.suggestAbove).toBe(ENGLISH_PARAMETERS.suggestAbove);
  });

  it('judges every set by what was fitted on the others', () => {
    const figures = leaveOneSetOut({ table, sets, current: current(1), ...ASKED });
    expect(figures.map(({ set, rows }) => [set, rows])).toEqual([
      ['one', 300],
      ['two', 210],
    ]);
  });
});

describe('what is left for other readings', () => {
  const otherShare = (unreachable: number, reachable: number) => {
    const rows = Array.from({ length: 900 + unreachable + reachable }, (_, n) => {
      const input = `u q${n}`;
      const right = n < 900 ? `${input} fixed` : n < 900 + unreachable ? 'nothing like it' : `${input} other`;
      return { line: n + 1, input, rights: [n < 900 && n % 3 > 0 ? input : right] };
    });
    const set = fromPairs({ name: 'u', rows });
    const pipeline = {
      analyse(query: string) {
        const [keep, fixed] = noisyPipeline(3).analyse(query);
        const edits = [{ offset: query.length, length: 0, to: ' other', isKnown: false }];
        return [keep!, fixed!, { text: `${query} other`, edits, features: new Float64Array(FEATURE_COUNT).fill(-1) }];
      },
    };
    const table = gather(pipeline, [set], DEFAULT_OPTIONS);
    const scored = table.rows.map((row) => ({ row, scores: table.scoresOf(row, current(3)) }));
    return fitCalibration(scored, table, [set], 0.06, 0.06)?.others;
  };

  it('is never nothing and never all, however one-sided the few rows that tell', () => {
    expect(otherShare(1, 0)).toBeCloseTo(1 / 3, 3);
    expect(otherShare(0, 1)).toBeCloseTo(2 / 3, 3);
    expect(otherShare(0, 8)).toBeCloseTo(9 / 10, 3);
  });
});

describe('rowWeights', () => {
  it('makes every set weigh 1, misspelled queries the error rate of it', () => {
    const sets = [pairs('a', 30), pairs('b', 300)];
    const { rows } = gather(noisyPipeline(1), sets, DEFAULT_OPTIONS);
    const weights = rowWeights(rows, sets, 0.1);
    const sum = (test: (i: number) => boolean) =>
      weights.reduce((total, weight, i) => total + (test(i) ? weight : 0), 0);
    expect(sum((i) => rows[i]?.set === 0)).toBeCloseTo(1);
    expect(sum((i) => rows[i]?.set === 1)).toBeCloseTo(1);
    expect(sum((i) => rows[i]?.needsCorrection === true)).toBeCloseTo(0.2);
  });
});

describe('isEditRight', () => {
  const row = { input: 'wireles hedphones', rights: ['wireless headphones'] };
  it('tells a right edit where another is still to be made', () => {
    expect(isEditRight(row, 'wireless hedphones')).toBe(true);
    expect(isEditRight(row, 'wires hedphones')).toBe(false);
    expect(isEditRight({ input: 'a b', rights: ['a b'] }, 'ab')).toBe(false);
  });
});

describe('groupOf', () => {
  it('goes by how the name begins', () => {
    expect(
      ['languageCost', 'vectorMean', 'keptWeb', 'fromName', 'toRarity', 'splitKnown', 'transposition'].map(groupOf),
    ).toEqual([
      'language model',
      'word vectors',
      'what was kept',
      'what stood there',
      'what takes its place',
      'spaces',
      'letters',
    ]);
  });
});
