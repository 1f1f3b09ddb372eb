import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../builders/commands/store.ts';
import { inFolder, numbered, writeBlocks } from '../../support/blocks.ts';
import { captureIo } from '../../support/command-io.ts';

describe('emend store advise', () => {
  it('measures a store and recommends a shape', async () => {
    await inFolder(async (folder) => {
      writeBlocks(join(folder, 'a.blocks'), numbered(2000), { valueKind: 'uint' });
      const io = captureIo({ cwd: folder });
      expect(await run(['advise', 'a.blocks', '--sample', '500', '--json'], io)).toBe(0);
      const advice = JSON.parse(io.out());
      expect(advice).toMatchObject({ keyCount: 2000, sampleCount: 500, absentShare: 0.5 });
      expect(advice.rows.map((row: { layout: string }) => row.layout)).toContain('fixed');
      expect(advice.rows).toContainEqual(advice.best);
      expect(advice.best.bytesPerKey).toBeLessThan(20);
    });
  });

  it('measures lines of keys on a stream of look-ups', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'keys.txt'), 'b\t1\naa\t2\nc\t3\n');
      writeFileSync(join(folder, 'queries.txt'), 'aa\nx\ny\nz\n');
      const io = captureIo({ cwd: folder });
      expect(await run(['advise', 'keys.txt', '--queries', 'queries.txt'], io)).toBe(0);
      expect(io.out()).toContain('75 % of the keys looked up are absent');
      expect(io.out()).toMatch(/Recommended: .*blockBytes \d+/);
    });
  });

  it('says what it misses', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'none.txt'), '');
      expect(await run(['advise', 'none.txt'], captureIo({ cwd: folder }))).toBe(1);
      await expect(run(['advise'], captureIo())).rejects.toMatchObject({ code: 'USAGE' });
      await expect(run(['advise', 'a', '--sample', '3'], captureIo())).rejects.toMatchObject({ code: 'USAGE' });
      await expect(run(['advise', join(folder, 'no')], captureIo())).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
    });
  });
});
