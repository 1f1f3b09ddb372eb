import { openBlocksSource } from '../../../stores/blocks/reader.ts';
import { MemorySource } from '../../../stores/blocks/source.ts';
import { MISS } from '../../../stores/store.ts';
import { blocksFile, numbered } from '../../support/blocks.ts';
import { codeOf } from '../../support/error-code.ts';

const entries = numbered(260, (i) => i * 7);
const file = blocksFile(entries, 'uint', { blockBytes: 512, filterRate: 0.1 });
const absent = Buffer.from('key055x');

/** Looks everything up in damaged bytes: right answers until the first error, whose code is returned. */
function codeOfUse(bytes: Uint8Array, pinnedIndexBytes: number): string {
  return codeOf(() => {
    const store = openBlocksSource(new MemorySource(bytes, 'damaged.blocks'), { pinnedIndexBytes });
    for (const { key, value } of entries) {
      if (store.find(key, 0, key.length) !== value) throw new Error(`wrong value of ${key}`);
    }
    if (store.find(absent, 0, absent.length) !== MISS) throw new Error('a key that was never there');
  });
}

function verifyCode(bytes: Uint8Array): string {
  return codeOf(() => openBlocksSource(new MemorySource(bytes, 'damaged.blocks')).verify());
}

describe('a damaged block file', () => {
  it('is whole to begin with, and of several blocks', () => {
    expect(codeOfUse(file, 1 << 20)).toBe('none');
    expect(verifyCode(file)).toBe('none');
    expect(openBlocksSource(new MemorySource(file, 'x')).meta.blockCount).toBeGreaterThan(2);
  });

  it('gives right answers or a StoreError, whichever byte is flipped', () => {
    const codes = new Map<string, number>();
    const copy = Uint8Array.from(file);
    for (let i = 0; i < file.length; i++) {
      copy[i] = file[i]! ^ 0x10;
      for (const pinned of [0, 1 << 20]) {
        const code = codeOfUse(copy, pinned);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      expect(verifyCode(copy)).toMatch(/^STORE_(CORRUPT|FOREIGN|VERSION)$/);
      copy[i] = file[i]!;
    }
    // What a reader has no use for does it no harm: the index is there twice, as columns and as partitions.
    expect([...codes.keys()].sort()).toEqual(['STORE_CORRUPT', 'STORE_FOREIGN', 'STORE_VERSION', 'none']);
    expect(codes.get('none')).toBeLessThan(file.length / 8);
    expect(codes.get('STORE_FOREIGN')).toBe(16);
    expect(codes.get('STORE_VERSION')).toBe(8);
  });

  it('is refused at every length that it is cut to', () => {
    for (let length = 0; length < file.length; length++) {
      expect(codeOfUse(file.subarray(0, length), 1 << 20)).toMatch(/^STORE_(CORRUPT|FOREIGN)$/);
    }
  });

  it('is refused with bytes after its end', () => {
    expect(codeOfUse(Buffer.concat([file, Buffer.alloc(1)]), 1 << 20)).toBe('STORE_CORRUPT');
  });

  it('is found out when two of its blocks changed places', () => {
    const even = blocksFile(
      numbered(64, () => 1).map(({ key, value }) => ({ key: Buffer.concat([key, Buffer.alloc(484, 120)]), value })),
      'uint',
      { blockBytes: 512 },
    );
    const store = openBlocksSource(new MemorySource(even, 'x'));
    const size = store.meta.largestBlock;
    const swapped = Buffer.concat([even.subarray(0, 8), even.subarray(8 + size, 8 + 2 * size)]);
    const whole = Buffer.concat([swapped, even.subarray(8, 8 + size), even.subarray(8 + 2 * size)]);
    expect(whole.length).toBe(even.length);
    const damaged = openBlocksSource(new MemorySource(whole, 'x'));
    const { key } = numbered(64)[0]!;
    const long = Buffer.concat([key, Buffer.alloc(484, 120)]);
    expect(store.find(long, 0, long.length)).toBe(1);
    expect(() => damaged.find(long, 0, long.length)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
  });
});
