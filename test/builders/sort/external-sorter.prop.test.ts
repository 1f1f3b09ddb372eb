import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ExternalSorter, type SortOptions } from '../../../builders/sort/external-sorter.ts';

interface Row {
  readonly key: Uint8Array;
  readonly value: number;
  readonly tag: number;
  readonly payload: Uint8Array;
}

const scratchFolder = mkdtempSync(join(tmpdir(), 'emend-sort-'));
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }));

const letters = fc.constantFrom(0, 1, 0x61, 0x62, 0x7f, 0x80, 0xff);
const key = fc.oneof(
  fc.array(letters, { maxLength: 20 }).map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ maxLength: 8 }),
  fc.tuple(fc.constantFrom(5, 6, 7, 12, 255, 256, 257, 5000), letters).map(([n, last]) => {
    const bytes = new Uint8Array(n).fill(0x61);
    bytes[n - 1] = last;
    return bytes;
  }),
);
const row: fc.Arbitrary<Row> = fc.record({
  key,
  value: fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 32, 2 ** 40)),
  tag: fc.oneof(fc.nat(), fc.constant(2 ** 53 - 1)),
  payload: fc.uint8Array({ maxLength: 30 }),
});

function sort(rows: readonly Row[], options: Omit<SortOptions, 'scratchFolder'>): Row[] {
  const sorter = new ExternalSorter({ scratchFolder, ...options });
  try {
    for (const { key, value, tag, payload } of rows) {
      // Keys lie in the middle of a larger array, as they do where callers parse lines.
      const shifted = new Uint8Array(key.length + 3);
      shifted.set(key, 2);
      if (options.payload) sorter.addBytes(shifted, 2, 2 + key.length, payload, 0, payload.length, value, tag);
      else sorter.add(shifted, 2, 2 + key.length, value, tag);
    }
    const out: Row[] = [];
    for (const cursor = sorter.finish(); cursor.next(); ) {
      out.push({
        key: cursor.key.slice(0, cursor.keyEnd),
        value: cursor.value,
        tag: cursor.tag,
        payload: cursor.payload.slice(0, cursor.payloadEnd),
      });
    }
    return out;
  } finally {
    sorter.close();
  }
}

const byKey = (a: Row, b: Row) => Buffer.compare(a.key, b.key);
const budgets = fc.constantFrom(1, 200, 3000, 1 << 20);
const fanIns = fc.constantFrom(2, 3, 64);

describe('ExternalSorter', () => {
  it('sorts as a stable sort of an array does, whatever the memory', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 120 }), budgets, fanIns, (rows, memoryBytes, fanIn) => {
        const expected = [...rows].sort(byKey);
        expect(sort(rows, { memoryBytes, fanIn, tagged: true, payload: true })).toEqual(expected);
      }),
      { numRuns: 120 },
    );
  });

  it('sums equal keys as a Map does, whatever the memory', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), budgets, fanIns, (rows, memoryBytes, fanIn) => {
        const sums = new Map<string, number>();
        for (const { key, value } of rows) {
          const text = Buffer.from(key).toString('hex');
          sums.set(text, (sums.get(text) ?? 0) + value);
        }
        const sorted = sort(rows, { memoryBytes, fanIn, duplicates: 'sum' });
        expect(sorted.map(({ key, value }) => [Buffer.from(key).toString('hex'), value])).toEqual(
          [...sums].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      }),
      { numRuns: 120 },
    );
  });

  it('tells of every duplicate with the tags of the first and the later record, and keeps the first', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), budgets, (keys, memoryBytes) => {
        const rows = keys.map((key, i) => ({ key, value: i, tag: i + 1, payload: new Uint8Array(0) }));
        const told: [string, number, number][] = [];
        const sorted = sort(rows, {
          memoryBytes,
          tagged: true,
          duplicates: (key, keyEnd, first, tag) => {
            told.push([Buffer.from(key.subarray(0, keyEnd)).toString('hex'), first, tag]);
          },
        });
        const seen = new Map<string, number>();
        const expected: [string, number, number][] = [];
        for (const { key, tag } of rows) {
          const text = Buffer.from(key).toString('hex');
          const first = seen.get(text);
          if (first === undefined) seen.set(text, tag);
          else expected.push([text, first, tag]);
        }
        const order = (a: [string, number, number], b: [string, number, number]) =>
          a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[2] - b[2];
        expect(told).toEqual(expected.sort(order));
        expect(sorted.map(({ key, tag }) => [Buffer.from(key).toString('hex'), tag])).toEqual(
          [...seen].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      }),
      { numRuns: 80 },
    );
  });

  it('leaves nothing in the scratch folder', () => {
    expect(readdirSync(scratchFolder)).toEqual([]);
  });
});
