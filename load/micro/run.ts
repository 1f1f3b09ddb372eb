/**
 * `npm run bench`: the store benchmarks, each by name or all. Figures go to standard output as Markdown.
 *
 *     npm run bench                              all, over the bundled data
 *     npm run bench -- sizes time --corpus DIR   some, over a larger corpus (or EMEND_CORPUS_DIR)
 *     npm run bench -- time --keys 10000000      at another size
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What each benchmark is given. */
export interface BenchOptions {
  /** Folder of the corpus: as `data/` is laid out. */
  readonly corpus: string;
  /** A folder for files, removed in the end. */
  readonly scratch: string;
  /** Numbers of keys to run at, where a benchmark generates its keys. */
  readonly keyCounts: readonly number[];
  /** Where to write plots; none when undefined. */
  readonly plotFolder: string | undefined;
  /** A built dataset whose n-grams can be walked, or undefined: then one is built where it is needed. */
  readonly dataset: string | undefined;
  print(text: string): void;
}

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
  'blocks-large': async () => (await import('./blocks/large.ts')).benchBlocksLarge,
};

const HELP = `Measures the stores against other ways to keep the same keys.

  npm run bench -- sizes fuzzy --corpus DIR

Usage: npm run bench -- [NAME...] [--corpus DIR] [--keys N]... [--plot DIR] [--dataset DIR]

Names: ${Object.keys(BENCHES).join(', ')}; all when none is given.
--corpus  a folder laid out as data/; default EMEND_CORPUS_DIR, else the bundled data
--keys    numbers of keys for time, build, open and blocks-large; default 100000 and 1000000
--plot    writes plots there as SVG
--dataset a dataset for blocks-pipeline, built with --engine ngrams=fst; by default it builds the bundled one
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      corpus: { type: 'string' },
      keys: { type: 'string', multiple: true },
      plot: { type: 'string' },
      dataset: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  const keyCounts = (values.keys ?? ['100000', '1000000']).map(Number);
  if (values.help || unknown.length > 0 || !keyCounts.every((count) => Number.isSafeInteger(count) && count > 0)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'emend-bench-'));
  const options: BenchOptions = {
    corpus: resolve(values.corpus ?? process.env['EMEND_CORPUS_DIR'] ?? 'data'),
    scratch,
    keyCounts,
    plotFolder: values.plot === undefined ? undefined : resolve(values.plot),
    dataset: values.dataset === undefined ? undefined : resolve(values.dataset),
    print: (text) => void process.stdout.write(`${text}\n`),
  };
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  options.print(`Node ${process.version}, ${cpus().length} processors, ${cpus()[0]?.model ?? 'unknown'}, ${memory}\n`);
  try {
    for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
      options.print(`## ${name}\n`);
      const bench = await BENCHES[name]?.();
      await bench?.(options);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return 0;
}

process.exitCode = await main();
