import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../builders/commands/build.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { MOST_TITLE_BYTES, putTitleTerm, titleTermHash } from '../../../stores/titles/format.ts';
import type { Titles } from '../../../stores/titles/titles.ts';
import { captureIo } from '../../support/command-io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-titles-'));
  writeFileSync(join(cwd, 'words.txt'), 'paula\ndeen\npeace\ncorps\n');
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function build(out: string, ...args: string[]): Promise<{ code: number; err: string }> {
  const io = captureIo({ cwd });
  const code = await run(['--out', out, '--words', 'words.txt', ...args], io).catch((error: Error) => {
    io.stderr.write(error.message);
    return 1;
  });
  return { code, err: io.err() };
}

function titlesIn(dataset: string, rows: readonly string[]): boolean[] {
  const opened = openDataset(join(cwd, dataset));
  const { titles } = opened.stores;
  opened.close();
  return rows.map((row) => has(titles!, row.split(' ')));
}

function has(titles: Titles, row: readonly string[]): boolean {
  const key = new Uint8Array(MOST_TITLE_BYTES);
  let end = 0;
  for (const term of row) end = putTitleTerm(titleTermHash(term), key, end);
  return titles.has(key, 0, end);
}

describe('the titles of a dataset', () => {
  it('are those of two to four words, in normal form', async () => {
    writeFileSync(
      join(cwd, 'titles.txt'),
      'Paula Deen\nTurmeric\nHow Green Was My\nHow Green Was My Valley\nRoute 66\n\n',
    );
    expect(await build('one', '--titles', 'titles.txt')).toMatchObject({ code: 0 });
    const rows = ['paula deen', 'turmeric', 'how green was my', 'route 66', 'peace corps'];
    expect(titlesIn('one', rows)).toEqual([true, false, true, false, false]);
  });

  it('may come from several lists, and from a dataset', async () => {
    writeFileSync(join(cwd, 'people.txt'), 'paula deen\n');
    writeFileSync(join(cwd, 'bodies.txt'), 'peace corps\n');
    await build('first', '--titles', 'people.txt');
    copyFileSync(join(cwd, 'first/titles.bin'), join(cwd, 'ready.bin'));
    expect(await build('second', '--titles', 'ready.bin', '--titles', 'bodies.txt')).toMatchObject({ code: 0 });
    expect(titlesIn('second', ['paula deen', 'peace corps', 'peace corp'])).toEqual([true, true, false]);
    expect(openDataset(join(cwd, 'second')).manifest.files.find(({ name }) => name === 'titles')).toMatchObject({
      entries: 2,
      parameters: { sources: 'ready.bin bodies.txt' },
    });
  });

  it('are left out where none are given', async () => {
    await build('none');
    expect(existsSync(join(cwd, 'none/titles.bin'))).toBe(false);
    expect(openDataset(join(cwd, 'none')).stores.titles).toBeUndefined();
  });

  it('are refused where the file is not there, or is a damaged one', async () => {
    expect(await build('x', '--titles', 'nowhere.txt')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nowhere.txt'),
    });
    writeFileSync(
      join(cwd, 'damaged.bin'),
      'EMENDTTL\u0001\u0000\u0000\u0000 and then not what it should be, for long enough',
    );
    expect(await build('y', '--titles', 'damaged.bin')).toMatchObject({
      code: 1,
      err: expect.stringContaining('damaged.bin'),
    });
    expect(existsSync(join(cwd, 'y'))).toBe(false);
  });
});
