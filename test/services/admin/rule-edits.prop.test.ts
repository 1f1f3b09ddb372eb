import fc from 'fast-check';
import { differences, etagOf, type SetEdits, withEdits, withoutChanges } from '../../../services/admin/rule-edits.ts';
import type { Rule, RuleSet } from '../../../services/rules/model/rule.ts';
import { codeOf } from '../../support/error-code.ts';

const rule = (id: string, to: string): Rule => ({
  id,
  triggers: [{ kind: 'sequence', text: id }],
  actions: [{ do: 'redirect', to }],
});
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__');
const texts = fc.constantFrom('1', '2', '3');
const set: fc.Arbitrary<RuleSet> = fc
  .record({
    rules: fc.uniqueArray(fc.tuple(ids, texts), { selector: ([id]) => id }),
    values: fc.option(fc.dictionary(texts, fc.array(texts)), { nil: undefined }),
    selection: fc.option(fc.constantFrom('all', 'first'), { nil: undefined }),
    protectedTerms: fc.option(fc.array(texts, { minLength: 1 }), { nil: undefined }),
  })
  .map(({ rules, values, selection, protectedTerms }) => ({
    ...(protectedTerms === undefined ? {} : { protectedTerms }),
    rules: rules.map(([id, to]) => rule(id, to)),
    ...(values === undefined ? {} : { values }),
    ...(selection === undefined ? {} : { settings: { selection } as RuleSet['settings'] & object }),
  }));
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('differences of rule sets', () => {
  it('taken back give what was before, whatever the two sets are', () => {
    fc.assert(
      fc.property(set, set, (before, after) => {
        expect(plain(withoutChanges(after, differences(before, after)))).toEqual(plain(before));
      }),
    );
  });

  it('are none exactly where the sets are the same', () => {
    fc.assert(
      fc.property(set, set, (before, after) => {
        expect(differences(before, before)).toEqual([]);
        const isSame = JSON.stringify(plain(before)) === JSON.stringify(plain(after));
        if (isSame) return;
        // Members in another order are the same.
        expect(differences(before, after).length === 0).toBe(etagOf(before) === etagOf(after));
      }),
    );
  });

  it('are taken back from under later edits of other rules, and not from under those of the same', () => {
    fc.assert(
      fc.property(set, ids, ids, texts, (start, one, other, to) => {
        const first = withEdits(start, { changes: [{ put: rule(one, `first ${to}`) }] });
        const changes = differences(start, first);
        const second = withEdits(first, { changes: [{ put: rule(other, `second ${to}`) }] });
        if (one === other) {
          expect(codeOf(() => withoutChanges(second, changes))).toBe('ADMIN_CONFLICT');
          return;
        }
        const without = withoutChanges(second, changes);
        expect(without.rules.find(({ id }) => id === one)).toEqual(start.rules.find(({ id }) => id === one));
        expect(without.rules.find(({ id }) => id === other)).toEqual(rule(other, `second ${to}`));
      }),
    );
  });
});

describe('edits', () => {
  it('put rules in their places and at the end, and take them out', () => {
    const start: RuleSet = { rules: [rule('a', '1'), rule('b', '1'), rule('c', '1')] };
    const edits: SetEdits = {
      changes: [{ put: rule('d', '2') }, { delete: 'b' }, { put: rule('a', '2') }, { put: rule('b', '3') }],
      settings: { selection: 'first' },
    };
    expect(withEdits(start, edits)).toEqual({
      rules: [rule('a', '2'), rule('c', '1'), rule('d', '2'), rule('b', '3')],
      settings: { selection: 'first' },
    });
    expect(codeOf(() => withEdits(start, { changes: [{ delete: 'z' }] }))).toBe('ADMIN_NOT_FOUND');
  });
});
