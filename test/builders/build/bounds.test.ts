import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../builders/commands/build.ts';
import { MAX_TERM_BYTES } from '../../../builders/term-length.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { captureIo } from '../../support/command-io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-bounds-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(name: string, content: string): void {
  writeFileSync(join(cwd, name), content);
}

async function build(...args: string[]): Promise<number> {
  return run(['--out', 'data', ...args], captureIo({ cwd }));
}

describe('what a build takes', () => {
  const tooLong = 'x'.repeat(70_000);
  it.each([
    ['--docs', 'a.txt', `red shoes\nblue ${tooLong} hat\n`],
    ['--docs', 'a.txt', `red shoes\n${'ä'.repeat(35_000)}\n`],
    ['--queries', 'a.tsv', `red shoes\t3\n${tooLong}\t1\n`],
    ['--words', 'a.txt', `shoes 3\n${tooLong} 4\n`],
    ['--ngrams', 'a.tsv', `red shoes\t3\nred ${tooLong}\t4\n`],
    ['--misspellings', 'a.tsv', `shose\tshoes\n${tooLong}\tshoes\n`],
  ])('has terms that every engine can hold: %s', async (flag, name, text) => {
    write(name, text);
    write('more.txt', 'green\n');
    const args = [flag, name, '--words', 'more.txt', '--engine', 'terms=blocks', '--engine', 'misspellings=blocks'];
    await expect(build(...args)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(new RegExp(`^a\\.(txt|tsv):2: expected terms of at most ${MAX_TERM_BYTES} bytes`)),
    });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
    expect(await build(...args, '--skip-invalid')).toBe(0);
    const dataset = openDataset(join(cwd, 'data'));
    const input = dataset.manifest.inputs.find((one) => one.name === name);
    expect(input).toMatchObject({ records: 1, skipped: 1 });
    dataset.close();
  });

  it('has terms up to that length', async () => {
    write('a.txt', `red ${'x'.repeat(MAX_TERM_BYTES)}\n`);
    expect(await build('--docs', 'a.txt', '--engine', 'terms=blocks')).toBe(0);
    openDataset(join(cwd, 'data')).close();
  });

  it.each([1e308, 1e10, 1e-300, -1])('has no weight of %d', async (weight) => {
    write('a.txt', 'red shoes\n');
    write(
      'build.json',
      JSON.stringify({
        docs: [
          { file: 'a.txt', weight },
          { file: 'a.txt', weight },
        ],
      }),
    );
    await expect(build('--config', 'build.json')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/docs\[0\]: expected 0, or a number from 1e-9 to 1000000000/),
    });
  });

  it.each([1e9, 1e-9, 0])('has costs for a weight of %d', async (weight) => {
    write('a.txt', 'red shoes\nred hat\n');
    write('words.txt', `red 9000000000000000\n`);
    write('build.json', JSON.stringify({ docs: [{ file: 'a.txt', weight }], words: [{ file: 'words.txt', weight }] }));
    expect(await build('--config', 'build.json')).toBe(0);
    const { stores, close } = openDataset(join(cwd, 'data'));
    const key = Buffer.from('red');
    const id = stores.terms.find(key, 0, key.length);
    expect(Number.isFinite(stores.lexicon.unigramCost(id))).toBe(true);
    close();
  });
});
