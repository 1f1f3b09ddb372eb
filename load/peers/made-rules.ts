/** Common rules of Querqy made of words: inputs of one to three terms, some anchored or with a wildcard, and all instructions. */
import { pick, pickIndex, type Random } from '../../services/figures/random.ts';

/** Letters before a wildcard. */
const PREFIX = 4;

/** So many rules, always the same of the same seed. @param words letters and digits alone */
export function madeQuerqyRules(words: readonly string[], count: number, random: Random): string {
  const prefixes = new Set<string>();
  return Array.from({ length: count }, () => ruleOf(words, random, prefixes)).join('\n');
}

/** @param prefixes those that have a rule: of several wildcards for one term querqy-core takes one alone */
function ruleOf(words: readonly string[], random: Random, prefixes: Set<string>): string {
  const terms = Array.from({ length: pick(random, [1, 1, 1, 2, 2, 3]) }, () => pick(random, words));
  const kind = random();
  const last = terms.at(-1) ?? '';
  const prefix = last.slice(0, PREFIX);
  const isPrefix = kind < 0.15 && terms.length === 1 && last.length > PREFIX && !prefixes.has(prefix);
  if (isPrefix) prefixes.add(prefix);
  const plain = terms.join(' ');
  const input = isPrefix ? `${prefix}*` : kind < 0.3 ? `"${plain}"` : kind < 0.4 ? `"${plain}` : plain;
  const lines = Array.from({ length: 1 + pickIndex(random, 3) }, () =>
    instruction(isPrefix ? [] : terms, words, random),
  );
  return `${input} =>\n${[...new Set(lines)].map((line) => `  ${line}\n`).join('')}`;
}

function instruction(terms: readonly string[], words: readonly string[], random: Random): string {
  const word = () => pick(random, words);
  const several = random() < 0.3 ? `${word()} ${word()}` : word();
  const number = pick(random, ['', '', '(0.5)', '(3)']);
  switch (pick(random, ['SYNONYM', 'SYNONYM', 'UP', 'DOWN', 'FILTER', 'DELETE', 'DECORATE'])) {
    case 'SYNONYM':
      return `SYNONYM${number}: ${several}`;
    case 'UP':
      return `UP${number}: ${word()}`;
    case 'DOWN':
      return `DOWN${number}: ${word()}`;
    case 'FILTER':
      return `FILTER: * f:${word()}`;
    case 'DELETE':
      return terms.length > 1 ? `DELETE: ${pick(random, terms)}` : `FILTER: * g:${word()}`;
    default:
      return `DECORATE: ${word()}`;
  }
}
