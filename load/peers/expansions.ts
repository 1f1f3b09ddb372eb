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
import { seededRandom } from '../../services/figures/random.ts';
import { withoutBadRules } from '../../services/rules/compile/check.ts';
import { queryTerms } from '../../services/rules/compile/sequence.ts';
import { importRuleFiles } from '../../services/rules/formats/registry.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { cutSynonyms, cutText } from './cut-rules.ts';
import { EngineReading } from './engine-reading.ts';
import { makeQueries, readQueries } from './expansion-queries.ts';
import { type JvmProgram, jvmCommand, missingForJvm } from './jvm.ts';
import { cut, type GraphToken, LongestMatch, placesOf } from './longest-match.ts';
import { madeQuerqyRules } from './made-rules.ts';
import { expandedOf, type QuerqyAnswer } from './querqy-answers.ts';

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
--compare   say in how many queries what Emend's engine makes of the imported rules differs from the answers; of solr also
            what a naive reading of them says
--make      querqy: first write so many rules of the words of the queries to the file of rules
--cut       queries, and rules of solr, whose terms are cut as Emend cuts them, for both sides
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
    cut: { type: 'boolean', default: false },
    make: { type: 'string' },
    out: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'emend-peers') },
  });
  const { format, out } = values;
  let { rules } = values;
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
  if (values.make !== undefined) {
    const words = [...new Set(real.flatMap((query) => queryTerms(query)))].filter((word) => /^[a-z]{3,}$/.test(word));
    const count = positiveNumber('expansions', '--make', values.make);
    writeFileSync(resolve(rules), madeQuerqyRules(words, count, seededRandom(Number(values.seed))));
  }
  const given = values.count === undefined ? real : made(real, values.count, rules, format, Number(values.seed));
  const queries = values.cut ? given.map(cutText) : given;
  if (values.cut && format === 'solr') {
    const cutFile = `${resolve(out)}.rules.txt`;
    writeFileSync(
      cutFile,
      cutSynonyms(importRuleFiles('solr', [{ name: rules, bytes: readFileSync(resolve(rules)) }]).rules),
    );
    rules = cutFile;
  }
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
  if (status === 0 && values.compare && format === 'querqy') compareQuerqy(rules, resolve(out));
  return status === 0 ? 0 : 1;
}

/** Prints how many answers differ from what the imported rules say, and the first of them. */
function compare(rules: string, expand: string, answers: string): void {
  const { rules: set } = importRuleFiles('solr', [{ name: rules, bytes: readFileSync(resolve(rules)) }], { expand });
  const naive = new LongestMatch(set);
  const { set: sound, problems } = withoutBadRules(set);
  process.stdout.write(`${set.rules.length} rules, of which ${set.rules.length - sound.rules.length} cannot act\n`);
  for (const { message } of problems.slice(0, SHOWN)) process.stdout.write(`  ${message}\n`);
  const engine = new EngineReading(sound);
  const lines = linesOf<{ readonly query: string; readonly tokens: readonly GraphToken[] }>(answers);
  tell(
    'the rules read naively',
    lines.map(({ query, tokens }) => ({ query, here: naive.places(query), there: placesOf(tokens) })),
  );
  // Emend cuts terms otherwise than at white space: its terms on both sides.
  tell(
    'the engine',
    lines.map(({ query, tokens }) => ({ query, here: engine.places(query), there: recut(placesOf(tokens)) })),
  );
}

/** Prints how many answers of querqy-core differ from what the engine makes of the imported rules. */
function compareQuerqy(rules: string, answers: string): void {
  const { rules: set } = importRuleFiles('querqy', [{ name: rules, bytes: readFileSync(resolve(rules)) }]);
  const engine = new EngineReading(set);
  process.stdout.write(`${set.rules.length} rules\n`);
  const lines = linesOf<QuerqyAnswer>(answers);
  tell(
    'the engine',
    lines.map((answer) => ({ query: answer.query, here: engine.expanded(answer.query), there: expandedOf(answer) })),
  );
}

/** The places with terms as Emend cuts them. */
function recut(places: readonly string[]): string[] {
  return places
    .flatMap((place) => cut(new Set(place.split('|').map((text) => queryTerms(text).join(' ')))))
    .filter(Boolean);
}

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

function tell(
  what: string,
  compared: readonly { readonly query: string; readonly here: unknown; readonly there: unknown }[],
): void {
  const differing = compared.filter(({ here, there }) => JSON.stringify(here) !== JSON.stringify(there));
  process.stdout.write(`${what}: ${compared.length} queries, ${differing.length} differ\n`);
  for (const one of differing.slice(0, SHOWN)) process.stdout.write(`${JSON.stringify(one)}\n`);
}

function made(real: readonly string[], count: string, rules: string, format: string, seed: number): string[] {
  const known = format === 'wordnet' ? 'solr' : format;
  const { rules: set } = importRuleFiles(known, [{ name: rules, bytes: readFileSync(resolve(rules)) }]);
  return makeQueries(real, set, positiveNumber('expansions', '--count', count), seed);
}

process.exitCode = main();
