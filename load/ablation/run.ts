/**
 * What each part of the program and each source of a dataset is worth, through the whole pipeline and to the language
 * model alone: everything is built and measured by the program itself, once with all parts and once without each.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compiled, packageRoot } from '../../data/package-root.ts';
import { markdownLines } from '../../services/figures/markdown.ts';
import { percent } from '../../services/figures/numbers.ts';
import { programArguments } from '../program/arguments.ts';
import { leaveOut, type Recipe, readRecipe, sourcesOf, takeAlone, tellsPairs } from './recipes.ts';

const HELP = `Measures what each part of the program and each source of a dataset is worth, and prints the tables as Markdown.

  npm run -s ablation -- --set queries.tsv --set words.tsv
  npm run -s ablation -- --set queries.tsv --config data/full.json --corpus DIR --parts

Usage: npm run -s ablation -- --set FILE.tsv [--set FILE.tsv]... [--config FILE] [--corpus DIR] [--dataset DIR] [--parts] [--models]

--set      labelled queries, as emend eval reads them
--config   what the dataset is built of; the bundled English default otherwise
--corpus   the folder that its paths are relative to; by default its own
--dataset  the dataset with everything in it, where it is built already
--parts    parts of the program alone: nothing is built without a source
--models   perplexity alone: no query is rewritten

Weights and thresholds stay as they are. A build and a measurement for each source, so some minutes; progress on stderr.
`;

/** The parts that emend eval can leave out. */
const PARTS: readonly string[] = [
  'pairs',
  'triples',
  'one-edit',
  'two-edits',
  'splits',
  'merges',
  'misspellings',
  'sound-alikes',
  'marks',
  'vectors',
  'error-model',
];

interface Share {
  readonly share: number | null;
}

/** What is read of the report of emend eval. */
interface Report {
  readonly sets: readonly {
    readonly set: string;
    readonly suggest: { readonly fix: Share; readonly broken: Share };
    readonly fixAtBroken: readonly { readonly limit: number; readonly fix: Share | null }[];
  }[];
}

/** What is read of emend eval --perplexity. */
type Models = readonly {
  readonly set: string;
  readonly unknown: number;
  readonly words: number;
  readonly perplexity: number | null;
  readonly pairsSeen: number | null;
  readonly triplesSeen: number | null;
}[];

/** The program has said on stderr what went wrong. */
class Failed extends Error {}

function emend(...args: string[]): string {
  const { status, stdout } = spawnSync(process.execPath, [compiled('services/emend.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Failed();
  return stdout;
}

function main(): void {
  const values = programArguments('ablation', HELP, {
    set: { type: 'string', multiple: true, default: [] },
    config: { type: 'string', default: join(packageRoot(), 'data', 'languages', 'en', 'dataset.json') },
    corpus: { type: 'string' },
    dataset: { type: 'string' },
    parts: { type: 'boolean', default: false },
    models: { type: 'boolean', default: false },
  });
  const sets = values.set.map((path) => resolve(path));
  const missing = sets.length === 0 ? '--set FILE.tsv' : sets.find((path) => !existsSync(path));
  if (missing !== undefined) {
    process.stderr.write(`ablation: expected ${sets.length === 0 ? missing : `a file at ${missing}`}, found none\n`);
    process.exit(2);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'emend-ablation-'));
  const fixes: string[][] = [];
  const models: string[][] = [];
  const measure = (name: string, dataset: string, more: readonly string[] = []) => {
    process.stderr.write(`measuring ${name}\n`);
    const part = more[1] ?? 'pairs';
    // The other parts are no business of the language model.
    if (part === 'pairs' || part === 'triples') {
      models.push(
        modelRow(name, JSON.parse(emend('eval', ...sets, '--dataset', dataset, '--json', '--perplexity', ...more))),
      );
    }
    if (values.models) return;
    fixes.push(fixRow(name, JSON.parse(emend('eval', ...sets, '--dataset', dataset, '--json', ...more))));
  };
  /** Builds a recipe in the scratch folder, lets it be measured, and removes it. */
  const withBuilt = (name: string, recipe: Recipe, use: (dataset: string) => void) => {
    process.stderr.write(`building ${name}\n`);
    const config = join(scratch, 'config.json');
    const dataset = join(scratch, 'dataset');
    writeFileSync(config, JSON.stringify(recipe));
    emend('build', '--config', config, '--out', dataset, '--json');
    use(dataset);
    rmSync(dataset, { recursive: true });
  };
  try {
    const recipe = readRecipe(resolve(values.config), values.corpus === undefined ? undefined : resolve(values.corpus));
    const measureParts = (dataset: string) => {
      measure('everything', dataset);
      for (const part of PARTS)
        if (!values.models || part === 'pairs' || part === 'triples')
          measure(`without ${part}`, dataset, ['--without', part]);
    };
    if (values.dataset === undefined) withBuilt('everything', recipe, measureParts);
    else measureParts(resolve(values.dataset));
    for (const source of values.parts ? [] : sourcesOf(recipe)) {
      withBuilt(`without ${source.name}`, leaveOut(recipe, source), (dataset) =>
        measure(`without ${source.name}`, dataset),
      );
      if (!tellsPairs(source)) continue;
      withBuilt(`pairs of ${source.name} alone`, takeAlone(recipe, source), (dataset) =>
        measure(`pairs of ${source.name} alone`, dataset),
      );
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const names = sets.map((path) => path.replace(/^.*[/\\]/, '').replace(/\.tsv(\.gz)?$/, ''));
  const tables = [
    ...(values.models
      ? []
      : [
          'Fix / broken at suggest level, and fix at broken <= 2 %:',
          '',
          ...markdownLines(['', ...names], fixes, 'left'),
          '',
        ]),
    'Perplexity / pairs seen % / triples seen % / unknown words %:',
    '',
    ...markdownLines(['', ...names], models, 'left'),
  ];
  process.stdout.write(`${tables.join('\n')}\n`);
}

function fixRow(name: string, { sets }: Report): string[] {
  return [
    name,
    ...sets.map(({ suggest, fixAtBroken }) => {
      const fixAt = fixAtBroken.find(({ limit }) => limit === 0.02)?.fix?.share ?? null;
      return `${percent(suggest.fix.share)} / ${percent(suggest.broken.share)}; ${percent(fixAt)}`;
    }),
  ];
}

function modelRow(name: string, models: Models): string[] {
  return [
    name,
    ...models.map(({ perplexity, pairsSeen, triplesSeen, unknown, words }) =>
      [
        perplexity === null ? '-' : perplexity.toFixed(0),
        ...[pairsSeen, triplesSeen, unknown / words].map((share) => percent(share)),
      ].join(' / '),
    ),
  ];
}

try {
  main();
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  process.exitCode = 1;
}
