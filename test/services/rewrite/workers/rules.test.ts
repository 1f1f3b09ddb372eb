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

/** An answer with all workers and what they say of it; whatever may be offered is. */
function answerOf(query: string, rules: WrittenRules = {}, options: object = {}) {
  const pipeline = tiny.pipeline(rules, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
  const answer = rewriteNow(pipeline, query, { explain: true, ...options });
  expectSound(answer, { ...DEFAULT_OPTIONS, ...options });
  return answer;
}

/** Every text of an answer that a caller could search for. */
const textsOf = ({ rewritten, search, alternatives }: ReturnType<typeof answerOf>) => [
  rewritten,
  search,
  ...alternatives.map(({ query }) => query),
];

/** How often a run of terms occurs in a text of terms, which it may overlap. */
function count(text: string, run: string): number {
  return text.split(' ').filter((_, i, all) => all.slice(i, i + run.split(' ').length).join(' ') === run).length;
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

  it('win over protected terms and blocked corrections, which bind guesses', () => {
    const guarded = { overrides, protected: ['shose'], blocked: [['adidsa shose', 'adidas shoes'] as const] };
    expect(answerOf('adidsa shose', guarded)).toMatchObject({ rewritten: OVERRIDE, decision: 'auto' });
    expect(answerOf('adidsa shose 1', guarded).rewritten).toBe('adidas shose 1');
    expect(answerOf('adidsa shose', guarded).trace).toContainEqual({ worker: 'rules', event: 'override-of-protected' });
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
    expect(textsOf(answerOf(from, { blocked: [[from, to]] }))).not.toContain(to);
  });

  it.each<[query: string, without: string, rule: [string, string]]>([
    // What may not change is changed by no edit over several tokens: a moved space, a merge, a stray mark.
    ['ne wyork hotels', 'new york hotels', ['ne', '*']],
    ['note book', 'notebook', ['note', '*']],
    ['hed phones', 'headphones', ['hed', '*']],
    ['speake;r', 'speaker', ['speake', '*']],
    ['ne wyork', 'new york', ['wyork', 'york']],
    // What may not be put in is no run of a longer correction either.
    ['newyorkhotels', 'new york hotels', ['*', 'new york']],
    ['newyorkhotels', 'new york hotels', ['*', 'york hotels']],
    ['newyorkhotels', 'new york hotels', ['newyorkhotels', 'new york']],
    // Nor do a word that changes and one that stays make it together.
    ['new yrok hotels', 'new york hotels', ['*', 'new york']],
    ['new yrok hotels', 'new york hotels', ['new yrok', 'new york']],
    ['new yrok hotels', 'new york hotels', ['yrok hotels', '*']],
    ['runing shose', 'running shoes', ['*', 'running shoes']],
  ])('hold for every run of terms: %s is not %s', (query, without, rule) => {
    expect(textsOf(answerOf(query))).toContain(without);
    expect(textsOf(answerOf(query, { blocked: [rule] }))).not.toContain(without);
  });

  it('leave other corrections of the same query alone', () => {
    expect(answerOf('adidsa new yrok', { blocked: [['*', 'new york']] }).rewritten).toBe('adidas new yrok');
    // What was typed is not put in.
    expect(answerOf('new york hotles', { blocked: [['*', 'new york']] }).rewritten).toBe('new york hotels');
    expect(answerOf('new york hotles', { blocked: [['new york', '*']] }).rewritten).toBe('new york hotels');
  });

  it('are broken by no reading, whatever the rules and the query', () => {
    const term = fc.constantFrom(
      'new',
      'york',
      'yrok',
      'newyork',
      'note',
      'book',
      'notebook',
      'shose',
      'shoes',
      'adidsa',
    );
    const side = fc.oneof(
      fc.constant('*'),
      fc.array(term, { minLength: 1, maxLength: 2 }).map((terms) => terms.join(' ')),
    );
    const rule = fc.tuple(side, side).filter(([from, to]) => from !== '*' || to !== '*');
    const query = fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(' '));
    fc.assert(
      fc.property(query, fc.array(rule, { minLength: 1, maxLength: 3 }), (typed, blocked) => {
        for (const text of textsOf(answerOf(typed, { blocked }, { alternatives: 10 }))) {
          for (const [from, to] of blocked) {
            const leaves = from !== '*' && count(text, from) < count(typed, from);
            const enters = to !== '*' && count(text, to) > count(typed, to);
            if (from === '*') expect([text, enters]).toEqual([text, false]);
            if (to === '*') expect([text, leaves]).toEqual([text, false]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
