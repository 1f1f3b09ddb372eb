import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { openEngine } from '../../../../services/rules/engine/engine.ts';
import type { Action, Rule } from '../../../../services/rules/model/rule.ts';

const rule = (id: string, text: string, action: Action, stop: boolean): Rule => ({
  id,
  triggers: [{ kind: 'sequence', text }],
  actions: [action],
  stop,
});

describe('a rule with stop', () => {
  it('that acts in the second turn keeps those after it from acting, though a later one with stop acted in the first', () => {
    const rules = [
      rule('boost', 'a', { do: 'boost', query: 'x' }, true),
      rule('after', 'a', { do: 'boost', query: 'y' }, false),
      rule('early', 'b', { do: 'redirect', to: '/' }, true),
    ];
    const run = openEngine(compileRuleSet({ rules }), 'test').begin(['a', 'b'], DEFAULT_OPTIONS);
    expect(run.early.map(({ rule: id }) => id)).toEqual(['early']);
    expect(run.expand(['a', 'b'], new Uint8Array(2)).map(({ rule: id }) => id)).toEqual(['boost']);
  });
});
