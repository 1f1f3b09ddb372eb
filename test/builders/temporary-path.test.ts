import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlocksWriter } from '../../builders/blocks/writer.ts';
import { FstWriter } from '../../builders/fst/writer.ts';
import { ScoresWriter } from '../../builders/scores/writer.ts';
import type { StoreWriter } from '../../builders/store-writer.ts';
import { openStore } from '../../stores/open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-writers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const WRITERS: readonly [string, (path: string) => StoreWriter][] = [
  ['fst', (path) => new FstWriter(path, { valueKind: 'uint' })],
  ['blocks', (path) => new BlocksWriter(path, { valueKind: 'uint' })],
  ['scores', (path) => new ScoresWriter(path)],
];

function add(writer: StoreWriter, letter: string, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const key = Buffer.from(`${letter}${String(i).padStart(5, '0')}`);
    writer.add(key, 0, key.length, i);
  }
}

describe.each(WRITERS)('a writer of %s files', (_, open) => {
  it('shares nothing with another of the same path: the last one that finishes has it, whole', () => {
    const path = join(folder, 'store');
    const [a, b] = [open(path), open(path)];
    for (let i = 0; i < 10; i++) {
      add(a, 'a', 100 * i, 100 * i + 100);
      add(b, 'b', 100 * i, 100 * i + 100);
    }
    a.finish();
    const first = readFileSync(path);
    const store = openStore(path);
    store.verify();
    const key = Buffer.from('a00777');
    expect(store.find(key, 0, key.length)).toBe(777);
    store.close();
    b.finish();
    expect(readFileSync(path).equals(first)).toBe(false);
    const other = openStore(path);
    const key2 = Buffer.from('b00777');
    expect(other.find(key2, 0, key2.length)).toBe(777);
    other.close();
    expect(readdirSync(folder)).toEqual(['store']);
  });

  it('leaves nothing behind when its target turns out to be a folder', () => {
    mkdirSync(join(folder, 'store', 'inner'), { recursive: true });
    const writer = open(join(folder, 'store'));
    add(writer, 'a', 0, 10);
    expect(() => writer.finish()).toThrow(expect.objectContaining({ code: 'BUILD_OUTPUT' }));
    writer.abort();
    expect(readdirSync(folder)).toEqual(['store']);
  });

  it('takes a name as long as the file system does', () => {
    const writer = open(join(folder, 'n'.repeat(255)));
    add(writer, 'a', 0, 10);
    writer.finish();
    expect(readdirSync(folder)).toEqual(['n'.repeat(255)]);
  });
});
