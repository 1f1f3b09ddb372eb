import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { run } from '../../../builders/commands/build.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { TermFlag } from '../../../stores/lexicon/format.ts';
import { captureIo } from '../../support/command-io.ts';

let cwd: string;
let builds = 0;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-log-'));
  writeFileSync(join(cwd, 'docs.txt'), 'wireless headphones\nfootball boots\nmilwaukee drill\n');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const HEADER = 'query\tcount\thits\tclicks\tsession\ttime\n';

interface Row {
  readonly query: string;
  readonly count?: number;
  readonly hits?: number;
  readonly session?: string;
  readonly minute?: number;
}

function lineOf({ query, count, hits, session, minute }: Row): string {
  const time = minute === undefined ? '' : new Date(1_700_000_000_000 + 60_000 * minute).toISOString();
  return `${query}\t${count ?? ''}\t${hits ?? ''}\t\t${session ?? ''}\t${time}\n`;
}

/** Builds from a log in files of rows; its id, which is over the digests of all stores, and its folder. */
async function build(...files: (readonly Row[])[]): Promise<{ id: string; dir: string; inputs: { tokens: number }[] }> {
  const out = `data${builds++}`;
  const args = files.flatMap((rows, i) => {
    writeFileSync(join(cwd, `log${i}.tsv`), HEADER + rows.map(lineOf).join(''));
    return ['--queries', `log${i}.tsv`];
  });
  if (existsSync(join(cwd, 'web.json'))) args.push('--config', 'web.json');
  const io = captureIo({ cwd });
  expect(await run(['--out', out, '--docs', 'docs.txt', ...args, '--json'], io)).toBe(0);
  const { id, inputs } = JSON.parse(io.out());
  return { id, dir: join(cwd, out), inputs };
}

function isMisspelling(dir: string, text: string): boolean {
  const dataset = openDataset(dir);
  const key = encodeUtf8(text);
  const found = (dataset.stores.misspellings?.find(key, 0, key.length) ?? -1) >= 0;
  dataset.close();
  return found;
}

const putRight = (session: string, minute: number): Row[] => [
  { query: 'wireles mouse', hits: 0, session, minute },
  { query: 'wireless mouse', hits: 40, session, minute: minute + 1 },
];

describe('the query log of a build', () => {
  it('is one log, into whatever files it is cut', async () => {
    const row = fc.record({
      query: fc.constantFrom(
        'fotball boots',
        'football boots',
        'wireles mouse',
        'wireless mouse',
        'red hat',
        'milwakee',
      ),
      count: fc.integer({ min: 1, max: 9 }),
      hits: fc.constantFrom(0, 3, 40),
      session: fc.constantFrom('', 'a', 'b', 'c'),
      minute: fc.nat(60),
    });
    const cut = fc.record({
      rows: fc.array(row, { minLength: 2, maxLength: 40 }),
      at: fc.array(fc.nat(40), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(cut, async ({ rows, at }) => {
        const ends = [...new Set(at.map((end) => end % rows.length))].sort((a, b) => a - b);
        const files = [...ends, rows.length]
          .map((end, i) => rows.slice(ends[i - 1] ?? 0, end))
          .filter((one) => one.length > 0);
        const [whole, parts] = [await build(rows), await build(...files)];
        expect(parts.id).toBe(whole.id);
        const tokens = (of: typeof whole) => of.inputs.slice(1).reduce((sum, input) => sum + input.tokens, 0);
        expect(tokens(parts)).toBe(tokens(whole));
      }),
      { numRuns: 8, seed: 14 },
    );
  }, 120_000);

  it('knows what is put right once in each of its daily files', async () => {
    const { dir } = await build(putRight('a', 0), putRight('b', 1440));
    expect(isMisspelling(dir, 'wireles')).toBe(true);
  });

  it('counts a session that repeats itself once', async () => {
    const { dir } = await build([...putRight('a', 0), ...putRight('a', 10), ...putRight('a', 20)]);
    expect(isMisspelling(dir, 'wireles')).toBe(false);
  });

  it('does not doubt a term for a file in which it had no results, when it had some in another', async () => {
    writeFileSync(join(cwd, 'web.txt'), 'milwakee 40\n');
    writeFileSync(join(cwd, 'web.json'), JSON.stringify({ words: [{ file: 'web.txt', class: 'web' }], minCount: 9 }));
    const isSuspect = async (...files: Row[][]) => {
      const { dir } = await build(...files);
      const dataset = openDataset(dir);
      const key = encodeUtf8('milwakee');
      const id = dataset.stores.terms.find(key, 0, key.length);
      const found = (dataset.stores.lexicon.flags(id) & TermFlag.suspect) !== 0;
      dataset.close();
      return found;
    };
    const without: Row = { query: 'milwakee', count: 50, hits: 0 };
    // Too rare to be known by it.
    const withSome: Row = { query: 'milwakee', count: 5, hits: 7 };
    expect(await isSuspect([without])).toBe(true);
    expect(await isSuspect([withSome], [without])).toBe(false);
    expect(await isSuspect([without], [withSome])).toBe(false);
  });

  it('has sources of their own for files that weigh differently, whatever stands between them', async () => {
    for (const name of ['a', 'b', 'c']) writeFileSync(join(cwd, `${name}.tsv`), `${HEADER}red hat\t9\t3\t\t\t\n`);
    const config = {
      queries: [{ file: 'a.tsv', weight: 2 }, 'b.tsv', { file: 'c.tsv', weight: 2 }],
      docs: ['docs.txt'],
    };
    writeFileSync(join(cwd, 'build.json'), JSON.stringify(config));
    const io = captureIo({ cwd });
    expect(await run(['--out', 'data', '--config', 'build.json', '--json'], io)).toBe(0);
    const { inputs } = JSON.parse(io.out());
    expect(
      inputs.map(({ name, tokens, ngrams }: { name: string; tokens: number; ngrams: number[] }) => [
        name,
        tokens,
        ngrams[1],
      ]),
    ).toEqual([
      ['a.tsv', 18, 0],
      ['b.tsv', 18, 3],
      ['c.tsv', 18, 3],
      ['docs.txt', 6, 9],
    ]);
  });
});
