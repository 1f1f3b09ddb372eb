import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-usage-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);

function start(program: string) {
  const code = `const { openCollections } = await import(${JSON.stringify(MODULE.href)});
    const [folder] = process.argv.slice(1);
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 30_000,
  });
  const said = (word: string): Promise<void> =>
    new Promise((done) => {
      let out = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
        if (out.includes(word)) done();
      });
    });
  return { child, said, exit: once(child, 'exit') };
}

const READER = `
  const collections = openCollections(folder, { readOnly: true });
  collections.map('m').get('a');
  process.stdout.write('ready');
  process.stdin.resume();`;

describe('the usage of a folder', () => {
  it('counts readers, and those that were killed no more once their slots are freed', async () => {
    const collections = openCollections(folder, { readOnly: false });
    collections.write.replace('m', { kind: 'map' }, [{ key: 'a', value: 1 }]);
    expect(collections.map('m').get('a')).toBe(1);
    expect(collections.usage()).toMatchObject({ readers: 1, maxReaders: 2048 });
    const readers = [start(READER), start(READER)];
    await Promise.all(readers.map(({ said }) => said('ready')));
    expect(collections.usage().readers).toBe(3);
    for (const { child, exit } of readers) {
      child.kill('SIGKILL');
      await exit;
    }
    expect(collections.usage().readers).toBe(3);
    expect(collections.freeStaleReaders()).toBe(2);
    expect(collections.usage().readers).toBe(1);
    collections.close();
  });

  it('knows the file, its free pages and the disk', () => {
    const collections = openCollections(folder, { readOnly: false });
    const values = Array.from({ length: 2000 }, (_, i) => ({ key: `key ${i}`, value: 'x'.repeat(100) }));
    collections.write.replace('m', { kind: 'map' }, values);
    const full = collections.usage();
    expect(full.fileBytes).toBe(statSync(join(folder, 'collections.mdb')).size);
    expect(full.freeBytes).toBeLessThan(full.fileBytes / 4);
    expect(full.diskFreeBytes).toBeGreaterThan(0);
    collections.write.remove('m');
    const empty = collections.usage();
    expect(empty.freeBytes).toBeGreaterThan(0.8 * full.fileBytes);
    collections.close();
  });

  it('has a map that grows while others read', async () => {
    const collections = openCollections(folder, { readOnly: false, mapBytes: 2 ** 20 });
    collections.write.replace('m', { kind: 'map' }, [{ key: 'a', value: 'first' }]);
    const { said, child, exit } = start(`
      const collections = openCollections(folder, { readOnly: true, mapBytes: 2 ** 20 });
      const map = collections.map('m');
      if (map.get('a') !== 'first') throw new Error('wrong');
      process.stdout.write('ready' + collections.usage().mapBytes);
      while (map.get('end') !== 'last') await new Promise((done) => setTimeout(done, 2));
      for (let i = 0; i < 20000; i++) if (map.get('key ' + i) !== 'x'.repeat(200) + i) throw new Error('wrong at ' + i);
      if (collections.usage().mapBytes <= 2 ** 20) throw new Error('not grown');
      collections.close();`);
    await said(`ready${2 ** 20}`);
    expect(collections.usage().mapBytes).toBe(2 ** 20);
    for (let from = 0; from < 20_000; from += 4000) {
      const more = Array.from({ length: 4000 }, (_, i) => ({
        key: `key ${from + i}`,
        value: 'x'.repeat(200) + (from + i),
      }));
      collections.write.put('m', more);
    }
    collections.write.put('m', [{ key: 'end', value: 'last' }]);
    expect(await exit).toEqual([0, null]);
    child.stdin.end();
    const { fileBytes, mapBytes } = collections.usage();
    expect(fileBytes).toBeGreaterThan(4 * 2 ** 20);
    expect(mapBytes).toBeGreaterThanOrEqual(fileBytes);
    collections.close();
  });
});
