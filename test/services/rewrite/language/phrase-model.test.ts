import fc from 'fast-check';
import { titleSetOf } from '../../../../builders/assemble/titles.ts';
import { LanguageModel } from '../../../../services/rewrite/language/language-model.ts';
import { MOST_PHRASE_WORDS } from '../../../../services/rewrite/language/phrase-chain.ts';
import { PhraseModel } from '../../../../services/rewrite/language/phrase-model.ts';
import { PHRASE_EVIDENCE, type PhraseWeights } from '../../../../stores/profile/phrases.ts';
import { encodeTitles } from '../../../../stores/titles/format.ts';
import { Titles } from '../../../../stores/titles/titles.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const NAMED = [
  ['new', 'york'],
  ['york', 'hotels'],
  ['new', 'york', 'hotels'],
  ['of', 'new', 'york'],
  ['running', 'shoes', 'of', 'york'],
];
const TITLES = new Titles(encodeTitles([titleSetOf(NAMED)]), 'titles');

function modelWith(weights: PhraseWeights, titles: Titles = TITLES): PhraseModel {
  const { terms, lexicon, ngrams, neighbours, vectors } = tiny.dataset.stores;
  return new PhraseModel({
    terms,
    lexicon,
    languageModel: new LanguageModel(ngrams, lexicon, neighbours),
    vectors,
    titles,
    weights,
  });
}

const number = fc.double({ min: -2, max: 2, noNaN: true });
const words = fc.constantFrom('new', 'york', 'hotels', 'shoes', 'running', 'cheap', '5', 'of', 'cheapest', 'in');
const rows = fc
  .array(fc.oneof({ weight: 3, arbitrary: words.map((word) => [word]) }, fc.constantFrom(...NAMED)), {
    minLength: 2,
    maxLength: 5,
  })
  .map((parts) => parts.flat().slice(0, 8));
const weights: fc.Arbitrary<PhraseWeights> = fc.record({
  weights: fc
    .array(number, { minLength: PHRASE_EVIDENCE.length, maxLength: PHRASE_EVIDENCE.length })
    .map((all) => Float64Array.from(all, (one) => one / 4)),
  first: number.map((of) => new Map([['of', of]])),
  second: number.map((of) => new Map([['of', of]])),
  transitions: fc.array(number, { minLength: 5, maxLength: 5 }),
  titles: fc.array(number, { minLength: 3, maxLength: 3 }),
});

/** Every segmentation of a row, as a label for each gap, with its score. */
function segmentations(model: PhraseModel, row: readonly string[], by: PhraseWeights, held: readonly boolean[]) {
  const evidence = model.evidenceOf(row);
  const titles = model.titlesIn(row);
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
    // Beside the first and the last word of a row are breaks.
    const isRun = (from: number, to: number) =>
      (labels[from - 1] ?? 0) === 0 &&
      labels.slice(from, to - 1).every((label) => label === 1) &&
      (labels[to - 1] ?? 0) === 0;
    for (const [from, to] of titles) if (isRun(from, to)) score += by.titles[to - from - 2]!;
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
      fc.property(rows, weights, fc.array(fc.boolean(), { maxLength: 2 }), (row, by, held) => {
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
      }),
      { numRuns: 400 },
    );
  });

  it('knows the titles in a row, of two to four words, and none without a list of them', () => {
    const by = fc.sample(weights, { numRuns: 1, seed: 1 })[0]!;
    const row = ['cheap', 'new', 'york', 'hotels'];
    const titles = (model: PhraseModel) => model.titlesIn(row).map(([from, to]) => row.slice(from, to).join(' '));
    expect(titles(modelWith(by)).sort()).toEqual(['new york', 'new york hotels', 'york hotels']);
    expect(modelWith(by).titlesIn(['running', 'shoes', 'of', 'york'])).toContainEqual([0, 4]);
    const { terms, lexicon, ngrams, neighbours, vectors } = tiny.dataset.stores;
    const languageModel = new LanguageModel(ngrams, lexicon, neighbours);
    const none = new PhraseModel({ terms, lexicon, languageModel, vectors, titles: undefined, weights: by });
    expect(titles(none)).toEqual([]);
  });

  it('says the same of a row however many others it has seen since', () => {
    const model = modelWith(fc.sample(weights, { numRuns: 1, seed: 2 })[0]!);
    const row = ['cheap', 'new', 'york', 'hotels', 'of', '5', 'shoes'];
    const before = [model.groupsIn(row), model.evidenceOf(row), model.titlesIn(row)];
    // More words than are remembered.
    for (let i = 0; i < 9000; i++) model.groupsIn([`word${i}`, 'new', `other${i}`]);
    expect([model.groupsIn(row), model.evidenceOf(row), model.titlesIn(row)]).toEqual(before);
  });

  it('stays sure of probabilities with weights of any size', () => {
    const model = modelWith({
      weights: new Float64Array(PHRASE_EVIDENCE.length).fill(-100),
      first: new Map([['new', 100]]),
      second: new Map([['york', 100]]),
      transitions: [100, -100, 100, -100, -100],
      titles: [100, -100, 100],
    });
    model.held.fill(1);
    const row = Array.from({ length: MOST_PHRASE_WORDS }, (_, i) => (i % 2 === 0 ? 'new' : 'york'));
    expect(model.groupsIn(row)).toEqual([{ from: 0, to: MOST_PHRASE_WORDS, probability: expect.closeTo(1, 9) }]);
    model.held.fill(0);
    for (const { probability } of model.groupsIn(row)) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  it('takes rows of any length', () => {
    const model = modelWith({
      weights: new Float64Array(PHRASE_EVIDENCE.length),
      first: new Map(),
      second: new Map(),
      transitions: [0, 0, 0, 0, 0],
      titles: [0, 0, 0],
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
