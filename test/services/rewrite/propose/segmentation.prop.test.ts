import fc from 'fast-check';
import { LanguageModel } from '../../../../services/rewrite/language/language-model.ts';
import { proposalCost } from '../../../../services/rewrite/propose/costs.ts';
import type { CutSources, Segmentation } from '../../../../services/rewrite/propose/cut-table.ts';
import { Segmenter } from '../../../../services/rewrite/propose/segmentation.ts';
import { MISS, type Store } from '../../../../stores/store.ts';
import { type AssembledDataset, assembleTiny } from '../../../support/assembled.ts';
import { countedSource } from '../../../support/counted.ts';
import { ENGLISH_PARAMETERS, ENGLISH_PROFILE } from '../../../support/english.ts';

const WORDS = ['a', 'i', 'b', 'ab', 'ba', 'aba', 'bab', 'abab', 'baab', "a'b"];

let tiny: AssembledDataset;
let sources: CutSources;
beforeAll(async () => {
  const words = Object.fromEntries(WORDS.map((word, i) => [word, 1 + ((7 * i) % 11)]));
  const pairs = Object.fromEntries(
    WORDS.flatMap((u, i) => WORDS.map((v, j) => [`${u} ${v}`, 1 + ((i * 3 + j * 5) % 7)])),
  );
  const some = Object.fromEntries(Object.entries(pairs).filter((_, i) => i % 3 === 0));
  tiny = await assembleTiny([countedSource({ words, pairs: some })]);
  const { terms, ngrams, lexicon } = tiny.stores;
  const languageModel = new LanguageModel(ngrams, lexicon);
  sources = { terms, lexicon, languageModel, costs: ENGLISH_PARAMETERS.costs, profile: ENGLISH_PROFILE };
});
afterAll(() => tiny.close());

/** Every way to cut, cheapest first. */
function naiveSegments(text: string, maxParts: number): Omit<Segmentation, 'ids'>[] {
  const { languageModel, lexicon, costs: prices } = sources;
  const ways: Omit<Segmentation, 'ids'>[] = [];
  const walk = (at: number, words: readonly string[], before: number, cost: number) => {
    if (at === text.length && words.length > 1) ways.push({ words, cost });
    if (words.length === maxParts) return;
    for (let end = at + 1; end <= text.length; end++) {
      const word = text.slice(at, end);
      const id = tiny.idOf(word);
      const flags = id === undefined ? 0 : lexicon.flags(id);
      // `ab` for `a'b` is accepted when typed, never proposed; of single letters only a and i are words.
      if (id === undefined || (flags & 64) !== 0 || word === 'b') continue;
      const pair = words.length === 0 ? languageModel.unigramCost(id) : languageModel.pairCost(before, id);
      walk(end, [...words, word], id, cost + pair + proposalCost(lexicon, prices, id));
    }
  };
  walk(0, [], -1, 0);
  return ways.sort((a, b) => a.cost - b.cost);
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'i'), minLength: 1, maxLength: 7 });

describe('the ways to cut a word', () => {
  it('cuts in two as trying every place does', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const found = new Segmenter(sources).segment(typed, 2, 4);
        expect(costs(found)).toEqual(costs(naiveSegments(typed, 2).slice(0, 4)));
      }),
    );
  });

  it('finds the cheapest cut of all, and others that are what they say', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 10 }), (typed, maxParts) => {
        const found = new Segmenter(sources).segment(typed, maxParts, 4);
        const every = naiveSegments(typed, maxParts);
        // Few letters leave few partial cuts, so the beam drops none that matters where parts are not counted.
        if (maxParts >= typed.length) expect(costs(found.slice(0, 1))).toEqual(costs(every.slice(0, 1)));
        for (const { words, ids, cost } of found) {
          expect(words.join('')).toBe(typed);
          expect(ids).toEqual(words.map((word) => tiny.idOf(word)));
          expect(every.some((way) => way.words.join() === words.join() && Math.abs(way.cost - cost) < 1e-9)).toBe(true);
        }
        expect(costs(found)).toEqual([...costs(found)].sort((a, b) => a - b));
      }),
    );
  });

  it('does not try words too long for as many parts as are allowed', () => {
    const { languageModel } = sources;
    const before = languageModel.lookups;
    expect(new Segmenter(sources).segment('ab'.repeat(23), 2, 4)).toEqual([]);
    expect(languageModel.lookups).toBe(before);
  });
});

function costs(ways: readonly Pick<Segmentation, 'cost'>[]): number[] {
  return ways.map(({ cost }) => Math.round(1e9 * cost) / 1e9);
}

describe('Segmenter', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', "'"), minLength: 1, maxLength: 6 }));

  it('answers as one that remembers nothing, however few words it remembers', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), (asked, remembered) => {
        const segmenter = new Segmenter(sources, remembered);
        for (const text of [...asked, ...asked]) {
          for (const maxParts of [2, 10]) {
            expect(segmenter.segment(text, maxParts, 4)).toEqual(new Segmenter(sources).segment(text, maxParts, 4));
          }
        }
        expect(segmenter.size).toBeLessThanOrEqual(remembered);
      }),
    );
  });

  it('forgets what it found while look-ups were missing', () => {
    let isMissing = true;
    const find: Store['find'] = (...asked) => (isMissing ? MISS : sources.terms.find(...asked));
    const segmenter = new Segmenter({ ...sources, terms: { find } as Store });
    segmenter.recent.begin();
    expect(segmenter.segment('abba', 2, 4)).toEqual([]);
    segmenter.recent.forget();
    isMissing = false;
    expect(segmenter.segment('abba', 2, 4)).toEqual(new Segmenter(sources).segment('abba', 2, 4));
  });
});
