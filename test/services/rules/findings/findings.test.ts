import { findingsOf, newFindings } from '../../../../services/rules/findings/findings.ts';
import type { Action, Rule, RuleSet, Trigger } from '../../../../services/rules/model/rule.ts';

const NOW = 1_000_000;
type Parts = Partial<Omit<Rule, 'triggers' | 'actions'>>;
function rule(id: string, text: string | Trigger, action: Action, more: Parts = {}): Rule {
  const trigger: Trigger = typeof text === 'string' ? { kind: 'sequence', text } : text;
  return { id, triggers: [trigger], actions: [action], ...more };
}
const boost: Action = { do: 'boost', query: 'x' };
const to = (text: string): Action => ({ do: 'replace', to: text });
const found = (rules: readonly Rule[], more: Omit<RuleSet, 'rules'> = {}): string[] =>
  findingsOf({ rules, ...more }, NOW).map(({ kind, rule: id, others }) => [kind, id, ...others].join(' '));

describe('shadowed rules', () => {
  it('are those that a rule before them keeps from acting wherever they match', () => {
    const stop = rule('s', 'sofa', boost, { stop: true });
    expect(found([stop, rule('b', 'sofa bed', { do: 'filter', query: 'x' })])).toEqual(['shadowed b s']);
    expect(found([rule('b', 'sofa bed', { do: 'filter', query: 'x' }), stop])).toEqual([]);
    expect(found([rule('s', 'sofa bed', boost, { stop: true }), rule('b', 'sofa', to('x'))])).toEqual([]);
  });

  it('know wildcards, plurals and placeholders', () => {
    const values = { brand: ['nike', 'adidas', 'new balance'] };
    const stop = (text: string | Trigger) => rule('s', text, boost, { stop: true });
    const filter: Action = { do: 'filter', query: 'y' };
    expect(found([stop('sofa*'), rule('b', 'sofabed', filter)])).toEqual(['shadowed b s']);
    expect(found([stop('sofab*'), rule('b', 'sofa*', filter)])).toEqual([]);
    expect(found([stop('sof*'), rule('b', 'sofa*', filter)])).toEqual(['shadowed b s']);
    expect(found([stop('{brand}'), rule('b', 'new balance shoes', filter)], { values })).toEqual(['shadowed b s']);
    expect(found([stop('nike'), rule('b', '{brand}', filter)], { values })).toEqual([]);
    const plural: Trigger = { kind: 'sequence', text: 'shoe', plurals: true };
    expect(found([stop(plural), rule('b', 'shoes', filter)])).toEqual(['shadowed b s']);
    expect(found([stop('shoe'), rule('b', plural, filter)])).toEqual([]);
    expect(found([stop({ kind: 'always' }), rule('b', { kind: 'empty' }, filter)])).toEqual(['shadowed b s']);
  });

  it('are shadowed by several together, each for a part of the context or of the time', () => {
    const app = rule('app', 'sofa', boost, { stop: true, context: { channel: ['app'] } });
    const web = rule('web', 'sofa', boost, { stop: true, context: { channel: ['web'] } });
    const both = (more: Parts) => rule('b', 'sofa', { do: 'filter', query: 'y' }, more);
    expect(found([app, web, both({ context: { channel: ['app', 'web'] } })])).toEqual(['shadowed b app web']);
    expect(found([app, web, both({ context: { channel: ['app', 'kiosk'] } })])).toEqual([]);
    expect(found([app, web, both({})])).toEqual([]);
    const early = rule('e', 'sofa', boost, { stop: true, validity: [{ until: NOW + 100 }] });
    const late = (from: number) => rule('l', 'sofa', boost, { stop: true, validity: [{ from }] });
    expect(found([early, late(NOW + 100), both({})])).toEqual(['shadowed b e l']);
    expect(found([early, late(NOW + 101), both({})])).toEqual([]);
  });

  it('are never said of conditions and regular expressions, nor because of them', () => {
    const stop = rule('s', { kind: 'always' }, boost, { stop: true });
    const regex = rule('r', { kind: 'regex', pattern: 'so.*' }, { do: 'filter', query: 'y' });
    expect(found([stop, regex])).toEqual([]);
    const not: Trigger = { kind: 'boolean', expression: { not: { sequence: { text: 'z' } } } };
    expect(found([rule('n', not, boost, { stop: true }), rule('b', 'sofa', { do: 'filter', query: 'y' })])).toEqual([]);
  });

  it('are none that are not enabled, and none shadow that are not', () => {
    const stop = rule('s', 'sofa', boost, { stop: true });
    const filter: Action = { do: 'filter', query: 'y' };
    expect(found([stop, rule('b', 'sofa', filter, { enabled: false })])).toEqual([]);
    expect(found([{ ...stop, enabled: false }, rule('b', 'sofa', filter)])).toEqual([]);
  });
});

describe('other findings', () => {
  it('dead: only windows that have ended', () => {
    expect(found([rule('a', 'sofa', boost, { validity: [{ until: NOW }] })])).toEqual(['dead a']);
    expect(found([rule('a', 'sofa', boost, { validity: [{ until: NOW + 1 }] })])).toEqual([]);
  });

  it('duplicate: the same triggers and actions, however they are written', () => {
    const other = { ...rule('b', '  Sofa ', boost), comment: 'mine', tags: ['x'] };
    expect(found([rule('a', 'sofa', boost), other])).toEqual(['duplicate b a']);
    expect(found([rule('a', 'sofa', boost), rule('b', 'sofa', boost, { context: { c: ['x'] } })])).toEqual([]);
  });

  it('conflict: words that another replaces first, another target, the other way', () => {
    expect(found([rule('a', 'sofa', to('couch')), rule('b', 'sofa bed', to('futon'))])).toEqual(['conflict b a']);
    expect(found([rule('a', 'sofa', to('couch')), rule('b', 'red', to('scarlet'))])).toEqual([]);
    const lead = (url: string): Action => ({ do: 'redirect', to: url });
    expect(found([rule('a', 'sofa', lead('/a')), rule('b', 'sofa', lead('/b'))])).toEqual(['conflict b a']);
    const demote: Action = { do: 'boost', query: 'x', demote: true };
    expect(found([rule('a', 'sofa', boost), rule('b', 'sofa', demote)])).toEqual(['conflict b a']);
    const app = { context: { channel: ['app'] } };
    const web = { context: { channel: ['web'] } };
    expect(found([rule('a', 'sofa', to('couch'), app), rule('b', 'sofa', to('settee'), web)])).toEqual([]);
  });

  it('cycle: replacements that come back to the first', () => {
    const rules = [rule('a', 'sofa', to('couch')), rule('b', 'couch', to('settee')), rule('c', 'settee', to('sofa'))];
    expect(found(rules)).toEqual(['cycle a b c']);
    expect(found(rules.slice(0, 2))).toEqual([]);
    expect(found([rule('a', 'phone', to('mobile phone'))])).toEqual([]);
  });

  it('are new where the state before has them not', () => {
    const stop = rule('s', 'sofa', boost, { stop: true });
    const shadowed = (id: string) => rule(id, 'sofa bed', { do: 'filter', query: id });
    const before = findingsOf({ rules: [stop, shadowed('a')] }, NOW);
    const after = findingsOf({ rules: [stop, shadowed('a'), shadowed('b')] }, NOW);
    expect(newFindings(after, before).map(({ rule: id }) => id)).toEqual(['b']);
  });
});
