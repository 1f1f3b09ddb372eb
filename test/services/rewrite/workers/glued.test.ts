import fc from 'fast-check';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const readings = (query: string, options = {}, rules: WrittenRules = {}) =>
  tiny.pipeline(rules).explore(query, { ...DEFAULT_OPTIONS, ...options }).readings;
const offering = { ...ENGLISH_PARAMETERS, suggestAbove: 0.01 };

describe('letters glued to digits', () => {
  it.each([
    ['iphone13 case', 'iphone 13 case'],
    ['iphone13case', 'iphone 13 case'],
    ['case13', 'case 13'],
    ['5headphones', '5 headphones'],
    ['newyork2024hotels', 'new york 2024 hotels'],
    // With a slip in the letters, also of words run together.
    ['iphne13 case', 'iphone 13 case'],
    ['iphne13case', 'iphone 13 case'],
    ['bluetooth5speakr', 'bluetooth 5 speaker'],
    ['3wirelesspeaker', '3 wireless speaker'],
    // A code, a unit, one letter before the digits.
    ['mp3speaker', 'mp3 speaker'],
    ['500gbnotebook', '500gb notebook'],
    ['25thnotebook', '25th notebook'],
    ['iphones10case', 'iphone s10 case'],
    // A space within the word.
    ['i phone13 case', 'iphone 13 case'],
    ['13head phones', '13 headphones'],
    ['iphone 13case', 'iphone 13 case'],
  ])('may be cut: %j may be %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it.each([
    'wd40',
    'b0012xyz',
    'ab-123',
    'mp3',
    'h264',
    '4k',
    '500gb',
    '2x4',
    '10ft',
    '1tb',
    'rtx4090',
    'zq5',
    'new-york-2024hotels',
    'a1b2c3d4e5case',
  ])('stay where they are a number, a part number or nothing known: %j', (query) => {
    expect(readings(query)).toEqual([query]);
    expect(rewriteNow(tiny.pipeline({}, offering), query).protected).toMatchObject([
      { offset: 0, length: query.length },
    ]);
  });

  it('stay where no edits are allowed, and take no slip beyond what is', () => {
    expect(readings('iphone13case', { maxEdits: 0 })).toEqual(['iphone13case']);
    expect(readings('head0hones', { maxEdits: 1 })).not.toContain('headphones');
  });

  it('stay where a person said so', () => {
    expect(readings('iphone13 case', {}, { protected: ['iphone13'] })).not.toContain('iphone 13 case');
    expect(readings('iphone13 case', {}, { blocked: [['iphone13', 'iphone 13']] })).not.toContain('iphone 13 case');
    expect(readings('iphone13 case', {}, { overrides: { 'iphone13 case': 'iphone13 case' } })).toEqual([
      'iphone13 case',
    ]);
  });

  it('take the case of what was typed', () => {
    expect(readings('Iphone13Case')).toContain('Iphone 13 Case');
    expect(readings('IPHONE13CASE')).toContain('IPHONE 13 CASE');
  });

  it('are no longer protected when they are cut, and are when they are not', () => {
    const answer = rewriteNow(tiny.pipeline({}, offering), 'bluetooth5speaker wd40');
    expect(answer.rewritten).toBe('bluetooth 5 speaker wd40');
    expect(answer.protected).toEqual([{ offset: 18, length: 4, why: 'part-number' }]);
  });
});

describe('a digit within a word', () => {
  it.each([
    ['sh0es', 'shoes'],
    ['sp3aker', 'speaker'],
    ['wire1ess', 'wireless'],
    ['runn1ng', 'running'],
    // And a slip, as the key below the right one.
    ['head0hones', 'headphones'],
  ])('may be the letter that it looks like: %j may be %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it.each(['sho3s1', '5hoes', 'shoe5', 'sh00es', 'c4se2', 'w1reless5'])(
    'stays a digit at an end, and beside or with another: %j',
    (query) => {
      for (const text of readings(query)) expect(text.replaceAll(/\D/g, '')).toBe(query.replaceAll(/\D/g, ''));
    },
  );
});

describe('digits, whatever was typed', () => {
  const piece = fc.constantFrom(
    'iphone',
    'case',
    'head',
    'phones',
    'speakr',
    'new',
    'york',
    'i',
    'x',
    'gb',
    '0',
    '5',
    '13',
    '360',
    ' ',
    ' ',
    '-',
  );
  const query = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
  const digitsOf = (text: string) => text.replaceAll(/\D/g, '');

  it('are never changed, dropped or put in, but for one between letters', () => {
    const pipeline = tiny.pipeline({}, offering);
    fc.assert(
      fc.property(query, (typed) => {
        const options = { ...DEFAULT_OPTIONS, alternatives: 10, costOfBreaking: 0.01 };
        const answer = rewriteNow(pipeline, typed, options);
        expectSound(answer, options);
        const edits = [answer.edits, ...answer.alternatives.map((one) => one.edits)].flat();
        for (const { from, to, decision } of edits) {
          const isLookAlike = /^\p{L}+\d\p{L}+$/u.test(from) && !/\d/.test(to);
          if (!isLookAlike) expect(digitsOf(to)).toBe(digitsOf(from));
          // Never on auto: the dataset does not know which part numbers are the owner's.
          if (/\d/.test(from)) expect(decision).toBe('suggest');
        }
      }),
      { numRuns: 500 },
    );
  });
});
