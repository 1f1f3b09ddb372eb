import { exportRules } from '../../../../services/rules/formats/registry.ts';
import { brief, findings, importText, losses } from '../../../support/rule-formats.ts';

describe('lines of the collection overrides', () => {
  it.each([
    [
      '# comment\n\ntrainres =>  running   shoes \r\n\\#1 brand => acme',
      ['^trainres$ => whole running shoes', '^#1 brand$ => whole acme'],
      [],
    ],
    ['a => b => c', [], ['error SYNTAX 1']],
    ['=> b', [], ['error SYNTAX 1']],
    ['a =>', [], ['error SYNTAX 1']],
    ['tv -> telly', [], ['error SYNTAX 1']],
    ['a => b\nA => b\na => c', ['^a$ => whole b'], ['error DUPLICATE 3']],
    ['tv, telly => television', ['^tv, telly$ => whole television'], ['warning SUSPECT 1']],
    ['5* {x} => y', ['^5\\* \\{x\\}$ => whole y'], []],
  ])('read %j', (text, rules, found) => {
    const imported = importText('lines', text);
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
  });

  it('come back from an export, which says what it leaves out', () => {
    const { rules } = importText('lines', '\\#1 brand => acme\n5* {x} => y\n');
    expect(exportRules('lines', rules).text).toBe('\\#1 brand => acme\n5* {x} => y\n');
    const { text, report } = exportRules('lines', {
      rules: [
        { id: 'a', triggers: [{ kind: 'sequence', text: 'a' }], actions: [{ do: 'replace', to: 'b', whole: true }] },
        { id: 'b', triggers: [{ kind: 'sequence', text: 'b', anchor: 'both' }], actions: [{ do: 'delete' }] },
        {
          id: 'c',
          triggers: [{ kind: 'sequence', text: 'c', anchor: 'both' }],
          actions: [{ do: 'replace', to: 'd' }],
          tags: ['t'],
        },
      ],
    });
    expect([text, losses({ report })]).toEqual([
      'c => d\n',
      ['not: triggers', 'not: the rule', 'part: properties, tags, comment'],
    ]);
  });
});
