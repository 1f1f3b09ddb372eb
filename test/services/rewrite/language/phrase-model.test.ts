import fc from 'fast-check';
import { LanguageModel } from '../../../../services/rewrite/language/language-model.ts';
import { MOST_PHRASE_WORDS, PhraseModel } from '../../../../services/rewrite/language/phrase-model.ts';
import { PHRASE_EVIDENCE, type PhraseWeights } from '../../../../stores/profile/phrases.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

function modelWith(weights: PhraseWeights): PhraseModel {
  const { terms, lexicon, ngrams, neighbours, vectors } = tiny.dataset.stores;
  return new PhraseModel({
    terms,
    lexicon,
    languageModel: new LanguageModel(ngrams, lexicon, neighbours),
    vectors,
    weights,
  });
}

const number = fc.double({ min: -2, max: 2, noNaN: true });
const words = fc.constantFrom('new', 'york', 'hotels', 'shoes', 'running', 'cheap', '5', 'of');
const weights: fc.Arbitrary<PhraseWeights> = fc.record({
  weights: fc
    .array(number, { minLength: PHRASE_EVIDENCE.length, maxLength: PHRASE_EVIDENCE.length })
    .map((all) => Float64Array.from(all, (one) => one / 4)),
  first: number.map((of) => new Map([['of', of]])),
  second: number.map((of) => new Map([['of', of]])),
  transitions: fc.array(number, { minLength: 5, maxLength: 5 }),
});

/** Every segmentation of a row, as a label for each gap, with its score. */
function segmentations(model: PhraseModel, row: readonly string[], by: PhraseWeights, held: readonly boolean[]) {
  const evidence = model.evidenceOf(row);
  return Array.from({ length: 2 ** evidence.length }, (_, bits) => {
    const labels = evidence.map((_, i) => (bits >> i) & 1);
    let score = 0;
    for (const [i, label] of labels.entries()) {
      if (held[i] === true && label === 0) score = Number.NEGATIVE_INFINITY;
      if (label === 1) {
        for (const [k, value] of evidence[i]!.entries()) score += by.weights[k]! * value;
        score += (by.first.get(row[i]!) ?? 0) + (by.second.get(row[i + 1]!) ?? 0);
      }
      if (i > 0) score += by.transitions[2 * labels[i - 1]! + label]!;
      if (i > 1 && labels[i - 2]! + labels[i - 1]! + label === 3) score += by.transitions[4]!;
    }
    return { labels, score };
  });
}

/** Groups of two words and more. */
function groupsOf(labels: readonly number[]): [from: number, to: number][] {
  const groups: [number, number][] = [];
  for (let from = 0; from < labels.length; from++) {
    let to = from;
    while (labels[to] === 1) to++;
    if (to > from) groups.push([from, to + 1]);
    from = to;
  }
  return groups;
}

describe('the phrase model', () => {
  it('gives the likeliest of all segmentations, and of each group in how many of them it is, by their likelihood', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 2, maxLength: 7 }),
        weights,
        fc.array(fc.boolean(), { maxLength: 2 }),
        (row, by, held) => {
          const model = modelWith(by);
          model.held.fill(0);
          for (const [i, isHeld] of held.entries()) model.held[i] = isHeld && i < row.length - 1 ? 1 : 0;
          const all = segmentations(model, row, by, held);
          const total = all.reduce((sum, { score }) => sum + Math.exp(score), 0);
          const best = Math.max(...all.map(({ score }) => score));
          const found = model.groupsIn(row);
          const groups = found.map(({ from, to }): [number, number] => [from, to]);
          const same = all.filter(({ labels }) => JSON.stringify(groupsOf(labels)) === JSON.stringify(groups));
          expect(Math.max(...same.map(({ score }) => score))).toBeCloseTo(best, 9);
          for (const { from, to, probability } of found) {
            const holds = all.filter(({ labels }) => groupsOf(labels).some(([a, b]) => a === from && b === to));
            expect(probability).toBeCloseTo(holds.reduce((sum, { score }) => sum + Math.exp(score), 0) / total, 9);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes rows of any length', () => {
    const model = modelWith({
      weights: new Float64Array(PHRASE_EVIDENCE.length),
      first: new Map(),
      second: new Map(),
      transitions: [0, 0, 0, 0, 0],
    });
    const row = Array.from({ length: MOST_PHRASE_WORDS + 1 }, () => 'new');
    expect([model.groupsIn([]), model.groupsIn(['new']), model.groupsIn(row)]).toEqual([[], [], []]);
    expect(() => model.groupsIn(row.slice(1))).not.toThrow();
  });
});

describe('phrases of an answer', () => {
  it('stand where they stand in the query, within signs, of what is searched for', () => {
    const of = (query: string, options: object = {}) => {
      const { phrases } = rewriteNow(tiny.pipeline({ protected: ['hotels cheap', 'new york'] }), query, options);
      return phrases.map(({ offset, length, terms }) => [query.slice(offset, offset + length), terms.join(' ')]);
    };
    expect(of('cheap New  York')).toContainEqual(['New  York', 'new york']);
    expect(of('new, york')).toEqual([]);
    expect(of('hotels cheap')).toEqual([['hotels cheap', 'hotels cheap']]);
    expect(of('new york', { workers: ['normalise'] })).toEqual([]);
  });
});
