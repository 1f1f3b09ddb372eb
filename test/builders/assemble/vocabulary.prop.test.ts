import fc from 'fast-check';
import { buildVocabulary, type Vocabulary } from '../../../builders/assemble/vocabulary.ts';
import { NUMBER, SENTENCE_END, SENTENCE_START } from '../../../builders/count/counted-source.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { FIRST_TERM_ID, TermFlag } from '../../../stores/lexicon/format.ts';
import { type Counts, countedSource } from '../../support/counted.ts';

/** The probability of a word that is only listed. */
const LISTED = 2e-10;

const term = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 }),
  fc.constantFrom('é', '\u{1f600}', '\uffff', '耳机'),
);
const counts: fc.Arbitrary<Counts> = fc.dictionary(term, fc.integer({ min: 1, max: 20 }), { noNullPrototype: true });
const anySource = fc
  .record({
    words: counts,
    role: fc.constantFrom('documents' as const, 'queries' as const, 'words' as const, 'ngrams' as const),
    wordClass: fc.constantFrom('', 'dictionary', 'names', 'web', 'general'),
    weight: fc.integer({ min: 1, max: 3 }),
    unlisted: fc.nat(10),
  })
  .map(({ words, unlisted, ...about }) => {
    const total = Object.values(words).reduce((sum, count) => sum + count, unlisted);
    return { words, source: countedSource({ words }, { ...about, tokenCount: total }) };
  });

const textsOf = (vocabulary: Vocabulary): readonly string[] => vocabulary.texts.slice(FIRST_TERM_ID);

/** A vocabulary of owner's documents and lists: [role and class, words]. */
function vocabularyOf(...given: readonly [about: object, words: Counts][]): Vocabulary {
  return buildVocabulary(
    given.map(([about, words]) => countedSource({ words }, about)),
    ({ weight }) => weight,
    ["'s"],
  );
}

const flagsOf = (vocabulary: Vocabulary, text: string) => vocabulary.flags[vocabulary.idOf.get(text) ?? -1];
const probabilityOf = (vocabulary: Vocabulary, text: string) =>
  vocabulary.probabilities[vocabulary.idOf.get(text) ?? -1] ?? 0;

describe('buildVocabulary', () => {
  it('merges sources as a Map does, and ranks by probability, then by bytes', () => {
    fc.assert(
      fc.property(fc.array(anySource, { maxLength: 4 }), (given) => {
        const sources = given.map(({ source }) => source);
        const vocabulary = buildVocabulary(sources, ({ weight }) => weight);
        const naive = new Map<string, number>();
        const usable = given.filter(({ source }) => source.tokenCount > 0);
        const total = usable.reduce((sum, { source }) => sum + source.weight, 0);
        for (const { words, source } of given) {
          if (source.role !== 'ngrams') for (const text of Object.keys(words)) naive.set(text, 0);
        }
        for (const { words, source } of usable) {
          for (const [text, count] of Object.entries(words)) {
            const share = naive.get(text);
            if (share !== undefined) naive.set(text, share + (source.weight * count) / total / source.tokenCount);
          }
        }
        expect([...textsOf(vocabulary)].sort()).toEqual([...naive.keys()].sort());
        expect(vocabulary.idOf.size).toBe(naive.size);
        textsOf(vocabulary).forEach((text, index) => {
          const id = FIRST_TERM_ID + index;
          expect(vocabulary.idOf.get(text)).toBe(id);
          expect(vocabulary.probabilities[id]).toBeCloseTo(Math.max(naive.get(text) ?? 0, LISTED), 12);
          expect(vocabulary.counts.map((ofSource) => ofSource[id])).toEqual(given.map(({ words }) => words[text] ?? 0));
          if (index === 0) return;
          const [before, own] = [vocabulary.probabilities[id - 1] ?? 0, vocabulary.probabilities[id] ?? 0];
          expect(before).toBeGreaterThanOrEqual(own);
          if (before === own) {
            expect(Buffer.compare(encodeUtf8(vocabulary.texts[id - 1] ?? ''), encodeUtf8(text))).toBe(-1);
          }
        });
      }),
    );
  });

  it('says of each term in which kinds of sources it stands', () => {
    const words = { w: 1 };
    const kinds: [object, number][] = [
      [{ role: 'documents' }, TermFlag.documents],
      [{ role: 'queries' }, TermFlag.queries],
      [{ role: 'documents', wordClass: 'general' }, TermFlag.web],
      [{ role: 'words', wordClass: 'dictionary' }, TermFlag.dictionary],
      [{ role: 'words', wordClass: 'names' }, TermFlag.name],
      [{ role: 'words', wordClass: 'web' }, TermFlag.web],
      [{ role: 'words', wordClass: 'brands of mine' }, TermFlag.dictionary],
    ];
    for (const [about, flag] of kinds) expect(flagsOf(vocabularyOf([about, words]), 'w')).toBe(flag);
    const all = vocabularyOf(...kinds.map(([about]): [object, Counts] => [about, words]));
    expect(flagsOf(all, 'w')).toBe(kinds.reduce((flags, [, flag]) => flags | flag, 0));
  });

  it('makes no term of marks, of numbers, or of what only lists of n-grams hold', () => {
    const marks = { [SENTENCE_START]: 3, [SENTENCE_END]: 3, [NUMBER]: 5 };
    const vocabulary = vocabularyOf([{}, { shoe: 1, ...marks }], [{ role: 'ngrams' }, { shoe: 7, other: 9 }]);
    expect(textsOf(vocabulary)).toEqual(['shoe']);
    expect(vocabulary.texts.slice(0, FIRST_TERM_ID)).toEqual(['', '', '', '']);
    expect(vocabulary.counts[1]?.[FIRST_TERM_ID]).toBe(7);
  });

  it('is empty of nothing', () => {
    expect(textsOf(buildVocabulary([], () => 1))).toEqual([]);
  });

  it('drops possessives that are only listed, and keeps those that text holds', () => {
    const listed = { role: 'words', wordClass: 'dictionary', weight: 0 };
    const vocabulary = vocabularyOf([listed, { "aardvark's": 1, "levi's": 1, levi: 1 }], [{}, { "levi's": 4 }]);
    expect([...textsOf(vocabulary)].sort()).toEqual(['levi', "levi's", 'levis']);
  });

  describe('terms typed without their apostrophe', () => {
    it('are known, as common as the term itself, and never proposed', () => {
      const vocabulary = vocabularyOf([{}, { "don't": 3, shoe: 1 }]);
      expect(flagsOf(vocabulary, 'dont')).toBe(TermFlag.variant | TermFlag.documents);
      expect(probabilityOf(vocabulary, 'dont')).toBe(probabilityOf(vocabulary, "don't"));
      expect(textsOf(vocabulary)).toEqual(["don't", 'dont', 'shoe']);
    });

    it('stay words where a dictionary or a list of names has them', () => {
      const vocabulary = vocabularyOf([{}, { "we'll": 9 }], [{ role: 'words', wordClass: 'dictionary' }, { well: 1 }]);
      expect(flagsOf(vocabulary, 'well')).toBe(TermFlag.dictionary);
    });

    it('become variants where they are rarer than the term, and stay what they are where they are not', () => {
      const rarer = vocabularyOf([{}, { "can't": 9, cant: 2 }]);
      expect(flagsOf(rarer, 'cant')).toBe(TermFlag.variant | TermFlag.documents);
      const commoner = vocabularyOf([{}, { "its'": 2, its: 9 }]);
      expect(flagsOf(commoner, 'its')).toBe(TermFlag.documents);
    });

    it('are not made of apostrophes alone, nor of terms that are only listed', () => {
      const listed = { role: 'words', wordClass: 'dictionary', weight: 0 };
      const vocabulary = vocabularyOf([{}, { "''": 3 }], [listed, { "o'clock": 1 }]);
      expect([...textsOf(vocabulary)].sort()).toEqual(["''", "o'clock"]);
    });
  });
});
