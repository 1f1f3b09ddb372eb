import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines([
    'barnes and noble books',
    'barnes and noble stores',
    'noel song books',
    'noel song stores',
    'books about barnes',
  ]);
});
afterAll(() => tiny.close());

function answerOf(query: string, rules: WrittenRules = {}) {
  const answer = rewriteNow(tiny.pipeline(rules, { ...ENGLISH_PARAMETERS, suggestAbove: 0.01 }), query);
  expectSound(answer, DEFAULT_OPTIONS);
  return answer;
}

describe('a & between two words', () => {
  it('tells as the word for it does which ones go together, and stays', () => {
    const [word, sign] = ['barnes and nobel books', 'barnes & nobel books'].map((query) => answerOf(query));
    expect([word?.rewritten, sign?.rewritten]).toEqual(['barnes and noble books', 'barnes & noble books']);
    expect(sign?.confidence).toBeCloseTo(word?.confidence ?? 0, 5);
    expect(sign?.edits).toMatchObject([{ offset: 9, length: 5, from: 'nobel', to: 'noble' }]);
    expect(answerOf('barnes  &\tnobel books').rewritten).toBe('barnes  &\tnoble books');
    expect(answerOf('barnes&nobel books').rewritten).toBe('barnes&noble books');
    expect(answerOf('noel song &').rewritten).toBe('noel song &');
  });

  it('does not come between the terms of a rule', () => {
    expect(answerOf('barnes & nobel books', { protected: ['barnes nobel'] }).rewritten).toBe('barnes & nobel books');
    const blocked = [['barnes nobel', 'barnes noble']] as const;
    expect(answerOf('barnes & nobel books', { blocked }).rewritten).not.toBe('barnes & noble books');
  });
});
