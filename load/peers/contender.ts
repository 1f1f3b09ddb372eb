/**
 * One contender in a process of its own, so that neither works under the other's heap: loads once, then answers each
 * message with a pass over its queries.
 *
 *   node dist/load/peers/contender.js emend DATASET
 *   node dist/load/peers/contender.js symspell PACKAGE-FOLDER
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseConfig } from '../../services/config.ts';
import { DEFAULT_OPTIONS } from '../../services/rewrite/options.ts';
import { createRewriter } from '../../services/rewrite/pipeline.ts';
import { partsOf } from '../../services/tuned-parameters.ts';
import { openDataset } from '../../stores/dataset/open.ts';

/** Queries to be gone through once. */
export interface PassOrder {
  readonly queries: readonly string[];
  /** Whether what was remembered of the words of earlier passes is forgotten first. */
  readonly isFresh: boolean;
}

/** What a pass took. */
export interface PassReport {
  /** User and system time, milliseconds: it does not grow with what else the machine does. */
  readonly cpuMs: number;
  /** Time by the clock of each query, milliseconds. */
  readonly queryMs: readonly number[];
}

/** What of node-symspell is used. */
interface SymSpell {
  loadDictionary(file: string, termIndex: number, countIndex: number): Promise<unknown>;
  lookup(word: string, verbosity: number, maxEditDistance: number): unknown[];
}
type SymSpellClass = (new (
  maxEditDistance: number,
  prefixLength: number,
) => SymSpell) & {
  readonly Verbosity: { readonly TOP: number };
};

const MAX_EDITS = 2;
const PREFIX_LENGTH = 7;
const WORDS_FILE = 'dictionaries/frequency_dictionary_en_82_765.txt';

type Answer = (query: string) => unknown;

/** Begins a pass. */
type Begin = () => Answer;

const CONTENDERS: Readonly<Record<string, (path: string) => Begin | Promise<Begin>>> = {
  emend: openEmend,
  symspell: loadSymSpell,
};

/**
 * Emend as the service runs it: all workers, three alternatives, the default block cache. A fresh pass has a rewriter that
 * has met no word yet; in one that is not, all words were met in the pass before.
 */
function openEmend(dataset: string): Begin {
  const { cacheBytes } = parseConfig({}, {}, {});
  const opened = openDataset(dataset, { cacheBytes });
  const parts = partsOf(opened);
  return () => {
    const rewriter = createRewriter(parts);
    return (query) => rewriter.rewrite(query, DEFAULT_OPTIONS);
  };
}

/** The words of a query looked up one by one, the best word of the least distance taken: no context, no spaces. */
async function loadSymSpell(folder: string): Promise<Begin> {
  const SymSpell = createRequire(import.meta.url)(folder) as SymSpellClass;
  const speller = new SymSpell(MAX_EDITS, PREFIX_LENGTH);
  await speller.loadDictionary(join(folder, WORDS_FILE), 0, 1);
  const { TOP } = SymSpell.Verbosity;
  return () => (query) => {
    for (const word of query.toLowerCase().split(' ')) speller.lookup(word, TOP, MAX_EDITS);
  };
}

const [name = '', path = ''] = process.argv.slice(2);
const load = CONTENDERS[name];
if (load === undefined) throw new Error(`expected one of ${Object.keys(CONTENDERS).join(', ')}, found "${name}"`);
const begin = await load(path);

let answer = begin();

process.on('message', async ({ queries, isFresh }: PassOrder) => {
  if (isFresh) answer = begin();
  const cpuBefore = process.cpuUsage();
  const queryMs: number[] = [];
  for (const query of queries) {
    const startedMs = performance.now();
    await answer(query);
    queryMs.push(performance.now() - startedMs);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const report: PassReport = { cpuMs: (user + system) / 1000, queryMs };
  process.send?.(report);
});
