import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { openEngine } from '../../../../services/rules/engine/engine.ts';
import type { QuantityRule, RuleSet } from '../../../../services/rules/model/rule.ts';
import { expectSound } from '../../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../../support/english.ts';
import { importText } from '../../../support/rule-formats.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines(['notebook computer bag', 'tv set', 'dog food', 'computer tower case']);
});
afterAll(() => tiny.close());

function answerOf(query: string, set: RuleSet, options: object = {}) {
  const engine = openEngine(compileRuleSet(set), 'rules');
  expect(engine.ruleSet()).toEqual(set);
  const asked = { explain: true, ...options };
  const answer = rewriteNow(tiny.pipeline({ engine }, { ...ENGLISH_PARAMETERS, suggestAbove: 0 }), query, asked);
  expectSound(answer, { ...DEFAULT_OPTIONS, ...asked });
  return answer;
}

describe('synonyms of Solr', () => {
  const expansions = (query: string, lines: string) =>
    answerOf(query, importText('solr', lines).rules).expansions.map(({ matched, terms, keepOriginal }) => [
      query.slice(matched.offset, matched.offset + matched.length),
      terms.join(' '),
      keepOriginal,
    ]);

  it('act in the longest match at each place, from the left', () => {
    const lines = 'tv => television\ntv set => box\nset top => apex\n';
    expect(expansions('tv set top', lines)).toEqual([['tv set', 'box', false]]);
    expect(expansions('tv, big set top', lines)).toEqual([
      ['tv', 'television', false],
      ['set top', 'apex', false],
    ]);
    const { trace } = answerOf('tv set', importText('solr', lines).rules);
    expect(trace).toContainEqual(
      expect.objectContaining({ event: 'rule-lost', detail: { rule: 'tv => television', why: 'overlapped' } }),
    );
  });

  it('of a list stand for one another, and not for themselves', () => {
    expect(expansions('tv', 'tv, tele vision, telly\n')).toEqual([
      ['tv', 'tele vision', true],
      ['tv', 'telly', true],
    ]);
    expect(expansions('TV', 'tv, telly\n')).toEqual([['TV', 'telly', true]]);
  });

  it('of several lines act together, and what was typed stays where one of them keeps it', () => {
    expect(expansions('tv', 'tv => telly\ntv => box\n')).toEqual([
      ['tv', 'telly', false],
      ['tv', 'box', false],
    ]);
    expect(expansions('tv', 'tv => telly\ntv, box\n')).toEqual([
      ['tv', 'telly', true],
      ['tv', 'box', true],
    ]);
    expect(expansions('tv', 'tv, set => tv, telly\n')).toEqual([['tv', 'telly', true]]);
    expect(expansions('set', 'tv, set => tv, telly\n')).toEqual([
      ['set', 'tv', false],
      ['set', 'telly', false],
    ]);
  });
});

describe("Querqy's replace rules", () => {
  const searchOf = (query: string, lines: string) => answerOf(query, importText('querqy-replace', lines).rules).search;

  it('replace the longest match, and by a wildcard what those by name leave', () => {
    const lines = 'tv set => television\ntv => telly\ntele* => tv\nset\tsets =>\n';
    expect(searchOf('tv set red', lines)).toBe('television red');
    expect(searchOf('tv red teletext', lines)).toBe('telly red tv');
    expect(searchOf('red sets', lines)).toBe('red');
  });
});

describe('protected terms of a rule set', () => {
  it('are left alone by spelling, one and several', () => {
    const off = { costOfBreaking: 0 };
    const without: RuleSet = { rules: [] };
    const set: RuleSet = { rules: [], protectedTerms: ['Notebok', 'computr  towr'] };
    expect(answerOf('notebok bag', without, off).search).toBe('notebook bag');
    expect(answerOf('notebok computr towr', set, off)).toMatchObject({
      rewritten: 'notebok computr towr',
      protected: [
        { offset: 0, length: 7, why: 'protected' },
        { offset: 8, length: 12, why: 'protected' },
      ],
    });
    expect(answerOf('computr bag', set, off).search).toBe('computer bag');
  });
});

describe('quantities of a rule set', () => {
  const boost = {
    ...{ below: 20, above: 20, scoreBelow: 20, scoreAbove: 10, scoreAtValue: 40, scoreExact: 15 },
    exact: { below: 0, above: 5 },
  };
  const of = (units: QuantityRule['units'], ...fields: string[]): QuantityRule => ({
    units,
    fields: fields.map((name, i) => ({ name, scale: i })),
    filter: { below: 20, above: 10 },
    boost,
  });
  const SIZE = of(
    [
      { term: 'inch', multiplier: 1 },
      { term: 'Zoll', multiplier: 1 },
      { term: '"', multiplier: 1 },
      { term: 'cm', multiplier: 0.3937 },
    ],
    'width',
    'depth',
  );

  it('become filters of each field, and boosts that fall to the ends', () => {
    const answer = answerOf('tv 15 zoll', { rules: [], quantities: [SIZE] });
    expect(answer.search).toBe('tv 15 zoll');
    const match = { rule: 'quantities/0', matched: { offset: 3, length: 7 } };
    expect(answer.filters).toMatchObject([
      { ...match, field: 'width', range: { from: 12, to: 17 } },
      { ...match, field: 'depth', range: { from: 12, to: 16.5 } },
    ]);
    expect(answer.boosts).toMatchObject([
      { ...match, field: 'width', range: { from: 12, to: 18 }, value: 15, factor: 40, factorFrom: 20, factorTo: 10 },
      { ...match, field: 'width', range: { from: 15, to: 16 }, value: 15, factor: 15, factorFrom: 15, factorTo: 15 },
      { ...match, field: 'depth', range: { from: 12, to: 18 } },
      { ...match, field: 'depth', range: { from: 15, to: 15.8 } },
    ]);
  });

  it.each([
    ['tv 14"', 14],
    ['tv 14 inches', 14],
    ['tv 14inch', 14],
    ['tv 100 cm', 39],
    ['tv 5 ft', 60],
    ['tv 14', undefined],
    ['inch tv', undefined],
    ['tv 3 dogs', undefined],
  ])('of %j are read as people write them', (query, value) => {
    const { boosts } = answerOf(query, { rules: [], quantities: [of(SIZE.units, 'width')] });
    expect(boosts[0]).toEqual(value === undefined ? undefined : expect.objectContaining({ value }));
  });

  it('of one unit in several definitions, and of several numbers, are all said', () => {
    const weight = of([{ term: 'kg', multiplier: 1000 }], 'grams');
    const load = of([{ term: 'kg', multiplier: 1 }], 'load');
    const { filters } = answerOf('5 kg dog food 14 inch', { rules: [], quantities: [weight, load, SIZE] });
    expect(filters.map((one) => [one.rule, 'field' in one && one.field, one.matched.offset])).toEqual([
      ['quantities/0', 'grams', 0],
      ['quantities/1', 'load', 0],
      ['quantities/2', 'width', 14],
      ['quantities/2', 'depth', 14],
    ]);
  });

  it('are of what is searched for, and say where that stands', () => {
    const set: RuleSet = {
      rules: [
        { id: 'tv', triggers: [{ kind: 'sequence', text: 'tv' }], actions: [{ do: 'replace', to: 'television' }] },
      ],
      quantities: [SIZE],
    };
    expect(answerOf('tv 15 zoll', set)).toMatchObject({
      search: 'television 15 zoll',
      filters: [{ matched: { offset: 3, length: 7 }, matchedRewritten: { offset: 11, length: 7 } }, {}],
    });
    const guess = answerOf('computr 15 zoll', { rules: [], quantities: [SIZE] }, { costOfBreaking: 1e6 });
    expect(guess).toMatchObject({ suggestion: 'computer 15 zoll', filters: [{ field: 'width' }, { field: 'depth' }] });
    expect(guess.forSuggestion?.filters).toEqual(guess.filters);
    expect(answerOf('15 zoll', { rules: [], quantities: [SIZE] }, { workers: ['normalise'] }).filters).toEqual([]);
  });
});
