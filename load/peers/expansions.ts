/**
 * What the originals make of queries: rule files through querqy-core or Lucene's SynonymGraphFilter, for comparison with Emend's own
 * answers under the same rules.
 *
 *   node dist/load/peers/expansions.js --format solr --rules synonyms.txt --queries queries.txt --out lucene.jsonl
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { importRuleFiles } from '../../services/rules/formats/registry.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { makeQueries, readQueries } from './expansion-queries.ts';
import { type JvmProgram, jvmCommand, missingForJvm } from './jvm.ts';
import { type GraphToken, LongestMatch, placesOf } from './longest-match.ts';

const HELP = `Puts queries through the tool that rules come from, and writes what becomes of each as a line of JSON.

  node dist/load/peers/expansions.js --format querqy --rules rules.txt --queries queries.txt --out querqy.jsonl

Usage: node dist/load/peers/expansions.js --format NAME --rules FILE --queries FILE... --out FILE [--count N]

--format    solr, wordnet (Lucene's SynonymGraphFilter), querqy, querqy-replace (querqy-core)
--rules     the rule file, as its tool takes it
--queries   a file of queries, one a line, more after a tab; plain or gzipped; repeatable
--count     queries that are made of them, three of five with the terms of a rule; all as they are by default
--seed      of those; 1 by default
--expand    false: Lucene's expand=false
--boolean   inputs of Querqy may have operators
--delimiter between inputs of replace rules; a tab by default
--asked     also write the queries to this file, one a line
--out       where the answers go
--compare   solr and wordnet: say in how many queries the imported rules, read naively, differ from the answers
--work      folder for what is fetched and built; emend-peers in the system's temporary folder by default

Needs java, javac and mvn.
`;

const LUCENE: JvmProgram = {
  main: 'LuceneExpansions',
  artifacts: ['org.apache.lucene:lucene-analysis-common:9.12.3'],
  heapMb: 2000,
};
/** Differences that are shown. */
const SHOWN = 20;
const QUERQY: JvmProgram = { main: 'QuerqyExpansions', artifacts: ['org.querqy:querqy-core:3.18.1'], heapMb: 2000 };

function main(): number {
  const values = programArguments('expansions', HELP, {
    format: { type: 'string', default: 'solr' },
    rules: { type: 'string' },
    queries: { type: 'string', multiple: true, default: [] },
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    expand: { type: 'string', default: 'true' },
    boolean: { type: 'boolean', default: false },
    delimiter: { type: 'string', default: '\t' },
    asked: { type: 'string' },
    compare: { type: 'boolean', default: false },
    out: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'emend-peers') },
  });
  const { format, rules, out } = values;
  if (!['solr', 'wordnet', 'querqy', 'querqy-replace'].includes(format) || rules === undefined || out === undefined) {
    process.stderr.write('expansions: expected --format, --rules and --out; see --help\n');
    return 2;
  }
  const missing = missingForJvm();
  if (missing !== undefined) {
    process.stderr.write(`expansions: to run it: ${missing}\n`);
    return 1;
  }
  const real = readQueries(values.queries.map((file) => resolve(file)));
  const queries = values.count === undefined ? real : made(real, values.count, rules, format, Number(values.seed));
  if (values.asked !== undefined) writeFileSync(resolve(values.asked), queries.map((query) => `${query}\n`).join(''));
  const isLucene = format === 'solr' || format === 'wordnet';
  const setting = isLucene ? values.expand : format === 'querqy' ? String(values.boolean) : values.delimiter;
  const workshop = { dir: resolve(values.work), material: '', dataset: '' };
  const [command, ...args] = jvmCommand(isLucene ? LUCENE : QUERQY, workshop, [format, setting, resolve(rules)]);
  const file = openSync(resolve(out), 'w');
  const { status } = spawnSync(command, args, {
    input: queries.map((query) => `${query}\n`).join(''),
    stdio: ['pipe', file, 'inherit'],
  });
  closeSync(file);
  process.stderr.write(`expansions: ${queries.length} queries, answers in ${resolve(out)}\n`);
  if (status === 0 && values.compare && isLucene) compare(rules, values.expand, resolve(out));
  return status === 0 ? 0 : 1;
}

/** Prints how many answers differ from what the imported rules say, and the first of them. */
function compare(rules: string, expand: string, answers: string): void {
  const { rules: set } = importRuleFiles('solr', [{ name: rules, bytes: readFileSync(resolve(rules)) }], { expand });
  const reading = new LongestMatch(set);
  const differing = readFileSync(answers, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly query: string; readonly tokens: readonly GraphToken[] })
    .map(({ query, tokens }) => ({ query, here: reading.places(query), there: placesOf(tokens) }))
    .filter(({ here, there }) => JSON.stringify(here) !== JSON.stringify(there));
  process.stdout.write(`${differing.length} queries differ\n`);
  for (const one of differing.slice(0, SHOWN)) process.stdout.write(`${JSON.stringify(one)}\n`);
}

function made(real: readonly string[], count: string, rules: string, format: string, seed: number): string[] {
  const known = format === 'wordnet' ? 'solr' : format;
  const { rules: set } = importRuleFiles(known, [{ name: rules, bytes: readFileSync(resolve(rules)) }]);
  return makeQueries(real, set, positiveNumber('expansions', '--count', count), seed);
}

process.exitCode = main();
