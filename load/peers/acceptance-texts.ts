/** Random lines of rule files, of the signs that mean something in them. */
import { pick, pickIndex, type Random } from '../../services/figures/random.ts';

const QUERQY = [
  ...[
    'a',
    'sofa',
    'b c',
    ' ',
    '*',
    '"',
    '\\',
    '#',
    ':',
    '=>',
    '(',
    ')',
    'AND',
    'or',
    'NOT',
    '$1',
    '$2',
    '+',
    '-',
    '%%',
    '{',
    '}',
  ],
  ...['f:', '{f,g}:', '0.5', '-1', 'SYNONYM', 'UP', '@', '1.5e3', '"x y"~2', '~', '.', ';', '\t'],
];
const SOLR = ['a', 'sofa', 'b c', ' ', '\\', ',', ',', ', ', '=>', ' => ', '#', 'x', '-', '\t'];
const NAMES = ['SYNONYM', 'synonym', 'UP', 'DOWN', 'FILTER', 'DELETE', 'DECORATE', 'REPLACE', 'XX'];
const PARAMETERS = ['', '', '(1)', '(0.4)', '(-1)', '( 2 )', '(k)', '(a b)', '(1.)'];
const PROPERTIES = [
  'a',
  '_id',
  '{a: 1}@',
  'a: 1',
  '"a": 1',
  "a: 'x'",
  '{a:1,a:2}@',
  'a: [1,2',
  'b: {c: true}',
  'a: 01',
  'a: null',
  'a: nul',
];

/** One text for a format. */
export function ruleText(random: Random, format: string): string {
  if (format === 'solr') return signs(random, SOLR, 7, ['']);
  if (format === 'querqy-replace') return `${line(random, 4)}${pick(random, [' => ', '=>', ' '])}${line(random, 3)}`;
  const kind = random();
  const input = kind < 0.5 ? line(random, 4) : 'sofa red';
  const instruction = `${pick(random, NAMES)}${pick(random, PARAMETERS)}${pick(random, [':', '', ' : '])}${line(random, 4)}`;
  const properties = `UP: x\n@${pick(random, PROPERTIES)}${pick(random, ['', '\n@b: 2', '\n@a: 2', '\n@_id: 5'])}`;
  return `${input} =>\n${kind < 0.5 ? 'UP: x' : kind < 0.9 ? instruction : properties}\n`;
}

function line(random: Random, most: number): string {
  return signs(random, QUERQY, most, ['', ' ']);
}

function signs(random: Random, of: readonly string[], most: number, between: readonly string[]): string {
  return Array.from({ length: 1 + pickIndex(random, most) }, () => pick(random, of)).join(pick(random, between));
}
