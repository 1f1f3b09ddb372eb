/** What every store must do, whatever lies beneath. Each engine's test file runs this suite over its own factory. */

import fc from 'fast-check';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import { BytesRef, type KeyBatch, MISS, type Store, type StoreKind, type ValueKind } from '../../stores/store.ts';
import { anyEntries, anyKey } from '../support/arbitraries.ts';
import { codeOf, codeOfPromise } from '../support/error-code.ts';
import { drain, type Entry, entriesOf, Model, show, sortedEntries } from '../support/model.ts';

/** Makes an open store of the given entries, whose keys are distinct and in byte order. */
export type MakeStore = (entries: readonly Entry[], valueKind: ValueKind) => Store | Promise<Store>;

export interface ContractOptions {
  /** Value kinds the engine knows. Default all three. */
  readonly valueKinds?: readonly ValueKind[];
  /** Runs of each property. Default 60; fewer for engines that are slow to build. */
  readonly runs?: number;
}

/** Registers the suite: call at the top level of a test file. */
export function runStoreContract(kind: StoreKind, makeStore: MakeStore, options: ContractOptions = {}): void {
  const valueKinds = options.valueKinds ?? (['none', 'uint', 'bytes'] as const);
  const runs = { numRuns: options.runs ?? 60 };

  for (const valueKind of valueKinds) {
    describe(`store contract: ${kind} with values of kind ${valueKind}`, () => {
      it('answers every key that it was given, and MISS for others', async () => {
        await fc.assert(
          fc.asyncProperty(anyEntries(valueKind), fc.array(anyKey, { maxLength: 30 }), async (entries, others) => {
            await withStore(entries, valueKind, (store, model) => {
              expect(store.keyCount).toBe(entries.length);
              for (const { key } of entries) expectFound(store, key, model.find(key));
              for (const key of others) expectFound(store, key, model.find(key));
              for (const { key } of entries) {
                for (const near of neighbours(key)) expectFound(store, near, model.find(near));
              }
            });
          }),
          runs,
        );
      });

      it('looks batches up as it looks single keys up', async () => {
        await fc.assert(
          fc.asyncProperty(anyEntries(valueKind), fc.array(anyKey, { maxLength: 30 }), async (entries, others) => {
            await withStore(entries, valueKind, async (store) => {
              const keys = [...entries.map((entry) => entry.key), ...others];
              const values = new Float64Array(keys.length + 1).fill(-7);
              await store.findMany(batchOf(keys), values);
              const single = keys.map((key) => store.find(key, 0, key.length));
              expect([...values]).toEqual([...single, -7]);
            });
          }),
          runs,
        );
      });

      it('walks all entries in byte order', async () => {
        await fc.assert(
          fc.asyncProperty(anyEntries(valueKind), async (entries) => {
            await withStore(entries, valueKind, (store) => {
              const cursor = store.cursor();
              expect(show(drain(cursor, valueKind))).toEqual(show(expected(entries, valueKind)));
              expect(cursor.next()).toBe(false);
              expect(cursor.next()).toBe(false);
            });
          }),
          runs,
        );
      });

      it('walks from any key on, wherever the cursor stood before', async () => {
        await fc.assert(
          fc.asyncProperty(anyEntries(valueKind), fc.array(anyKey, { maxLength: 8 }), async (entries, others) => {
            await withStore(entries, valueKind, (store, model) => {
              const cursor = store.cursor();
              for (const key of [...others, ...entries.slice(0, 8).map((entry) => entry.key)]) {
                cursor.seek(key, 0, key.length);
                const rest = expected(model.from(key), valueKind).slice(0, 5);
                expect(show(drain(cursor, valueKind, 5))).toEqual(show(rest));
              }
            });
          }),
          runs,
        );
      });

      it('looks a key up where it lies within other bytes', async () => {
        const entries = valued(entriesOf(['', 'ab', 'abc', 'b']), valueKind);
        await withStore(entries, valueKind, (store, model) => {
          const bytes = encodeUtf8('xabcx');
          for (let start = 0; start <= bytes.length; start++) {
            for (let end = start; end <= bytes.length; end++) {
              const hit = store.find(bytes, start, end);
              expect(hit !== MISS).toBe(model.find(bytes.slice(start, end)) !== undefined);
            }
          }
        });
      });

      it('holds nothing and holds the empty key alone', async () => {
        await withStore([], valueKind, (store) => {
          expect(store.keyCount).toBe(0);
          expect(store.find(new Uint8Array(0), 0, 0)).toBe(MISS);
          expect(store.cursor().next()).toBe(false);
          store.verify();
        });
        await withStore(valued(entriesOf(['']), valueKind), valueKind, (store) => {
          expect(store.find(new Uint8Array(0), 0, 0)).not.toBe(MISS);
          expect(store.find(Uint8Array.of(0), 0, 1)).toBe(MISS);
        });
      });

      it('holds nodes and prefixes with 255, 256 and 257 continuations', async () => {
        for (const count of [255, 256, 257]) {
          const keys = Array.from({ length: count }, (_, i) =>
            Uint8Array.of(120, i & 0xff, ...(i > 255 ? [i >> 8] : [])),
          );
          const entries = valued(sortedEntries(keys.map((key, value) => ({ key, value }))), valueKind);
          await withStore(entries, valueKind, (store, model) => {
            for (const key of keys) expectFound(store, key, model.find(key));
            expect(drain(store.cursor(), valueKind)).toHaveLength(count);
          });
        }
      });

      it('passes its own verification', async () => {
        await fc.assert(
          fc.asyncProperty(anyEntries(valueKind), async (entries) => {
            await withStore(entries, valueKind, (store) => store.verify());
          }),
          { numRuns: Math.ceil((options.runs ?? 60) / 4) },
        );
      });

      it('refuses look-ups after it was closed, and may be closed twice', async () => {
        const store = await makeStore(valued(entriesOf(['', 'a', 'b']), valueKind), valueKind);
        const cursor = store.cursor();
        expect(cursor.next()).toBe(true);
        const fresh = store.cursor();
        store.close();
        store.close();
        const key = encodeUtf8('a');
        for (const open of [cursor, fresh]) {
          expect(codeOf(() => open.next())).toBe('STORE_CLOSED');
          expect(codeOf(() => open.seek(key, 0, 1))).toBe('STORE_CLOSED');
        }
        for (const keys of [[], [key]]) {
          expect(await codeOfPromise(async () => store.findMany(batchOf(keys), new Float64Array(1)))).toBe(
            'STORE_CLOSED',
          );
        }
        expect(codeOf(() => store.find(key, 0, 1))).toBe('STORE_CLOSED');
        expect(codeOf(() => store.find(key, 0, 0))).toBe('STORE_CLOSED');
        expect(codeOf(() => store.cursor())).toBe('STORE_CLOSED');
        expect(codeOf(() => store.verify())).toBe('STORE_CLOSED');
        expect(store.memory().pinnedBytes).toBe(0);
      });

      if (valueKind !== 'bytes') {
        it('says so when byte strings are asked of it', async () => {
          await withStore(valued(entriesOf(['a']), valueKind), valueKind, (store) => {
            expect(codeOf(() => store.findBytes(encodeUtf8('a'), 0, 1, new BytesRef()))).toBe('STORE_VALUE_KIND');
          });
        });
      }
    });
  }

  async function withStore(
    entries: readonly Entry[],
    valueKind: ValueKind,
    body: (store: Store, model: Model) => void | Promise<void>,
  ): Promise<void> {
    const store = await makeStore(entries, valueKind);
    try {
      expect(store.storeKind).toBe(kind);
      expect(store.valueKind).toBe(valueKind);
      await body(store, new Model(entries));
    } finally {
      store.close();
    }
  }
}

/** Expects that `find` and, for byte strings, `findBytes` answer as the model does. */
function expectFound(store: Store, key: Uint8Array, value: number | Uint8Array | undefined): void {
  const found = store.find(key, 0, key.length);
  if (typeof value === 'number') {
    expect(found).toBe(store.valueKind === 'none' ? 1 : value);
    return;
  }
  expect(found).toBe(value === undefined ? MISS : value.length);
  if (store.valueKind !== 'bytes') return;
  const out = new BytesRef();
  const before = out.bytes;
  expect(store.findBytes(key, 0, key.length, out)).toBe(value !== undefined);
  if (value === undefined) expect(out.bytes).toBe(before);
  else expect(out.copy()).toEqual(value);
}

/** What a cursor should give: sets say 1. */
function expected(entries: readonly Entry[], valueKind: ValueKind): Entry[] {
  return entries.map(({ key, value }) => ({ key, value: valueKind === 'none' ? 1 : value }));
}

/** The entries with values of the kind: byte strings made from the integers. */
function valued(entries: readonly Entry[], valueKind: ValueKind): Entry[] {
  return entries.map(({ key, value }) => ({
    key,
    value: valueKind === 'bytes' ? encodeUtf8(`value ${value}`) : value,
  }));
}

/** Keys that differ from `key` in a step: one shorter, one longer, the last byte changed. */
function neighbours(key: Uint8Array): Uint8Array[] {
  const near = [Uint8Array.of(...key, 0), Uint8Array.of(...key, 0x61)];
  if (key.length > 0) {
    const last = key[key.length - 1]!;
    near.push(key.slice(0, -1), key.slice(1));
    near.push(Uint8Array.of(...key.slice(0, -1), (last + 1) & 0xff), Uint8Array.of(...key.slice(0, -1), last ^ 0x80));
  }
  return near;
}

function batchOf(keys: readonly Uint8Array[]): KeyBatch {
  const offsets = new Uint32Array(keys.length + 1);
  keys.forEach((key, i) => {
    offsets[i + 1] = offsets[i]! + key.length;
  });
  return { count: keys.length, bytes: Uint8Array.from(keys.flatMap((key) => [...key])), offsets };
}
