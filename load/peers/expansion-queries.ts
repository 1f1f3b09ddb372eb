/** Queries for rules: real ones as they are, and real ones in which the terms of a rule stand, so that rules fire. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { pick, pickIndex, seededRandom } from '../../services/figures/random.ts';
import type { RuleSet } from '../../services/rules/model/rule.ts';
import { parseSequenceText } from '../../services/rules/model/sequence-text.ts';

/** Of queries, so many hold the terms of a rule. */
const SHARE_WITH_RULE = 0.6;

/** The queries of files, one a line before a tab; plain or gzipped. */
export function readQueries(files: readonly string[]): string[] {
  const lines = files.flatMap((file) => {
    const bytes = readFileSync(file);
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  });
  const queries = lines.map((line) => (line.split('\t')[0] ?? '').trim().split(/\s+/).join(' '));
  return [...new Set(queries.filter((query) => query !== ''))];
}

/** So many queries, always the same of the same seed. */
export function makeQueries(real: readonly string[], rules: RuleSet, count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const triggers = rules.rules.flatMap(({ triggers: all }) =>
    all.flatMap((trigger) => (trigger.kind === 'sequence' ? [trigger.text] : [])),
  );
  return Array.from({ length: count }, () => {
    const query = pick(random, real);
    if (triggers.length === 0 || random() > SHARE_WITH_RULE) return query;
    const words = query.split(' ');
    const at = pickIndex(random, words.length + 1);
    const replaced = pickIndex(random, 3);
    return [...words.slice(0, at), sampleOf(pick(random, triggers), random), ...words.slice(at + replaced)].join(' ');
  });
}

/** Terms that a sequence matches. */
function sampleOf(text: string, random: () => number): string {
  const terms = parseSequenceText(text);
  if (typeof terms === 'string') return text;
  const letters = () => pick(random, ['s', 'er', 'box', '']);
  return terms
    .map(({ kind, text: own }) => (kind === 'prefix' ? own + letters() : kind === 'suffix' ? letters() + own : own))
    .join(' ');
}
