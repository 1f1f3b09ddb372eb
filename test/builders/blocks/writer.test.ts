import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlocksWriter } from '../../../builders/blocks/writer.ts';
import { openBlocks } from '../../../stores/blocks/reader.ts';
import { openStore } from '../../../stores/open.ts';
import { BytesRef } from '../../../stores/store.ts';
import { blocksFile, inFolder, makeBlocks, numbered, writeBlocks } from '../../support/blocks.ts';
import { codeOf } from '../../support/error-code.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('BlocksWriter', () => {
  it('puts the file in its place only when it is finished', () => {
    inFolder((folder) => {
      const path = join(folder, 'a.blocks');
      const writer = new BlocksWriter(path, { valueKind: 'uint' });
      writer.add(bytes('a'), 0, 1, 1);
      expect(existsSync(path)).toBe(false);
      const summary = writer.finish();
      expect(summary.keyCount).toBe(1);
      expect(summary.fileBytes).toBe(readFileSync(path).length);
      expect(readdirSync(folder)).toEqual(['a.blocks']);
      expect(openStore(path).storeKind).toBe('blocks');
    });
  });

  it('leaves nothing behind when it is aborted, before or after finishing', () => {
    inFolder((folder) => {
      const writer = new BlocksWriter(join(folder, 'a.blocks'), { valueKind: 'none' });
      writer.abort();
      writer.abort();
      expect(readdirSync(folder)).toEqual([]);
      expect(codeOf(() => writer.finish())).toBe('BUILD_OUTPUT');
      const other = new BlocksWriter(join(folder, 'b.blocks'), { valueKind: 'none' });
      other.finish();
      other.abort();
      expect(readdirSync(folder)).toEqual(['b.blocks']);
    });
  });

  it('refuses keys out of order, keys given twice, and values it cannot hold', () => {
    inFolder((folder) => {
      const writer = new BlocksWriter(join(folder, 'a.blocks'), { valueKind: 'uint' });
      writer.add(bytes('b'), 0, 1, 0);
      expect(codeOf(() => writer.add(bytes('a'), 0, 1, 0))).toBe('BUILD_KEY_ORDER');
      expect(codeOf(() => writer.add(bytes('b'), 0, 1, 0))).toBe('BUILD_DUPLICATE_KEY');
      for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) {
        expect(codeOf(() => writer.add(bytes('c'), 0, 1, value))).toBe('BUILD_VALUE');
      }
      expect(codeOf(() => writer.addBytes(bytes('c'), 0, 1, bytes('x'), 0, 1))).toBe('BUILD_VALUE');
      expect(codeOf(() => writer.add(new Uint8Array(70_000).fill(99), 0, 70_000, 0))).toBe('BUILD_LIMIT');
      writer.abort();
    });
  });

  it('says so when the file cannot be made', () => {
    expect(codeOf(() => new BlocksWriter('/nowhere/at/all.blocks', { valueKind: 'none' }))).toBe('BUILD_OUTPUT');
  });

  it('gives the same bytes for the same input', () => {
    const entries = numbered(3000, (i) => (i * i) % 1000);
    expect(blocksFile(entries, 'uint')).toEqual(blocksFile(entries, 'uint'));
  });

  it('keeps values larger than any block, and keys as long as allowed', () => {
    const long = new Uint8Array(65_535).fill(120);
    const big = new Uint8Array(200_000).map((_, i) => i % 251);
    const entries = [
      { key: bytes('a'), value: big },
      { key: bytes('b'), value: bytes('small') },
      { key: bytes('c'), value: big.subarray(0, 70_000) },
      { key: long, value: bytes('end') },
    ];
    const store = makeBlocks(entries, 'bytes');
    const out = new BytesRef();
    for (const { key, value } of entries) {
      expect(store.findBytes(key, 0, key.length, out)).toBe(true);
      expect(Buffer.compare(out.copy(), value)).toBe(0);
    }
    store.verify();
  });

  it('replaces a file under an open reader, which goes on reading the old one', () => {
    inFolder((folder) => {
      const path = join(folder, 'a.blocks');
      writeBlocks(path, numbered(5000), { valueKind: 'uint' });
      const old = openBlocks(path);
      writeBlocks(
        path,
        numbered(5000, (i) => i + 1),
        { valueKind: 'uint' },
      );
      const key = numbered(5000)[1234]!.key;
      expect(old.find(key, 0, key.length)).toBe(1234);
      expect(openBlocks(path).find(key, 0, key.length)).toBe(1235);
      old.close();
    });
  });

  it('refuses files of other makers', () => {
    inFolder((folder) => {
      const path = join(folder, 'a.txt');
      writeFileSync(path, 'hello, this is no store\n'.repeat(20));
      expect(codeOf(() => openBlocks(path))).toBe('STORE_FOREIGN');
      expect(codeOf(() => openBlocks(join(folder, 'b')))).toBe('STORE_NOT_FOUND');
      expect(codeOf(() => openBlocks(folder))).toBe('STORE_NOT_FOUND');
    });
  });
});
