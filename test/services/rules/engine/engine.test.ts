import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { openEngine } from '../../../../services/rules/engine/engine.ts';
import type { Rule, RuleSet } from '../../../../services/rules/model/rule.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
let parts: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
  parts = await tinyPipelines(['note pad', 'book shelf', 'notebook computer']);
});
afterAll(() => {
  tiny.close();
  parts.close();
});

const on = (text: string, ...actions: Rule['actions']): Rule => ({
  id: text,
  triggers: [{ kind: 'sequence', text }],
  actions,
});

function answerOf(
  query: string,
  rules: readonly Rule[],
  options: object = {},
  others: WrittenRules & Omit<RuleSet, 'rules'> = {},
  over = tiny,
) {
  const { values, settings, quantities, protectedTerms, ...written } = others;
  const members = Object.entries({ values, settings, quantities, protectedTerms }).filter(([, member]) => member);
  const set: RuleSet = { rules, ...Object.fromEntries(members) };
  const engine = openEngine(compileRuleSet(set), 'rules');
  const pipeline = over.pipeline({ ...written, engine }, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
  const asked = { explain: true, ...options };
  const answer = rewriteNow(pipeline, query, asked);
  expectSound(answer, { ...DEFAULT_OPTIONS, ...asked });
  return answer;
}

const BOOST = { do: 'boost', query: 'x' } as const;

describe('terms of rules that match', () => {
  it('are known: the dataset has none of them, and they are left alone', () => {
    expect(answerOf('adidsa', []).rewritten).toBe('adidas');
    expect(answerOf('adidsa', [on('adidsa', BOOST)])).toMatchObject({
      rewritten: 'adidsa',
      boosts: [{ rule: 'adidsa' }],
    });
    expect(answerOf('adidsa shose', [on('adidsa', BOOST)]).rewritten).toBe('adidsa shoes');
  });

  it('that the dataset has are never changed unasked, but may be offered otherwise', () => {
    const asked = { costOfBreaking: 0 };
    expect(answerOf('adidsa speaker', [], asked).search).toBe('adidas speaker');
    const own = answerOf('speaker cas', [on('speaker', BOOST)], asked);
    expect(own).toMatchObject({ search: 'speaker case', boosts: [{ rule: 'speaker' }] });
    const split = answerOf('note book', [on('note', BOOST)], asked, {}, parts);
    expect(split).toMatchObject({
      search: 'note book',
      suggestion: 'notebook',
      decision: 'suggest',
      boosts: [{ rule: 'note' }],
    });
    expect(split.forSuggestion).toMatchObject({ boosts: [] });
  });

  it('are not those that a wildcard stands for: what was typed may be misspelled', () => {
    expect(answerOf('adidsa', [on('adid*', BOOST)], { costOfBreaking: 0 })).toMatchObject({
      rewritten: 'adidas',
      boosts: [{ rule: 'adid*', confidence: expect.any(Number) }],
    });
  });
});

describe('what acts through a correction', () => {
  it('carries its confidence, and where it stands in either text', () => {
    const { boosts, edits } = answerOf('adidsa  shose', [on('shoes', BOOST)], { costOfBreaking: 0 });
    const edit = edits.find(({ to }) => to === 'shoes');
    expect(boosts).toEqual([
      {
        rule: 'shoes',
        matched: { offset: 8, length: 5 },
        confidence: edit?.confidence,
        query: 'x',
        raw: false,
        factor: 1,
        demote: false,
      },
    ]);
    const [split] = answerOf('newyork hotels', [on('york hotels', BOOST)], { costOfBreaking: 0 }).boosts;
    expect(split).toMatchObject({ matched: { offset: 0, length: 14 }, matchedRewritten: { offset: 0, length: 15 } });
  });
});

describe('replacements', () => {
  it('of a part of what a correction put in become one edit with it', () => {
    const answer = answerOf('newyork hotels', [on('york', { do: 'replace', to: 'jersey' })], { costOfBreaking: 0 });
    expect(answer).toMatchObject({ decision: 'auto', search: 'new jersey hotels' });
    expect(answer.edits).toMatchObject([
      { offset: 0, length: 7, from: 'newyork', to: 'new jersey', evidence: { rule: 'york', through: 'new york' } },
    ]);
  });

  it('of terms that overlap are one: of the rule that goes first, then of the longer', () => {
    const rules = [on('new', { do: 'replace', to: 'a' }), on('new york', { do: 'replace', to: 'b' })];
    expect(answerOf('new york', rules).search).toBe('a york');
    expect(answerOf('new york', [{ ...rules[0]!, priority: 1 }, rules[1]!]).search).toBe('b');
    const both = { id: '1', triggers: [...rules[0]!.triggers, ...rules[1]!.triggers], actions: rules[0]!.actions };
    expect(answerOf('new york', [both]).search).toBe('a');
  });

  it('take over what a placeholder and a group stand for, as terms', () => {
    const values = { city: ['New York'] };
    const city = on('Hotels {city}', { do: 'replace', to: '{city} hotels \\o/' });
    expect(answerOf('hotels NEW  york!', [city], {}, { values }).search).toBe('new york hotels \\o/!');
    const size: Rule = {
      id: 'size',
      triggers: [{ kind: 'regex', pattern: '(\\d+) (inch|ft)( wide)?' }],
      actions: [{ do: 'replace', to: '$1$2 [$3]' }],
    };
    expect(answerOf('case 12 inch', [size]).search).toBe('case 12inch []');
    expect(answerOf('case 12 inches', [size]).search).toBe('case 12 inches');
  });
});

describe('texts of rules', () => {
  it('put in nothing rude, unless it was typed or is polite', () => {
    const rude = { rude: ['knickers'] };
    const rules = [on('shoes', { do: 'replace', to: 'knickers' }), on('case', { do: 'synonym', to: 'red knickers' })];
    expect(answerOf('shoes case', rules, {}, rude)).toMatchObject({ search: 'shoes case', expansions: [] });
    expect(answerOf('shoes case knickers', rules, {}, rude)).toMatchObject({ search: 'knickers case knickers' });
    expect(answerOf('shoes case', rules, {}, { ...rude, polite: ['knickers'] })).toMatchObject({
      search: 'knickers case',
      expansions: [{ terms: ['red', 'knickers'] }],
    });
  });
});

describe('an override', () => {
  it('comes before replacements, and other rules go on with what it put in', () => {
    const rules = [
      on('adidas', { do: 'replace', to: 'nike' }),
      on('speaker', BOOST),
      on('case', { do: 'redirect', to: '/case' }),
    ];
    const answer = answerOf('adidas case', rules, {}, { overrides: { 'adidas case': 'Speaker' } });
    expect(answer).toMatchObject({
      search: 'Speaker',
      decision: 'auto',
      boosts: [{ rule: 'speaker' }],
      redirect: { rule: 'case', url: '/case' },
    });
  });
});

describe('workers', () => {
  const rules = [on('adidas', { do: 'replace', to: 'nike' }), on('speaker', BOOST), on('case', { do: 'delete' })];

  it('`rules` and `expand` each do their part', () => {
    const all = ['normalise', 'protect', 'rules', 'spell', 'ngram', 'phrases', 'expand'];
    const without = (name: string) =>
      answerOf('adidas speaker case', rules, { workers: all.filter((one) => one !== name) });
    expect(without('')).toMatchObject({ search: 'nike speaker', boosts: [{}], rules: 'test' });
    expect(without('rules')).toMatchObject({ search: 'adidas speaker', boosts: [{}] });
    expect(without('expand')).toMatchObject({ search: 'nike speaker case', boosts: [] });
    expect(answerOf('adidas', rules, { workers: ['normalise', 'spell'] })).toMatchObject({
      search: 'adidas',
      rules: null,
    });
  });
});

describe('the trace', () => {
  it('names rules that acted, and those that matched and did not, with the reason', () => {
    const rules: Rule[] = [
      { ...on('shoes', BOOST), id: 'acts' },
      { ...on('shoes', BOOST), id: 'late', validity: [{ until: 1 }] },
      { ...on('shoes', BOOST), id: 'elsewhere', context: { channel: ['app'] } },
      { ...on('shoes', BOOST), id: 'left out', properties: { level: 2 } },
      { ...on('shoes', BOOST), id: 'never', enabled: false },
    ];
    const { trace } = answerOf('shoes', rules, {
      rules: { filter: ['$[?(!@.level)]'], sort: null, limit: null, limitByLevel: false },
    });
    const of = (event: string) => trace.filter((entry) => entry.event === event).map(({ detail }) => detail);
    expect(of('rule-acted')).toEqual([{ rule: 'acts', matched: 'shoes', actions: ['boost'] }]);
    expect(of('rule-lost')).toEqual([
      { rule: 'late', why: 'not-now' },
      { rule: 'elsewhere', why: 'context' },
      { rule: 'left out', why: 'filtered' },
    ]);
  });
});

describe('a rule that matches in several places', () => {
  it('says the same of the query once, and what it says of a place for each', () => {
    const rules = [on('{city}', { do: 'filter', query: '{city}' }, BOOST, { do: 'synonym', to: 'town' })];
    const answer = answerOf('york rome york', rules, {}, { values: { city: ['york', 'rome'] } });
    expect(answer.filters.map(({ matched, ...one }) => ['query' in one && one.query, matched.offset])).toEqual([
      ['york', 0],
      ['rome', 5],
    ]);
    expect([answer.boosts.length, answer.expansions.length]).toEqual([1, 3]);
  });

  it('does so in 200 places at most, and the answer says so', () => {
    const rules = [on('a', { do: 'synonym', to: 'b' }, { do: 'replace', to: 'c' }), on('new', { do: 'delete' })];
    const answer = answerOf('a '.repeat(3000), rules);
    expect([answer.expansions.length, answer.reasons.includes('too-many-matches')]).toEqual([200, true]);
    expect(answer.search.startsWith('c c c c')).toBe(true);
    expect(answerOf('new '.repeat(3000), rules).search.trim()).not.toBe('');
  });
});

describe('long queries', () => {
  it('are looked through as far as rules look', () => {
    const words = Array.from({ length: 1000 }, (_, i) => (i === 5 || i === 900 ? 'shoes' : 'new'));
    const { boosts } = answerOf(words.join(' '), [on('shoes', BOOST)]);
    expect(boosts).toHaveLength(1);
  });
});
