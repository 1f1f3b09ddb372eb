import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openDataset } from '../../../stores/dataset/open.ts';
import { readAhead } from '../../../stores/dataset/read-ahead.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('files of a dataset read ahead', () => {
  let folder: string;
  let dataset: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-ahead-'));
    dataset = await buildTinyDataset(folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are those that lie in memory whole, byte for byte', async () => {
    const files = await readAhead(dataset);
    const wanted = readdirSync(dataset).filter((name) => /\.(fst|scores|bin)$/.test(name));
    expect([...files.keys()].map((path) => basename(path)).sort()).toEqual(wanted.sort());
    for (const [path, bytes] of files) expect(Buffer.compare(bytes, readFileSync(path))).toBe(0);
  });

  it('open as the files do, and are not read again', async () => {
    const files = await readAhead(dataset);
    const read = openDataset(dataset);
    const ahead = openDataset(dataset, { files });
    const key = Buffer.from('headphones');
    expect(ahead.stores.terms.find(key, 0, key.length)).toBe(read.stores.terms.find(key, 0, key.length));
    for (let id = 0; id < read.stores.lexicon.termCount; id++) {
      expect(ahead.stores.lexicon.text(id)).toBe(read.stores.lexicon.text(id));
    }
    expect(ahead.memory().pinnedBytes).toBe(read.memory().pinnedBytes);
    read.close();
    ahead.close();
  });

  it('are checked when they are opened', async () => {
    const files = await readAhead(dataset);
    for (const [path, bytes] of files) {
      const damaged = Uint8Array.from(bytes);
      damaged[damaged.length - 1]! ^= 1;
      const opening = () => openDataset(dataset, { files: new Map(files).set(path, damaged) });
      expect(opening).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
      const cut = bytes.subarray(0, 4);
      const cutting = () => openDataset(dataset, { files: new Map(files).set(path, cut) });
      expect(cutting).toThrow(expect.objectContaining({ name: 'StoreError' }));
    }
  });

  it('are none where there is no folder, and those before one that cannot be read', async () => {
    expect(await readAhead(join(folder, 'missing'))).toEqual(new Map());
    const odd = mkdtempSync(join(folder, 'odd-'));
    writeFileSync(join(odd, 'empty.bin'), '');
    truncateSync(join(odd, 'empty.bin'));
    mkdirSync(join(odd, 'folder.bin'));
    writeFileSync(join(odd, 'a.bin'), 'a');
    const files = await readAhead(odd);
    expect(files.get(join(odd, 'a.bin'))?.toString()).toBe(Buffer.from('a').toString());
    expect(files.has(join(odd, 'folder.bin'))).toBe(false);
  });
});
