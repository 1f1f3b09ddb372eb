import { DEFAULT_OPTIONS, type RewriteOptions } from '../../../../services/rewrite/options.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { RUDE_DOCUMENTS, rudePutIn } from '../../../support/rude.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines(RUDE_DOCUMENTS);
});
afterAll(() => tiny.close());

/** An answer of which all is offered that may be. */
function answerOf(query: string, options: Partial<RewriteOptions> = {}, rules: WrittenRules = {}) {
  const pipeline = tiny.pipeline(rules, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
  const all = { ...DEFAULT_OPTIONS, alternatives: 10, explain: true, ...options };
  const answer = rewriteNow(pipeline, query, all);
  expectSound(answer, all);
  return answer;
}

const readingsOf = ({ rewritten, alternatives }: ReturnType<typeof answerOf>) => [
  rewritten,
  ...alternatives.map(({ query }) => query),
];

describe('rude words', () => {
  it.each([
    ['a word respelled', 'fcuk perfume'],
    ['a word with a neutral ending', "bich's cream"],
    ['two words written together', 'shit ty'],
    ['two respelled words written together', 'shi tty'],
    ['a word cut in two', 'fuckcream'],
    ['a word cut in two and respelled', 'fuckcreem'],
    ['a moved space', 'fuckc ream'],
    ['a hyphen', 'shi-tty'],
    ['letters held down', 'fuuuuck'],
    ['three words run together', 'fuckbirchcream'],
    ['a phrase, by its first word', 'hnad job'],
    ['a phrase, by its second word', 'hand jbo'],
    ['a phrase, by both', 'hnad jbo'],
    ['a phrase, cut', 'handjob cream'],
  ])('are not put in: %s', (_, query) => {
    expect(rudePutIn(answerOf(query), [])).toEqual([]);
  });

  it('stay as they were typed while the rest is corrected', () => {
    expect(answerOf('fuck perfmue').rewritten).toBe('fuck perfume');
    expect(answerOf('Bitch creem').rewritten).toBe('Bitch cream');
    expect(answerOf('hand job creem').rewritten).toBe('hand job cream');
  });

  it('that were likely meant are not made into something else: the rest is corrected without them', () => {
    expect(answerOf('fcuk perfmue').rewritten).toBe('fcuk perfume');
    expect(answerOf('fcuk', { alternatives: 0 }).rewritten).toBe('fcuk');
  });

  it('are put in as part of a polite phrase only', () => {
    expect(readingsOf(answerOf('moby dikc'))).toContain('moby dick');
    expect(readingsOf(answerOf('mobi dikc'))).toContain('moby dick');
    expect(rudePutIn(answerOf('mobi dikc cream dikc'), ['moby dick'])).toEqual([]);
    expect(rudePutIn(answerOf('dikc cream'), ['moby dick'])).toEqual([]);
  });

  it('are only told as whole terms', () => {
    expect(answerOf('cockpti').rewritten).toBe('cockpit');
    expect(answerOf('cock pit', {}, { polite: ['cock'] }).rewritten).toBe('cockpit');
  });

  it('typed within a longer word are put in with "typed", others are not', () => {
    expect(readingsOf(answerOf('fuckcream', { rude: 'typed' }))).toContain('fuck cream');
    expect(readingsOf(answerOf('handjobcream', { rude: 'typed' }))).toContain('handjob cream');
    expect(rudePutIn(answerOf('fcuk cream', { rude: 'typed' }), [])).toEqual([]);
    expect(rudePutIn(answerOf('shit ty', { rude: 'typed' }), [])).toEqual([]);
  });

  it('of the owner count too, and what the owner calls polite does not', () => {
    expect(readingsOf(answerOf('perfmue'))).toContain('perfume');
    expect(readingsOf(answerOf('perfmue', {}, { rude: ['perfume'] }))).not.toContain('perfume');
    expect(readingsOf(answerOf('birch creem', {}, { rude: ['birch cream'] }))).not.toContain('birch cream');
    expect(readingsOf(answerOf('fcuk', {}, { polite: ['fuck'] }))).toContain('fuck');
    expect(readingsOf(answerOf('fcuk', {}, { rude: ['fuck'], polite: ['fuck'] }))).toContain('fuck');
    expect(readingsOf(answerOf('fcuk cream', {}, { polite: ['fuck cream'] }))).toContain('fuck cream');
    expect(readingsOf(answerOf('fcuk birch', {}, { polite: ['fuck cream'] }))).not.toContain('fuck birch');
  });

  it('are not put in by an override either, but may be kept by one', () => {
    const overrides = { fk: 'fuck', 'fuck creem': 'Fuck Cream', 'job hand': 'hand job', fuckcream: 'fuck cream' };
    expect(rudePutIn(answerOf('fk', {}, { overrides }), [])).toEqual([]);
    expect(answerOf('fk', {}, { overrides }).trace).toContainEqual({ worker: 'rules', event: 'override-lost-to-rude' });
    expect(answerOf('fk', {}, { overrides, polite: ['fuck'] }).rewritten).toBe('fuck');
    expect(answerOf('fuck creem', {}, { overrides }).rewritten).toBe('Fuck Cream');
    expect(answerOf('job hand', {}, { overrides }).rewritten).not.toBe('hand job');
    expect(answerOf('fuckcream', {}, { overrides }).rewritten).not.toBe('fuck cream');
    expect(answerOf('fuckcream', { rude: 'typed' }, { overrides }).rewritten).toBe('fuck cream');
  });
});
