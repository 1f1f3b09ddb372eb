import fc from 'fast-check';
import { BlockIndex } from '../../../stores/blocks/index.ts';
import { columnBytes, decodeColumns, encodeColumns, IndexEntries } from '../../../stores/blocks/index-format.ts';
import { compareBytes } from '../../../stores/bytes/compare.ts';
import { sortedEntries } from '../../support/model.ts';

const keys = fc.uniqueArray(fc.uint8Array({ maxLength: 9 }), {
  minLength: 1,
  maxLength: 60,
  selector: (key) => key.join(),
});

describe('columns of an index', () => {
  it('find the last separator that is not above a key, as they are and read back', () => {
    fc.assert(
      fc.property(keys, fc.array(fc.uint8Array({ maxLength: 9 })), (separators, asked) => {
        const sorted = sortedEntries(separators.map((key) => ({ key, value: 1 }))).map(({ key }) => key);
        const entries = new IndexEntries();
        sorted.forEach((key, i) => {
          entries.add(key, 0, key.length, 8 + i * 2 ** 33, i + 1);
        });
        const columns = entries.columns();
        const bytes = encodeColumns(columns, 0);
        expect(bytes.length).toBe(columnBytes(columns));
        expect(entries.byteLength).toBe(bytes.length);
        const read = decodeColumns(bytes, sorted.length);
        expect(read).toEqual(columns);
        const index = new BlockIndex(read ?? columns);
        for (const key of [...sorted, ...asked]) {
          const at = index.find(key, 0, key.length);
          const notAbove = sorted.filter((other) => compareBytes(other, 0, other.length, key, 0, key.length) <= 0);
          expect(at).toBe(Math.max(0, notAbove.length - 1));
          expect(index.offsets[at]).toBe(8 + at * 2 ** 33);
          expect(index.lengths[at]).toBe(at + 1);
        }
      }),
    );
  });

  it('are refused at every length that is not theirs, and for another number of blocks', () => {
    const entries = new IndexEntries();
    for (const text of ['', 'key', 'longer key']) entries.add(Buffer.from(text), 0, text.length, 8, 1);
    const bytes = encodeColumns(entries.columns(), 1);
    for (let length = 0; length <= bytes.length; length++) {
      const columns = decodeColumns(bytes.slice(0, length), 3);
      expect(columns === undefined).toBe(length !== bytes.length - 1);
    }
    expect(decodeColumns(bytes.slice(0, -1), 2)).toBeUndefined();
    expect(decodeColumns(bytes.slice(0, -1), 4)).toBeUndefined();
  });
});
