import fc from 'fast-check';
import { exportRules, FORMATS } from '../../../../services/rules/formats/registry.ts';
import type { Exported, Imported } from '../../../../services/rules/formats/shared/format.ts';
import { equivalentsOf } from '../../../../services/rules/formats/shared/synonyms.ts';
import { canonicalRuleSet } from '../../../../services/rules/model/format.ts';
import type { Rule, RuleSet } from '../../../../services/rules/model/rule.ts';
import { plainSequence } from '../../../../services/rules/model/sequence-text.ts';
import { arbRules } from '../../../support/rule-arbitraries.ts';
import { importText, withoutSource } from '../../../support/rule-formats.ts';

const WRITABLE = FORMATS.filter(({ write }) => write !== undefined).map(({ name }) => name);

/** Formats whose rules have no id. */
const NAMELESS = ['solr', 'lines'];

/** Writes a rule set and reads it as the report says that it must be read. */
function throughFile(format: string, rules: RuleSet): { exported: Exported; imported: Imported } {
  const exported = exportRules(format, rules);
  const operators =
    format === 'querqy' && exported.report.findings.some(({ message }) => message.includes('allowBooleanInput'));
  return { exported, imported: importText(format, exported.text, operators ? { booleanInput: 'true' } : {}) };
}

/** A rule as it is compared: by what it does. */
function essence(format: string, { source, id, ...rest }: Rule): string {
  const nameless = NAMELESS.includes(format) || (format === 'smui' && rest.triggers.length > 1);
  // Within a rule neither the order of actions nor the same one twice says anything.
  const actions = [...new Set(rest.actions.map((action) => JSON.stringify(action)))].sort();
  return JSON.stringify(nameless ? { ...rest, actions } : { id, ...rest, actions });
}

/** Whether a format has a form of its own for the rule, so that it comes back as one rule, and the same. */
function isItsOwn(format: string, rule: Rule): boolean {
  const several = rule.triggers.length > 1;
  if (equivalentsOf(rule) !== undefined)
    return format !== 'querqy' && (format !== 'smui' || rule.triggers.length === 2);
  // What a synonym of itself adds is nothing, and is not written.
  const words = rule.triggers.map((one) => (one.kind === 'sequence' ? plainSequence(one.text) : undefined));
  if (rule.actions.some((action) => action.do === 'synonym' && words.includes(action.to))) return false;
  // Conditions of one sequence are sequences; several alike are one.
  if (rule.triggers.some((one) => one.kind === 'boolean')) return false;
  if (
    rule.actions.some(
      (action) => action.do === 'replace' && action.from === undefined && !action.whole && format !== 'smui',
    )
  )
    return false;
  // Parameters are written as one object, and what matched by its text.
  if (
    rule.actions.some(
      (action) =>
        action.do === 'parameters' || (action.do === 'delete' && action.terms === undefined && format === 'algolia'),
    )
  )
    return false;
  // Filters are joined by AND.
  if (['algolia', 'typesense'].includes(format) && rule.actions.filter(({ do: name }) => name === 'filter').length > 1)
    return false;
  if (!several) return true;
  // Beside "always" the other triggers say nothing.
  if (rule.triggers.some(({ kind }) => kind === 'always')) return false;
  const synonyms = rule.actions.every((action) => action.do === 'synonym');
  return format === 'lines' ? false : format === 'algolia' ? !synonyms : false;
}

describe.each(WRITABLE)('%s', (format) => {
  it('writes the same text once read back and written again', () => {
    fc.assert(
      fc.property(arbRules, (rules) => {
        const once = throughFile(format, rules).imported.rules;
        expect(canonicalRuleSet(once)).toEqual(once);
        const twice = throughFile(format, once);
        const thrice = throughFile(format, twice.imported.rules);
        expect(thrice.exported.text).toBe(twice.exported.text);
        expect(withoutSource(thrice.imported.rules.rules)).toEqual(withoutSource(twice.imported.rules.rules));
      }),
      { numRuns: 150 },
    );
  });

  it('reads without an error what it wrote', () => {
    fc.assert(
      fc.property(arbRules, (rules) => {
        const { report } = throughFile(format, rules).imported;
        expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('gives back each rule that it says it wrote whole', () => {
    let seen = 0;
    fc.assert(
      fc.property(arbRules, (rules) => {
        const { exported, imported } = throughFile(format, rules);
        const { report } = exported;
        const back = new Set(
          imported.rules.rules.map((rule) => essence(format, canonicalRuleSet({ rules: [rule] }).rules[0] as Rule)),
        );
        for (const [i, rule] of rules.rules.entries()) {
          if (report.outcomes[i]?.taken !== 'whole' || !isItsOwn(format, rule)) continue;
          seen++;
          expect([...back]).toContain(essence(format, canonicalRuleSet({ rules: [rule] }).rules[0] as Rule));
        }
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(20);
  });
});
