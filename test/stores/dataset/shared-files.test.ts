import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openDataset, readManifest } from '../../../stores/dataset/open.ts';
import { shareFiles } from '../../../stores/dataset/shared-files.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('files of a dataset that processes share', () => {
  let root: string;
  let dataset: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'emend-shared-files-'));
    dataset = await buildTinyDataset(root);
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('are those that lie in memory whole, byte for byte, and a dataset opens over them', () => {
    const folder = join(root, 'a');
    const { files, sharedBytes, problem } = shareFiles(dataset, folder, 1);
    expect([problem, sharedBytes > 0]).toEqual([undefined, true]);
    expect([...files.keys()].map((path) => basename(path))).toEqual(
      expect.arrayContaining(['lexicon.bin', 'terms.fst', 'neighbours.bin']),
    );
    for (const [path, bytes] of files) {
      expect([path, Buffer.compare(bytes, readFileSync(path)), bytes.byteOffset % 8]).toEqual([path, 0, 0]);
    }
    const [shared, own] = [openDataset(dataset, { files }), openDataset(dataset)];
    const cursor = own.stores.terms.cursor();
    while (cursor.next()) {
      const { bytes, start, end } = cursor.key;
      expect(shared.stores.terms.find(bytes, start, end)).toBe(cursor.value);
      expect(shared.stores.lexicon.text(cursor.value)).toBe(own.stores.lexicon.text(cursor.value));
    }
    shared.close();
    own.close();
    expect(shareFiles(dataset, folder, 1).files.get(join(dataset, 'lexicon.bin'))?.buffer).toBe(
      files.get(join(dataset, 'lexicon.bin'))?.buffer,
    );
  });

  it('are written once by processes that come at the same time', async () => {
    const folder = join(root, 'b');
    const module = new URL('../../../dist/stores/dataset/shared-files.js', import.meta.url);
    const code = `const { shareFiles } = await import(${JSON.stringify(module.href)});
      const { sharedBytes, problem } = shareFiles(process.argv[1], process.argv[2], 1);
      process.stdout.write(problem ?? String(sharedBytes));`;
    const said = await Promise.all(
      [1, 2, 3, 4].map(
        () =>
          new Promise<string>((done) => {
            const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', dataset, folder]);
            let out = '';
            child.stdout.on('data', (chunk) => {
              out += chunk;
            });
            child.on('close', () => done(out));
          }),
      ),
    );
    expect(new Set(said)).toEqual(new Set([String(shareFiles(dataset, folder, 1).sharedBytes)]));
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('are not taken from a folder that others may write to', () => {
    const folder = join(root, 'c');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(shareFiles(dataset, folder, 1)).toMatchObject({
      sharedBytes: 0,
      problem: expect.stringMatching(/others may write/),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not written when they are not what the manifest says', () => {
    const damaged = join(root, 'damaged');
    cpSync(dataset, damaged, { recursive: true });
    const path = join(damaged, 'lexicon.bin');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    writeFileSync(path, bytes);
    const { files, problem } = shareFiles(damaged, join(root, 'd'), 1);
    expect([files.size, problem]).toEqual([0, expect.stringMatching(/lexicon.bin: expected the digest/)]);
    expect(readdirSync(join(root, 'd'))).toEqual([]);
  });

  it('of versions that nobody opened for a week are removed', () => {
    const folder = join(root, 'e');
    for (const [name, days] of [
      ['old', 8],
      ['young', 6],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      const time = new Date(Date.now() - days * 86_400_000);
      utimesSync(join(folder, name), time, time);
    }
    chmodSync(folder, 0o700);
    shareFiles(dataset, folder, 1);
    expect(readdirSync(folder).sort()).toEqual([readManifest(dataset).id.slice(7, 39), 'young'].sort());
  });

  it('of datasets that were closed give maps and disk back, in one process', () => {
    const folder = join(root, 'f');
    const [shared, open] = ['shared-files', 'open'].map((name) =>
      JSON.stringify(new URL(`../../../dist/stores/dataset/${name}.js`, import.meta.url).href),
    );
    const code = `const { shareFiles } = await import(${shared});
      const { openDataset } = await import(${open});
      const { readdirSync, readFileSync } = await import('node:fs');
      const [dataset, folder] = process.argv.slice(1);
      const maps = () => readFileSync('/proc/self/maps', 'latin1').split('\\n').filter((line) => line.includes(folder)).length;
      const use = (version) => {
        const { files, problem } = shareFiles(dataset, folder + version, 1);
        if (problem !== undefined) throw new Error(problem);
        const opened = openDataset(dataset, { files });
        const cursor = opened.stores.terms.cursor();
        let terms = 0;
        while (cursor.next()) terms++;
        opened.close();
        return [terms > 0, maps() > 0];
      };
      const found = [];
      for (let version = 0; version < 5; version++) {
        found.push(...use(version));
        for (let i = 0; i < 100 && maps() > 0; i++) {
          gc();
          await new Promise((done) => setTimeout(done, 5));
        }
        found.push(maps(), readdirSync(folder + version).length);
      }
      console.log(JSON.stringify(found));`;
    const args = ['--expose-gc', '--input-type=module', '-e', code, '--', dataset, folder];
    const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect(child.stderr).toBe('');
    expect(JSON.parse(child.stdout)).toEqual(Array.from({ length: 5 }, () => [true, true, 0, 0]).flat());
  });
});
