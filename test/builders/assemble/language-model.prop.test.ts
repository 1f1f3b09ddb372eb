import fc from 'fast-check';
import { estimateLanguageModel } from '../../../builders/assemble/language-model.ts';
import type { LanguageModel } from '../../../builders/assemble/model.ts';
import { findSorted, ID_SPACE } from '../../../builders/assemble/source-counts.ts';
import { buildVocabulary, type Vocabulary } from '../../../builders/assemble/vocabulary.ts';
import { type CountedSource, NUMBER, SENTENCE_END, SENTENCE_START } from '../../../builders/count/counted-source.ts';
import { END_ID, FIRST_TERM_ID, NUMBER_ID, START_ID } from '../../../stores/lexicon/format.ts';
import { countedSource } from '../../support/counted.ts';

const parameters = {
  priorCount: 20,
  evidencePerCount: ({ weight }: CountedSource) => weight,
  isOwners: ({ wordClass }: CountedSource) => wordClass !== 'general',
  isFitted: false,
  tripleLoss: 1e-3,
};

function modelOf(
  sources: readonly CountedSource[],
  isFitted = false,
): { vocabulary: Vocabulary; model: LanguageModel } {
  const vocabulary = buildVocabulary(sources, ({ weight }) => weight);
  return { vocabulary, model: estimateLanguageModel(sources, vocabulary, { ...parameters, isFitted }) };
}

/** Share of the reserved ids in a unigram model: END and NUMBER. */
const unigram = ({ probabilities }: Vocabulary, id: number): number =>
  id === END_ID ? 0.1 : id === NUMBER_ID ? 0.02 : id < FIRST_TERM_ID ? 0 : (probabilities[id] ?? 0);

function pair(model: LanguageModel, vocabulary: Vocabulary, u: number, v: number): number {
  const at = findSorted(model.pairs, u * ID_SPACE + v);
  return at >= 0 ? (model.pairProbabilities[at] ?? 0) : (model.backoffs[u] ?? 0) * unigram(vocabulary, v);
}

function triple(model: LanguageModel, vocabulary: Vocabulary, at: number, w: number): number {
  const found = model.triplePairs.findIndex((one, i) => one === at && model.tripleLasts[i] === w);
  if (found >= 0) return model.tripleProbabilities[found] ?? 0;
  return (model.pairBackoffs[at] ?? 0) * pair(model, vocabulary, (model.pairs[at] ?? 0) % ID_SPACE, w);
}

/** Counts of sentences, as the counting of documents makes them. */
function counted(sentences: readonly (readonly string[])[], about: Partial<Omit<CountedSource, 'ngrams'>> = {}) {
  const grams: [Record<string, number>, Record<string, number>, Record<string, number>] = [{}, {}, {}];
  for (const sentence of sentences) {
    const marked = [SENTENCE_START, ...sentence, SENTENCE_END];
    marked.forEach((_, at) => {
      grams.forEach((counts, longer) => {
        const gram = marked.slice(at, at + longer + 1).join(' ');
        const isWhole =
          at + longer < marked.length && (longer > 0 || (gram !== SENTENCE_START && gram !== SENTENCE_END));
        if (isWhole) counts[gram] = (counts[gram] ?? 0) + 1;
      });
    });
  }
  return countedSource({ words: grams[0], pairs: grams[1], triples: grams[2] }, about);
}

const word = fc.constantFrom('a', 'b', 'c', 'd', NUMBER);
const sentences = fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 30 });
const anySources = fc
  .array(
    fc.record({
      text: sentences,
      weight: fc.integer({ min: 1, max: 40 }),
      kind: fc.constantFrom('documents' as const, 'queries' as const, 'general' as const, 'ngrams' as const),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((given) =>
    given.map(({ text, weight, kind }) => {
      const role = kind === 'general' ? 'documents' : kind;
      return counted(text, { weight, role, wordClass: kind === 'general' ? kind : '' });
    }),
  );

describe('estimateLanguageModel', () => {
  it('gives every context probabilities that sum to 1 with what backs off to the words alone', () => {
    fc.assert(
      fc.property(anySources, fc.boolean(), (sources, isFitted) => {
        const { vocabulary, model } = modelOf(sources, isFitted);
        const ids = Array.from(vocabulary.texts.keys()).filter((id) => id >= FIRST_TERM_ID);
        ids.push(END_ID, NUMBER_ID);
        // The marks have a share beside the words, so the words alone sum to somewhat more than 1.
        const words = ids.reduce((sum, id) => sum + unigram(vocabulary, id), 0);
        for (const u of [...ids.filter((id) => id !== END_ID), START_ID]) {
          const backoff = model.backoffs[u] ?? 0;
          expect(backoff).toBeGreaterThan(0);
          expect(backoff).toBeLessThanOrEqual(1);
          const sum = ids.reduce((total, v) => total + pair(model, vocabulary, u, v), 0);
          expect(sum).toBeCloseTo(1 + backoff * (words - 1), 9);
        }
      }),
    );
  });

  it('never has more than certainty: pairs and triples lie within (0, 1], those kept back off', () => {
    fc.assert(
      fc.property(anySources, fc.boolean(), (sources, isFitted) => {
        const { vocabulary, model } = modelOf(sources, isFitted);
        for (const p of [...model.pairProbabilities, ...model.tripleProbabilities]) {
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
        }
        const ids = Array.from(vocabulary.texts.keys()).filter((id) => id >= FIRST_TERM_ID);
        ids.push(END_ID, NUMBER_ID);
        const words = ids.reduce((sum, id) => sum + unigram(vocabulary, id), 0);
        for (const at of new Set(model.triplePairs)) {
          expect(model.pairBackoffs[at]).toBeGreaterThan(0);
          // A triple left out backs off to what is left of its pair, and the sum stays about one.
          const sum = ids.reduce((total, w) => total + triple(model, vocabulary, at, w), 0);
          expect(sum).toBeLessThanOrEqual(Math.max(words, 1.2) + 1e-9);
        }
      }),
    );
  });

  it('is what can be worked out by hand', () => {
    // 10 x "a b", 10 x "a c": P(a) = 1/2, P(b) = P(c) = 1/4.
    const text = Array.from({ length: 20 }, (_, i) => ['a', i % 2 === 0 ? 'b' : 'c']);
    const { vocabulary, model } = modelOf([counted(text)]);
    const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map((one) => vocabulary.idOf.get(one));
    expect([a, b, c]).toEqual([4, 5, 6]);
    // a was seen 20 times, so half of what follows it is what its own counts say: b(a) = 20 / (20 + 20).
    expect(model.backoffs[a]).toBeCloseTo(0.5, 12);
    expect(pair(model, vocabulary, a, b)).toBeCloseTo(10 / 40 + 0.5 * 0.25, 12);
    expect(pair(model, vocabulary, START_ID, a)).toBeCloseTo(20 / 40 + 0.5 * 0.5, 12);
    expect(pair(model, vocabulary, b, END_ID)).toBeCloseTo(10 / 30 + (20 / 30) * 0.1, 12);
    expect(pair(model, vocabulary, b, c)).toBeCloseTo((20 / 30) * 0.25, 12);
    // After "a b" the end: 10 / (20 + 10) + 2/3 x P(end | b), where P(end | b) = 0.4 is what backing off would say.
    const at = findSorted(model.pairs, a * ID_SPACE + b);
    expect(triple(model, vocabulary, at, END_ID)).toBeCloseTo(10 / 30 + (20 / 30) * 0.4, 12);
    // That is worth little, and not kept where triples must be worth more.
    const few = estimateLanguageModel([counted(text)], vocabulary, { ...parameters, tripleLoss: 0.1 });
    expect([few.triplePairs.length, few.pairBackoffs[at]]).toEqual([0, 0]);
  });

  it('keeps triples that say more than their pairs', () => {
    // After "x" anything; after "new x" always "y".
    const others = Array.from({ length: 300 }, (_, i) => ['x', `w${i % 30}`]);
    const news = Array.from({ length: 60 }, () => ['new', 'x', 'y']);
    const { vocabulary, model } = modelOf([counted([...others, ...news])]);
    const [n = 0, x = 0, y = 0] = ['new', 'x', 'y'].map((one) => vocabulary.idOf.get(one));
    const at = findSorted(model.pairs, n * ID_SPACE + x);
    expect(triple(model, vocabulary, at, y)).toBeCloseTo(60 / 80 + (20 / 80) * pair(model, vocabulary, x, y), 12);
    expect(model.pairBackoffs[at]).toBeCloseTo(20 / 80, 12);
  });

  it('believes the owner the more the more there is of it, whatever a large list says', () => {
    const list = counted(
      Array.from({ length: 20 }, () => ['new', 'york']),
      { role: 'ngrams', weight: 1000, name: 'list' },
    );
    const shares = [1, 10, 100, 1000].map((times) => {
      const text = Array.from({ length: times }, () => ['new', 'balance']);
      const { vocabulary, model } = modelOf([list, counted(text, { role: 'queries' })], true);
      const [first = 0, second = 0] = ['new', 'balance'].map((one) => vocabulary.idOf.get(one));
      return pair(model, vocabulary, first, second);
    });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.3);
    expect(shares[3]).toBeGreaterThan(0.9);
  });

  it('takes nothing of what follows from lists of words, and no starts and ends from general text', () => {
    const text = [['a', 'b']];
    const list = modelOf([counted(text, { role: 'words' })]).model;
    expect([list.pairs.length, ...list.backoffs.subarray(FIRST_TERM_ID)]).toEqual([0, 1, 1]);
    const { vocabulary, model } = modelOf([counted(text, { wordClass: 'general' })]);
    const [a = 0, b = 0] = ['a', 'b'].map((one) => vocabulary.idOf.get(one));
    expect([...model.pairs]).toEqual([a * ID_SPACE + b]);
  });
});

describe('findSorted', () => {
  it('finds as indexOf does', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(40), (keys, key) => {
        const sorted = Float64Array.from(keys).sort();
        expect(findSorted(sorted, key)).toBe(sorted.indexOf(key));
      }),
    );
  });
});
