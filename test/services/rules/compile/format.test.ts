import { compileRuleSet } from '../../../../services/rules/compile/compile.ts';
import { decodeCompiled } from '../../../../services/rules/compile/format.ts';
import { openEngine } from '../../../../services/rules/engine/engine.ts';
import type { RuleSet } from '../../../../services/rules/model/rule.ts';
import { StoreError } from '../../../../stores/errors.ts';

const SET: RuleSet = {
  rules: [
    { id: 'one', triggers: [{ kind: 'sequence', text: 'sofa* {brand}' }], actions: [{ do: 'synonym', to: 'couch$1' }] },
    {
      id: 'two',
      triggers: [{ kind: 'always' }],
      actions: [{ do: 'decorate', value: { a: [1, null] } }],
      enabled: false,
    },
  ],
  values: { brand: ['acme', 'new balance'] },
  settings: { selection: 'first' },
};

describe('the compiled form', () => {
  it('gives the rule set back', () => {
    expect(openEngine(compileRuleSet(SET), 'rules').ruleSet()).toEqual(SET);
    expect(openEngine(compileRuleSet({ rules: [] }), 'rules').ruleSet()).toEqual({ rules: [] });
  });

  it('is the same bytes for the same set', () => {
    expect(compileRuleSet(SET)).toEqual(compileRuleSet(structuredClone(SET)));
  });

  it('is read from anywhere in a buffer, and stays as it is when that changes', () => {
    const bytes = compileRuleSet(SET);
    const room = new Uint8Array(bytes.length + 3);
    room.set(bytes, 3);
    const engine = openEngine(room.subarray(3), 'rules');
    room.fill(0);
    expect(engine.ruleSet()).toEqual(SET);
  });

  it('is refused when any byte of it is another, or when it is cut', () => {
    const bytes = compileRuleSet(SET);
    for (let at = 0; at < bytes.length; at++) {
      // Free by the format.
      if (at >= 28 && at < 32) continue;
      const damaged = Uint8Array.from(bytes);
      damaged[at]! ^= 0x10;
      expect(() => decodeCompiled(damaged, 'rules')).toThrow(StoreError);
    }
    for (let end = 0; end < bytes.length; end += 7) {
      expect(() => decodeCompiled(bytes.subarray(0, end), 'rules')).toThrow(StoreError);
    }
  });
});
