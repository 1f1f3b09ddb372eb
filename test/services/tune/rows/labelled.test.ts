import { boundedDistance } from '../../../../services/rewrite/propose/distance.ts';
import { verdictsOf } from '../../../../services/tune/readings/gather.ts';
import {
  fromCorrect,
  fromPairs,
  fromSheet,
  needsCorrection,
  withMisspellings,
} from '../../../../services/tune/rows/labelled.ts';
import { misspell } from '../../../../services/tune/rows/misspell.ts';
import { ENGLISH_PROFILE } from '../../../support/english.ts';

const units = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i));

describe('labelled sets', () => {
  it('counts the misspelled and the correct of a file', () => {
    const rows = [
      { line: 1, input: 'teh', rights: ['the', 'ten'] },
      { line: 2, input: 'The', rights: ['the'] },
    ];
    expect(fromPairs({ name: 'a', rows })).toMatchObject({ name: 'a', needing: 1, correct: 1 });
  });

  it('takes of a judged sheet what was meant or not meant, and stands for all that was asked', () => {
    const change = { count: 1, decision: 'suggest' as const, confidence: 0.5 };
    const set = fromSheet(
      'sheet',
      {
        queries: 1000,
        occurrences: 1000,
        rows: [
          { ...change, judgement: 'right', query: 'teh', rewritten: 'the' },
          { ...change, judgement: 'broken', query: 'zara', rewritten: 'zebra' },
          { ...change, judgement: 'wrong', query: 'hte', rewritten: 'hat' },
          { ...change, judgement: 'unsure', query: 'a', rewritten: 'b' },
          { ...change, judgement: null, query: 'c', rewritten: 'd' },
        ],
      },
      0.1,
    );
    expect(set.rows).toEqual([
      { input: 'teh', rights: ['the'] },
      { input: 'zara', rights: ['zara'] },
      { input: 'hte', rights: [], wrong: 'hat' },
    ]);
    // Three of five rows judged: they stand for 600 queries, a tenth of them misspelled.
    expect(set.needing).toBeCloseTo(60);
    expect(set.correct).toBeCloseTo(540);
  });

  it('knows of a wrong change only that it and the query are wrong', () => {
    const row = { input: 'hte', rights: [], wrong: 'hat' };
    expect(needsCorrection(row)).toBe(true);
    expect(verdictsOf(row, ['hte', 'hat', 'the'])).toEqual([0, 0, 2]);
    expect(verdictsOf({ input: 'hte', rights: ['THE'] }, ['hte', 'hat', 'the'])).toEqual([0, 0, 1]);
  });
});

describe('misspell', () => {
  const QUERIES = ['wireless headphones', 'new york hotels', 'adidas running shoes 42', 'coffee table', 'iphone case'];

  it('gives the same misspelling for the same seed, and others for others', () => {
    const typed = Array.from({ length: 50 }, (_, seed) => misspell('wireless headphones', ENGLISH_PROFILE, seed));
    expect(typed).toEqual(
      Array.from({ length: 50 }, (_, seed) => misspell('wireless headphones', ENGLISH_PROFILE, seed)),
    );
    expect(new Set(typed).size).toBeGreaterThan(25);
  });

  it('changes a query by a slip or two, never a number', () => {
    for (const query of QUERIES) {
      for (let seed = 0; seed < 200; seed++) {
        const typed = misspell(query, ENGLISH_PROFILE, seed) ?? '';
        expect(typed).not.toBe(query);
        const distance = boundedDistance(units(query), query.length, units(typed), typed.length, 4);
        expect(distance).toBeGreaterThan(0);
        expect(distance).toBeLessThanOrEqual(4);
        expect(/\d+/.exec(typed)?.[0]).toBe(/\d+/.exec(query)?.[0]);
      }
    }
  });

  it('finds nothing to misspell in what has no words', () => {
    expect(['4090', '', 'tv'].map((query) => misspell(query, ENGLISH_PROFILE, 1))).toEqual([null, null, null]);
  });

  it('makes a misspelled row for every query that can have one', () => {
    const set = fromCorrect('log', [
      { query: 'coffee table', count: 3 },
      { query: '4090', count: 1 },
    ]);
    expect(withMisspellings(set, ENGLISH_PROFILE, 1)).toMatchObject({ needing: 1, correct: 2 });
  });
});
