import { isWorthCompacting, shortages } from '../../../services/rules/shortages.ts';
import { Tending } from '../../../services/rules/tending.ts';

const MIB = 2 ** 20;
const WELL = {
  readers: 4,
  maxReaders: 2048,
  fileBytes: 100 * MIB,
  freeBytes: 10 * MIB,
  mapBytes: 1024 * MIB,
  diskFreeBytes: 10_000 * MIB,
};

describe('what runs out in a folder of live collections', () => {
  it('is nothing when all is well', () => {
    expect(shortages('/rules', WELL)).toEqual([]);
    expect(shortages('/rules', { ...WELL, diskFreeBytes: Number.POSITIVE_INFINITY })).toEqual([]);
  });

  it('is told before it is all gone, with what to do', () => {
    expect(shortages('/rules', { ...WELL, readers: 1638 })).toEqual([]);
    const [readers, ...others] = shortages('/rules', { ...WELL, readers: 1639 });
    expect([readers, others]).toEqual([expect.stringMatching(/^\/rules: 1639 of 2048 slots .*; end some/), []]);
    expect(shortages('/rules', { ...WELL, diskFreeBytes: 90 * MIB })).toEqual([]);
    expect(shortages('/rules', { ...WELL, diskFreeBytes: 89 * MIB })).toEqual([
      expect.stringMatching(/bytes free on its disk.*make space/),
    ]);
    const full = { ...WELL, fileBytes: 10 * MIB, diskFreeBytes: 63 * MIB };
    expect(shortages('/rules', full)).toEqual([expect.stringMatching(/expected 67108864/)]);
    expect(shortages('/rules', { ...WELL, freeBytes: 70 * MIB })).toEqual([
      expect.stringMatching(/emend data compact/),
    ]);
  });

  it('is no compaction for what the next import of everything needs anyway', () => {
    expect(isWorthCompacting({ ...WELL, fileBytes: 300 * MIB, freeBytes: 200 * MIB })).toBe(false);
    expect(isWorthCompacting({ ...WELL, fileBytes: 300 * MIB, freeBytes: 201 * MIB })).toBe(true);
    expect(isWorthCompacting({ ...WELL, fileBytes: 64 * MIB, freeBytes: 63 * MIB })).toBe(false);
  });

  it('is reported when it begins, and again after it was over', async () => {
    const rounds = [['a: 1 left'], ['a: 0 left', 'b'], [], ['a: 1 left']];
    const told: string[] = [];
    let round = 0;
    await new Promise<void>((done) => {
      const tending = new Tending(
        {
          tend() {
            const found = rounds[round++];
            if (found === undefined) {
              tending.close();
              done();
            }
            return found ?? [];
          },
        },
        (line) => told.push(line),
        1,
      );
    });
    expect(told).toEqual(['a: 1 left', 'b', 'a: 1 left']);
  });
});
