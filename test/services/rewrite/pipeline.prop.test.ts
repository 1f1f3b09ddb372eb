import fc from 'fast-check';
import {
  ALL_RULES,
  DEFAULT_OPTIONS,
  type RewriteOptions,
  WORKER_NAMES,
  type WorkerName,
} from '../../../services/rewrite/options.ts';
import { expectSound } from '../../support/answer-contract.ts';
import { EDIT_KINDS, editOnce } from '../../support/edit-once.ts';
import { ENGLISH_PARAMETERS } from '../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const known = ['wireless', 'headphones', 'bluetooth', 'speaker', 'adidas', 'running', 'shoes', 'new', 'york', 'for'];
/** Words of the dataset, in any case, with a slip at some place or none. */
const typedWord = fc
  .tuple(fc.constantFrom(...known), fc.nat(5), fc.nat(12), fc.constantFrom('a', 'e', 's', "'", 'é'), fc.nat(2))
  .map(([word, slip, place, put, pattern]) => {
    const at = place % word.length;
    const kind = [undefined, ...EDIT_KINDS][slip];
    const text = kind === undefined ? word : editOnce(word, kind, at, put);
    return pattern === 0 ? text : pattern === 1 ? text.toUpperCase() : text.slice(0, 1).toUpperCase() + text.slice(1);
  });
const special = fc.constantFrom(
  '24/7',
  'rtx4090',
  'SKU-12A',
  'www.adidsa.com',
  'me@shose.com',
  '"adidsa shose"',
  'brand:adidsa',
  'AND',
  'shose*',
  '\u{1f600}',
  '&amp;',
  '<em>',
  "o'neill",
  'don\u2019t',
  'наушники',
  '耳机',
  'ﬁrst',
  'e\u0301',
  'İstanbul',
  'ß',
  '\u0000',
  '-',
  'newyork',
  'head phones',
  'wirelessheadphones',
);
const piece = fc.oneof(
  { weight: 5, arbitrary: typedWord },
  { weight: 2, arbitrary: special },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const gap = fc.constantFrom(' ', ' ', ' ', '  ', ', ', '. ', '-', '\t', '', '\u00a0', '\n');
const anyQuery = fc
  .array(fc.tuple(piece, gap), { maxLength: 7 })
  .map((pieces) => pieces.map(([text, after]) => text + after).join(''));
const anyOptions: fc.Arbitrary<RewriteOptions> = fc.record({
  workers: fc.oneof(fc.constant(WORKER_NAMES), fc.subarray([...WORKER_NAMES])),
  maxEdits: fc.nat(2),
  alternatives: fc.nat(10),
  explain: fc.boolean(),
  want: fc.option(anyQuery),
  language: fc.constant('en'),
  syntax: fc.constantFrom('plain', 'lucene'),
  rude: fc.constantFrom('never', 'typed'),
  errorRate: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  costOfBreaking: fc.oneof(fc.constant(9), fc.double({ min: 0, max: 1000, noNaN: true })),
  context: fc.constantFrom({}, { channel: 'app' }),
  rules: fc.constantFrom(ALL_RULES, { ...ALL_RULES, limit: 1 }),
  at: fc.constantFrom(null, 0),
});

describe('every answer', () => {
  it('keeps what callers are promised, for any query, any options, and little or nothing left unsaid', () => {
    const pipelines = [0.5, 0.01].map((suggestAbove) =>
      tiny.pipeline({ protected: ['speeker', 'new yrok'] }, { ...ENGLISH_PARAMETERS, suggestAbove }),
    );
    const decisions = new Map<string, number>();
    fc.assert(
      fc.property(anyQuery, anyOptions, fc.nat(1), (query, options, which) => {
        const pipeline = pipelines[which];
        if (pipeline === undefined) throw new Error('no pipeline');
        const answer = rewriteNow(pipeline, query, options);
        expectSound(answer, options);
        decisions.set(answer.decision, (decisions.get(answer.decision) ?? 0) + 1);
        // The same again: nothing is left over from one query to the next but memos.
        const { queryId: _, tookMs: __, trace: ___, ...same } = rewriteNow(pipeline, query, options);
        expect(answer).toMatchObject(same);
      }),
      { numRuns: 300 },
    );
    // The generator reaches all of them.
    expect([...decisions.keys()].sort()).toEqual(['auto', 'none', 'suggest']);
  });

  it('sums to 1 with all that was weighed: the unchanged query, the rewritten one, alternatives and the rest', () => {
    const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 0.05 });
    fc.assert(
      fc.property(anyQuery, (query) => {
        const answer = rewriteNow(pipeline, query, { alternatives: 10 });
        const unchanged = answer.alternatives.find((one) => one.query === query)?.confidence ?? 0;
        const withIt = rewriteNow(tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 1 }), query);
        const keep = answer.decision === 'none' ? 0 : withIt.confidence;
        expect(answer.alternatives.every((one) => one.query !== query)).toBe(unchanged === 0);
        const listed = answer.alternatives.reduce((sum, one) => sum + one.confidence, 0);
        expect(answer.confidence + keep + listed + answer.otherMass).toBeCloseTo(1, 9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('workers', () => {
  const query = 'adidsa Shose 24/7 "new yrok" speeker';
  const subsets: WorkerName[][] = [[]];
  for (const first of WORKER_NAMES) {
    subsets.push([first]);
    for (const second of WORKER_NAMES) if (first < second) subsets.push([first, second]);
  }

  it.each(subsets.map((workers) => [workers.join(), workers]))(
    'keep the contract alone and in pairs: %s',
    (_, names) => {
      const options = { ...DEFAULT_OPTIONS, workers: names as WorkerName[] };
      const answer = rewriteNow(tiny.pipeline({ protected: ['speeker'] }), query, options);
      expectSound(answer, options);
      if (!options.workers.includes('spell')) expect([answer.decision, answer.alternatives]).toEqual(['none', []]);
      expect(answer.protected.length).toBe(options.workers.includes('protect') ? 3 : 0);
      expect(answer.rewritten).toContain(' 24/7 "new yrok" ');
    },
  );

  it('run in the order of the pipeline, however they are named', () => {
    const pipeline = tiny.pipeline();
    const there = rewriteNow(pipeline, query);
    const back = rewriteNow(pipeline, query, { workers: [...WORKER_NAMES].reverse() });
    expect([back.rewritten, back.confidence]).toEqual([there.rewritten, there.confidence]);
  });
});

describe('options', () => {
  const queries = [
    'adidsa shose',
    'wireles hedphones',
    'newyork hotels',
    'running shoes',
    'Note Book computer',
    'shoez',
  ];

  it('errorRate: the likelier a misspelling beforehand, the surer the change', () => {
    const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
    for (const query of queries.filter((one) => one !== 'running shoes')) {
      const offered = [0.001, 0.01, 0.06, 0.2, 0.5, 0.9].map((errorRate) => rewriteNow(pipeline, query, { errorRate }));
      const changed = offered.filter(({ decision }) => decision !== 'none').map(({ confidence }) => confidence);
      expect(changed.length).toBeGreaterThan(0);
      expect(changed).toEqual([...changed].sort((a, b) => a - b));
      const kept = offered.filter(({ decision }) => decision === 'none').map(({ confidence }) => confidence);
      expect(kept).toEqual([...kept].sort((a, b) => b - a));
    }
  });

  it('costOfBreaking: the dearer a wrong change, the fewer are made unasked; what is offered stays', () => {
    const pipeline = tiny.pipeline();
    for (const query of queries) {
      const answers = [0, 1, 9, 99, 1e6].map((costOfBreaking) => rewriteNow(pipeline, query, { costOfBreaking }));
      const sure = answers.map(({ edits }) => edits.filter(({ decision }) => decision === 'auto').length);
      expect(sure).toEqual([...sure].sort((a, b) => b - a));
      expect(new Set(answers.map(({ rewritten }) => rewritten)).size).toBe(1);
      expect(new Set(answers.map(({ confidence }) => confidence)).size).toBe(1);
      expect(sure.at(-1)).toBe(0);
    }
  });

  it('maxEdits: how far a replacement may be from what was typed', () => {
    const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
    const at = (maxEdits: number, query: string) => rewriteNow(pipeline, query, { maxEdits, alternatives: 10 });
    for (const query of [...queries, 'hedfones', 'adidsaa']) {
      expect(at(0, query)).toMatchObject({ decision: 'none', alternatives: [], edits: [] });
      const { edits, alternatives } = at(1, query);
      for (const { evidence } of [...edits, ...alternatives.flatMap((alternative) => alternative.edits)]) {
        expect(evidence['distance']).toBeLessThanOrEqual(1);
      }
    }
    expect(at(1, 'hedphnes').rewritten).toBe('hedphnes');
    expect(at(2, 'hedphnes').rewritten).toBe('headphones');
    // What sounds alike is three edits away, or more, and looked for with all edits allowed.
    const far = (maxEdits: number) => pipeline.explore('whyrelis', { ...DEFAULT_OPTIONS, maxEdits }).readings;
    expect([far(1), far(2)]).toEqual([expect.not.arrayContaining(['wireless']), expect.arrayContaining(['wireless'])]);
  });

  it('explain: fills the trace, and only then', () => {
    const pipeline = tiny.pipeline();
    expect(rewriteNow(pipeline, 'adidsa').trace).toEqual([]);
    const events = rewriteNow(pipeline, 'adidsa', { explain: true }).trace.map(({ worker, event }) => [worker, event]);
    expect(events).toEqual([
      ['spell', 'proposed'],
      ['ngram', 'decoded'],
    ]);
  });
});

describe('case', () => {
  it.each([
    ['adidsa', 'adidas'],
    ['Adidsa', 'Adidas'],
    ['ADIDSA', 'ADIDAS'],
    ['aDidsa', 'aDidas'],
    ['Newyork', 'New York'],
    ['NEWYORK', 'NEW YORK'],
    ['newyork', 'new york'],
  ])('%s becomes %s', (typed, to) => {
    const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
    const { rewritten } = rewriteNow(pipeline, `the  ${typed}!`);
    expect(rewritten).toBe(`the  ${to}!`);
  });
});
