import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { packageRoot } from '../../../../data/package-root.ts';
import { FORMATS } from '../../../../services/rules/formats/registry.ts';
import { canonicalRuleSet } from '../../../../services/rules/model/format.ts';
import { importText } from '../../../support/rule-formats.ts';

const FOLDER = join(packageRoot(), 'test', 'golden', 'rules');
const NAMES = readdirSync(FOLDER).filter((name) => !name.includes('.rules.') && !name.includes('.export.'));
const SAMPLES = NAMES.map((name) => readFileSync(join(FOLDER, name)));

/** Pieces that formats give a meaning to. */
const PIECES = [
  '=>',
  ',',
  '\n',
  '"',
  '*',
  '\\',
  '#',
  '@{',
  '}@',
  '{',
  '}',
  '[',
  ']',
  ':',
  'null',
  '1e999',
  '-1',
  '\0',
  '\u{1f600}',
  's(',
  "'",
  'INSERT INTO search_input VALUES (',
  'COPY ',
  '{facet:',
  'AND',
  '(',
  ')',
  '\x1f\x8b',
  'PK\x03\x04',
  '\ufeff',
  '\r',
];

/** A sample with bytes changed, cut out, doubled or put in. */
const arbDamaged = fc
  .record({
    sample: fc.constantFrom(...SAMPLES),
    changes: fc.array(
      fc.record({
        at: fc.nat(),
        length: fc.nat(12),
        with: fc.oneof(
          fc.constantFrom(...PIECES).map((piece) => Buffer.from(piece)),
          fc.uint8Array({ maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ sample, changes }) =>
    changes.reduce<Buffer>((bytes, change) => {
      const at = change.at % (bytes.length + 1);
      return Buffer.concat([
        bytes.subarray(0, at),
        change.with,
        bytes.subarray(Math.min(bytes.length, at + change.length)),
      ]);
    }, sample),
  );

const arbJunk = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.constantFrom(...PIECES, 'a', ' '), { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''))),
);

/** JSON with the names that formats look for and values of every kind. */
const arbStrange = fc
  .letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(
        null,
        true,
        7,
        -1,
        '',
        'a',
        'a => b',
        '{facet:x} y',
        'synonym',
        'exact',
        'always',
        'contains',
        'is',
        'pinned',
        '__proto__',
      ),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ...[
            'id',
            'synonyms',
            'synonyms_set',
            'rules',
            'rule',
            'criteria',
            'type',
            'metadata',
            'values',
            'actions',
            'ids',
            'docs',
            'objectID',
          ],
          ...[
            'conditions',
            'pattern',
            'anchoring',
            'context',
            'filters',
            'consequence',
            'params',
            'query',
            'edits',
            'items',
            'match',
            'uid',
            'time',
          ],
          ...[
            'term',
            'synonymRules',
            'alternativeSpellings',
            'results',
            'hits',
            'root',
            'validity',
            'stopWords',
            'typoTolerance',
            '__proto__',
          ],
          ...[
            'numberUnitDefinitions',
            'units',
            'fields',
            'filter',
            'boost',
            'config',
            'synonymMappings',
            'managedMap',
            'tags',
            'rule_id',
          ],
        ),
        tie('node'),
        { maxKeys: 5, noNullPrototype: true },
      ),
    ),
  }))
  .node.map((value) => Buffer.from(JSON.stringify(value)));

describe.each(FORMATS.map(({ name }) => name))('%s', (format) => {
  it.each([
    ['damaged samples', arbDamaged],
    ['junk', arbJunk],
    ['strange JSON', arbStrange],
  ])('gives rules or named errors for %s', (_, arb) => {
    fc.assert(
      fc.property(arb as fc.Arbitrary<Uint8Array>, (bytes) => {
        const { rules, report } = importText(format, bytes);
        expect(canonicalRuleSet(rules)).toEqual(rules);
        expect(report.outcomes.length).toBe(report.whole + report.part + report.not);
        expect(report.findings.every(({ message, code }) => message !== '' && code.length > 0)).toBe(true);
      }),
      { numRuns: 120 },
    );
  });
});

describe('querqy and regular expressions', () => {
  it('give rules or named errors for damaged samples with every option', () => {
    fc.assert(
      fc.property(fc.oneof(arbDamaged, arbJunk), (bytes) => {
        for (const [format, options] of [
          ['querqy', { booleanInput: 'true' }],
          ['querqy-replace', { regex: 'true' }],
          ['solr', { variant: 'wordnet' }],
          ['solr', { lenient: 'true', expand: 'false' }],
        ] as const) {
          const { rules } = importText(format, bytes, options);
          expect(canonicalRuleSet(rules)).toEqual(rules);
        }
      }),
      { numRuns: 150 },
    );
  });
});
