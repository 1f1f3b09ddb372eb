import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FstWriter } from '../../builders/fst/writer.ts';
import { writeFile } from '../../builders/write-file.ts';
import { run as runRules } from '../../services/commands/rules.ts';
import { writeWhole } from '../../services/evaluate/rows/text-file.ts';
import { writeVersion } from '../../services/tune/keep.ts';
import type { Manifest } from '../../stores/dataset/manifest.ts';
import type { Model } from '../../stores/dataset/model.ts';
import { captureIo, NO_DEPS } from '../support/command-io.ts';

/** Every write to it fails as on a full disk. Linux has it. */
const FULL = '/dev/full';
const onLinux = existsSync(FULL) ? it : it.skip;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-full-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a full disk is told with the file that could not be written', () => {
  onLinux('by a build', () => {
    expect(() => writeFile(FULL, 'x')).toThrow(
      expect.objectContaining({ code: 'BUILD_OUTPUT', message: expect.stringMatching(/^\/dev\/full: .*ENOSPC/) }),
    );
  });

  onLinux('by a tuning', () => {
    symlinkSync(FULL, join(folder, 'model.json'));
    const manifest = { files: [] } as unknown as Manifest;
    expect(() => writeVersion(folder, manifest, { weights: {} } as unknown as Model, folder)).toThrow(
      expect.objectContaining({ code: 'STORE_IO', message: expect.stringMatching(/model\.json: .*ENOSPC/) }),
    );
  });

  it('by a report, as is a folder that cannot be made', async () => {
    symlinkSync('loop', join(folder, 'loop'));
    const path = join(folder, 'loop', 'report.json');
    await expect(writeWhole(path, 'x')).rejects.toMatchObject({
      code: 'EVALUATE_FILE',
      message: expect.stringMatching(/report\.json: .*ELOOP/),
    });
  });

  it('by the writer of an automaton whose folder is gone when it is put in place', () => {
    const writer = new FstWriter(join(folder, 'gone.fst'), { valueKind: 'none' });
    rmSync(folder, { recursive: true });
    expect(() => writer.finish()).toThrow(
      expect.objectContaining({ code: 'BUILD_OUTPUT', message: expect.stringContaining('gone.fst') }),
    );
  });
});

describe('a file of rules that cannot be read', () => {
  it('is told with its path and the reason', async () => {
    symlinkSync('loop', join(folder, 'loop'));
    const import_ = (file: string) =>
      runRules(['import', '--collection', 'protected', file], captureIo({ cwd: folder }), NO_DEPS);
    await expect(import_('loop')).rejects.toMatchObject({ code: 'STORE_IO', message: expect.stringMatching(/ELOOP/) });
    await expect(import_('none')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
  });
});
