import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { packageRoot } from '../../../../data/package-root.ts';
import { exportRules } from '../../../../services/rules/formats/registry.ts';
import { brief, findings, importText, losses, withoutSource } from '../../../support/rule-formats.ts';

const INPUT = {
  id: 'u1',
  term: '"sofa"',
  synonymRules: [
    { id: 'u2', synonymType: 0, term: 'couch', isActive: true },
    { id: 'u7', synonymType: 1, term: 'settee', isActive: true },
    { id: 'u8', synonymType: 1, term: 'off', isActive: false },
  ],
  upDownRules: [{ id: 'u3', upDownType: 1, boostMalusValue: 50, term: '* category:covers', isActive: true }],
  filterRules: [{ id: 'u4', term: '* stock:true', isActive: true }],
  deleteRules: [{ id: 'u9', term: 'sofa', isActive: true }],
  redirectRules: [{ id: 'u5', target: '/help', isActive: true }],
  tags: [
    { displayValue: 'tenant:MO', id: 'u6', property: 'tenant', value: 'MO', exported: true, predefined: false },
    { displayValue: 'team:a', id: 'u6b', property: 'team', value: 'a', exported: false, predefined: false },
  ],
  isActive: true,
  comment: 'seats',
};

const SPELLING = {
  id: 's1',
  term: 'mobile',
  isActive: true,
  comment: '',
  alternativeSpellings: [
    { id: 's2', canonicalSpellingId: 's1', term: 'mobil', isActive: true },
    { id: 's3', canonicalSpellingId: 's1', term: 'moblie', isActive: true },
  ],
};

const RULES_TXT = `sofa =>
\tSYNONYM: couch
\tUP(50): * brand:acme
\tDECORATE: REDIRECT /sofas
\t@{
\t"_log": "u1",
\t"tenant": ["MO"]
\t}@

couch =>
\tSYNONYM: sofa

lamp =>
\tSYNONYM: light
`;

/** Stored and deflated entries, as `zip` writes them. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [i, [name, text]] of Object.entries(files).entries()) {
    const plain = Buffer.from(text);
    const body = i % 2 === 0 ? deflateRawSync(plain) : plain;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(i % 2 === 0 ? 8 : 0, 4);
    head.writeUInt32LE(crc32(plain), 10);
    head.writeUInt32LE(body.length, 14);
    head.writeUInt32LE(plain.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), body]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), head, more, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, list, Buffer.from('PK\x05\x06'), end]);
}

const MYSQL = `-- MySQL dump 10.13
INSERT INTO \`solr_index\` VALUES ('i1','shop','The shop','2026-01-01 00:00:00'),('i2','blog','Blog','2026-01-01');
INSERT INTO \`search_input\` VALUES ('u1','sofa','i1','2026-01-01',1,''),
('u2','it\\'s; (x)','i1','2026-01-01',0,'off, (one)'),('u3','lamp','i2','2026-01-01',1,NULL);
INSERT INTO \`synonym_rule\` VALUES ('r1',0,'couch','u1','2026-01-01',1),('r2',1,'settee','u1','2026-01-01',0);
INSERT INTO \`up_down_rule\` (\`id\`,\`up_down_type\`,\`boost_malus_value\`,\`term\`,\`search_input_id\`,\`last_update\`,\`status\`) VALUES ('r3',1,10,'* a:b','u1','2026-01-01',1);
INSERT INTO \`delete_rule\` VALUES ('r4','(x)','u2','2026-01-01',1);
INSERT INTO \`filter_rule\` VALUES ('r5','* c:d','u3','2026-01-01',3);
INSERT INTO \`input_tag\` VALUES ('t1',NULL,'tenant','MO',1,0,'2026-01-01');
INSERT INTO \`tag_2_input\` VALUES ('t1','u1','2026-01-01');
INSERT INTO \`canonical_spelling\` VALUES ('c1','i1','mobile',1,'','2026-01-01');
INSERT INTO \`alternative_spelling\` VALUES ('a1','c1','mobil',1,'2026-01-01'),('a2','c1','moblie',0,'2026-01-01');
INSERT INTO \`input_event\` VALUES ('e1','SearchInput',0,'2026-01-01','me','u1','{"term":"sofa","a":"it\\'s"}');
`;

/** Made by SQLite with pages of 512 bytes. */
const SQLITE = readFileSync(join(packageRoot(), 'test', 'golden', 'smui', 'smui.sqlite'));

const POSTGRES = `COPY public.solr_index (id, name, description, last_update) FROM stdin;
i1\tshop\tThe shop\t2026-01-01
\\.
COPY public.search_input (id, term, solr_index_id, last_update, status, comment) FROM stdin;
u1\tback\\\\slash\ti1\t2026-01-01\t1\t\\N
\\.
INSERT INTO public.redirect_rule VALUES ('r1', '/it''s', 'u1', '2026-01-01', 1);
`;

describe('SMUI', () => {
  it('gives inputs and spellings by its REST API', () => {
    const imported = importText('smui', JSON.stringify([INPUT, SPELLING]));
    expect(brief(imported)).toEqual([
      '^sofa$ => +settee ; down(50) *category:covers ; filter *stock:true ; delete sofa ; redirect /help has {"tenant":["MO"]}',
      '^sofa$ | ^couch$ => +sofa ; +couch has {"tenant":["MO"]}',
      'mobil | moblie => replace mobile',
    ]);
    expect(imported.rules.rules.map(({ id, tags, comment }) => [id, tags, comment])).toEqual([
      ['u1', ['team:a'], 'seats'],
      ['u1/u2', ['team:a'], 'seats'],
      ['s1', undefined, undefined],
    ]);
    expect([findings(imported), losses(imported)]).toEqual([[], ['part: a synonym rule']]);
  });

  it('gives the same rules once exported and read again', () => {
    const first = importText('smui', JSON.stringify([INPUT, SPELLING]));
    const { text, report } = exportRules('smui', first.rules);
    expect([report.whole, report.part, report.not]).toEqual([3, 0, 0]);
    expect(text).toMatchSnapshot();
    expect(withoutSource(importText('smui', text).rules.rules)).toEqual(withoutSource(first.rules.rules));
  });

  it.each([
    ['an inactive input', { ...INPUT, isActive: false }, 'off', []],
    ['a wildcard beside an undirected synonym', { ...INPUT, term: 'sofa*' }, '', ['error VALUE ', 'error VALUE ']],
    [
      'a wildcard in an undirected synonym',
      { ...INPUT, synonymRules: [{ synonymType: 0, term: 'cou*', isActive: true }] },
      '',
      ['error VALUE '],
    ],
    [
      'a redirect that is none',
      { ...INPUT, redirectRules: [{ target: 'help', isActive: true }] },
      '',
      ['error VALUE '],
    ],
    [
      'a native query without a value',
      { ...INPUT, filterRules: [{ term: '* a:', isActive: true }] },
      '',
      ['error VALUE '],
    ],
    ['a rule without a term', { ...INPUT, filterRules: [{ isActive: true }] }, '', ['error VALUE /filterRules/0']],
    [
      'an unknown type',
      { ...INPUT, synonymRules: [{ synonymType: 5, term: 'a' }] },
      '',
      ['error VALUE /synonymRules/0'],
    ],
    ['an item of a list', { id: 'a', term: 'b', itemType: 'RuleManagement', synonyms: [] }, '', ['error MISSING ']],
    ['a predefined tag', { property: 'lang', value: 'de', solrIndexName: 'shop', exported: true }, '', []],
    ['nothing known', { x: 1 }, '', ['error SYNTAX ']],
    [
      'a spelling of itself',
      { ...SPELLING, alternativeSpellings: [{ term: 'Mobile', isActive: true }] },
      '',
      ['error VALUE '],
    ],
    [
      'a wildcard that is not alone',
      { ...SPELLING, alternativeSpellings: [{ term: 'mobi*' }, { term: 'x' }] },
      '',
      ['error VALUE '],
    ],
    [
      'a wildcard alone',
      { ...SPELLING, alternativeSpellings: [{ term: 'mobi*' }] },
      'mobi* maybe => replace mobile',
      [],
    ],
  ])('takes %s', (_, json, expected, found) => {
    const imported = importText('smui', JSON.stringify(json));
    expect(findings(imported)).toEqual(found);
    if (expected === '') expect(brief(imported)).toEqual([]);
    else expect(brief(imported)[0]).toContain(expected);
  });

  it('refuses an alternative of two spellings, or that is canonical itself', () => {
    const spelling = (term: string, alternative: string) => ({
      id: term,
      term,
      isActive: true,
      alternativeSpellings: [{ id: 'x', term: alternative, isActive: true }],
    });
    const imported = importText('smui', JSON.stringify([spelling('a', 'x'), spelling('b', 'x'), spelling('c', 'a')]));
    expect(findings(imported)).toEqual(['error VALUE /1', 'error VALUE /2']);
  });

  it('joins the two rules of an undirected synonym in the texts that it deploys, and reads redirects', () => {
    const imported = importText('smui', RULES_TXT);
    expect(brief(imported)).toEqual([
      'sofa => up(50) *brand:acme ; redirect /sofas has {"_log":"u1","tenant":["MO"]}',
      'sofa | couch => +sofa ; +couch has {"_log":"u1","tenant":["MO"]}',
      'lamp => +light',
    ]);
  });

  it('reads replace rules, and an archive of both', () => {
    expect(brief(importText('smui', 'mobil; moblie => mobile\n'))).toEqual(['mobil | moblie => replace mobile']);
    const imported = importText('smui', zip({ 'rules.txt': RULES_TXT, 'replace-rules.txt': 'mobil => mobile\n' }));
    expect([brief(imported).length, findings(imported)]).toEqual([4, []]);
    expect(findings(importText('smui', zip({ 'rules.txt': RULES_TXT }).subarray(0, 80)))).toEqual(['error ENCODING ']);
  });

  it('reads a MySQL dump, of one index or of all', () => {
    const one = importText('smui', MYSQL, { index: 'shop' });
    expect(brief(one)).toEqual([
      'sofa => down(10) *a:b has {"tenant":["MO"]}',
      'sofa | couch => +sofa ; +couch has {"tenant":["MO"]}',
      "it's; (x) => delete (x) off",
      'mobil => replace mobile',
    ]);
    expect(losses(one)).toEqual(['part: a synonym rule', 'part: an alternative']);
    const all = importText('smui', MYSQL);
    expect([brief(all).length, findings(all)]).toEqual([5, ['warning DIFFERENT ', 'warning SUSPECT 4']]);
    expect(findings(importText('smui', MYSQL, { index: 'none' }))).toEqual(['error MISSING ']);
  });

  it('reads a PostgreSQL dump', () => {
    const imported = importText('smui', POSTGRES);
    expect(brief(imported)).toEqual([]);
    expect(findings(imported, true)).toEqual([
      'error SYNTAX 5: "back\\\\slash": an unknown escape in "back\\slash"; expected \\\\, \\*, \\" or \\#',
    ]);
    expect(brief(importText('smui', POSTGRES.replace('back\\\\slash', 'lamp')))).toEqual(["lamp => redirect /it's"]);
  });

  it('reads a SQLite file: rows on several pages, long texts, ids of integers', () => {
    const imported = importText('smui', SQLITE);
    expect([imported.report.whole, findings(imported)]).toEqual([61, []]);
    const rules = imported.rules.rules;
    expect(brief(imported).slice(0, 3)).toEqual([
      'sofa0 => down(300) *a:b',
      'sofa0 | couch0 => +sofa0 ; +couch0',
      'sofa1 => +couch1',
    ]);
    expect(rules[1]?.id).toBe('u0/1000');
    expect(rules.find(({ id }) => id === 'u3')?.comment).toBe('long comment \u00e9 '.repeat(60));
    expect(rules.find(({ id }) => id === 'u7')?.enabled).toBe(false);
    expect(brief(imported).at(-1)).toBe('mobil => replace mobile');
  });

  it('names what is damaged in a SQLite file, and does not end for any damage', () => {
    for (let at = 0; at < SQLITE.length; at += 37) {
      const bytes = Buffer.from(SQLITE);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      expect(importText('smui', bytes).report.whole).toBeLessThanOrEqual(62);
      expect(importText('smui', SQLITE.subarray(0, at)).report.whole).toBeLessThanOrEqual(61);
    }
    expect(findings(importText('smui', SQLITE.subarray(0, 1024)), true)[0]).toMatch(/^error ENCODING : SQLite: /);
  });

  it('names rows that cannot be read', () => {
    const text = "INSERT INTO search_input VALUES ('u1','sofa');\nINSERT INTO search_input VALUES ('u2','x";
    expect(findings(importText('smui', text))).toEqual(['error SYNTAX 1', 'error SYNTAX 2']);
  });
});
