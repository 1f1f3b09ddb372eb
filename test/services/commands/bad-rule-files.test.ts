import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../services/commands/rules.ts';
import { captureIo } from '../../support/command-io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-bad-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const unused = () => Promise.reject(new Error('no dataset is wanted here'));

async function outcomeOf(how: string, bytes: Uint8Array) {
  writeFileSync(join(folder, 'file'), bytes);
  const io = captureIo({ cwd: folder });
  const args = how === 'publish' ? ['publish', 'file'] : ['import', '--format', how, 'file', '--publish'];
  const code = await run([...args, '--rules', 'rules'], io, { ensureBundled: unused, stageDataset: unused });
  return { code, said: io.out() + io.err(), isChanged: existsSync(join(folder, 'rules')) };
}

const rule = (change: object) => ({
  id: 'a',
  triggers: [{ kind: 'sequence', text: 'sofa' }],
  actions: [{ do: 'filter', query: 'x' }],
  ...change,
});
const set = (...rules: object[]) => JSON.stringify({ rules });

const FILES: readonly (readonly [what: string, how: string, file: string | Uint8Array, said: string])[] = [
  ['text that is no JSON', 'publish', '{"rules": [}', 'file: /: bad-shape: line 1, column 12: expected a value'],
  ['a list of rules alone', 'publish', '[]', 'file: /: bad-shape: expected an object, found []'],
  [
    'a member that there is none of',
    'publish',
    set(rule({ trigger: [] })),
    'file: /rules/0/trigger (rule "a"): unknown-member: unknown member; expected id, triggers,',
  ],
  [
    'two rules of one id',
    'publish',
    set(rule({}), rule({})),
    'file: /rules/1/id (rule "a"): duplicate-id: expected an id of its own, found "a", that of /rules/0',
  ],
  [
    'two wildcards',
    'publish',
    set(rule({ triggers: [{ kind: 'sequence', text: 'a* *b' }] })),
    'file: /rules/0/triggers/0/text (rule "a"): two-wildcards: expected at most one wildcard, found 2',
  ],
  [
    'a placeholder without values',
    'publish',
    set(rule({ triggers: [{ kind: 'sequence', text: '{brand}' }] })),
    'file: /rules/0/triggers/0/text (rule "a"): unknown-placeholder: there are no values for "{brand}"',
  ],
  [
    'a pattern that is not of RE2',
    'publish',
    set(rule({ triggers: [{ kind: 'regex', pattern: '(?=a)' }] })),
    'file: /rules/0/triggers/0/pattern (rule "a"): bad-regex: "(?=a)": error parsing regexp',
  ],
  [
    'a rule that does nothing',
    'publish',
    set(rule({ actions: [] })),
    'file: /rules/0/actions (rule "a"): no-action: a rule without an action does nothing',
  ],
  [
    'a deletion of other terms',
    'publish',
    set(rule({ actions: [{ do: 'delete', terms: 'bed' }] })),
    'file: /rules/0/actions/0/terms (rule "a"): unknown-terms: "bed" is in no trigger of the rule',
  ],
  [
    'a window that never is',
    'publish',
    set(rule({ validity: [{ from: 2, until: 1 }] })),
    'file: /rules/0/validity/0 (rule "a"): bad-window: expected "from" before "until", found 2 and 1',
  ],
  [
    'a query that cannot be read',
    'publish',
    set(rule({ actions: [{ do: 'boost', query: '"a' }] })),
    'file: /rules/0/actions/0/query (rule "a"): bad-query: cannot be read from ""a" on',
  ],
  [
    'a quantity without units',
    'publish',
    '{"rules": [], "quantities": [{"units": [], "fields": []}]}',
    'file: /quantities/0/units: bad-shape: expected at least one unit',
  ],
  [
    'text that is not UTF-8',
    'publish',
    Uint8Array.of(0x7b, 0x0a, 0xff, 0x7d),
    'file: /: bad-shape: line 2: this is not UTF-8',
  ],
  [
    'two arrows',
    'solr',
    'a => b => c\n',
    'file:1: expected one "=>", found 2; write one rule "from => to" on each line (SYNTAX)',
  ],
  [
    'bytes that are not UTF-8',
    'solr',
    Uint8Array.of(0x61, 0x2c, 0xff, 0x0a),
    'file:1: this is not UTF-8; save the file as UTF-8 (ENCODING)',
  ],
  [
    'damaged compression',
    'solr',
    Uint8Array.of(0x1f, 0x8b, 0x08, 0x00, 0x01),
    'file: gzip: Error: unexpected end of file (ENCODING)',
  ],
  ['JSON cut off', 'es', '{"synonyms_set": [', 'file:1: no JSON: expected a value, column 19 (SYNTAX)'],
  [
    'an unknown instruction',
    'querqy',
    'sofa =>\n  BOOST: x\n',
    'file:2: expected an instruction (SYNONYM, UP, DOWN, FILTER, DELETE, DECORATE), found "BOOST: x" (SYNTAX)',
  ],
  [
    'an instruction without an input',
    'querqy',
    'SYNONYM: x\n',
    'file:1: expected an input "terms =>" first, found "SYNONYM: x" (SYNTAX)',
  ],
  [
    'the same input twice',
    'querqy-replace',
    'a => b\na => c\n',
    'file:2: the input "a" stands on line 1 too (DUPLICATE)',
  ],
  [
    'fields that are no list',
    'querqy-number-unit',
    '{"numberUnitDefinitions": [{"units": [], "fields": 1}]}',
    'file#/numberUnitDefinitions/0/fields: expected an array of at least one, found 1 (VALUE)',
  ],
  [
    'half a statement',
    'smui',
    'INSERT INTO x VALUES (1',
    'file:1: expected an input "terms =>" first, found "INSERT INTO x VALUES (1" (SYNTAX)',
  ],
  [
    'an unknown type',
    'es-query-rules',
    '{"rules": [{"rule_id": "a", "type": "x", "criteria": [], "actions": {}}]}',
    'file#/rules/0/type: expected pinned or exclude, found "x" (VALUE)',
  ],
  [
    'an unknown anchoring',
    'algolia',
    '[{"objectID": "a", "conditions": [{"pattern": "a", "anchoring": "x"}], "consequence": {}}]',
    'file#/0/conditions/0/anchoring: expected is, startsWith, endsWith or contains, found "x" (VALUE)',
  ],
  [
    'an unknown match',
    'typesense',
    '{"overrides": [{"id": "a", "rule": {"query": "a", "match": "x"}}]}',
    'file#/overrides/0/rule/match: expected exact or contains, found "x" (VALUE)',
  ],
  ['a list for an object', 'meilisearch', '[1]', 'file#/0: expected a search rule, found 1 (VALUE)'],
  ['no arrow', 'lines', 'sofa\n', 'file:1: expected "the whole query => what it becomes", found no "=>" (SYNTAX)'],
];

describe('a bad file of rules', () => {
  it.each(FILES)('%s (%s) is refused with its place, and changes nothing', async (_, how, file, said) => {
    const outcome = await outcomeOf(how, typeof file === 'string' ? Buffer.from(file) : file);
    expect(outcome).toEqual({ code: 1, said: expect.stringContaining(said), isChanged: false });
  });
});
