import { BlockCache } from '../../../stores/blocks/cache.ts';
import { openBlocksSource } from '../../../stores/blocks/reader.ts';
import { MemorySource } from '../../../stores/blocks/source.ts';
import { BytesRef } from '../../../stores/store.ts';
import { blocksFile, numbered } from '../../support/blocks.ts';
import { drain } from '../../support/model.ts';

const SLOT = 4096;

/** Uses block `id` as a reader does: finds it, or fills the spare slot with its number. */
function use(cache: BlockCache, id: number): boolean {
  const slot = cache.find(id);
  if (slot >= 0) {
    if (cache.bytesOf(slot)[cache.startOf(slot)] !== id % 251)
      throw new Error(`slot ${slot} does not hold block ${id}`);
    return true;
  }
  cache.bytesOf(cache.spare)[cache.startOf(cache.spare)] = id % 251;
  cache.fill(id, SLOT);
  return false;
}

describe('BlockCache', () => {
  it('keeps to its budget: as many slots as fit, one of them spare', () => {
    for (const slots of [3, 10, 100, 1000]) {
      const cache = new BlockCache({ capacityBytes: slots * SLOT + 100 });
      cache.register(5000, SLOT);
      for (let id = 0; id < 5000; id++) use(cache, id);
      expect(cache.usedBytes).toBe((slots - 1) * SLOT);
      expect(cache.counters.evictions).toBe(5000 - (slots - 1));
    }
  });

  it('holds what was used last and what is used again and again', () => {
    const cache = new BlockCache({ capacityBytes: 101 * SLOT });
    cache.register(10_000, SLOT);
    for (let round = 0; round < 40; round++) {
      for (let id = 0; id < 30; id++) use(cache, id);
      for (let id = 0; id < 20; id++) use(cache, 1000 + round * 20 + id);
    }
    for (let id = 0; id < 30; id++) expect(cache.has(id)).toBe(true);
    expect(cache.has(1000 + 39 * 20 + 19)).toBe(true);
    expect(cache.has(1000 + 20 * 20)).toBe(false);
  });

  it('is not emptied by a long run of blocks that are used once', () => {
    const cache = new BlockCache({ capacityBytes: 101 * SLOT });
    cache.register(10_000, SLOT);
    for (let round = 0; round < 3; round++) for (let id = 0; id < 60; id++) use(cache, id);
    for (let id = 100; id < 9000; id++) use(cache, id);
    let kept = 0;
    for (let id = 0; id < 60; id++) if (cache.has(id)) kept++;
    expect(kept).toBeGreaterThanOrEqual(55);
  });

  it("gives a closed file's slots and ids to others", () => {
    const cache = new BlockCache({ capacityBytes: 11 * SLOT });
    const first = cache.register(10, SLOT);
    for (let id = first; id < first + 10; id++) use(cache, id);
    cache.release(first, 10);
    expect(cache.usedBytes).toBe(0);
    expect(cache.register(10, SLOT)).toBe(first);
    for (let id = first; id < first + 10; id++) expect(use(cache, id)).toBe(false);
    expect(cache.counters.evictions).toBe(0);
  });

  it('makes larger slots for a file with larger blocks, as long as several fit', () => {
    const cache = new BlockCache({ capacityBytes: 64 * SLOT });
    cache.register(10, SLOT);
    cache.register(10, 3 * SLOT);
    expect(cache.slotBytes).toBe(3 * SLOT);
    cache.register(10, 60 * SLOT);
    expect(cache.slotBytes).toBe(3 * SLOT);
  });

  it('refuses files that do not fit the memory limit, and takes them when others are closed', () => {
    const file = blocksFile(numbered(20_000), 'uint');
    const cache = new BlockCache({ capacityBytes: 1 << 20, memoryLimitBytes: (1 << 20) + 40_000 });
    const open = () => openBlocksSource(new MemorySource(file, 'a'), { cache });
    const store = open();
    expect(store.memory().pinnedBytes).toBeGreaterThan(20_000);
    expect(cache.pinnedBytes).toBe(store.memory().pinnedBytes);
    expect(open).toThrow(expect.objectContaining({ code: 'STORE_MEMORY' }));
    store.close();
    expect(cache.pinnedBytes).toBe(0);
    open().close();
    expect(() => new BlockCache({ capacityBytes: 1000, memoryLimitBytes: 999 })).toThrow(
      expect.objectContaining({ code: 'STORE_MEMORY' }),
    );
  });

  it('serves several files, each its own values, under constant eviction', () => {
    const cache = new BlockCache({ capacityBytes: 5 * SLOT });
    const stores = [0, 1, 2].map((n) =>
      openBlocksSource(
        new MemorySource(
          blocksFile(
            numbered(3000, (i) => i * 3 + n),
            'uint',
          ),
          `${n}`,
        ),
        { cache },
      ),
    );
    const keys = numbered(3000).map(({ key }) => key);
    let wrong = 0;
    for (let step = 0; step < 6000; step++) {
      const i = (step * 997) % 3000;
      stores.forEach((store, n) => {
        if (store.find(keys[i]!, 0, keys[i]!.length) !== i * 3 + n) wrong++;
      });
    }
    expect(wrong).toBe(0);
    expect(cache.counters.evictions).toBeGreaterThan(1000);
  });

  it('leaves a borrowed value alone while other files are read', () => {
    const cache = new BlockCache({ capacityBytes: 3 * SLOT });
    const [one, other] = [0, 1].map((n) =>
      openBlocksSource(
        new MemorySource(
          blocksFile(
            numbered(2000, (i) => Buffer.from(`value ${i} of ${n}`)),
            'bytes',
          ),
          `${n}`,
        ),
        { cache },
      ),
    );
    const keys = numbered(2000).map(({ key }) => key);
    const out = new BytesRef();
    one!.findBytes(keys[77]!, 0, keys[77]!.length, out);
    for (const key of keys) other!.find(key, 0, key.length);
    expect(Buffer.from(out.copy()).toString()).toBe('value 77 of 0');
  });

  it('is left as it was by a scan', () => {
    const cache = new BlockCache({ capacityBytes: 5 * SLOT });
    const store = openBlocksSource(new MemorySource(blocksFile(numbered(20_000), 'uint'), 'a'), { cache });
    const key = numbered(20_000)[5]!.key;
    store.find(key, 0, key.length);
    const before = { ...cache.counters, used: cache.usedBytes };
    expect(drain(store.cursor(), 'uint')).toHaveLength(20_000);
    store.verify();
    expect({ ...cache.counters, used: cache.usedBytes }).toEqual(before);
  });

  it('keeps compressed blocks in its second level', () => {
    const file = blocksFile(numbered(20_000), 'uint', { compression: 'lz4', blockBytes: 8192 });
    const cache = new BlockCache({ capacityBytes: 4 * 8192, storedBytes: 1 << 20 });
    const store = openBlocksSource(new MemorySource(file, 'a'), { cache });
    const keys = numbered(20_000).map(({ key }) => key);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < keys.length; i += 7) expect(store.find(keys[i]!, 0, keys[i]!.length)).toBe(i);
    }
    expect(store.counters.reads).toBe(store.meta.blockCount);
    expect(cache.counters.storedHits).toBeGreaterThanOrEqual(store.meta.blockCount - 4);
    expect(cache.usedBytes).toBeLessThanOrEqual(4 * 8192 + (1 << 20));
  });
});
