/**
 * Whether the owner's own titles are left alone: every piece of one to three words of every title, asked for as it is
 * written, and how many of them are changed.
 *
 *   npm run build && node dist/load/catalogue.js --dataset DIR --titles FILE[:FIELD] [--changes FILE] [--json]
 */
import { createReadStream, createWriteStream, statSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { createGunzip } from 'node:zlib';
import { compiled } from '../data/package-root.ts';
import { markdownTable } from '../services/figures/markdown.ts';
import { percent } from '../services/figures/numbers.ts';
import { LONGEST_PIECE, Met, piecesOf } from './catalogue/pieces.ts';
import { positiveNumber, programArguments } from './program/arguments.ts';

const HELP = `Asks for every piece of one to three words of every title of a catalogue, and counts those that are changed.

  npx emend build --bundled --docs products.tsv:3 --out shop
  node dist/load/catalogue.js --dataset shop --titles products.tsv:3

Usage: node dist/load/catalogue.js --dataset DIR --titles FILE[:FIELD] [--changes FILE] [--every N] [--show N] [--json]

--dataset  folder of a dataset version built from the catalogue
--titles   titles, one a line, plain or gzipped; with a number from 1, that field of lines with tabs
--changes  writes every change: level, piece, rewritten, confidence, with tabs between
--every    takes only every n-th title; 1 by default
--show     changes of each level that are shown; 10 by default
--json     prints the figures as JSON

A piece that several titles have is asked for once. Memory does not grow with the catalogue.

Exit 0 where no piece is changed on "auto", else 1.
`;

/** The library, as far as it is used here. */
interface Library {
  createRewriter(dataset: string): {
    rewrite(
      query: string,
      options: object,
    ): { decision: Decision; rewritten: string; search: string; confidence: number };
    close(): void;
  };
}

type Decision = 'none' | 'suggest' | 'auto';

/** How many pieces there were, and how many were changed. */
interface Counted {
  pieces: number;
  auto: number;
  suggest: number;
}

const PROGRESS_MS = 1000;

const values = programArguments('catalogue', HELP, {
  dataset: { type: 'string' },
  titles: { type: 'string' },
  changes: { type: 'string' },
  every: { type: 'string', default: '1' },
  show: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
});
if (values.dataset === undefined || values.titles === undefined) {
  process.stderr.write('catalogue: expected --dataset DIR and --titles FILE; see --help\n');
  process.exit(2);
}
async function measure(dataset: string, titles: string): Promise<number> {
  const every = positiveNumber('catalogue', '--every', values.every);
  const most = positiveNumber('catalogue', '--show', values.show);
  const changes = values.changes === undefined ? undefined : createWriteStream(values.changes);
  const { createRewriter } = (await import(pathToFileURL(compiled('services/index.js')).href)) as Library;
  const rewriter = createRewriter(dataset);
  const counts = Array.from({ length: LONGEST_PIECE }, (): Counted => ({ pieces: 0, auto: 0, suggest: 0 }));
  const shown: Record<'auto' | 'suggest', string[]> = { auto: [], suggest: [] };
  const met = new Met();
  const progress = new TitleProgress();
  let number = 0;
  const ask = (piece: string, words: number) => {
    const counted = counts[words - 1];
    if (counted === undefined || met.test(piece)) return;
    counted.pieces++;
    const { decision, rewritten, search, confidence } = rewriter.rewrite(piece, { alternatives: 0 });
    if (decision === 'none') return;
    // What is searched for counts: a part of a suggestion may be made unasked.
    const level = search === piece ? 'suggest' : 'auto';
    counted[level]++;
    if (shown[level].length < most) shown[level].push(`${piece} -> ${level === 'auto' ? search : rewritten}`);
    if (changes !== undefined) writeChange(changes, [level, piece, rewritten, confidence.toFixed(4)]);
  };
  for await (const title of readTitles(titles)) {
    if (number++ % every === 0) piecesOf(title.toWellFormed(), ask);
    progress.show(number);
  }
  rewriter.close();
  await new Promise<void>((done) => (changes === undefined ? done() : changes.end(done)));
  report(counts, shown, number);
  return counts.some(({ auto }) => auto > 0) ? 1 : 0;
}

function writeChange(stream: WriteStream, cells: readonly string[]): void {
  stream.write(`${cells.map((cell) => cell.replaceAll(/[\t\n]/g, ' ')).join('\t')}\n`);
}

/** The titles of a file, read as a stream. */
async function* readTitles(titles: string): AsyncGenerator<string> {
  const [, path = titles, field] = /^(.*):([1-9]\d*)$/.exec(titles) ?? [];
  statSync(path);
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield field === undefined ? line : (line.split('\t')[Number(field) - 1] ?? '');
  }
}

function report(
  counts: readonly Counted[],
  shown: Readonly<Record<'auto' | 'suggest', string[]>>,
  titles: number,
): void {
  const all = counts.reduce((sum, { pieces, auto, suggest }) => ({
    pieces: sum.pieces + pieces,
    auto: sum.auto + auto,
    suggest: sum.suggest + suggest,
  }));
  const rows = [...counts, all].map((counted, i) => ({ words: i < counts.length ? `${i + 1}` : 'all', ...counted }));
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ titles, rows, shown })}\n`);
    return;
  }
  const table = markdownTable(
    ['words', 'pieces', 'auto', 'auto %', 'suggest', 'suggest %'],
    rows.map(({ words, pieces, auto, suggest }) => [
      words,
      pieces,
      auto,
      percent(auto / Math.max(1, pieces), 4),
      suggest,
      percent(suggest / Math.max(1, pieces), 2),
    ]),
  );
  const lists = (['auto', 'suggest'] as const).flatMap((level) =>
    shown[level].map((change) => `${level}: ${change}\n`),
  );
  process.stdout.write(`${titles} titles\n\n${table}\n${lists.join('')}`);
}

/** One line on stderr that counts up, on a terminal only. */
class TitleProgress {
  #shownMs = 0;

  show(titles: number): void {
    if (!process.stderr.isTTY || performance.now() - this.#shownMs < PROGRESS_MS) return;
    this.#shownMs = performance.now();
    process.stderr.write(`\r\u001b[K${titles} titles`);
  }
}

process.exitCode = await measure(values.dataset, values.titles);
