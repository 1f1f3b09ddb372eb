import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { DEFAULT_PARAMETERS } from '../../../../services/rewrite/parameters.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

/** An answer with all workers and what they say of it; whatever may be offered is. */
function answerOf(query: string, rules: WrittenRules = {}, options: object = {}) {
  const pipeline = tiny.pipeline(rules, { ...DEFAULT_PARAMETERS, suggestAbove: 0 });
  const answer = rewriteNow(pipeline, query, { explain: true, ...options });
  expectSound(answer, { ...DEFAULT_OPTIONS, ...options });
  return answer;
}

const spans = ({ protected: held }: ReturnType<typeof answerOf>) =>
  held.map(({ offset, length, why }) => [offset, length, why]);

describe('protect', () => {
  it.each([
    ['24/7', 'number'],
    ['10mm', 'number'],
    ['rtx4090', 'part-number'],
    ['SKU-12A', 'part-number'],
    ['www.adidsa.com', 'url'],
    ['https://shose.com/hedphones', 'url'],
    ['me@shose.com', 'email'],
    ['"adidsa shose"', 'quoted'],
    ['brand:adidsa', 'field'],
  ])('leaves %s as it is: %s', (text, why) => {
    const answer = answerOf(`adidsa ${text} shose`);
    expect(answer.rewritten).toBe(`adidas ${text} shoes`);
    expect(spans(answer)).toEqual([[7, text.length, why]]);
  });

  it('leaves operators, wildcards and field groups as they are where they are syntax', () => {
    const query = 'adidsa AND brand:(shose) -adidsa shos*';
    const plain = answerOf('adidsa AND shose');
    expect(spans(plain)).toEqual([]);
    const { rewritten } = answerOf(query, {}, { syntax: 'lucene' });
    expect(rewritten).toContain(' AND brand:(shose)');
    expect(rewritten).toContain('shos*');
  });

  it('leaves listed terms as they are, in any case and next to what is corrected', () => {
    const rules = { protected: ['adidsa'] };
    expect(answerOf('Adidsa shose', rules)).toMatchObject({ rewritten: 'Adidsa shoes' });
    expect(spans(answerOf('ADIDSA shose', rules))).toEqual([[0, 6, 'protected']]);
    expect(answerOf('adidsa').rewritten).toBe('adidas');
  });

  it('leaves listed phrases as they are, but not their words elsewhere', () => {
    const rules = { protected: ['new yrok', 'new yrok shose'] };
    expect(answerOf('New  Yrok adidsa', rules)).toMatchObject({ rewritten: 'New  Yrok adidas' });
    expect(answerOf('yrok adidsa', rules).rewritten).toBe('york adidas');
    expect(answerOf('new yrok shose', rules).rewritten).toBe('new yrok shose');
    expect(answerOf('york new shose', rules).rewritten).toBe('york new shoes');
  });

  it('keeps listed words from being put together or cut', () => {
    expect(answerOf('note book').rewritten).toBe('notebook');
    expect(answerOf('note book', { protected: ['book'] }).rewritten).toBe('note book');
    expect(answerOf('newyork').rewritten).toBe('new york');
    expect(answerOf('newyork', { protected: ['newyork'] }).rewritten).toBe('newyork');
  });

  it('alone decides the list: without it what is listed may change', () => {
    const workers = ['normalise', 'rules', 'spell', 'ngram'];
    expect(answerOf('adidsa', { protected: ['adidsa'] }, { workers })).toMatchObject({
      rewritten: 'adidas',
      protected: [],
    });
  });
});

describe('overrides', () => {
  const OVERRIDE = 'Adidas, "Shoes"';
  const overrides = { 'adidsa shose': OVERRIDE, shoes: 'shoes', adidsa: 'adidsa' };

  it('take the place of the whole query, as their author wrote them', () => {
    expect(answerOf('adidsa shose', { overrides })).toMatchObject({
      rewritten: OVERRIDE,
      search: OVERRIDE,
      decision: 'auto',
      confidence: 1,
      suggestion: null,
      highlighted: '<em>Adidas, &quot;Shoes&quot;</em>',
      edits: [{ offset: 0, length: 12, kind: 'override', worker: 'rules', decision: 'auto' }],
    });
    expect(answerOf('adidsa shose 1', { overrides }).rewritten).toBe('adidas shoes 1');
  });

  it('lose to protected terms, and the trace says so', () => {
    const answer = answerOf('adidsa shose', { overrides, protected: ['shose'] });
    expect(answer.rewritten).toBe('adidas shose');
    expect(answer.trace).toContainEqual({
      worker: 'rules',
      event: 'override-lost-to-protected',
      detail: { to: OVERRIDE },
    });
  });

  it('lose to blocked corrections, and the trace says so', () => {
    const answer = answerOf('adidsa shose', { overrides, blocked: [['adidsa shose', 'adidas shoes']] });
    expect(answer.rewritten).toBe('adidas shoes');
    expect(answer.trace).toContainEqual({
      worker: 'rules',
      event: 'override-lost-to-blocked',
      detail: { to: OVERRIDE },
    });
  });

  it('that say what was typed keep spelling from it', () => {
    expect(answerOf('adidsa', { overrides })).toMatchObject({ rewritten: 'adidsa', decision: 'none', edits: [] });
  });

  it('count only where `rules` runs', () => {
    const workers = ['normalise', 'protect', 'spell', 'ngram'];
    expect(answerOf('adidsa shose', { overrides }, { workers }).rewritten).toBe('adidas shoes');
  });
});

describe('blocked corrections', () => {
  it.each([
    ['adidsa', 'adidas'],
    ['newyork', 'new york'],
    ['note book', 'notebook'],
    ['hed phones', 'headphones'],
    ['ne wyork', 'new york'],
  ])('are not made: %s to %s', (from, to) => {
    expect(answerOf(from).rewritten).toBe(to);
    const answer = answerOf(from, { blocked: [[from, to]] });
    // Other edits may lead to the same text: each is a correction of its own.
    const edits = [...answer.edits, ...answer.alternatives.flatMap((alternative) => alternative.edits)];
    expect(edits.filter((edit) => edit.from === from && edit.to === to)).toEqual([]);
  });
});
