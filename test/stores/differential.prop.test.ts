/** Random stores of every engine and form beside a Map, asked at random: the same answers, in the same order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { BlocksWriterOptions } from '../../builders/blocks/writer.ts';
import { BlockCache } from '../../stores/blocks/cache.ts';
import { type OpenBlocksOptions, openBlocks } from '../../stores/blocks/reader.ts';
import { type Collections, openCollections } from '../../stores/lmdb/collections.ts';
import { BytesRef, MISS, type Store, type ValueKind } from '../../stores/store.ts';
import { anyEntries, anyKey } from '../support/arbitraries.ts';
import { blocksFile } from '../support/blocks.ts';
import { codeOf } from '../support/error-code.ts';
import { makeFst } from '../support/fst.ts';
import { compareKeys, drain, type Entry, hex, Model, show } from '../support/model.ts';

const folder = mkdtempSync(join(tmpdir(), 'emend-differential-'));
let collections: Collections;
beforeAll(() => {
  collections = openCollections(join(folder, 'live'), { readOnly: false });
});
afterAll(() => {
  collections.close();
  rmSync(folder, { recursive: true, force: true });
});

type Make = (entries: readonly Entry[], valueKind: ValueKind) => Store;

let files = 0;

function blocks(options: Partial<BlocksWriterOptions>, openOptions: () => OpenBlocksOptions): Make {
  return (entries, valueKind) => {
    const path = join(folder, `${files++}.blocks`);
    writeFileSync(path, blocksFile(entries, valueKind, options));
    return openBlocks(path, openOptions());
  };
}

const tiny = { blockBytes: 512, restartInterval: 2 };
const smallCache = (): BlockCache => new BlockCache({ capacityBytes: 3 * 4096, storedBytes: 4096 });
const MAKERS: Readonly<Record<string, Make>> = {
  fst: (entries, valueKind) => makeFst(entries, valueKind, { ordinals: true }),
  blocks: blocks({}, () => ({})),
  'small blocks, partitions read when asked': blocks(tiny, () => ({
    pinnedIndexBytes: 0,
    io: 'async',
    cache: smallCache(),
  })),
  'small blocks, lz4, no filter': blocks({ ...tiny, compression: 'lz4', filter: 'none' }, () => ({ io: 'async' })),
  'blocks, deflate, small cache': blocks({ compression: 'deflate' }, () => ({
    pinnedIndexBytes: 0,
    cache: smallCache(),
  })),
  collection: (entries, valueKind) => {
    collections.write.replace(`of-${valueKind}`, { kind: KINDS[valueKind] }, entries);
    return collections.store(`of-${valueKind}`);
  },
};

const KINDS = { none: 'set', uint: 'uint', bytes: 'bytes' } as const;

/** What a walk of so many steps from a key on is compared by. */
function walked(entries: readonly Entry[], from: Uint8Array, steps: number, valueKind: ValueKind): string[] {
  const rest = entries.filter(({ key }) => compareKeys(key, from) >= 0).slice(0, steps);
  return show(rest.map(({ key, value }) => ({ key, value: valueKind === 'none' ? 1 : value })));
}

async function checkStore(store: Store, entries: readonly Entry[], asked: readonly Uint8Array[]): Promise<void> {
  const { valueKind } = store;
  const model = new Model(entries);
  const expected = asked.map((key) => {
    const value = model.find(key);
    if (value === undefined) return MISS;
    return typeof value === 'number' ? (valueKind === 'none' ? 1 : value) : value.length;
  });
  const offsets = Uint32Array.from([0, ...asked.map((key) => key.length)]);
  for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  const values = new Float64Array(asked.length);
  await store.findMany({ count: asked.length, bytes: Buffer.concat(asked), offsets }, values);
  expect([...values]).toEqual(expected);
  const out = new BytesRef();
  const cursor = store.cursor();
  asked.forEach((key, i) => {
    expect([hex(key), store.find(key, 0, key.length)]).toEqual([hex(key), expected[i]]);
    if (valueKind === 'bytes' && store.findBytes(key, 0, key.length, out)) {
      expect(hex(out.copy())).toBe(hex(model.find(key) as Uint8Array));
    }
    cursor.seek(key, 0, key.length);
    expect(show(drain(cursor, valueKind, i % 7))).toEqual(walked(entries, key, i % 7, valueKind));
  });
  expect(show(drain(store.cursor(), valueKind))).toEqual(walked(entries, new Uint8Array(0), entries.length, valueKind));
  store.verify();
}

describe.each(Object.entries(MAKERS))('%s beside a Map', (_, make) => {
  it.each(['none', 'uint', 'bytes'] as const)(
    'answers alike, and nothing after close: values of kind %s',
    async (valueKind) => {
      const others = fc.array(anyKey, { maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(anyEntries(valueKind, 300), others, async (entries, keys) => {
          const store = make(entries, valueKind);
          const asked = [...entries.filter((__, i) => i % 3 === 0).map(({ key }) => key), ...keys];
          await checkStore(store, entries, asked);
          const cursor = store.cursor();
          store.close();
          expect(codeOf(() => cursor.next())).toBe('STORE_CLOSED');
          expect(codeOf(() => store.find(new Uint8Array(1), 0, 1))).toBe('STORE_CLOSED');
        }),
        { numRuns: 20, seed: 20260731 },
      );
    },
  );
});
