/** Random rules through the parsers that they are for, and through the import of that format: which take what, and where they differ. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { seededRandom } from '../../services/figures/random.ts';
import { importRuleFiles } from '../../services/rules/formats/registry.ts';
import { positiveNumber, programArguments } from '../program/arguments.ts';
import { ruleText } from './acceptance-texts.ts';
import { type JvmProgram, jvmCommand, missingForJvm } from './jvm.ts';

const HELP = `Compares which random rules an import refuses with those that the tool itself refuses.

Usage: node dist/load/peers/acceptance.js --format NAME [--count N] [--seed N]

--format    solr (Lucene), querqy, querqy-replace (querqy-core)
--boolean   inputs of Querqy may have operators
--count     rules; 10000 by default
--seed      of those; 1 by default
--work      folder for what is fetched and built; emend-peers in the system's temporary folder by default

Prints the differences, those of a kind together with an example each. Needs java, javac and mvn.
`;

const LUCENE: JvmProgram = {
  main: 'LuceneAccepts',
  artifacts: ['org.apache.lucene:lucene-analysis-common:9.12.3'],
  heapMb: 1000,
};
const QUERQY: JvmProgram = { main: 'QuerqyAccepts', artifacts: ['org.querqy:querqy-core:3.18.1'], heapMb: 1000 };
const MAX_ANSWER_BYTES = 1 << 28;
/** Differences of which so much of what is said agrees are of one kind. */
const KIND_LETTERS = 58;

function main(): number {
  const values = programArguments('acceptance', HELP, {
    format: { type: 'string', default: 'solr' },
    boolean: { type: 'boolean', default: false },
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    work: { type: 'string', default: join(tmpdir(), 'emend-peers') },
  });
  const { format } = values;
  if (!['solr', 'querqy', 'querqy-replace'].includes(format)) {
    process.stderr.write('acceptance: --format: expected solr, querqy or querqy-replace\n');
    return 2;
  }
  const missing = missingForJvm();
  if (missing !== undefined) {
    process.stderr.write(`acceptance: to run it: ${missing}\n`);
    return 1;
  }
  const random = seededRandom(Number(values.seed));
  const count = positiveNumber('acceptance', '--count', values.count);
  const texts = Array.from({ length: count }, () => ruleText(random, format));
  const options =
    format === 'querqy' ? { booleanInput: String(values.boolean) } : format === 'solr' ? {} : { inputDelimiter: '\t' };
  const theirs = answers(format, values.boolean, texts, resolve(values.work));
  const kinds = new Map<string, { count: number; readonly example: string }>();
  for (const [i, text] of texts.entries()) {
    const ours = importRuleFiles(format, [{ name: 'rules', bytes: Buffer.from(text) }], options).report;
    const error = ours.findings.find(({ severity }) => severity === 'error')?.message;
    const refused = theirs[i] ?? null;
    if ((error === undefined) === (refused === null)) continue;
    const said = (
      error === undefined ? `taken here, refused there: ${refused}` : `refused here, taken there: ${error}`
    ).replace(/"[^"]*"|'[^']*'|\d+/g, '_');
    const kind = kinds.get(said.slice(0, KIND_LETTERS));
    if (kind === undefined) kinds.set(said.slice(0, KIND_LETTERS), { count: 1, example: text });
    else kind.count++;
  }
  const differing = [...kinds].sort(([, a], [, b]) => b.count - a.count);
  const sum = differing.reduce((all, [, kind]) => all + kind.count, 0);
  process.stdout.write(`${format}: ${count} rules, ${sum} differ\n`);
  for (const [said, kind] of differing)
    process.stdout.write(`${kind.count}\t${said}\t${JSON.stringify(kind.example)}\n`);
  return 0;
}

/** What the tool says of each text: null where it takes it. */
function answers(format: string, operators: boolean, texts: readonly string[], dir: string): (string | null)[] {
  const workshop = { dir, material: '', dataset: '' };
  const [command, ...args] = jvmCommand(format === 'solr' ? LUCENE : QUERQY, workshop, [format, String(operators)]);
  const { stdout, status } = spawnSync(command, args, {
    input: texts.join('\0'),
    maxBuffer: MAX_ANSWER_BYTES,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  const lines = stdout.toString('utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { refused: string | null }).refused);
}

process.exitCode = main();
