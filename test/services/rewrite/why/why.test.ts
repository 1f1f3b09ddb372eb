import fc from 'fast-check';
import type { Why } from '../../../../services/rewrite/why/account.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

function whyOf(query: string, want: string, rules: WrittenRules = {}, suggestAbove = 0.01): Why {
  const pipeline = tiny.pipeline(rules, { ...ENGLISH_PARAMETERS, suggestAbove });
  return rewriteNow(pipeline, query, { want }).trace.at(-1)?.detail as unknown as Why;
}

describe('why a query was not rewritten as wanted', () => {
  it('says nothing unless it is asked', () => {
    expect(rewriteNow(tiny.pipeline(), 'wireles headphones').trace).toEqual([]);
  });

  it('says of the answer how it was reached', () => {
    const { answer, wanted, verdict } = whyOf('wireles headphones', 'Wireless headphones');
    expect(answer.rewritten).toBe('wireless headphones');
    expect(verdict).toBe(answer.decision);
    expect(wanted?.probability).toBeCloseTo(answer.confidence, 3);
  });

  it('says that a reading is too unlikely, and from which error rate on it is not', () => {
    const at = whyOf('wireles headphones', 'wireless headphones').wanted?.probability ?? 1;
    const told = whyOf('wireles headphones', 'wireless headphones', {}, Math.min(0.999, at + 0.001));
    expect(told).toMatchObject({ verdict: 'unsure', against: { text: 'wireles headphones' } });
    const rate = Number(/--error-rate (0\.\d+)/.exec(told.remedy.command)?.[1]);
    const pipeline = tiny.pipeline({}, { ...ENGLISH_PARAMETERS, suggestAbove: Math.min(0.999, at + 0.001) });
    expect(rewriteNow(pipeline, 'wireles headphones', { errorRate: rate }).rewritten).toBe('wireless headphones');
    expect(rewriteNow(pipeline, 'wireles headphones', { errorRate: rate - 0.01 }).rewritten).toBe('wireles headphones');
  });

  it.each<[string, string, string, WrittenRules, Partial<Why['obstacles'][number]>]>([
    [
      'an unknown word',
      'wirelss xylofone',
      'wireless xylophone',
      {},
      { kind: 'unknown-word', typed: 'xylofone', detail: 'xylophone' },
    ],
    [
      'a protected word',
      'wireles headphones',
      'wireless headphones',
      { protected: ['wireles'] },
      { kind: 'protected', typed: 'wireles' },
    ],
    ['quoted text', '"wireles" headphones', 'wireless headphones', {}, { kind: 'protected', detail: 'quoted' }],
    [
      'a blocked correction',
      'wireles headphones',
      'wireless headphones',
      { blocked: [['wireles', 'wireless']] },
      { kind: 'blocked' },
    ],
    ['a word put in', 'york hotels', 'new york hotels', {}, { kind: 'word-added', wanted: 'new' }],
    ['a word left out', 'new york city hotels', 'new york hotels', {}, { kind: 'word-dropped', typed: 'city' }],
    [
      'a word far off',
      'wrlshe headphones',
      'wireless headphones',
      {},
      { kind: 'too-far', typed: 'wrlshe', wanted: 'wireless' },
    ],
  ])('names what stands in the way: %s', (_, query, want, rules, obstacle) => {
    const told = whyOf(query, want, rules);
    expect(told.verdict).toBe('not-proposed');
    expect(told.obstacles).toContainEqual(expect.objectContaining(obstacle));
    expect(told.remedy.text).not.toBe('');
  });

  it('says that a rule decided, and that a rude word is in the way', () => {
    expect(whyOf('iphone case', 'iphone cases', { overrides: { 'iphone case': 'notebook' } })).toMatchObject({
      verdict: 'ruled',
      answer: { rewritten: 'notebook' },
    });
    const rude = whyOf('adidsa shoes', 'adidas shoes', { rude: ['adidas'] });
    expect(rude).toMatchObject({ verdict: 'rude', remedy: { command: "emend rules add polite 'adidas shoes'" } });
  });

  it('gives the remedies as commands that a shell reads as one word', () => {
    const { remedy } = whyOf("o'neil zzzz", "o'neill's zzzz yyyy");
    expect(remedy.command).toBe(`emend rules add vocabulary 'o'\\''neill'\\''s'`);
  });

  it('answers for any query and any wish: with a probability, or with what stands in the way', () => {
    const words = fc.constantFrom(
      'wireles',
      'headphones',
      'new',
      'yrok',
      'newyork',
      'shose',
      '24/7',
      '&',
      '"a b"',
      'zzz',
    );
    const text = fc.array(words, { minLength: 1, maxLength: 5 }).map((row) => row.join(' '));
    fc.assert(
      fc.property(text, text, (query, want) => {
        const told = whyOf(query, want);
        expect(told.query).toBe(query);
        expect((told.wanted === null) === (told.verdict === 'not-proposed' || told.verdict === 'rude')).toBe(true);
        expect(told.obstacles.length > 0).toBe(told.verdict === 'not-proposed');
      }),
      { numRuns: 60 },
    );
  });
});
