import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buildDataset } from '../../../builders/build/build-dataset.ts';
import type { BuildPlan } from '../../../builders/build/plan.ts';
import { silentProgress } from '../../../builders/progress.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { datasetId, decodeManifest, encodeManifest, type Manifest } from '../../../stores/dataset/manifest.ts';
import { openDataset, readManifest } from '../../../stores/dataset/open.ts';
import { verifyDataset } from '../../../stores/dataset/verify.ts';
import { ENGLISH } from '../../support/english.ts';
import { codeOf } from '../../support/error-code.ts';

let root: string;
let whole: string;
let dir: string;
let copies = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'emend-dataset-'));
  whole = join(root, 'whole');
  await buildDataset(planOf('red shoes\nblue shoes and a red hat\n'), whole, Readable.from([]), silentProgress());
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function planOf(documents: string): BuildPlan {
  const file = join(root, 'docs.txt');
  writeFileSync(file, documents);
  const input = { role: 'documents', file, label: file, fields: [], wordClass: 'documents', weight: 1 } as const;
  return {
    language: ENGLISH,
    inputs: [input],
    minCounts: [1, 1, 1],
    engines: {},
    channel: null,
    skipInvalid: false,
    memoryBytes: 1 << 24,
  };
}

/** A copy of the dataset to be damaged. */
beforeEach(() => {
  dir = join(root, `copy${copies++}`);
  mkdirSync(dir);
  for (const name of readdirSync(whole)) copyFileSync(join(whole, name), join(dir, name));
});

const manifestText = () => readFileSync(join(whole, 'manifest.json'), 'utf8');
const manifest = () => decodeManifest(manifestText(), 'manifest.json');

describe('manifest', () => {
  it('comes back as it was written', () => {
    expect(encodeManifest(manifest())).toBe(manifestText());
  });

  it('has an id that does not depend on the order of the files, and does on their digests', () => {
    const { files, id } = manifest();
    expect(datasetId([...files].reverse())).toBe(id);
    const [first, ...rest] = files;
    expect(datasetId([{ name: first!.name, sha256: 'f'.repeat(64) }, ...rest])).not.toBe(id);
  });

  it('passes over members that it does not know', () => {
    expect(decodeManifest(manifestText().replace('{', '{"later": [1],'), 'm')).toEqual(manifest());
  });

  const plain = () => JSON.parse(manifestText());
  const changed = (change: (manifest: ReturnType<typeof plain>) => void): string => {
    const copy = plain();
    change(copy);
    return JSON.stringify(copy);
  };

  it.each<[string, (manifest: ReturnType<typeof plain>) => void]>([
    ['an id at odds with the files', (m) => (m.id = `sha256:${'0'.repeat(64)}`)],
    ['no files', (m) => delete m.files],
    ['a file that is none', (m) => (m.files[0] = 'terms')],
    ['a file that leads out of the folder', (m) => (m.files[0].file = '../terms.fst')],
    ['a hidden file', (m) => (m.files[0].file = '.terms')],
    ['a size below 0', (m) => (m.files[0].bytes = -1)],
    ['a broken number', (m) => (m.files[0].entries = 1.5)],
    ['a digest that is none', (m) => (m.files[0].sha256 = 'abc')],
    ['a name twice', (m) => (m.files[1].name = m.files[0].name)],
    ['a text for a weight', (m) => (m.inputs[0].weight = '1')],
    ['nested parameters', (m) => (m.parameters.x = { y: 1 })],
    ['a number for a name', (m) => (m.inputs[0].name = 3)],
    ['n-grams that are no counts', (m) => (m.inputs[0].ngrams = [1, -2])],
  ])('refuses %s', (_, change) => {
    expect(() => decodeManifest(changed(change), 'm')).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
  });

  it('tells another format and another version apart from damage', () => {
    const code = (text: string) => codeOf(() => decodeManifest(text, 'm'));
    expect(code('{')).toBe('DATASET_INVALID');
    expect(code('[]')).toBe('DATASET_INVALID');
    expect(code('{}')).toBe('STORE_FOREIGN');
    expect(code(changed((m) => (m.format = 'other')))).toBe('STORE_FOREIGN');
    expect(code(changed((m) => (m.formatVersion = 2)))).toBe('STORE_VERSION');
    for (let length = 1; length < manifestText().length - 2; length += 7) {
      expect(code(manifestText().slice(0, length))).toBe('DATASET_INVALID');
    }
  });
});

describe('openDataset', () => {
  it('opens all stores, shares one cache and closes them', () => {
    const dataset = openDataset(dir, { cacheBytes: 1 << 20 });
    expect(dataset.id).toBe(manifest().id);
    expect(dataset.cache.capacityBytes).toBe(1 << 20);
    const key = encodeUtf8('shoes');
    const id = dataset.stores.terms.find(key, 0, key.length);
    expect(dataset.stores.lexicon.text(id)).toBe('shoes');
    expect(dataset.pathOf('lexicon')).toBe(join(dir, 'lexicon.bin'));
    expect(dataset.pathOf('vectors')).toBeUndefined();
    expect(dataset.memory().pinnedBytes).toBeGreaterThan(0);
    dataset.close();
    dataset.close();
    expect(() => dataset.stores.terms.find(key, 0, key.length)).toThrow(
      expect.objectContaining({ code: 'STORE_CLOSED' }),
    );
  });

  const open = () => openDataset(dir).close();

  it('says what is missing: the folder, the manifest, a file', () => {
    expect(() => openDataset(join(root, 'none'))).toThrow(expect.objectContaining({ code: 'STORE_NOT_FOUND' }));
    rmSync(join(dir, 'lexicon.bin'));
    expect(open).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
    rmSync(join(dir, 'manifest.json'));
    expect(open).toThrow(expect.objectContaining({ code: 'STORE_NOT_FOUND' }));
  });

  it('tells what is not there from what may not be read', () => {
    rmSync(join(dir, 'lexicon.bin'));
    symlinkSync('lexicon.bin', join(dir, 'lexicon.bin'));
    expect(open).toThrow(
      expect.objectContaining({ code: 'STORE_IO', message: expect.stringContaining('lexicon.bin') }),
    );
    rmSync(join(dir, 'manifest.json'));
    symlinkSync('manifest.json', join(dir, 'manifest.json'));
    expect(open).toThrow(expect.objectContaining({ code: 'STORE_IO', message: expect.stringContaining('ELOOP') }));
  });

  it('refuses every file with a changed byte, wherever it is, but for blocks, which are checked when they are read', () => {
    for (const { name, file, bytes, kind } of manifest().files) {
      const path = join(dir, file);
      const right = readFileSync(path);
      const places = [0, 1, 17, bytes >> 3, bytes >> 2, bytes >> 1, bytes - 40, bytes - 2, bytes - 1];
      for (const at of places) {
        const changed = Buffer.from(right);
        changed[at]! ^= 1;
        writeFileSync(path, changed);
        const isAccepted = codeOf(open) === 'none';
        expect([name, at, isAccepted && kind !== 'blocks']).toEqual([name, at, false]);
      }
      writeFileSync(path, right);
    }
    open();
  });

  it('refuses a number changed in the model, the error model or the language', () => {
    for (const [name, from, to] of [
      ['model.json', /"suggestAbove": 0\.\d/, '"suggestAbove": 0.9'],
      ['language.json', /"transposition": \d/, '"transposition": 9'],
      ['channel.tsv', '\t', 'e\t'],
    ] as const) {
      const path = join(dir, name);
      const right = readFileSync(path, 'utf8');
      const wrong = right.replace(from, to);
      expect(wrong).not.toBe(right);
      writeFileSync(path, wrong);
      // Also where the size is that of the manifest.
      const files = manifest().files.map((f) => (f.file === name ? { ...f, bytes: Buffer.byteLength(wrong) } : f));
      writeFileSync(join(dir, 'manifest.json'), encodeManifest({ ...manifest(), files }));
      expect(open).toThrow(
        expect.objectContaining({ code: 'DATASET_INVALID', message: expect.stringContaining(name) }),
      );
      writeFileSync(path, right);
    }
  });

  it('refuses a valid file of another dataset, of every kind', async () => {
    const other = join(root, 'other');
    await buildDataset(planOf('green hats\nblue hats and a green shoe\n'), other, Readable.from([]), silentProgress());
    const others = decodeManifest(readFileSync(join(other, 'manifest.json'), 'utf8'), 'm').files;
    for (const theirs of others) {
      const ours = manifest().files.find(({ name }) => name === theirs.name)!;
      if (ours.sha256 === theirs.sha256) continue;
      copyFileSync(join(other, theirs.file), join(dir, ours.file));
      const files = manifest().files.map((f) => (f.name === ours.name ? { ...f, bytes: theirs.bytes } : f));
      writeFileSync(join(dir, 'manifest.json'), encodeManifest({ ...manifest(), files }));
      for (const read of [new Map(), new Map([[join(dir, ours.file), readFileSync(join(dir, ours.file))]])]) {
        expect([ours.name, codeOf(() => openDataset(dir, { files: read }).close())]).toEqual([
          ours.name,
          'DATASET_INVALID',
        ]);
      }
      copyFileSync(join(whole, ours.file), join(dir, ours.file));
    }
  });

  it('opens what earlier versions built, whose manifests tell no ends', () => {
    const files = manifest().files.map(({ ends: _, ...file }) => file);
    writeFileSync(join(dir, 'manifest.json'), encodeManifest({ ...manifest(), files }));
    open();
    copyFileSync(join(dir, 'terms.fst'), join(dir, 'forms'));
    writeFileSync(join(dir, 'model.json'), readFileSync(join(dir, 'model.json'), 'utf8').replace('0.', '1.'));
    expect(open).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
  });

  it('refuses files of another size, and keys of another text version', () => {
    const change = (edit: (manifest: Manifest) => Manifest) =>
      writeFileSync(join(dir, 'manifest.json'), encodeManifest(edit(manifest())));
    change((m) => ({ ...m, textVersion: m.textVersion + 1 }));
    expect(open).toThrow(expect.objectContaining({ code: 'STORE_VERSION' }));
    change((m) => {
      const files = m.files.filter(({ name }) => name !== 'deletes2');
      return { ...m, files, id: datasetId(files) };
    });
    expect(open).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
    change((m) => m);
    open();
    const file = manifest().files[0]!;
    truncateSync(join(dir, file.file), file.bytes - 1);
    expect(() => readManifest(dir)).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
  });
});

describe('verifyDataset', () => {
  it('finds nothing wrong with what was just built, and names the files as it goes', () => {
    const names: string[] = [];
    expect(verifyDataset(dir, ({ name }) => names.push(name)).id).toBe(manifest().id);
    expect(names).toEqual([
      'terms',
      'ngrams',
      'deletes1',
      'deletes2',
      'phonetic',
      'lexicon',
      'neighbours',
      'letters',
      'channel',
      'language',
      'model',
      'rude',
    ]);
  });

  it('finds a flipped bit in every file, wherever it lies', () => {
    for (const { file, bytes } of manifest().files) {
      const good = readFileSync(join(whole, file));
      for (let i = 0; i < 8; i++) {
        const bad = Buffer.from(good);
        const at = Math.floor((i * (bytes - 1)) / 7);
        bad[at] = bad[at]! ^ (1 << i);
        writeFileSync(join(dir, file), bad);
        expect(() => verifyDataset(dir)).toThrow(expect.objectContaining({ name: 'StoreError' }));
      }
      writeFileSync(join(dir, file), good);
    }
    verifyDataset(dir);
  });
});
