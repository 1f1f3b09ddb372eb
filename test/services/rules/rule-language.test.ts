import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../data/package-root.ts';
import { ALL_RULES, DEFAULT_OPTIONS, type RewriteOptions } from '../../../services/rewrite/options.ts';
import { checkedRuleSet } from '../../../services/rules/compile/check.ts';
import { compileRuleSet } from '../../../services/rules/compile/compile.ts';
import { openEngine } from '../../../services/rules/engine/engine.ts';
import { expectSound } from '../../support/answer-contract.ts';
import { ENGLISH_PARAMETERS } from '../../support/english.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../support/tiny-pipeline.ts';

const DOCUMENT = readFileSync(join(packageRoot(), 'docs/rule-language.md'), 'utf8');

interface Example {
  readonly rules: unknown;
  readonly values?: unknown;
  readonly settings?: unknown;
  readonly protected?: readonly string[];
  readonly queries: readonly {
    readonly q: string;
    readonly options?: Readonly<Record<string, unknown>>;
    readonly answer: object;
  }[];
}

const EXAMPLES = [...DOCUMENT.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
  ([, text = '']) => JSON.parse(text) as Example,
);

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines([
    'red trainers for running',
    'white sneakers for running',
    'red leather sofa bed',
    'cheap bike for children',
    'gopro hero camera',
    'apple phone',
    'adidas shoes',
  ]);
});
afterAll(() => tiny.close());

/** Options as a request has them. */
function optionsOf(asked: Readonly<Record<string, unknown>>): Partial<RewriteOptions> {
  const { rules, ...others } = asked;
  if (rules === undefined) return others;
  const { filter = [], ...choice } = rules as { filter?: string | string[] };
  return { ...others, rules: { ...ALL_RULES, ...choice, filter: [filter].flat() } };
}

describe('the document of the rule language', () => {
  it('has examples', () => {
    expect(EXAMPLES.length).toBeGreaterThan(8);
  });

  describe.each(EXAMPLES.map((example, i) => [i, example] as const))('example %d', (_, example) => {
    it.each(example.queries.map((query) => [query.q, query] as const))(
      'answers "%s" as it says',
      (q, { options = {}, answer }) => {
        const { queries: _queries, protected: held, ...written } = example;
        const { set, problems } = checkedRuleSet(written);
        expect(problems).toEqual([]);
        const engine = openEngine(compileRuleSet(set), 'rules');
        const rules = held === undefined ? { engine } : { engine, protected: held };
        const pipeline = tiny.pipeline(rules, { ...ENGLISH_PARAMETERS, suggestAbove: 0 });
        const asked = { explain: true, ...optionsOf(options) };
        const answered = rewriteNow(pipeline, q, asked);
        expectSound(answered, { ...DEFAULT_OPTIONS, ...asked });
        expect(answered).toMatchObject(answer);
      },
    );
  });
});
