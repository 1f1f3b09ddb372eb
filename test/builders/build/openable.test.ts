import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { buildDataset } from '../../../builders/build/build-dataset.ts';
import { run } from '../../../builders/commands/build.ts';
import { silentProgress } from '../../../builders/progress.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { captureIo } from '../../support/command-io.ts';
import { ENGLISH } from '../../support/english.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-openable-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(cwd, name), content);
}

async function build(...args: string[]) {
  const io = captureIo({ cwd });
  const code = await run(['--out', 'data', ...args], io);
  return { code, err: io.err() };
}

describe('a dataset that a build puts in its place', () => {
  it('can be opened when a gzipped input is padded with zeros', async () => {
    write('docs.txt', Buffer.concat([gzipSync('red shoes\n'), Buffer.alloc(1_000_000), gzipSync('blue hat\n')]));
    expect((await build('--docs', 'docs.txt')).code).toBe(0);
    const dataset = openDataset(join(cwd, 'data'));
    expect(dataset.manifest.inputs[0]).toMatchObject({ records: 2, tokens: 4 });
    dataset.close();
  });

  it.each([
    ['--words', 'a.tsv', 'red\t9007199254740991\nblue\t1\n', /a\.tsv:2: .*2\^53-1/],
    ['--words', 'a.tsv', 'red shoes\t9007199254740991\n', /a\.tsv:1: .*2\^53-1/],
    ['--queries', 'a.tsv', 'red\t5\nred shoes\t4503599627370496\n', /a\.tsv:2: .*2\^53-1/],
    ['--ngrams', 'a.tsv', 'red shoes\t9007199254740991\nred hat\t9007199254740991\n', /a\.tsv:2: .*2\^53-1/],
  ])('has no more terms than a manifest can say: %s %s %j', async (flag, name, text, message) => {
    write(name, text);
    await expect(build(flag, name)).rejects.toMatchObject({
      code: 'BUILD_INPUT',
      message: expect.stringMatching(message),
    });
    expect(readdirSync(cwd)).toEqual([name]);
    write('more.txt', 'green\n');
    expect((await build(flag, name, '--words', 'more.txt', '--skip-invalid', '--allow-empty')).code).toBe(0);
    openDataset(join(cwd, 'data')).close();
  });

  it('is opened first: what a reader would refuse is not put there', async () => {
    write('docs.txt', 'red shoes\n');
    write('misspellings.tsv', 'shose\tshoes\n');
    const docs = { role: 'documents', file: join(cwd, 'docs.txt'), label: 'docs.txt', wordClass: 'documents' } as const;
    const lists = {
      role: 'misspellings',
      file: join(cwd, 'misspellings.tsv'),
      label: '',
      wordClass: 'general',
    } as const;
    const plan = {
      language: ENGLISH,
      // A manifest cannot have a weight below 0.
      inputs: [
        { ...docs, fields: [], weight: 1 },
        { ...lists, fields: [], weight: -1 },
      ],
      minCounts: [1, 1, 1],
      engines: {},
      channel: null,
      skipInvalid: false,
      memoryBytes: 1 << 20,
    };
    const built = buildDataset(plan, join(cwd, 'data'), Readable.from([]), silentProgress());
    await expect(built).rejects.toMatchObject({ code: 'BUILD_OUTPUT' });
    expect(readdirSync(cwd)).toEqual(['docs.txt', 'misspellings.tsv']);
  });
});
