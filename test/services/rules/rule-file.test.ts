import { MAX_RULE_BYTES, type RuleCollection } from '../../../services/rules/collections.ts';
import { RuleError } from '../../../services/rules/errors.ts';
import { formatRule, parseRules } from '../../../services/rules/rule-file.ts';

const decoder = new TextDecoder();

function parse(text: string | Uint8Array, collection: RuleCollection): string[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return parseRules(bytes, collection, 'my.txt').entries.map(({ key, value }) => `${decoder.decode(key)}|${value}`);
}

function problems(text: string | Uint8Array, collection: RuleCollection): string[] {
  try {
    parse(text, collection);
  } catch (error) {
    if (error instanceof RuleError) return error.problems.map(({ line, message }) => `${line}: ${message}`);
    throw error;
  }
  return [];
}

describe('a rules file', () => {
  it('may have comments, blank lines, a byte-order mark, carriage returns, white space and no last newline', () => {
    expect(parse('\ufeff# brands\r\n\r\n  Adidas \r\n\t\n   # more\n\\#1 brand\nWi-Fi', 'protected')).toEqual([
      'adidas|',
      '1 brand|',
      'wi fi|',
    ]);
  });

  it('may be empty', () => {
    expect(parseRules(new Uint8Array(0), 'overrides', 'x')).toEqual({ entries: [], detail: 0, duplicates: 0 });
  });

  it('normalises the terms of protected phrases and knows the longest', () => {
    const parsed = parseRules(Buffer.from('Straße\nO’Reilly Media\nSKU-12A\nstrasse\n手机'), 'protected', 'x');
    expect(parsed.entries.map(({ key }) => decoder.decode(key))).toEqual([
      'strasse',
      "o'reilly media",
      'sku-12a',
      '手机',
    ]);
    expect([parsed.detail, parsed.duplicates]).toEqual([2, 1]);
  });

  it('knows blocked corrections, targets and sources', () => {
    expect(parse('Kohls => Kohl’s\nnaughty\n* => Rude\nxbox => *\na b=>c', 'blocked')).toEqual([
      "kohls\tkohl's|",
      '*\tnaughty|',
      '*\trude|',
      'xbox\t*|',
      'a b\tc|',
    ]);
  });

  it('keeps the target of an override as it was written', () => {
    expect(parse('  Wi-Fi   Routr => Wi-Fi  Router (new)\n\\#tag => Tag', 'overrides')).toEqual([
      'wi-fi routr|Wi-Fi  Router (new)',
      '#tag|Tag',
    ]);
  });

  it('says which lines are wrong, and all of them', () => {
    expect(problems('ok\n!!!\na => b\n', 'protected').map((text) => text.split(' ', 2)[0])).toEqual(['2:', '3:']);
    expect(problems('=> b\na =>\n* => *\na => b => c\n ok => fine', 'blocked').map((text) => text.slice(0, 2))).toEqual(
      ['1:', '2:', '3:', '4:'],
    );
    expect(problems('a\na =>\n => b\nQ => x\nq=>y\na => b\u0001c', 'overrides')).toEqual([
      '1: no target; write "the whole query => what it becomes"',
      '2: no target; write "the whole query => what it becomes"',
      '3: nothing before the arrow; write "the whole query => what it becomes"',
      '5: this query has another override on line 4; keep only one',
      '6: a control character in the text after the arrow; remove it',
    ]);
  });

  it('says which line is no UTF-8', () => {
    expect(problems(Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a, 0x62]), 'protected')).toEqual([
      '2: this is not UTF-8; save the file as UTF-8',
    ]);
  });

  it('refuses what the store or the pipeline cannot hold', () => {
    expect(problems('x'.repeat(MAX_RULE_BYTES + 1), 'protected')[0]).toMatch(/^1: a rule of 1901 bytes/);
    expect(problems(`${'x '.repeat(17)}`, 'protected')[0]).toMatch(/^1: a phrase of 17 terms/);
    expect(problems(`a => ${'x'.repeat(20_000)}`, 'overrides')[0]).toMatch(/^1: a target of 20000 bytes/);
  });

  it('names file and line in its error', () => {
    expect(() => parse('a => b\n=>\n=>', 'overrides')).toThrow(/^my\.txt:2: .*, and 1 more$/);
  });

  it.each([
    ['protected', "adidas\no'reilly media\n"],
    ['blocked', '* => rude\nkohls => kohl\nxbox => *\n'],
    ['overrides', '\\#tag => Tag\nfoo "bar" => Foo\n'],
  ] as const)('reads back what it writes: %s', (collection, text) => {
    const { entries } = parseRules(Buffer.from(text), collection, 'x');
    const lines = entries.map(({ key, value }) => formatRule(collection, decoder.decode(key), value));
    expect(`${lines.join('\n')}\n`).toBe(text);
  });
});
