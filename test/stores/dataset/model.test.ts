import { decodeModel, encodeModel, MODEL_FORMAT_VERSION, type Model } from '../../../stores/dataset/model.ts';
import { codeOf } from '../../support/error-code.ts';

const MODEL: Model = {
  formatVersion: MODEL_FORMAT_VERSION,
  language: 'en',
  network: { bias: [0.5, -1], out: [1, 2], weights: { a: [0.1, 0.2], b: [0, -0.3] } },
  weights: { a: -1.5, b: 0 },
  trainedErrorRate: 0.2,
  calibration: {
    errorRate: 0.06,
    evidence: { bias: -1, weights: { a: 2, b: 0.5 } },
    best: { x: [-1, 0, 2], y: [-2, -2, 1] },
    keep: { x: [0], y: [1] },
    others: 0.25,
    edit: { x: [-1, 1], y: [-1, 1] },
  },
  suggestAbove: 0.2,
  tunedOn: {
    dataset: 'sha256:0',
    costOfBreaking: 9,
    sources: [{ name: 'pairs.tsv', kind: 'pairs', sha256: 'f00', rows: 3 }],
  },
};

/** What reading a model ends in: `none`, or the code of its error. */
function reading(text: string): string {
  return codeOf(() => decodeModel(text, 'model.json'));
}

describe('model.json', () => {
  it('reads back what was written, byte for byte', () => {
    const text = encodeModel(MODEL);
    expect(decodeModel(text, 'model.json')).toEqual(MODEL);
    expect(encodeModel(decodeModel(text, 'model.json'))).toBe(text);
  });

  it('refuses other JSON and other versions by their codes', () => {
    expect(reading('{}')).toBe('STORE_FOREIGN');
    expect(reading('nonsense')).toBe('DATASET_INVALID');
    expect(reading(encodeModel({ ...MODEL, formatVersion: 4 }))).toBe('STORE_VERSION');
  });

  it('refuses a model with any one member missing, added, or of another type', () => {
    const change = (edit: (root: Record<string, unknown>, key: string) => void): string[] => {
      const found: string[] = [];
      const walk = (path: readonly string[]) => {
        const whole = JSON.parse(encodeModel(MODEL));
        let at = whole;
        for (const step of path) at = at[step];
        if (typeof at !== 'object' || at === null) return;
        for (const key of Object.keys(at)) {
          // Any names will do for weights; which are right is for the pipeline to say.
          const fresh = JSON.parse(encodeModel(MODEL));
          let parent = fresh;
          for (const step of path) parent = parent[step];
          edit(parent, key);
          const code = reading(JSON.stringify(fresh));
          if (code === 'none') found.push([...path, key].join('.'));
          walk([...path, key]);
        }
      };
      walk([]);
      return found;
    };
    const missing = change((parent, key) => {
      if (Array.isArray(parent)) parent.splice(0, 1, 'text');
      else delete parent[key];
    });
    const free = [
      ...['weights.a', 'weights.b', 'network.weights.a', 'network.weights.b'],
      ...['calibration.evidence.weights.a', 'calibration.evidence.weights.b'],
    ];
    expect(missing).toEqual(free);
    const typed = change((parent, key) => {
      parent[key] = true;
    });
    expect(typed).toEqual([]);
    const added = change((parent, key) => {
      const value = parent[key];
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) Object.assign(value, { more: 'text' });
      else parent[key] = {};
    });
    expect(added).toEqual([]);
  });

  it('refuses knots that do not rise and shares out of range', () => {
    const { calibration } = MODEL;
    const withBest = (x: number[], y: number[]) =>
      reading(encodeModel({ ...MODEL, calibration: { ...calibration, best: { x, y } } }));
    expect(withBest([0, 0], [0, 1])).toBe('DATASET_INVALID');
    expect(withBest([0, 1], [1, 0])).toBe('DATASET_INVALID');
    expect(withBest([], [])).toBe('DATASET_INVALID');
    expect(withBest([0, 1], [0])).toBe('DATASET_INVALID');
    expect(reading(encodeModel({ ...MODEL, suggestAbove: 1.5 }))).toBe('DATASET_INVALID');
    expect(reading(encodeModel({ ...MODEL, trainedErrorRate: 1 }))).toBe('DATASET_INVALID');
    expect(reading(encodeModel(MODEL).replace('-1.5', '1e999'))).toBe('DATASET_INVALID');
  });
});
