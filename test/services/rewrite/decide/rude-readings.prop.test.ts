import fc from 'fast-check';
import { DEFAULT_OPTIONS, type RewriteOptions } from '../../../../services/rewrite/options.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { EDIT_KINDS, editOnce } from '../../../support/edit-once.ts';
import { ENGLISH, ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { RUDE_DOCUMENTS, rudePutIn } from '../../../support/rude.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines(RUDE_DOCUMENTS);
});
afterAll(() => tiny.close());

const word = fc.constantFrom(...new Set(RUDE_DOCUMENTS.flatMap((line) => line.split(' '))));
const slip = fc.tuple(fc.constantFrom(...EDIT_KINDS), fc.nat(8), fc.constantFrom('e', 'i', 's', 'h', 'c', ' '));
/** Words of the documents with a slip in most, run together here and there. */
const query = fc
  .array(fc.tuple(word, fc.option(slip), fc.constantFrom(' ', ' ', '', '-')), { minLength: 1, maxLength: 4 })
  .map((words) =>
    words
      .map(
        ([text, edit, gap]) => (edit === null ? text : editOnce(text, edit[0], edit[1] % text.length, edit[2])) + gap,
      )
      .join(''),
  );

const options: fc.Arbitrary<RewriteOptions> = fc.record({
  ...(Object.fromEntries(Object.entries(DEFAULT_OPTIONS).map(([name, value]) => [name, fc.constant(value)])) as {
    [Name in keyof RewriteOptions]: fc.Arbitrary<RewriteOptions[Name]>;
  }),
  workers: fc.constantFrom(DEFAULT_OPTIONS.workers, ['normalise', 'spell'] as const),
  alternatives: fc.constantFrom(0, 10),
  explain: fc.constant(true),
  errorRate: fc.constantFrom(0.06, 0.9),
  costOfBreaking: fc.constantFrom(0.1, 9),
});

describe('whatever is typed', () => {
  it('puts in nothing rude at any level, nor in the trace', () => {
    const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: 0.01 });
    let changed = 0;
    fc.assert(
      fc.property(query, options, (typed, asked) => {
        const answer = rewriteNow(pipeline, typed, asked);
        expectSound(answer, asked);
        expect(rudePutIn(answer, ENGLISH.rudeWords.polite)).toEqual([]);
        if (answer.decision !== 'none') changed++;
      }),
      { numRuns: 600 },
    );
    expect(changed).toBeGreaterThan(50);
  });

  it('would without the setting: the queries are near rude words', () => {
    const rude = ['fuck', 'shit', 'shitty', 'bitch', 'cock', 'ass', 'dick', 'hand job', 'handjob'];
    const pipeline = tiny.pipeline({ polite: rude }, { ...ENGLISH_PARAMETERS, suggestAbove: 0.01 });
    let rudeAnswers = 0;
    fc.assert(
      fc.property(query, options, (typed, asked) => {
        if (rudePutIn(rewriteNow(pipeline, typed, asked), []).length > 0) rudeAnswers++;
      }),
      { numRuns: 200 },
    );
    expect(rudeAnswers).toBeGreaterThan(20);
  });
});
