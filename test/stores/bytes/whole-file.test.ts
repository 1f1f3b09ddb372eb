import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileTooLarge, readWholeFile } from '../../../stores/bytes/whole-file.ts';

describe('readWholeFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-whole-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([1, 7, 100, 101, 1000])('reads a file of 100 bytes in chunks of %d', (chunkBytes) => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    expect([...readWholeFile(path, { chunkBytes })]).toEqual([...bytes]);
    expect([...readWholeFile(path)]).toEqual([...bytes]);
  });

  it('reads an empty file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(readWholeFile(join(folder, 'file'))).toHaveLength(0);
  });

  it('refuses a file beyond the limit, and takes one at it', () => {
    writeFileSync(join(folder, 'file'), 'abcde');
    expect(() => readWholeFile(join(folder, 'file'), { mostBytes: 4 })).toThrow(FileTooLarge);
    expect(readWholeFile(join(folder, 'file'), { mostBytes: 5 })).toHaveLength(5);
  });

  it('refuses a file of more than 4 GiB on every version of Node, before it reads any of it', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    // Sparse: it takes no room on the disk.
    truncateSync(path, 2 ** 32 + 1);
    expect(() => readWholeFile(path)).toThrow(FileTooLarge);
  });

  it('leaves to the caller what the operating system refuses', () => {
    expect(() => readWholeFile(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => readWholeFile(folder)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  });
});
