import type { CountedSource } from '../../../builders/count/counted-source.ts';
import { LanguageModel } from '../../../services/rewrite/language/language-model.ts';
import { FIRST_TERM_ID, TermFlag, UNIGRAM_STEP } from '../../../stores/lexicon/format.ts';
import { type AssembledDataset, assembleTiny } from '../../support/assembled.ts';
import { type Counts, countedSource } from '../../support/counted.ts';

const DICTIONARY = { role: 'words', wordClass: 'dictionary', weight: 0 } as const;
const NAMES = { role: 'words', wordClass: 'names', weight: 0 } as const;

/** Assembles, looks, and tidies up. */
async function assembled<T>(sources: readonly CountedSource[], look: (tiny: AssembledDataset) => T): Promise<T> {
  const tiny = await assembleTiny(sources);
  try {
    return look(tiny);
  } finally {
    tiny.close();
  }
}

/** The doubts about a term: of documents with these counts, and with other sources beside them. */
function doubtsOf(term: string, words: Counts, pairs: Counts = {}, ...others: CountedSource[]): Promise<string[]> {
  return assembled([countedSource({ words, pairs }), ...others], ({ stores, idOf }) => {
    const flags = stores.lexicon.flags(idOf(term) ?? 0);
    return (['suspect', 'runOn'] as const).filter((name) => (flags & TermFlag[name]) !== 0);
  });
}

describe('assemble', () => {
  const words = { new: 30, york: 20, hotels: 10, "levi's": 5, 'caf\u00e9': 4, definately: 1 };
  const pairs = { 'new york': 18, 'york hotels': 9, '\u0002 new': 20, 'hotels \u0003': 9 };
  const triples = { 'new york hotels': 9 };
  const sources = () => [
    countedSource({ words, pairs, triples }),
    countedSource({ words: { definitely: 1, new: 1 } }, DICTIONARY),
  ];

  it('gives stores that agree with one another', () =>
    assembled(sources(), ({ stores, idOf, files }) => {
      const { lexicon } = stores;
      expect(lexicon.termCount).toBe(FIRST_TERM_ID + 8);
      for (let id = FIRST_TERM_ID; id < lexicon.termCount; id++) expect(idOf(lexicon.text(id))).toBe(id);
      expect([idOf('new'), idOf('york'), idOf('hotels')]).toEqual([4, 5, 6]);
      expect(idOf('nothing')).toBeUndefined();
      expect(files.map(({ name, entries }) => [name, entries])).toEqual([
        ['terms', 8],
        ['ngrams', expect.any(Number)],
        ['deletes1', expect.any(Number)],
        ['deletes2', expect.any(Number)],
        ['phonetic', expect.any(Number)],
        // A term without its mark, and the letter.
        ['marks', 2],
        ['lexicon', 8],
        ['neighbours', 8],
        ['letters', expect.any(Number)],
        ['channel', expect.any(Number)],
      ]);
    }));

  it('gives costs that are those of the model, to half a step', () =>
    assembled(sources(), ({ stores, idOf }) => {
      const model = new LanguageModel(stores.ngrams, stores.lexicon);
      const [n = 0, york = 0, hotels = 0] = ['new', 'york', 'hotels'].map(idOf);
      expect(Math.abs(model.unigramCost(n) + Math.log(30 / 70))).toBeLessThanOrEqual(UNIGRAM_STEP / 2 + 1e-9);
      // 18 of 30 after "new"; what is left, 20 / 50, goes by words alone.
      expect(Math.abs(model.pairCost(n, york) + Math.log(18 / 50 + (32 / 50) * (20 / 70)))).toBeLessThanOrEqual(0.051);
      expect(Math.abs(model.pairCost(n, hotels) + Math.log((32 / 50) * (10 / 70)))).toBeLessThanOrEqual(0.101);
      expect(model.pairCost(york, hotels)).toBeLessThan(model.unigramCost(hotels));
      expect(model.tripleCost(-1, york, hotels)).toBe(model.pairCost(york, hotels));
    }));

  it('gives the same bytes for the same sources', async () => {
    const [first, second] = [
      await assembled(sources(), (one) => one.bytes()),
      await assembled(sources(), (one) => one.bytes()),
    ];
    expect(Object.keys(first).length).toBe(10);
    expect(second).toEqual(first);
  });

  it('gives stores of nothing that can be opened', () =>
    assembled([], ({ stores, idOf }) => {
      expect(stores.lexicon.termCount).toBe(FIRST_TERM_ID);
      expect(idOf('a')).toBeUndefined();
    }));
});

describe('doubts about terms', () => {
  const definitely = { definitely: 600, definately: 10 };
  const known = (...terms: string[]) =>
    countedSource({ words: Object.fromEntries(terms.map((term) => [term, 1])) }, DICTIONARY);

  it('suspect what a commoner word explains as a slip: the easier the slip and the longer the word', async () => {
    expect(await doubtsOf('definately', definitely, {}, known('definitely'))).toEqual(['suspect']);
    expect(await doubtsOf('definitely', definitely, {}, known('definitely'))).toEqual([]);
    expect(await doubtsOf('definately', { ...definitely, definitely: 20 }, {}, known('definitely'))).toEqual([]);
    // An unlike consonant is rarely typed for another.
    expect(await doubtsOf('lohan', { logan: 60, lohan: 1 }, {}, known('logan'))).toEqual([]);
    expect(await doubtsOf('recieve', { receive: 60, recieve: 1 }, {}, known('receive'))).toEqual(['suspect']);
    expect(await doubtsOf('receeve', { receive: 60, receeve: 1 }, {}, known('receive'))).toEqual(['suspect']);
  });

  it('suspect nothing beside words of no standing, nothing that a dictionary holds, nothing short', async () => {
    expect(await doubtsOf('definately', definitely)).toEqual([]);
    expect(await doubtsOf('definately', definitely, {}, known('definitely', 'definately'))).toEqual([]);
    expect(await doubtsOf('teh', { the: 999, teh: 1 }, {}, known('the'))).toEqual([]);
  });

  it('suspect names less readily than other terms', async () => {
    const name = countedSource({ words: { brittany: 1 } }, NAMES);
    const counts = { brittanny: 999, brittany: 1 };
    expect(await doubtsOf('brittany', counts, {}, known('brittanny'))).toEqual(['suspect']);
    const lohan = { logan: 9999, lohan: 1 };
    expect(await doubtsOf('lohan', lohan, {}, known('logan'))).toEqual(['suspect']);
    const names = countedSource({ words: { lohan: 1 } }, NAMES);
    expect(await doubtsOf('lohan', lohan, {}, known('logan'), names)).toEqual([]);
    expect(await doubtsOf('brittany', counts, {}, known('brittanny'), name)).toEqual(['suspect']);
  });

  it('suspect long terms two edits from a common word, too', async () => {
    expect(await doubtsOf('recomend', { recommend: 999, recomend: 1 }, {}, known('recommend'))).toEqual(['suspect']);
    expect(await doubtsOf('dissapoint', { disappoint: 999, dissapoint: 1 }, {}, known('disappoint'))).toEqual([
      'suspect',
    ]);
    expect(await doubtsOf('komparator', { comparaton: 999, komparator: 1 }, {}, known('comparaton'))).toEqual([]);
  });

  it('take two words that stand side by side and also together for a run-on', async () => {
    const counts = { new: 100, york: 100, newyork: 2 };
    expect(await doubtsOf('newyork', counts, { 'new york': 90 })).toEqual(['runOn']);
    expect(await doubtsOf('newyork', counts)).toEqual([]);
    expect(await doubtsOf('newyork', counts, { 'new york': 90 }, known('newyork'))).toEqual([]);
    expect(await doubtsOf('newyork', { ...counts, newyork: 400 }, { 'new york': 1 })).toEqual([]);
    expect(await doubtsOf('isthis', { is: 100, this: 100, isthis: 1 }, { 'is this': 90 })).toEqual([]);
  });
});
