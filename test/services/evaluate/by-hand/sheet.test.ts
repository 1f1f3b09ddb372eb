import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { judgedFigures, judgedTable } from '../../../../services/evaluate/by-hand/judged.ts';
import { encodeSheet, findChanges, readSheet } from '../../../../services/evaluate/by-hand/sheet.ts';
import { readQueries } from '../../../../services/evaluate/rows/query-list.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { TableRewriter } from '../../../support/table-rewriter.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-sheet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('readQueries', () => {
  it('adds equal queries up, with or without counts, over several files', async () => {
    const plain = file('a.txt', 'teh\r\ncat\n\nteh\n');
    const counted = file('b.tsv.gz', gzipSync('cat\t40\ndog\tmany\n'));
    expect(await readQueries([plain, counted])).toEqual([
      { query: 'teh', count: 2 },
      { query: 'cat', count: 41 },
      { query: 'dog', count: 1 },
    ]);
  });

  it('refuses a file without queries', async () => {
    await expect(readQueries([file('c.txt', '\n')])).rejects.toMatchObject({ code: 'EVALUATE_EMPTY' });
  });
});

describe('a sheet of changes', () => {
  const rewriter = new TableRewriter({
    teh: { rewritten: 'the', confidence: 0.97 },
    kirsten: { rewritten: 'kristen', decision: 'suggest', confidence: 0.6 },
    colr: { rewritten: 'colour', decision: 'suggest', confidence: 0.5 },
    Cat: { rewritten: 'cat' },
  });
  const queries = [
    { query: 'teh', count: 2 },
    { query: 'Cat', count: 9 },
    { query: 'colr', count: 3 },
    { query: 'kirsten', count: 3 },
    { query: 'dog', count: 83 },
  ];

  it('lists what would change, the most frequent first', async () => {
    const sheet = await findChanges(rewriter, queries, DEFAULT_OPTIONS);
    expect([sheet.queries, sheet.occurrences]).toEqual([5, 100]);
    expect(encodeSheet(sheet)).toBe(
      [
        '# queries=5 occurrences=100; judgement: right, broken, wrong, unsure, or their first letters; empty is not judged yet',
        'judgement\tcount\tquery\trewritten\tdecision\tconfidence',
        '\t3\tcolr\tcolour\tsuggest\t0.5000',
        '\t3\tkirsten\tkristen\tsuggest\t0.6000',
        '\t2\tteh\tthe\tauto\t0.9700',
        '',
      ].join('\n'),
    );
  });

  it('is read back and counted', async () => {
    const text = encodeSheet(await findChanges(rewriter, queries, DEFAULT_OPTIONS))
      .replace('\t3\tcolr', 'W\t3\tcolr')
      .replace('\t3\tkirsten', 'broken\t3\tkirsten')
      .replace('\t2\tteh', ' r \t2\tteh');
    const sheet = await readSheet(file('sheet.tsv', text));
    const [suggest, auto] = judgedFigures(sheet);
    // Suggest: one right of three. Correct queries: five less the two that were misspelled.
    expect(suggest).toMatchObject({
      changed: 3,
      unjudged: 0,
      judged: { right: 1, broken: 1, wrong: 1, unsure: 0 },
      precision: { hits: 1, of: 3 },
      broken: { hits: 1, of: 3 },
    });
    // Weighted: 2 of 8; 3 broken of 100 - 2 - 3.
    expect(suggest?.byCount.precision).toBe(0.25);
    expect(suggest?.byCount.broken).toBeCloseTo(3 / 95, 12);
    expect(auto).toMatchObject({ changed: 1, precision: { hits: 1, of: 1 }, broken: { hits: 0, of: 3 } });
  });

  it('leaves out what is not judged or unsure, and says so', async () => {
    const sheet = await findChanges(rewriter, queries, DEFAULT_OPTIONS);
    const [first, ...rest] = sheet.rows;
    const figures = judgedFigures({ ...sheet, rows: first ? [{ ...first, judgement: 'unsure' }, ...rest] : [] });
    expect(figures[0]).toMatchObject({ unjudged: 2, precision: { share: null }, judged: { unsure: 1 } });
    expect(judgedTable(figures).note).toMatch(/2 changes are not judged/);
  });

  it.each([
    ['a word that is no judgement', 'good\t3\ta\tb\tauto\t0.9\n', /line 3: expected six fields/],
    ['a line that is cut', 'r\t3\ta\n', /line 3/],
  ])('refuses %s', async (_, line, message) => {
    const head = encodeSheet({ queries: 1, occurrences: 1, rows: [] });
    await expect(readSheet(file('bad.tsv', head + line))).rejects.toMatchObject({
      code: 'EVALUATE_FORMAT',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a file without the two first lines', async () => {
    await expect(readSheet(file('bad2.tsv', 'r\t3\ta\tb\tauto\t0.9\n'))).rejects.toMatchObject({
      code: 'EVALUATE_FORMAT',
    });
  });
});
