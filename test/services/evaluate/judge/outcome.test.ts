import { isReached, judge } from '../../../../services/evaluate/judge/outcome.ts';
import type { Decision } from '../../../../services/rewrite/answer.ts';

const row = (input: string, ...rights: string[]) => ({ line: 1, input, rights });
const answer = (rewritten: string, decision: Decision, alternatives: string[] = [], search = rewritten) => ({
  rewritten,
  decision,
  search,
  confidence: 0.8,
  alternatives: alternatives.map((query, i) => ({ query, confidence: 0.1 / (i + 1) })),
});

describe('judge', () => {
  it.each([
    ['teh', 'the', 'auto', 'fixed', 'fixed'],
    ['teh', 'the', 'suggest', 'fixed', 'missed'],
    ['teh', 'teh', 'none', 'missed', 'missed'],
    ['teh', 'ten', 'suggest', 'wrong', 'missed'],
    ['teh', 'ten', 'auto', 'wrong', 'wrong'],
    ['the', 'the', 'none', 'kept', 'kept'],
    ['the', 'ten', 'suggest', 'broken', 'kept'],
    ['the', 'ten', 'auto', 'broken', 'broken'],
  ] as const)('%j answered %j on %s is %s at suggest and %s at auto', (input, rewritten, decision, suggest, auto) => {
    const search = decision === 'auto' ? rewritten : input;
    expect(judge(row(input, 'the'), answer(rewritten, decision, [], search)).verdicts).toEqual({ suggest, auto });
  });

  it('compares without case, quotes and white space', () => {
    const outcome = judge(row('Paula  Deen’s', "paula deen's"), answer("Paula Deen's", 'auto'));
    expect([outcome.needsCorrection, outcome.changed, outcome.verdicts.auto]).toEqual([false, false, 'kept']);
  });

  it('takes what is searched for as the output at auto level, also where only some edits are sure', () => {
    const half = (...rights: string[]) =>
      judge(row('teh hosue', ...rights), answer('the house', 'suggest', [], 'the hosue')).verdicts;
    expect(half('the house')).toEqual({ suggest: 'fixed', auto: 'wrong' });
    expect(half('the hosue')).toEqual({ suggest: 'wrong', auto: 'fixed' });
    expect(half('teh hosue')).toEqual({ suggest: 'broken', auto: 'broken' });
  });

  it('breaks nothing where one right answer becomes another', () => {
    expect(judge(row('color', 'color', 'colour'), answer('colour', 'auto')).verdicts).toEqual({
      suggest: 'kept',
      auto: 'kept',
    });
    expect(judge(row('color', 'color', 'colour'), answer('collar', 'auto')).verdicts.auto).toBe('broken');
  });

  it('finds where the right answer stands, each reading counted once', () => {
    const outcome = judge(row('teh', 'the'), answer('ten', 'auto', ['Ten', 'tech', 'the']));
    expect(outcome.rank).toBe(3);
    expect([isReached(outcome, 2), isReached(outcome, 3)]).toEqual([false, true]);
    expect(judge(row('teh', 'the'), answer('ten', 'auto')).rank).toBe(0);
  });

  it('takes the first other reading as the best change when the query is left alone', () => {
    const outcome = judge(row('teh', 'the'), answer('teh', 'none', ['the', 'ten']));
    expect(outcome.best).toEqual({ confidence: 0.1, right: true });
    expect(judge(row('teh', 'the'), answer('teh', 'none')).best.confidence).toBe(-1);
  });
});
