/** What went wrong with the spelling suggestions of a government's site, as its owners told: each once, and safe ever after. */
import type { RewriteOptions } from '../../services/rewrite/options.ts';
import { compileRuleSet } from '../../services/rules/compile/compile.ts';
import { openEngine } from '../../services/rules/engine/engine.ts';
import { ENGLISH_PARAMETERS } from '../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines, type WrittenRules } from '../support/tiny-pipeline.ts';

const PAGES = [
  'renew your passport online, passport renewal fees',
  'driving licence renewal, vehicle tax',
  'cot beds and the safety of beds, exit visa and the exit of a company',
  'chilcote parish council, milliband radio licence',
  'ships on deck, clean sheets, shit on a pavement',
];
const NEWS = ['the chilcot inquiry report', 'brexit and your business', 'ed miliband minister'];
const ACRONYMS = ['decc', 'beis', 'DfT', 'HMRC'];
const NAMES = ['chilcot', 'brexit', 'miliband'];

let before: TinyPipelines;
let after: TinyPipelines;
beforeAll(async () => {
  before = await tinyPipelines(PAGES);
  after = await tinyPipelines([...PAGES, ...NEWS]);
});
afterAll(() => {
  before.close();
  after.close();
});

/** Everything is offered that can be, and every correction is made that is more likely than not. */
function answerOf(over: TinyPipelines, query: string, rules: WrittenRules = {}, options: Partial<RewriteOptions> = {}) {
  const pipeline = over.pipeline(rules, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
  return rewriteNow(pipeline, query, { costOfBreaking: 0, alternatives: 10, ...options });
}

const protectedBy = (...protectedTerms: string[]): WrittenRules => ({
  engine: openEngine(compileRuleSet({ rules: [], protectedTerms }), 'rules'),
});

describe('acronyms of departments', () => {
  it('are left alone once they are in one list, in a word and beside others', () => {
    expect(answerOf(before, 'decc').search).toBe('deck');
    expect(answerOf(before, 'beis').search).toBe('beds');
    const lists = [{ protected: ACRONYMS.map((name) => name.toLowerCase()) }, protectedBy(...ACRONYMS)];
    for (const list of lists) {
      for (const name of ACRONYMS) {
        expect(answerOf(before, name, list)).toMatchObject({ decision: 'none', rewritten: name, alternatives: [] });
        const { search, rewritten } = answerOf(before, `${name} pasport`, list);
        expect([search, rewritten]).toEqual([`${name} passport`, `${name} passport`]);
      }
    }
  });
});

describe('a rude word in the documents', () => {
  it('is never suggested, nor among the alternatives, though a polite one would be', () => {
    const offered = (rules: WrittenRules) =>
      ['shitt', 'shiit', 'shis', 'shitp'].flatMap((query) => {
        const { search, rewritten, alternatives } = answerOf(before, query, rules);
        return [search, rewritten, ...alternatives.map((other) => other.query)];
      });
    expect(offered({})).not.toContain('shit');
    expect(offered({ polite: ['shit'] })).toContain('shit');
    expect(answerOf(before, 'shit').search).toBe('shit');
  });
});

describe('names in the news', () => {
  it('are taken for mistakes while nothing tells of them', () => {
    expect(NAMES.map((name) => answerOf(before, name).search)).toEqual(['chilcote', 'exit', 'milliband']);
  });

  it('are safe once a document has them', () => {
    for (const name of NAMES) {
      expect(answerOf(after, name)).toMatchObject({ decision: 'none', search: name, suggestion: null });
      expect(answerOf(after, `${name} pasport`).search).toBe(`${name} passport`);
    }
  });

  it('are safe once a list has them, though no document does', () => {
    for (const list of [{ protected: NAMES }, protectedBy(...NAMES)]) {
      for (const name of NAMES) {
        expect(answerOf(before, name, list)).toMatchObject({ decision: 'none', rewritten: name, alternatives: [] });
      }
    }
  });
});

describe('a phrase with several wrong words', () => {
  it.each([
    ['pasport renewl', 'passport renewal'],
    ['vehicel licnece', 'vehicle licence'],
    ['renw pasport onlin', 'renew passport online'],
  ])('%j is corrected as a whole', (query, right) => {
    expect(answerOf(before, query)).toMatchObject({ decision: 'auto', search: right, rewritten: right });
  });
});
