/**
 * What rules cost: CPU microseconds a query with no rule set, with one rule, and with 10,000 synonyms and 10,000 common rules; how
 * long such a set takes to compile and to open, and what it takes in memory.
 *
 *   npm run build && node dist/load/rules.js [--dataset DIR] [--rules N] [--json]
 */
import { pathToFileURL } from 'node:url';
import { compiled } from '../data/package-root.ts';
import { markdownTable } from '../services/figures/markdown.ts';
import { median } from '../services/figures/quantiles.ts';
import { pick, type Random, seededRandom } from '../services/figures/random.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';
import { bundledDataset } from './program/bundled-dataset.ts';
import { readPool } from './workloads/pool.ts';

const HELP = `Measures what a rule set costs a query, in one process without HTTP.

  node dist/load/rules.js --dataset shop

Usage: node dist/load/rules.js [--dataset DIR] [--queries FILE] [--rules N] [--rounds N] [--limit N] [--seed N] [--json]

--dataset  folder of the dataset version; the bundled English one by default, built first if need be
--queries  queries to draw from, one a line; by default the bundled ones
--rules    synonyms in the large sets, and as many common rules; 10000 by default
--rounds   passes over the queries that count, after 2 to warm up; 9 by default
--limit    queries of a pass; 1000 by default
--seed     another seed draws other rules; 1 by default
--json     prints the figures as JSON

"rare" rules are for words that no query has: what they cost is the search for them. "met" rules have one for each word and each pair of words
of the queries, and others for rare words: what they cost is also what they do. Each pass answers the same queries, with words met before.
`;

const WARM_UP_ROUNDS = 2;

/** The compiled program, as far as it is used here. */
interface Program {
  createRewriter(dataset: string, options: { rules?: object }): { rewrite(query: string): Answer; close(): void };
  compileRuleSet(set: object): Uint8Array;
  openEngine(bytes: Uint8Array, path: string): Engine;
}
interface Answer {
  readonly expansions: readonly unknown[];
  readonly filters: readonly unknown[];
  readonly boosts: readonly unknown[];
}
interface Engine {
  begin(terms: readonly string[], options: object): unknown;
}

/** A rule set under measurement. */
interface Measured {
  readonly name: string;
  readonly rules: number;
  /** Entries of expansions, filters and boosts a query. */
  readonly entries: number;
  readonly queryUs: number;
  /** Of the query that the rules alone take. */
  readonly matchUs: number;
  readonly compileMs: number;
  readonly openMs: number;
  readonly megabytes: number;
  /** Resident memory that opening the set added, the collector run before. */
  readonly residentMegabytes: number;
}

const values = programArguments('rules', HELP, {
  dataset: { type: 'string' },
  queries: { type: 'string' },
  rules: { type: 'string', default: '10000' },
  rounds: { type: 'string', default: '9' },
  limit: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});
const number = (option: 'rules' | 'rounds' | 'limit' | 'seed'): number =>
  positiveNumber('rules', `--${option}`, values[option]);

const program = await load();
const dataset = values.dataset ?? bundledDataset();
const pool = readPool(values.queries === undefined ? {} : { queriesFile: values.queries });
const queries = draw(pool.queries, number('limit'), seededRandom(number('seed')));
const results = measureAll();
process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : table(results));

async function load(): Promise<Program> {
  const module = async (path: string): Promise<object> => (await import(pathToFileURL(compiled(path)).href)) as object;
  return Object.assign(
    {},
    await module('services/library.js'),
    await module('services/rules/compile/compile.js'),
    await module('services/rules/engine/engine.js'),
  ) as unknown as Program;
}

function measureAll(): Measured[] {
  const many = number('rules');
  const random = seededRandom(number('seed') + 1);
  const rare = (i: number) => `${pick(random, pool.words)}qx${i}`;
  const met = termsOfQueries();
  const step = Math.max(1, Math.floor((2 * many) / met.length));
  const metOnce = (i: number) => (i % step === 0 ? met[i / step] : undefined) ?? rare(i);
  const sets: readonly (readonly [name: string, rules: object[] | undefined])[] = [
    ['none', undefined],
    ['one, rare', [synonym(0, rare(0), random)]],
    [`${many} synonyms, ${many} common rules, rare`, rulesFor(many, rare, random)],
    ['one, met', [synonym(0, met[0]!, random)]],
    [`${many} synonyms, ${many} common rules, met`, rulesFor(many, (i) => metOnce(i), random)],
  ];
  const opened = sets.map(([name, rules]) => openSet(name, rules));
  const times = opened.map((): number[] => []);
  for (let round = -WARM_UP_ROUNDS; round < number('rounds'); round++) {
    // In turns, so that other work on the machine meets all of them alike.
    for (const [i, { rewriter }] of opened.entries()) {
      const us = cpuUs(() => {
        for (const query of queries) rewriter.rewrite(query);
      });
      if (round >= 0) times[i]!.push(us / queries.length);
    }
  }
  return opened.map(({ rewriter, engine, ...figures }, i) => {
    let entries = 0;
    for (const query of queries) {
      const { expansions, filters, boosts } = rewriter.rewrite(query);
      entries += expansions.length + filters.length + boosts.length;
    }
    const queryUs = median(times[i]!);
    const measured = {
      ...figures,
      entries: entries / queries.length,
      queryUs,
      matchUs: engine === undefined ? 0 : matchUs(engine),
    };
    rewriter.close();
    return measured;
  });
}

function openSet(name: string, rules: object[] | undefined) {
  let compileMs = 0;
  let openMs = 0;
  let bytes = 0;
  let resident = 0;
  let engine: Engine | undefined;
  if (rules !== undefined) {
    const set = { rules };
    let compiledSet: Uint8Array = new Uint8Array(0);
    compileMs = milliseconds(() => {
      compiledSet = program.compileRuleSet(set);
    });
    bytes = compiledSet.length;
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    openMs = milliseconds(() => {
      engine = program.openEngine(compiledSet, name);
    });
    resident = process.memoryUsage().rss - before;
  }
  const lookUp = {
    isProtected: () => false,
    longestProtected: 0,
    isBlocked: () => false,
    longestBlocked: 0,
    override: () => undefined,
    engine,
    revision: name,
  };
  return {
    name,
    rules: rules?.length ?? 0,
    compileMs,
    openMs,
    megabytes: bytes / 2 ** 20,
    residentMegabytes: Math.max(0, resident) / 2 ** 20,
    rewriter: program.createRewriter(dataset, { rules: lookUp }),
    engine,
  };
}

/** What matching and choosing take of a query by themselves. */
function matchUs(engine: Engine): number {
  const rows = queries.map((query) =>
    query
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((term) => term !== ''),
  );
  const options = {
    context: {},
    rules: { filter: [], sort: null, limit: null, limitByLevel: false },
    at: null,
    explain: false,
  };
  const times: number[] = [];
  for (let round = 0; round < 20; round++) {
    times.push(
      cpuUs(() => {
        for (const row of rows) engine.begin(row, options);
      }) / rows.length,
    );
  }
  return median(times.slice(10));
}

/** Words and pairs of words of the queries, in the order in which they are met first. */
function termsOfQueries(): string[] {
  const found = new Set<string>();
  for (const query of pool.queries) {
    const terms = query
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((term) => term !== '');
    for (const [i, term] of terms.entries()) {
      found.add(term);
      if (i > 0) found.add(`${terms[i - 1]} ${term}`);
    }
  }
  return [...found];
}

function synonym(i: number, text: string, random: Random): object {
  return {
    id: `s${i}`,
    triggers: [{ kind: 'sequence', text }],
    actions: [{ do: 'synonym', to: pick(random, pool.words) }],
  };
}

/** As many synonyms as common rules: filters and boosts, one in ten with an anchor, a wildcard or two terms more. */
function rulesFor(count: number, trigger: (i: number) => string, random: Random): object[] {
  const rules: object[] = [];
  for (let i = 0; i < count; i++) rules.push(synonym(i, trigger(i), random));
  for (let i = 0; i < count; i++) {
    const text = trigger(count + i);
    const kind = i % 10;
    const written = kind === 0 ? `${text}*` : kind === 1 ? `${text} ${pick(random, pool.words)}` : text;
    const anchor = kind === 2 ? 'start' : kind === 3 ? 'both' : 'any';
    const query = pick(random, pool.words);
    rules.push({
      id: `c${i}`,
      triggers: [{ kind: 'sequence', text: written, anchor }],
      actions: [i % 2 === 0 ? { do: 'filter', query } : { do: 'boost', query, factor: 2 }],
    });
  }
  return rules;
}

function draw(items: readonly string[], count: number, random: Random): string[] {
  return Array.from({ length: count }, () => pick(random, items));
}

function cpuUs(body: () => void): number {
  const before = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function milliseconds(body: () => void): number {
  const before = performance.now();
  body();
  return performance.now() - before;
}

function table(measured: readonly Measured[]): string {
  return markdownTable(
    [
      'rules',
      'us a query',
      'us of rules alone',
      'entries a query',
      'compile ms',
      'open ms',
      'MiB compiled',
      'MiB resident',
    ],
    measured.map(({ name, queryUs, matchUs: us, entries, compileMs, openMs, megabytes, residentMegabytes }) => [
      name,
      queryUs.toFixed(0),
      us.toFixed(2),
      entries.toFixed(1),
      compileMs.toFixed(0),
      openMs.toFixed(1),
      megabytes.toFixed(2),
      residentMegabytes.toFixed(1),
    ]),
  );
}
