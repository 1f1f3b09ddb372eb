import { gzipSync } from 'node:zlib';
import { exportRules } from '../../../../services/rules/formats/registry.ts';
import { brief, findings, importText, losses } from '../../../support/rule-formats.ts';

const LINES: [string, string[], string[]][] = [
  ['tv, television', ['tv | television => +tv ; +television'], []],
  ['i\\,robot => irobot', ['i,robot => =irobot'], []],
  ['a\\=>b, c', ['a=>b | c => +a=>b ; +c'], []],
  ['usb c => usb-c, type c', ['usb c => =usb-c ; =type c'], []],
  ['x,,y', ['x | y => +x ; +y'], []],
  [' #notcomment, z', ['#notcomment | z => +#notcomment ; +z'], []],
  ['=> q', [], ['warning NEVER_FIRES 1']],
  ['q =>', [], ['warning NEVER_FIRES 1']],
  ['a, b =>', [], ['warning NEVER_FIRES 1']],
  [', =>', [], ['warning NEVER_FIRES 1']],
  ['p => q => r', [], ['error SYNTAX 1']],
  ['   ', [], ['error SYNTAX 1']],
  ['a, ,b', [], ['error SYNTAX 1']],
  ['q => ', [], ['error SYNTAX 1']],
  ['#comment', [], []],
  ['', [], []],
  ['a, b # c', ['a | b # c => +a ; +b # c'], []],
  ['sofa => couch, settee', ['sofa => =couch ; =settee'], []],
  ['sofa => sofa, settee', ['sofa => +settee'], []],
  ['sofa, divan => sofa, settee', ['sofa | divan => =sofa ; =settee'], []],
  ['tv -> telly', [], ['warning SUSPECT 1', 'warning NEVER_FIRES 1']],
  ['tv -> telly, television', ['tv -> telly | television => +tv -> telly ; +television'], ['warning SUSPECT 1']],
  ['TV => tv', ['TV => =tv'], ['warning NO_EFFECT 1']],
  ['a\\', [], ['warning NEVER_FIRES 1']],
  ['5* \\{x}, b', ['5\\* \\{x\\} | b => +5* {x} ; +b'], []],
  ['!!!, bang', ['!!! | bang => +!!! ; +bang'], ['warning NEVER_FIRES 1']],
];

describe("Solr's synonyms.txt", () => {
  it.each(LINES)('reads %j', (line, rules, found) => {
    const imported = importText('solr', `${line}\n`);
    expect([brief(imported), findings(imported)]).toEqual([rules, found]);
  });

  it('makes all terms of a list its first with expand=false, and leaves mappings as they are', () => {
    const text = 'sofa, couch\na => b';
    expect(brief(importText('solr', text, { expand: 'false' }))).toEqual(['sofa | couch => =sofa', 'a => =b']);
  });

  it('passes over empty terms with lenient=true, and says so', () => {
    const imported = importText('solr', 'a, ,b\n  ', { lenient: 'true' });
    expect(brief(imported)).toEqual(['a | b => +a ; +b']);
    expect(losses(imported)).toEqual(['part: an empty term', 'not: an empty term, the rule']);
  });

  it('strips a byte-order mark, takes CRLF and gzip, and numbers lines', () => {
    const imported = importText('solr', gzipSync(Buffer.from('\ufeffa, b\r\n# c\r\n\r\nx => y\r\n')));
    expect(imported.rules.rules.map(({ id, source }) => [id, source])).toEqual([
      ['a, b', { file: 'in', line: 1 }],
      ['x => y', { file: 'in', line: 4 }],
    ]);
  });

  it('names every line that is not UTF-8 and reads the others', () => {
    const imported = importText(
      'solr',
      Buffer.from([0x61, 0x2c, 0x62, 10, 0xff, 0x2c, 0x62, 10, 0xfe, 10, 0x63, 0x2c, 0x64]),
    );
    expect([brief(imported).length, findings(imported)]).toEqual([2, ['error ENCODING 2', 'error ENCODING 3']]);
  });

  it('keeps lines that say more of one term apart, under ids of their own', () => {
    const imported = importText('solr', 'x => y\nx => z\nx => y\n');
    expect(imported.rules.rules.map(({ id }) => id)).toEqual(['x => y', 'x => z', 'x => y#2']);
    expect(imported.rules.settings).toEqual({ selection: 'longest' });
  });

  it("reads WordNet's Prolog lines, one rule a synset of several words", () => {
    const text = [
      "s(103000000,1,'lamp',n,1,0).",
      "s(103000000,2,'lantern',n,1,0).",
      "s(103000001,1,'o''clock',n,1,0).",
      "s(103000001,2,'of the clock',n,1,0).",
      "s(103000002,1,'alone',n,1,0).",
      'nonsense',
    ].join('\n');
    const imported = importText('solr', text);
    expect(brief(imported)).toEqual([
      'lamp | lantern => +lamp ; +lantern',
      "o'clock | of the clock => +o'clock ; +of the clock",
    ]);
    expect([findings(imported), losses(imported)]).toEqual([['error SYNTAX 6'], ['not: the rule', 'not: the synset']]);
    expect(brief(importText('solr', text, { expand: 'false' }))[0]).toBe('lamp | lantern => =lamp');
  });

  it.each([
    ['{"glad":["happy","merry"]}', ['glad => =happy ; =merry']],
    ['{"glad":["glad","merry"],"mad":"angry"}', ['glad => +merry', 'mad => =angry']],
    ['["sofa","couch"]', ['sofa | couch => +sofa ; +couch']],
    [
      '{"responseHeader":{"status":0},"synonymMappings":{"initArgs":{"ignoreCase":true},"initializedOn":"x","managedMap":{"glad":["happy"]}}}',
      ['glad => =happy'],
    ],
  ])('reads managed synonyms %s', (json, rules) => {
    const imported = importText('solr', json);
    expect([brief(imported), findings(imported)]).toEqual([rules, []]);
  });

  it('names what is wrong in managed synonyms by its pointer', () => {
    const imported = importText('solr', '{"a":[1],"b":7,"c":["c"],"d":[]}');
    expect(findings(imported)).toEqual(['error VALUE /a/0', 'error VALUE /b', 'warning NO_EFFECT /c']);
  });

  it('writes lists, mappings, and synonyms beside what was typed', () => {
    const { rules } = importText('solr', 'tv, tele vision\na\\,b => \\#x, y\\=>z\nglad => glad, merry\n');
    const { text, report } = exportRules('solr', rules);
    expect(text).toBe('tv, tele vision\na\\,b => \\#x, y\\=>z\nglad => glad, merry\n');
    expect([report.whole, report.part, report.not]).toEqual([3, 0, 0]);
  });

  it('says what it cannot write', () => {
    const { text, report } = exportRules('solr', {
      rules: [
        {
          id: 'weighted',
          triggers: [{ kind: 'sequence', text: 'a' }],
          actions: [{ do: 'synonym', to: 'b', weight: 0.5 }],
        },
        {
          id: 'anchored',
          triggers: [{ kind: 'sequence', text: 'a', anchor: 'both' }],
          actions: [{ do: 'synonym', to: 'b' }],
        },
        { id: 'filter', triggers: [{ kind: 'sequence', text: 'a' }], actions: [{ do: 'filter', query: 'x' }] },
        {
          id: 'off',
          enabled: false,
          triggers: [{ kind: 'sequence', text: 'a' }],
          actions: [{ do: 'synonym', to: 'b' }],
        },
        {
          id: 'mobile',
          context: { on: ['x'] },
          triggers: [{ kind: 'sequence', text: 'a' }],
          actions: [{ do: 'synonym', to: 'b' }],
        },
        { id: 'replace', triggers: [{ kind: 'sequence', text: 'a' }], actions: [{ do: 'replace', to: 'b' }] },
      ],
    });
    expect(text).toBe('a => a, b\na => b\n');
    expect(losses({ report })).toEqual([
      'part: weight',
      'not: triggers',
      'not: filter',
      'not: the rule',
      'not: the rule',
    ]);
  });
});
