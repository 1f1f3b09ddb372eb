import fc from 'fast-check';
import { termCost } from '../../../../services/rewrite/decode/scorer.ts';
import { contextFree, LanguageModel } from '../../../../services/rewrite/language/language-model.ts';
import {
  decodeBackoffCost,
  decodeCost,
  encodeId,
  encodeNgramValue,
  MAX_NGRAM_BYTES,
} from '../../../../stores/language/ngram-key.ts';
import {
  BACKOFF_STEP,
  encodeLexicon,
  FIRST_TERM_ID,
  UNIGRAM_STEP,
  UNKNOWN_ID,
} from '../../../../stores/lexicon/format.ts';
import { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { addNeighbours, emptyNeighbours, encodeNeighbours } from '../../../../stores/neighbours/format.ts';
import { Neighbours } from '../../../../stores/neighbours/neighbours.ts';
import { makeFst } from '../../../support/fst.ts';
import { sortedEntries } from '../../../support/model.ts';

const TERMS = 3000;
/** Few ids that meet often, and many that share slots of the memo. */
const id = fc.oneof(fc.integer({ min: 0, max: FIRST_TERM_ID + 4 }), fc.integer({ min: FIRST_TERM_ID, max: TERMS - 1 }));
const gram = fc.record({
  ids: fc.array(id, { minLength: 2, maxLength: 3 }),
  cost: fc.integer({ min: 0, max: 200 }),
  backoff: fc.integer({ min: -1, max: 60 }),
});

function keyOf(ids: readonly number[]): Uint8Array {
  const key = new Uint8Array(MAX_NGRAM_BYTES);
  const end = ids.reduce((offset, one) => encodeId(one, key, offset), 0);
  return key.subarray(0, end);
}

/** Which ids stand side by side in n-grams of two and three. */
function neighboursOf(grams: readonly { readonly ids: readonly number[] }[]): Neighbours {
  const arrays = emptyNeighbours(TERMS);
  for (const { ids } of grams) addNeighbours(arrays, ids.at(-2) ?? 0, ids.at(-1) ?? 0);
  return new Neighbours(encodeNeighbours(arrays), 'test');
}

const ofId = (factor: number) => Uint8Array.from({ length: TERMS }, (_, i) => (i * factor) % 256);
const lexicon = new Lexicon(
  encodeLexicon(
    {
      termCount: TERMS,
      textOffsets: new Uint32Array(TERMS + 1),
      text: new Uint8Array(),
      unigramCosts: ofId(7),
      backoffCosts: ofId(11),
      flags: new Uint8Array(TERMS),
      editedCosts: ofId(5),
    },
    1,
  ),
  'test',
  1,
);

/** What the marks, a number and an unknown word cost by themselves. */
const RESERVED = [20, 2.3, 3.9, 20];
const unigram = (one: number): number => RESERVED[one] ?? ((one * 7) % 256) * UNIGRAM_STEP;

describe('LanguageModel', () => {
  it('backs off from triples to pairs to single words, as the definition says', () => {
    const probes = fc.array(fc.tuple(id, id, id), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(gram, { maxLength: 60 }), probes, (grams, asked) => {
        const values = new Map<string, number>();
        for (const { ids, cost, backoff } of grams) {
          values.set(ids.join(), encodeNgramValue(cost / 10, ids.length === 3 || backoff < 0 ? -1 : backoff / 10));
        }
        const entries = [...values].map(([ids, value]) => ({ key: keyOf(ids.split(',').map(Number)), value }));
        const store = makeFst(sortedEntries(entries), 'uint');
        const model = new LanguageModel(store, lexicon);
        const informed = new LanguageModel(store, lexicon, neighboursOf(grams));
        const pair = (u: number, v: number): number => {
          const value = values.get([u, v].join());
          if (value !== undefined) return decodeCost(value);
          return v === 1 ? unigram(1) : ((u * 11) % 256) * BACKOFF_STEP + unigram(v);
        };
        const continued = (u: number, v: number): number => {
          const value = values.get([u, v].join());
          return value === undefined ? -1 : decodeBackoffCost(value);
        };
        const all = [
          ...asked,
          ...asked,
          ...grams.map(({ ids }): [number, number, number] => [ids[0]!, ids[1]!, ids[2] ?? 5]),
        ];
        for (const [u, v, w] of all) {
          expect(model.unigramCost(u)).toBeCloseTo(unigram(u), 9);
          expect(model.pairCost(u, v)).toBeCloseTo(pair(u, v), 9);
          expect(model.continues(u, v)).toBe(continued(u, v) >= 0);
          const value = values.get([u, v, w].join());
          const backoff = continued(u, v);
          const triple = backoff < 0 ? pair(v, w) : value === undefined ? backoff + pair(v, w) : decodeCost(value);
          expect(model.tripleCost(u, v, w)).toBeCloseTo(triple, 9);
          expect(model.tripleCost(-1, v, w)).toBeCloseTo(pair(v, w), 9);
          expect(contextFree(model).tripleCost(u, v, w)).toBe(model.unigramCost(w));
          expect(informed.pairCost(u, v)).toBe(model.pairCost(u, v));
          expect(informed.continues(u, v)).toBe(model.continues(u, v));
          expect(informed.tripleCost(u, v, w)).toBe(model.tripleCost(u, v, w));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says of many words after the same ones what it says of each', () => {
    const nexts = fc.array(id, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(gram, { maxLength: 60 }), fc.array(fc.tuple(id, id)), nexts, (grams, contexts, words) => {
        const values = new Map<string, number>();
        for (const { ids, cost, backoff } of grams) {
          values.set(ids.join(), encodeNgramValue(cost / 10, ids.length === 3 || backoff < 0 ? -1 : backoff / 10));
        }
        const entries = [...values].map(([ids, value]) => ({ key: keyOf(ids.split(',').map(Number)), value }));
        const store = makeFst(sortedEntries(entries), 'uint');
        const model = new LanguageModel(store, lexicon, neighboursOf(grams));
        const seen = grams.map(({ ids }): [number, number] => [ids[0]!, ids[1]!]);
        const costs = new Float64Array(words.length);
        const continued = new Uint8Array(words.length);
        for (const scorer of [model, contextFree(model)]) {
          for (const [u, v] of [...contexts, ...seen, ...seen.map(([, last]): [number, number] => [-1, last])]) {
            scorer.costsAfter(u, v, Int32Array.from(words), 0, words.length, costs, continued);
            expect([...costs]).toEqual(words.map((word) => termCost(scorer, u, v, word)));
            const goesOn = (word: number) => v !== UNKNOWN_ID && word !== UNKNOWN_ID && scorer.continues(v, word);
            expect([...continued]).toEqual(words.map((word) => (goesOn(word) ? 1 : 0)));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('asks the store once for a pair asked again and again, also for one that is not there', () => {
    const model = new LanguageModel(makeFst([], 'uint'), lexicon);
    for (let i = 0; i < 50; i++) model.pairCost(5, 6);
    expect(model.lookups).toBe(1);
  });
});
