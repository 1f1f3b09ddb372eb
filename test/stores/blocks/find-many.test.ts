import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BlockCache } from '../../../stores/blocks/cache.ts';
import { type BlocksReader, openBlocks, openBlocksSource } from '../../../stores/blocks/reader.ts';
import { type ByteSource, FileSource, MemorySource } from '../../../stores/blocks/source.ts';
import { type KeyBatch, MISS } from '../../../stores/store.ts';
import { blocksFile, inFolder, numbered } from '../../support/blocks.ts';

const COUNT = 20_000;
const entries = numbered(COUNT);
const file = blocksFile(entries, 'uint');

function batchOf(keys: readonly Uint8Array[]): KeyBatch {
  const offsets = new Uint32Array(keys.length + 1);
  keys.forEach((key, i) => {
    offsets[i + 1] = offsets[i]! + key.length;
  });
  return { count: keys.length, bytes: Buffer.concat(keys), offsets };
}

/** Answers asynchronous reads when told to, and notes all reads. */
class SlowSource implements ByteSource {
  readonly path = 'slow';
  readonly byteLength: number;
  readonly asked: { position: number; length: number }[] = [];
  readonly #inner: MemorySource;

  constructor(bytes: Uint8Array) {
    this.#inner = new MemorySource(bytes, 'slow');
    this.byteLength = bytes.length;
  }

  read(into: Uint8Array, at: number, length: number, position: number): void {
    this.#inner.read(into, at, length, position);
  }

  async readAsync(into: Uint8Array, at: number, length: number, position: number): Promise<void> {
    this.asked.push({ position, length });
    await new Promise((resolve) => setImmediate(resolve));
    this.#inner.read(into, at, length, position);
  }

  close(): void {}
}

function openSlow(options: { slots?: number; pinnedIndexBytes?: number } = {}): {
  store: BlocksReader;
  source: SlowSource;
} {
  const source = new SlowSource(file);
  const cache = new BlockCache({ capacityBytes: (options.slots ?? 100) * 4096 });
  const { pinnedIndexBytes } = options;
  const store = openBlocksSource(source, {
    cache,
    io: 'async',
    ...(pinnedIndexBytes === undefined ? {} : { pinnedIndexBytes }),
  });
  return { store, source };
}

describe('findMany with asynchronous reads', () => {
  it('does not make the caller wait when filter and cache can answer', async () => {
    const { store, source } = openSlow();
    const absent = batchOf([Buffer.from('no such key'), Buffer.from('nor this one')]);
    expect(store.findMany(absent, new Float64Array(2))).toBeUndefined();
    expect(source.asked).toEqual([]);

    const present = batchOf([entries[5]!.key]);
    const values = new Float64Array(1);
    await store.findMany(present, values);
    expect(values[0]).toBe(5);
    expect(store.findMany(present, values)).toBeUndefined();
    expect(source.asked).toHaveLength(1);
  });

  it('reads each block once, neighbours together, however many keys and batches want it', async () => {
    const { store, source } = openSlow();
    const keys = entries.slice(0, 3000).map(({ key }) => key);
    const batches = [0, 1, 2].map(() => new Float64Array(keys.length));
    await Promise.all(batches.map((values) => store.findMany(batchOf(keys), values)));
    for (const values of batches) expect([...values]).toEqual(keys.map((_, i) => i));
    expect(source.asked).toHaveLength(1);
    expect(store.counters.reads).toBe(1);
  });

  for (const pinnedIndexBytes of [0, 1 << 20]) {
    it(`answers as find does under eviction by many batches at once (pinned index ${pinnedIndexBytes})`, async () => {
      const { store } = openSlow({ slots: 4, pinnedIndexBytes });
      const batches = Array.from({ length: 30 }, (_, n) =>
        Array.from({ length: 50 }, (_, i) => {
          const index = (n * 7919 + i * 104_729) % (COUNT + 500);
          return index < COUNT ? index : MISS;
        }),
      );
      await Promise.all(
        batches.map(async (wanted, n) => {
          const values = new Float64Array(wanted.length).fill(-9);
          const keys = wanted.map((index, i) => (index === MISS ? Buffer.from(`x${n}${i}`) : entries[index]!.key));
          await store.findMany(batchOf(keys), values);
          expect([...values]).toEqual(wanted);
        }),
      );
      for (let i = 0; i < COUNT; i += 501) expect(store.find(entries[i]!.key, 0, entries[i]!.key.length)).toBe(i);
    });
  }

  it('rejects when the store is closed meanwhile', async () => {
    const { store } = openSlow();
    const waiting = store.findMany(batchOf([entries[9]!.key]), new Float64Array(1));
    store.close();
    await expect(waiting).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(() => store.findMany(batchOf([entries[9]!.key]), new Float64Array(1))).toThrow(
      expect.objectContaining({ code: 'STORE_CLOSED' }),
    );
  });

  it('finds out a block that rots on disk when it is next read', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.blocks');
      writeFileSync(path, file);
      const key = entries[COUNT - 1]!.key;
      const opened = (['sync', 'async'] as const).map((io) => openBlocks(path, { io }));
      const fd = openSync(path, 'r+');
      writeSync(fd, Buffer.alloc(2000, 0xa5), 0, 2000, opened[0]!.meta.largestBlock * (opened[0]!.meta.blockCount - 2));
      writeSync(fd, Buffer.alloc(2000, 0xa5), 0, 2000, opened[0]!.meta.largestBlock * (opened[0]!.meta.blockCount - 1));
      closeSync(fd);
      expect(() => opened[0]!.find(key, 0, key.length)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
      await expect(opened[1]!.findMany(batchOf([key]), new Float64Array(1))).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
      });
      for (const store of opened) store.close();
    });
  });

  it('lets go of its file only when the reads under way are done', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.blocks');
      writeFileSync(path, file);
      const store = openBlocks(path, { io: 'async' });
      const openFiles = () => readdirSync('/proc/self/fd').length;
      const before = openFiles();
      const waiting = store.findMany(batchOf([entries[0]!.key, entries[COUNT - 1]!.key]), new Float64Array(2));
      store.close();
      await expect(waiting).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      expect(openFiles()).toBe(before - 1);
    });
  });
});

describe('a warm-up', () => {
  it('fills the cache as far as it has room, and reads all for the page cache', async () => {
    const { store, source } = openSlow({ slots: 10 });
    await store.warmUp('cache');
    expect(store.cache.usedBytes).toBe(9 * 4096);
    const reads = source.asked.length;
    const key = entries[0]!.key;
    expect(store.findMany(batchOf([key]), new Float64Array(1))).toBeUndefined();
    expect(source.asked).toHaveLength(reads);
    expect(await store.warmUp('pages')).toBe(file.length);
  });

  it.each([undefined, 0])(
    'rejects when the file is closed meanwhile, with pinnedIndexBytes %s',
    async (pinnedIndexBytes) => {
      await inFolder(async (folder) => {
        const path = join(folder, 'a.blocks');
        writeFileSync(path, file);
        const keys = batchOf(entries.filter((_, i) => i % 100 === 0).map(({ key }) => key));
        // Closing at once, and when some of the reads are done.
        for (let turns = 0; turns < 4; turns++) {
          const store = openBlocks(path, {
            io: 'async',
            ...(pinnedIndexBytes === undefined ? {} : { pinnedIndexBytes }),
          });
          const found = Promise.resolve(store.findMany(keys, new Float64Array(keys.count)));
          const outcome = found.then(
            () => 'found',
            (error: { code?: unknown }) => error.code,
          );
          for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
          store.close();
          expect(turns === 0 ? ['STORE_CLOSED'] : ['STORE_CLOSED', 'found']).toContain(await outcome);
        }
      });
    },
  );

  it('leaves alone a file that has taken over the descriptor', () => {
    inFolder((folder) => {
      const path = join(folder, 'a.blocks');
      writeFileSync(path, file);
      const source = new FileSource(path);
      source.close();
      const other = openSync(path, 'r');
      try {
        expect(() => source.read(new Uint8Array(8), 0, 8, 0)).toThrow(
          expect.objectContaining({ code: 'STORE_CLOSED' }),
        );
      } finally {
        closeSync(other);
      }
    });
  });
});
