import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { openShared, shareBytes, verifyShared } from '../../../stores/lmdb/shared-bytes.ts';
import { codeOf } from '../../support/error-code.ts';

const root = mkdtempSync(join(tmpdir(), 'emend-shared-'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31) ^ (i >> 8);
  return bytes;
}

describe('shared bytes', () => {
  it.each([0, 1, 5000, 2 ** 24 + 12_345])('are what was shared, and a view on the map: %d', (length) => {
    const folder = join(root, `of-${length}`);
    const given = pattern(length);
    const { bytes, isShared } = shareBytes(folder, () => given);
    expect(isShared).toBe(true);
    expect(Buffer.compare(bytes, given)).toBe(0);
    expect(bytes.buffer.byteLength).toBeGreaterThan(2 ** 24);
    verifyShared(folder);
    const again = shareBytes(folder, () => {
      throw new Error('read again');
    });
    expect(again.bytes).toBe(bytes);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are read by another process', () => {
    const folder = join(root, 'other');
    const module = new URL('../../../dist/stores/lmdb/shared-bytes.js', import.meta.url);
    const program = `const { shareBytes } = await import(${JSON.stringify(module.href)});
      const { bytes, isShared } = shareBytes(process.argv[1], () => Buffer.from('written by the other process'));
      console.log(isShared, Buffer.from(bytes).toString());`;
    const run = (): string =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program, '--', folder], {
        encoding: 'utf8',
        timeout: 20_000,
      }).stdout;
    expect(run()).toBe('true written by the other process\n');
    expect(Buffer.from(openShared(folder).bytes).toString()).toBe('written by the other process');
    expect(run()).toBe('true written by the other process\n');
  });

  it('are not found where there are none, and foreign where other records are', () => {
    expect(codeOf(() => openShared(join(root, 'none')))).toBe('STORE_NOT_FOUND');
    const collections = openCollections(join(root, 'rules'), { readOnly: false });
    collections.close();
    expect(codeOf(() => openShared(join(root, 'rules')))).toBe('STORE_FOREIGN');
    shareBytes(join(root, 'small'), () => Uint8Array.of(1));
  });
});
