import fc from 'fast-check';
import {
  type Calibration,
  calibrated,
  type LogOddsMap,
  UNCALIBRATED,
} from '../../../../services/rewrite/decide/calibration.ts';
import { editConfidence, massOf, sureEdits, weigh } from '../../../../services/rewrite/decide/confidence.ts';
import { EVIDENCE_NAMES, type EvidenceName } from '../../../../services/rewrite/decide/evidence.ts';

const knots = fc
  .array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((pairs): LogOddsMap => {
    const x = [...new Set(pairs.map(([at]) => at))].sort((a, b) => a - b);
    const y = pairs.map(([, to]) => to).sort((a, b) => a - b);
    return { x: x.map((at) => at / 10), y: x.map((_, i) => (y[i] ?? 0) / 10) };
  });
const evidence = fc.option(
  fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }).map(([bias = 0, ...values]) => {
    const byName = Object.fromEntries(EVIDENCE_NAMES.map((name, i) => [name, values[i] ?? 0]));
    return { bias, weights: byName as Record<EvidenceName, number> };
  }),
);
const calibration = fc
  .record({ evidence, best: knots, keep: knots, edit: knots, others: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map((maps): Calibration => ({ errorRate: 0.06, ...maps }));
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const scores = fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 1, maxLength: 12 });

/** Readings `q`, `q1`, `q2`, ...: the first is the query as typed, the others change its whole. */
const readingsFor = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    text: i === 0 ? 'q' : `q${i}`,
    edits: i === 0 ? [] : [{ offset: 0, length: 1, to: `q${i}`, isKnown: i % 2 === 0 }],
  }));

describe('weigh', () => {
  it('gives probabilities that sum to 1 with the mass of all else, best first, whatever maps it is given', () => {
    fc.assert(
      fc.property(scores, calibration, share, share, (given, maps, trainedErrorRate, errorRate) => {
        const readings = readingsFor(given.length);
        const { weighed, keep, best, otherMass } = weigh(
          'q',
          readings,
          given,
          { trainedErrorRate, calibration: maps },
          errorRate,
        );
        const sum = weighed.reduce((total, { probability }) => total + probability, otherMass);
        expect(sum).toBeCloseTo(1, 9);
        expect(otherMass).toBeGreaterThanOrEqual(0);
        for (const [i, { probability }] of weighed.entries()) {
          expect(probability).toBeGreaterThanOrEqual(0);
          expect(probability).toBeLessThanOrEqual(weighed[i - 1]?.probability ?? 1);
        }
        expect(keep.reading.text).toBe('q');
        expect(best === undefined).toBe(given.length === 1);
        for (const { reading, probability } of weighed) {
          if (reading !== keep.reading) expect(probability).toBeLessThanOrEqual(best?.probability ?? 0);
        }
      }),
    );
  });

  it('trusts a change the more, the more queries are misspelled', () => {
    fc.assert(
      fc.property(scores, calibration, share, share, (given, maps, a, b) => {
        fc.pre(given.length > 1);
        const at = (errorRate: number) =>
          weigh('q', readingsFor(given.length), given, { trainedErrorRate: 0.2, calibration: maps }, errorRate).best
            ?.probability ?? 0;
        expect(at(Math.max(a, b))).toBeGreaterThanOrEqual(at(Math.min(a, b)) - 1e-12);
      }),
    );
  });

  it('moves only the prior where nothing is calibrated', () => {
    // Even scores at an even rate of errors: the odds of the change become those of the error rate.
    const { best, keep } = weigh(
      'q',
      readingsFor(2),
      [0, 0],
      { trainedErrorRate: 0.5, calibration: UNCALIBRATED },
      0.1,
    );
    expect((best?.probability ?? 0) / keep.probability).toBeCloseTo(1 / 9, 1);
  });

  it('says of the best change what the map says of its probability', () => {
    const half: LogOddsMap = { x: [-5, 5], y: [0, 0] };
    const maps = { ...UNCALIBRATED, best: half };
    const { best } = weigh('q', readingsFor(3), [0, 1, 2], { trainedErrorRate: 0.06, calibration: maps }, 0.06);
    expect([best?.reading.text, best?.probability]).toEqual(['q2', 0.5]);
  });
});

describe('weigh with evidence', () => {
  const only = (name: EvidenceName, weight: number) => {
    const weights = Object.fromEntries(EVIDENCE_NAMES.map((one) => [one, one === name ? weight : 0]));
    return { ...UNCALIBRATED, evidence: { bias: 0, weights: weights as Record<EvidenceName, number> } };
  };
  const bestOf = (given: number[], maps: Calibration, to = 'q1', isKnown = false) => {
    const [typed, first, ...others] = readingsFor(given.length);
    if (typed === undefined || first === undefined) throw new Error('no reading');
    const changed = { text: to, edits: [{ offset: 0, length: 1, to, isKnown }] };
    const settings = { trainedErrorRate: 0.06, calibration: maps };
    return weigh('q', [typed, changed, ...others], given, settings, 0.06).best?.probability ?? 0;
  };

  it('begins with what the ranker thinks', () => {
    expect(bestOf([0, 3, 0], only('odds', 1))).toBeCloseTo(bestOf([0, 3, 0], UNCALIBRATED), 6);
  });

  it('trusts it less where it changes a known word or cuts a word into many', () => {
    const known = only('changesKnown', -2);
    expect(bestOf([0, 3, 0], known, 'q1', true)).toBeLessThan(bestOf([0, 3, 0], known));
    const cut = only('furtherSplits', -2);
    expect(bestOf([0, 3, 0], cut, 'q 1')).toBe(0.5);
    expect(bestOf([0, 3, 0], cut, 'q 1 2 3')).toBeCloseTo(1 / (1 + Math.exp(4)), 6);
  });
});

describe('calibrated', () => {
  it('rises', () => {
    fc.assert(
      fc.property(knots, share, share, (map, a, b) => {
        const [low, high] = [calibrated(map, Math.min(a, b), 0.25), calibrated(map, Math.max(a, b), 0.25)];
        expect(high).toBeGreaterThanOrEqual(low - 1e-12);
      }),
    );
  });

  it('goes through its knots in straight lines of log-odds', () => {
    const map: LogOddsMap = { x: [0, 2], y: [1, 2] };
    const odds = (p: number) => Math.log(p / (1 - p));
    const at = (x: number) => odds(calibrated(map, 1 / (1 + Math.exp(-x)), 0.5));
    expect([at(0), at(1), at(2), at(4), at(-2)].map((y) => Math.round(1e6 * y) / 1e6)).toEqual([1, 1.5, 2, 3, 0]);
  });
});

describe('editConfidence', () => {
  const edit = { offset: 0, length: 1, to: 'a', isKnown: false };
  const other = { offset: 2, length: 1, to: 'b', isKnown: false };
  const weighed = [
    { reading: { text: 'a b', edits: [edit, other] }, probability: 0.5 },
    { reading: { text: 'a x', edits: [edit] }, probability: 0.2 },
    { reading: { text: 'c x', edits: [{ ...edit, to: 'c' }] }, probability: 0.1 },
  ];

  it('adds up the readings that make the edit', () => {
    expect(massOf(edit, weighed)).toBeCloseTo(0.7);
    expect(massOf(other, weighed)).toBeCloseTo(0.5);
  });

  it('is one number, within the mass of the readings that make it', () => {
    const raising = { ...UNCALIBRATED, edit: { x: [-20, 20], y: [3, 3] } };
    expect(editConfidence(edit, weighed, raising)).toBeCloseTo(0.7);
    expect(editConfidence(edit, weighed, UNCALIBRATED)).toBeCloseTo(0.7);
    expect(editConfidence({ ...edit, to: 'z' }, weighed, raising)).toBe(0);
  });

  it('is never less than the confidence of a reading that makes it', () => {
    const low = { ...UNCALIBRATED, edit: { x: [-20, 20], y: [-3, -3] } };
    expect(editConfidence(edit, weighed, low)).toBe(0.5);
  });
});

describe('sureEdits', () => {
  const edits = ['a', 'b'].map((to, i) => ({ offset: 2 * i, length: 1, to, isKnown: false }));
  const best = (probability: number) => ({ reading: { text: 'a b', edits }, probability });
  const also = (probability: number) => ({ reading: { text: 'a x', edits: edits.slice(0, 1) }, probability });

  it('are those above the threshold', () => {
    const first = best(0.6);
    expect(sureEdits(first, [first, also(0.35)], UNCALIBRATED, 0.9)).toEqual([true, false]);
    const sure = best(0.95);
    expect(sureEdits(sure, [sure], UNCALIBRATED, 0.9)).toEqual([true, true]);
  });

  it('are never all of a reading that is not above it', () => {
    const first = best(0.89);
    const third = { reading: { text: 'x b', edits: edits.slice(1) }, probability: 0.04 };
    expect(sureEdits(first, [first, also(0.05), third], UNCALIBRATED, 0.9)).toEqual([true, false]);
  });

  it('are none of those that ask first, however likely', () => {
    const asking = edits.map((edit) => ({ ...edit, asksFirst: true }));
    const first = { reading: { text: 'a b', edits: asking }, probability: 0.99 };
    expect(sureEdits(first, [first], UNCALIBRATED, 0.9)).toEqual([false, false]);
  });

  it('replace no known word', () => {
    const known = edits.map((edit) => ({ ...edit, isKnown: true }));
    const first = { reading: { text: 'a b', edits: known }, probability: 0.99 };
    expect(sureEdits(first, [first], UNCALIBRATED, 0.9)).toEqual([false, false]);
  });
});
