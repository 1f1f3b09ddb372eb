/**
 * `npm run bench`: the store benchmarks, each by name or all. Figures go to standard output as Markdown.
 *
 *     npm run bench                              all, over the bundled data
 *     npm run bench -- sizes time --corpus DIR   some, over a larger corpus (or EMEND_CORPUS_DIR)
 *     npm run bench -- time --keys 10000000      at another size
 *     npm run bench -- fst --write               all of the FST at all sizes, into README.md
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchOptions } from './bench-options.ts';

type Bench = (options: BenchOptions) => Promise<void> | void;

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  sizes: async () => (await import('./fst/sizes.ts')).benchSizes,
  time: async () => (await import('./fst/time.ts')).benchTime,
  build: async () => (await import('./fst/build.ts')).benchBuild,
  fuzzy: async () => (await import('./fst/fuzzy.ts')).benchFuzzy,
  open: async () => (await import('./fst/open.ts')).benchOpen,
  'blocks-engines': async () => (await import('./blocks/engines.ts')).benchBlocksEngines,
  'blocks-layout': async () => (await import('./blocks/layout.ts')).benchBlocksLayout,
  'blocks-pipeline': async () => (await import('./blocks/pipeline.ts')).benchBlocksPipeline,
  'live-look-ups': async () => (await import('./live/look-ups.ts')).benchLiveLookUps,
  'live-memory': async () => (await import('./live/memory.ts')).benchLiveMemory,
  'live-structures': async () => (await import('./live/structures.ts')).benchLiveStructures,
  'live-many': async () => (await import('./live/many.ts')).benchLiveMany,
  'live-crashes': async () => (await import('./live/crashes.ts')).benchLiveCrashes,
  'blocks-large': async () => (await import('./blocks/large.ts')).benchBlocksLarge,
};

/** What one word stands for, and the numbers of keys that go with it. */
const GROUPS: Readonly<Record<string, { names: readonly string[]; keys: readonly number[] }>> = {
  fst: { names: ['sizes', 'build', 'open', 'time', 'fuzzy'], keys: [100_000, 1_000_000, 10_000_000] },
  live: { names: ['live-look-ups', 'live-memory', 'live-structures', 'live-many'], keys: [100_000, 1_000_000] },
  blocks: { names: ['blocks-engines', 'blocks-layout', 'blocks-pipeline', 'blocks-large'], keys: [50_000_000] },
};
const DEFAULT_KEYS = [100_000, 1_000_000];
/** Where `--write` puts figures: between the comments `<!-- NAME -->` and `<!-- /NAME -->`. */
const README = 'load/micro/README.md';

const HELP = `Measures the stores against other ways to keep the same keys.

  npm run bench -- sizes fuzzy --corpus DIR

Usage: npm run bench -- [NAME...] [--corpus DIR] [--keys N]... [--plot DIR] [--dataset DIR] [--python PATH] [--write]

Names: ${Object.keys(BENCHES).join(', ')}; all when none is given.
fst stands for ${GROUPS['fst']?.names.join(', ')} with 100000, 1000000 and 10000000 keys.
live stands for ${GROUPS['live']?.names.join(', ')} with 100000 and 1000000 entries.
blocks stands for ${GROUPS['blocks']?.names.join(', ')} with 50000000 keys.
--corpus  a folder laid out as data/languages/en; default EMEND_CORPUS_DIR, else the bundled data
--keys    numbers of keys for time, build, open and blocks-large; default ${DEFAULT_KEYS.join(' and ')}
--plot    writes plots there as SVG
--dataset a dataset for blocks-pipeline, built with --engine ngrams=fst; by default it builds the bundled one
--python  a Python with marisa-trie and keyvi for live-structures; without it they are left out
--write   puts the figures and plots into ${README} and beside it
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      corpus: { type: 'string' },
      keys: { type: 'string', multiple: true },
      plot: { type: 'string' },
      dataset: { type: 'string' },
      python: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const group = GROUPS[positionals[0] ?? ''];
  const names = group?.names ?? (positionals.length > 0 ? positionals : Object.keys(BENCHES));
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  const keyCounts = values.keys?.map(Number) ?? group?.keys ?? DEFAULT_KEYS;
  if (values.help || unknown.length > 0 || !keyCounts.every((count) => Number.isSafeInteger(count) && count > 0)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'emend-bench-'));
  const plotFolder = values.plot ?? (values.write ? 'load/micro/plots' : undefined);
  const options: BenchOptions = {
    corpus: resolve(values.corpus ?? process.env['EMEND_CORPUS_DIR'] ?? 'data/languages/en'),
    scratch,
    keyCounts,
    dataset: values.dataset === undefined ? undefined : resolve(values.dataset),
    python: values.python,
    plotFolder: plotFolder === undefined ? undefined : resolve(plotFolder),
    print: (text) => void process.stdout.write(`${text}\n`),
    report: (section, markdown) => {
      process.stdout.write(`${markdown}\n`);
      if (values.write) writeSection(section, markdown);
    },
  };
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  options.print(`Node ${process.version}, ${cpus().length} processors, ${cpus()[0]?.model ?? 'unknown'}, ${memory}\n`);
  try {
    for (const name of names) {
      options.print(`## ${name}\n`);
      const bench = await BENCHES[name]?.();
      await bench?.(options);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return 0;
}

/** Puts figures between the comments that name a section of the README. */
function writeSection(section: string, markdown: string): void {
  const text = readFileSync(README, 'utf8');
  const begin = `<!-- ${section} -->\n`;
  const end = `<!-- /${section} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${README}: expected the comments ${begin.trim()} and ${end}, found none`);
  writeFileSync(README, `${text.slice(0, from + begin.length)}\n${markdown.trimEnd()}\n\n${text.slice(to)}`);
}

process.exitCode = await main();
