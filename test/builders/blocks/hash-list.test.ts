import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildFuse } from '../../../builders/filters/fuse-builder.ts';
import { type Hasher, HashList } from '../../../builders/filters/hash-list.ts';
import { inFolder } from '../../support/blocks.ts';

/** Numbers that stand for hashes, so that millions take no time to make. */
class Counting implements Hasher {
  hi = 0;
  lo = 0;
  #next = 0;

  update(): void {
    this.#next++;
    this.hi = Math.imul(this.#next, 0x9e3779b1);
    this.lo = this.#next;
  }
}

const KEY = new Uint8Array(0);

function filled(count: number, scratch?: string): HashList {
  const list = new HashList(scratch, new Counting(), 1);
  for (let i = 0; i < count; i++) list.add(KEY, 0, 0);
  return list;
}

describe('HashList', () => {
  it('gives back what was put in, from memory and from its scratch file, which it removes', () => {
    inFolder((folder) => {
      const count = 1_100_000;
      const list = filled(count, join(folder, 'hashes'));
      expect(readdirSync(folder)).toEqual(['hashes']);
      let next = 0;
      let wrong = 0;
      list.forEach((hi, lo) => {
        next++;
        if (lo !== next || hi !== Math.imul(next, 0x9e3779b1)) wrong++;
      });
      expect([next, wrong]).toEqual([count, 0]);

      let seen = 0;
      let misplaced = 0;
      let partition = -1;
      list.forEachPartition(7, (hi, lo, index) => {
        partition++;
        seen += hi.length;
        for (let i = 0; i < hi.length; i++) {
          if (lo[i] !== index[i]! + 1 || Math.floor(((hi[i]! >>> 0) * 7) / 2 ** 32) !== partition) misplaced++;
        }
      });
      expect([partition, seen, misplaced]).toEqual([6, count, 0]);
      list.close();
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('makes the same filter whether or not it had to spill', () => {
    inFolder((folder) => {
      const small = filled(3000);
      const again = filled(3000, join(folder, 'hashes'));
      expect(buildFuse(again, false)).toEqual(buildFuse(small, false));
    });
  });
});
