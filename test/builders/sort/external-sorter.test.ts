import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExternalSorter } from '../../../builders/sort/external-sorter.ts';

let scratchFolder: string;
beforeEach(() => {
  scratchFolder = mkdtempSync(join(tmpdir(), 'emend-sort-'));
});
afterEach(() => rmSync(scratchFolder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe('ExternalSorter', () => {
  it('yields nothing from nothing', () => {
    const sorter = new ExternalSorter({ scratchFolder });
    const cursor = sorter.finish();
    expect(cursor.next()).toBe(false);
    expect(cursor.next()).toBe(false);
    sorter.close();
  });

  it('orders by unsigned bytes, not as JavaScript orders strings', () => {
    const sorter = new ExternalSorter({ scratchFolder });
    for (const text of ['\u{1F600}', '\uFFFD', 'z', 'é', '']) sorter.add(bytes(text), 0, bytes(text).length, 0);
    const keys: string[] = [];
    for (const cursor = sorter.finish(); cursor.next(); ) {
      keys.push(new TextDecoder().decode(cursor.key.subarray(0, cursor.keyEnd)));
    }
    expect(keys).toEqual(['', 'z', 'é', '\uFFFD', '\u{1F600}']);
    sorter.close();
  });

  it('sorts what is already sorted, reversed, or all the same, across many runs', () => {
    const keyOf = (i: number) => bytes(String(i).padStart(9, '0'));
    const orders = [[...Array(5000).keys()], [...Array(5000).keys()].reverse(), Array.from({ length: 5000 }, () => 7)];
    for (const order of orders) {
      const sorter = new ExternalSorter({ scratchFolder, memoryBytes: 4096, fanIn: 3 });
      for (const i of order) sorter.add(keyOf(i), 0, 9, i);
      expect(sorter.recordCount).toBe(5000);
      const values: number[] = [];
      for (const cursor = sorter.finish(); cursor.next(); ) values.push(cursor.value);
      expect(values).toEqual([...order].sort((a, b) => a - b));
      sorter.close();
    }
  });

  it('keeps nothing visible in the scratch folder while it works, so that no kind of death leaves anything', () => {
    const sorter = new ExternalSorter({ scratchFolder, memoryBytes: 1 });
    for (let i = 0; i < 100; i++) sorter.add(bytes(`key ${i}`), 0, 5, i);
    if (process.platform !== 'win32') expect(readdirSync(scratchFolder)).toEqual([]);
    sorter.close();
    expect(readdirSync(scratchFolder)).toEqual([]);
  });

  it('refuses sums beyond what a double holds exactly', () => {
    const sorter = new ExternalSorter({ scratchFolder, duplicates: 'sum' });
    sorter.add(bytes('a'), 0, 1, Number.MAX_SAFE_INTEGER);
    sorter.add(bytes('a'), 0, 1, 1);
    const cursor = sorter.finish();
    expect(() => cursor.next()).toThrow(expect.objectContaining({ code: 'BUILD_VALUE' }));
    sorter.close();
  });

  it('says so when the scratch folder cannot be made', () => {
    const file = join(scratchFolder, 'file');
    writeFileSync(file, '');
    const sorter = new ExternalSorter({ scratchFolder: join(file, 'below'), memoryBytes: 1 });
    sorter.add(bytes('a'), 0, 1, 1);
    expect(() => sorter.add(bytes('b'), 0, 1, 1)).toThrow(expect.objectContaining({ code: 'BUILD_OUTPUT' }));
    sorter.close();
  });
});
