/**
 * Where a built tree keeps what is measured: a row for each arrangement of it, so that this build can be measured beside
 * earlier and later ones. A tree is told by what it has, the first row that fits holds. Whoever moves one of these modules
 * adds a row above the others.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is used of the service. */
export interface Pipeline {
  ask(query: string): object;
  stepMs(): ReadonlyMap<string, number>;
}

/** Makes a pipeline that has met no word yet. */
export type Begin = () => Pipeline;

interface Layout {
  readonly name: string;
  /** Modules below `dist/`, and what is taken of each. */
  readonly takes: Readonly<Record<string, readonly string[]>>;
  /** As the service opens a dataset: all workers, the default options and block cache, the dataset's own parameters. */
  open(taken: Taken, dataset: string): Begin;
}

/** What was taken, by name. It comes from another tree, so that nothing is known of its types. */
// biome-ignore lint/suspicious/noExplicitAny: the modules of another build have no types here.
type Taken = Readonly<Record<string, any>>;

/** Where these have always been. */
const COMMON = {
  'services/config.js': ['parseConfig'],
  'services/rewrite/options.js': ['DEFAULT_OPTIONS'],
  'services/rewrite/pipeline.js': ['createRewriter'],
  'stores/dataset/open.js': ['openDataset'],
} as const;

const LAYOUTS: readonly Layout[] = [
  {
    name: 'a dataset tells all parts of its rewriter',
    takes: { ...COMMON, 'services/tuned-parameters.js': ['partsOf'] },
    open: (taken, dataset) => begin(taken, taken['partsOf'](opened(taken, dataset))),
  },
  {
    name: 'parameters beside the stores of a dataset',
    takes: { ...COMMON, 'services/tuned-parameters.js': ['parametersOf'] },
    open: (taken, dataset) => {
      const found = opened(taken, dataset);
      return begin(taken, { dataset: found.id, stores: found.stores, parameters: taken['parametersOf'](found) });
    },
  },
];

/** The tree is arranged as no row of the table says, or is not built. */
export class UnknownTree extends Error {}

/**
 * Opens a dataset with the modules of a built tree.
 *
 * @param tree the folder that contains `dist/`
 * @throws {UnknownTree} naming what is missing for each layout
 */
export async function openTree(tree: string, dataset: string): Promise<Begin> {
  const missing: string[] = [];
  for (const { name, takes, open } of LAYOUTS) {
    const taken = await take(join(tree, 'dist'), takes);
    if (typeof taken !== 'string') return open(taken, dataset);
    missing.push(`"${name}" lacks ${taken}`);
  }
  throw new UnknownTree(
    `${tree}: expected a built tree with one of ${LAYOUTS.length} layouts; ${missing.join(', ')}. ` +
      'Build it with "npm run build", or add its layout to load/pipeline/layouts.ts',
  );
}

/** What a layout takes; or the first of it that is not there. */
async function take(dist: string, takes: Layout['takes']): Promise<Taken | string> {
  const absent = Object.keys(takes).find((file) => !existsSync(join(dist, file)));
  if (absent !== undefined) return `dist/${absent}`;
  const taken: Record<string, unknown> = {};
  for (const [file, names] of Object.entries(takes)) {
    const module = await import(pathToFileURL(join(dist, file)).href);
    for (const name of names) {
      if (!(name in module)) return `${name} of dist/${file}`;
      taken[name] = module[name];
    }
  }
  return taken;
}

function opened({ parseConfig, openDataset }: Taken, dataset: string) {
  const { cacheBytes } = parseConfig({}, {}, {});
  return openDataset(dataset, { cacheBytes });
}

function begin({ createRewriter, DEFAULT_OPTIONS }: Taken, parts: object): Begin {
  return () => {
    const rewriter = createRewriter(parts);
    return {
      ask: (query) => rewriter.rewrite(query, DEFAULT_OPTIONS),
      stepMs: () => rewriter.stepMs(),
    };
  };
}
