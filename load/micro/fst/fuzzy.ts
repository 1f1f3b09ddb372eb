/** Searches within one and two edits: walking the automaton, beside comparing every key and beside deletion indexes. */

import { join } from 'node:path';
import { markdownTable } from '../../../services/figures/markdown.ts';
import { short } from '../../../services/figures/numbers.ts';
import { pickIndex, seededRandom } from '../../../services/figures/random.ts';
import { openFst } from '../../../stores/fst/reader.ts';
import type { BenchOptions } from '../bench-options.ts';
import { interleave } from '../measure.ts';
import { DeletionIndex } from './deletion-index.ts';
import { keyListOf } from './key-list.ts';
import { writeFst } from './make.ts';
import { osaWithin } from './osa.ts';
import { loadWords } from './sets.ts';

const SEARCHES = 1000;
const SCANS = 10;
const PREFIX = 7;

/** Prints a table of search times. */
export async function benchFuzzy(options: BenchOptions): Promise<void> {
  const words = loadWords(options.corpus).filter((word) => /^[a-z]{1,24}$/.test(word));
  const path = join(options.scratch, 'fuzzy.fst');
  const { parameters } = writeFst(
    keyListOf(
      words.map((word) => [word, 1]),
      false,
    ),
    path,
    { ordinals: true },
  );
  const store = openFst(path);
  const nodeCount = Number(parameters['nodes']);
  const misspelt = misspell(words, SEARCHES);
  const search = store.fuzzy();
  const rows: (string | number)[][] = [];
  for (const edits of [1, 2]) {
    const index = new DeletionIndex(words, edits, edits === 1 ? Number.POSITIVE_INFINITY : PREFIX);
    const counts = { found: 0, visited: 0, probes: 0, postings: 0 };
    const walk = (prefixLength: number) => () => {
      const visited = search.visitedNodes;
      let found = 0;
      for (const word of misspelt) {
        search.start(word, edits, prefixLength);
        while (search.next()) found++;
      }
      counts.found = prefixLength === 0 ? found : counts.found;
      counts.visited = prefixLength === 0 ? search.visitedNodes - visited : counts.visited;
      return found;
    };
    const times = await interleave(
      new Map([
        ['automaton', walk(0)],
        ['automaton, first letter fixed', walk(1)],
        [
          edits === 1 ? 'deletion index in Maps' : `deletion index in Maps, prefix ${PREFIX}`,
          () => misspelt.reduce((sum, word) => sum + index.search(word), 0),
        ],
      ]),
      SEARCHES,
      3,
    );
    const scan = await interleave(
      new Map([['every key compared', () => scanAll(words, misspelt.slice(0, SCANS), edits)]]),
      SCANS,
      1,
    );
    for (const [name, ns] of [...times, ...scan]) {
      const share = name === 'automaton' ? `${((counts.visited / SEARCHES / nodeCount) * 100).toFixed(2)} %` : '';
      const found = name === 'automaton' ? short(counts.found / SEARCHES) : '';
      const memory = name.startsWith('deletion')
        ? short(index.memoryBytes / 2 ** 20)
        : name === 'automaton'
          ? short(store.memory().pinnedBytes / 2 ** 20)
          : '';
      rows.push([`${edits} ${edits === 1 ? 'edit' : 'edits'}: ${name}`, short(ns / 1000), share, found, memory]);
    }
  }
  options.report(
    'fuzzy',
    `${words.length.toLocaleString('en')} words of wordfreq, ${nodeCount.toLocaleString('en')} nodes, FST of ${short(store.memory().pinnedBytes / 2 ** 20)} MiB; words misspelt by one or two random edits:\n\n${markdownTable(['', 'microseconds a search', 'of all nodes read', 'keys found', 'MiB'], rows)}`,
  );
  store.close();
}

/** Frequent words with one or two random edits. */
function misspell(words: readonly string[], count: number): string[] {
  const random = seededRandom(17);
  const letter = (): string => String.fromCharCode(97 + pickIndex(random, 26));
  return Array.from({ length: count }, (_, i) => {
    let word = words[Math.floor(words.length ** (0.3 + 0.7 * random()))] ?? 'word';
    for (let edit = 0; edit <= i % 2; edit++) {
      const at = pickIndex(random, word.length + 1);
      const kind = pickIndex(random, 4);
      if (kind === 0) word = word.slice(0, at) + letter() + word.slice(at);
      else if (kind === 1) word = word.slice(0, at) + word.slice(at + 1);
      else if (kind === 2) word = word.slice(0, at) + letter() + word.slice(at + 1);
      else
        word =
          word.slice(0, at) +
          word
            .slice(at, at + 2)
            .split('')
            .reverse()
            .join('') +
          word.slice(at + 2);
    }
    return word;
  });
}

function scanAll(words: readonly string[], asked: readonly string[], edits: number): number {
  let found = 0;
  for (const word of asked) {
    for (const candidate of words) if (osaWithin(word, candidate, edits) >= 0) found++;
  }
  return found;
}
