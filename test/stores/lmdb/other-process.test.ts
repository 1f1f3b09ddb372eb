import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
const open: Collections[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-lmdb-'));
});

afterEach(() => {
  for (const collections of open.splice(0)) collections.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(readOnly = false): Collections {
  const collections = openCollections(folder, { readOnly });
  open.push(collections);
  return collections;
}

describe('a writer in another process', () => {
  it('is followed without a mixture of old and new', async () => {
    opened().write.replace('a', { kind: 'uint' }, []);
    for (const one of open.splice(0)) one.close();
    const module = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);
    const program = `const { openCollections } = await import(${JSON.stringify(module.href)});
      const collections = openCollections(process.argv[1], { readOnly: false });
      for (let i = 1; i <= 40; i++) {
        const entries = Array.from({ length: i * 50 }, (_, k) => ({ key: Buffer.from('key ' + k), value: i }));
        collections.write.replace('a', { kind: 'uint' }, entries);
      }
      collections.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', folder], { timeout: 30_000 });
    const ended = new Promise<number | null>((done) => child.on('exit', done));
    const reader = opened(true);
    const seen = new Set<number>();
    for (let last = 0; last < 41; ) {
      const generation = reader.generation();
      expect(generation).toBeGreaterThanOrEqual(last);
      last = generation;
      const cursor = reader.store('a').cursor();
      let count = 0;
      while (cursor.next()) {
        expect(cursor.value).toBe(generation - 1);
        count++;
      }
      expect(count).toBe((generation - 1) * 50);
      seen.add(generation);
      await new Promise((done) => setTimeout(done, 3));
    }
    expect(await ended).toBe(0);
    expect(seen.size).toBeGreaterThan(1);
    reader.verify();
  });

  it('decides by what it finds when it has the turn', async () => {
    opened().write.replace('a', { kind: 'set' }, [{ key: encodeUtf8('x'), value: encodeUtf8('to x') }]);
    const module = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);
    const program = `const { openCollections } = await import(${JSON.stringify(module.href)});
      const collections = openCollections(process.argv[1], { readOnly: false });
      const key = Buffer.from('k');
      process.stdout.write('ready');
      for await (const line of process.stdin) {
        collections.transaction('waiting', () => {
          process.stdout.write('in');
          const until = Date.now() + 200;
          while (Date.now() < until);
          if (String(line) === 'remove') collections.write.remove('a');
          else collections.write.replace('a', { kind: 'uint' }, [{ key, value: 8 }]);
        });
        break;
      }
      collections.close();`;
    for (const [order, removed, kind] of [
      ['remove', false, undefined],
      ['replace', true, 'uint'],
    ] as const) {
      const collections = open[0] as Collections;
      if (order === 'replace') collections.write.remove('a');
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', folder], { timeout: 30_000 });
      const ended = new Promise((done) => child.on('exit', done));
      const said = (word: string): Promise<void> =>
        new Promise((done) => child.stdout.on('data', (chunk) => String(chunk).includes(word) && done()));
      await said('ready');
      // A snapshot from before the other's change.
      const stale = collections.info('a')?.kind;
      const inside = said('in');
      child.stdin.end(order);
      await inside;
      const seen: unknown[] = [];
      collections.transaction('after the other', () => seen.push(collections.info('a')?.kind));
      expect([stale, ...seen]).toEqual(order === 'remove' ? ['set', kind] : [undefined, kind]);
      expect(collections.write.remove('a')).toBe(removed);
      expect(await ended).toBe(0);
    }
  });

  it('is noticed by a view whose collection it made another kind of', async () => {
    opened().write.replace('a', { kind: 'uint' }, [{ key: encodeUtf8('k'), value: 5 }]);
    const collections = open[0] as Collections;
    const store = collections.store('a');
    const key = encodeUtf8('k');
    expect(store.find(key, 0, 1)).toBe(5);
    const module = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);
    const program = `const { openCollections } = await import(${JSON.stringify(module.href)});
      const collections = openCollections(process.argv[1], { readOnly: false });
      collections.write.replace('a', { kind: 'bytes' }, [{ key: Buffer.from('k'), value: Buffer.from('12345678') }]);
      collections.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', folder], { timeout: 30_000 });
    expect(await new Promise((done) => child.on('exit', done))).toBe(0);
    expect(codeOf(() => store.find(key, 0, 1))).toBe('STORE_VALUE_KIND');
  });
});
