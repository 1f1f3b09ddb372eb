import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readEvalSet, setName } from '../../../../services/evaluate/rows/eval-rows.ts';

describe('readEvalSet', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-rows-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('reads inputs and their right answers', async () => {
    const set = await readEvalSet(file('words.dev.tsv', 'teh\tthe\ncolr\tcolor|colour\n'));
    expect(set).toEqual({
      name: 'words.dev',
      skipped: 0,
      firstSkipped: 0,
      rows: [
        { line: 1, input: 'teh', rights: ['the'] },
        { line: 2, input: 'colr', rights: ['color', 'colour'] },
      ],
    });
  });

  it('takes a byte order mark, CRLF, blank lines, more fields and a last line without an end', async () => {
    const set = await readEvalSet(file('a.tsv', '\ufeffteh\tthe\r\n\r\n   \ncat\tcat\tnote\r\nlast\tlast'));
    expect(set.rows.map(({ line, input, rights }) => [line, input, rights.join()])).toEqual([
      [1, 'teh', 'the'],
      [4, 'cat', 'cat'],
      [5, 'last', 'last'],
    ]);
    expect(set.skipped).toBe(0);
  });

  it('skips and counts rows without input or right answer', async () => {
    const set = await readEvalSet(file('b.tsv', 'teh\tthe\nfoo\t\n\tbar\nx\t | \ny\t|y\n\t\n'));
    expect(set.rows.map(({ input, rights }) => [input, rights])).toEqual([
      ['teh', ['the']],
      ['y', ['y']],
    ]);
    expect([set.skipped, set.firstSkipped]).toEqual([4, 2]);
  });

  it('reads gzip by its content, whatever the name', async () => {
    const bytes = gzipSync('teh\tthe\n');
    expect((await readEvalSet(file('c.tsv.gz', bytes))).rows).toHaveLength(1);
    expect((await readEvalSet(file('d.tsv', bytes))).name).toBe('d');
  });

  it.each([
    ['lines without a tab', 'a\tb\nnonsense\nmore\n', 'EVALUATE_FORMAT', /lines 2, 3: expected input<TAB>/],
    ['no rows', '\n\n', 'EVALUATE_EMPTY', /found none/],
    ['an empty file', '', 'EVALUATE_EMPTY', /found none/],
  ])('refuses %s', async (_, content, code, message) => {
    const path = file('bad.tsv', content);
    await expect(readEvalSet(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('names the lines that are no UTF-8', async () => {
    const path = file('latin1.tsv', Buffer.concat([Buffer.from('ok\tok\n'), Buffer.from([0xe9, 9, 0x65, 10])]));
    await expect(readEvalSet(path)).rejects.toMatchObject({
      code: 'EVALUATE_FORMAT',
      message: expect.stringMatching(/line 2: expected UTF-8/),
    });
  });

  it('says that a file is missing or its gzip is cut', async () => {
    await expect(readEvalSet(join(folder, 'none.tsv'))).rejects.toMatchObject({ code: 'EVALUATE_FILE' });
    const cut = file('cut.tsv.gz', gzipSync('teh\tthe\n').subarray(0, 15));
    await expect(readEvalSet(cut)).rejects.toMatchObject({ code: 'EVALUATE_FILE' });
  });

  it('names sets after their files', () => {
    expect(setName('/x/homedepot.dev.tsv.gz')).toBe('homedepot.dev');
    expect(setName('plain')).toBe('plain');
  });
});
