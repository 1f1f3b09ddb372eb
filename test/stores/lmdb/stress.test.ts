import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'emend-stress-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const MODULE = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);

/** A process that runs `program` with `openCollections`, `folder` and `id` at hand. @returns what it prints, as JSON */
function start(program: string, folder: string, id: number): Promise<unknown> {
  const code = `const { openCollections } = await import(${JSON.stringify(MODULE.href)});
    const [folder, id] = [process.argv[1], Number(process.argv[2])];
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', folder, String(id)], {
    timeout: 60_000,
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((done, fail) =>
    // Not on `exit`: what it said may not have been read by then.
    child.on('close', (status, signal) =>
      status === 0 ? done(JSON.parse(out)) : fail(new Error(`${status} ${signal}: ${errors}`)),
    ),
  );
}

/** Opens the folder, perhaps as the first, and changes something of everyone's and something of its own. */
const WRITER = `
  let seed = id * 7919 + 1;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const expected = new Map();
  let changes = 0;
  for (let session = 0; session < 3; session++) {
    const collections = openCollections(folder, { readOnly: false });
    for (let i = 0; i < 8; i++) {
      changes += collections.transaction('one round', () => {
        const before = collections.generation();
        const shared = collections.store('count');
        const found = shared.find(Buffer.from('n'), 0, 1);
        const value = Math.max(found, 0) + 1;
        collections.write.put('count', [{ key: 'n', value }], 'commands', { kind: 'uint' });
        collections.write.put('mirror', [{ key: 'n', value }], 'commands', { kind: 'map' });
        const mine = 'of-' + id;
        if (random(3) === 0) {
          expected.clear();
          for (let k = random(40); k >= 0; k--) expected.set('key ' + random(60), random(1000));
          collections.write.replace(mine, { kind: 'map' }, [...expected].map(([key, value]) => ({ key, value })));
        } else {
          const key = 'key ' + random(60);
          expected.set(key, value);
          collections.write.put(mine, [{ key, value }], 'commands', { kind: 'map' });
        }
        return collections.generation() - before;
      });
      await new Promise((done) => setTimeout(done, random(3)));
    }
    collections.close();
  }
  process.stdout.write(JSON.stringify({ changes, expected: [...expected].sort() }));`;

/** Reads until everyone is done: never an older state, never half of one. */
const READER = `
  let collections;
  while (collections === undefined) {
    try {
      collections = openCollections(folder, { readOnly: true });
    } catch (error) {
      if (error.code !== 'STORE_NOT_FOUND') throw error;
      await new Promise((done) => setTimeout(done, 2));
    }
  }
  const [count, mirror] = [collections.store('count'), collections.map('mirror')];
  const until = Date.now() + 30_000;
  let [last, lastValue, states] = [0, 0, 0];
  for (;;) {
    const generation = collections.generation();
    let value = 0;
    if (collections.info('count') !== undefined) {
      value = (count.valueKind === 'uint' ? count : collections.store('count')).find(Buffer.from('n'), 0, 1);
    }
    const other = mirror.get('n') ?? 0;
    if (value !== other) throw new Error('a mixture: ' + value + ' and ' + other);
    if (generation < last || value < lastValue) throw new Error('an older state');
    if (generation > last) states++;
    [last, lastValue] = [generation, value];
    if (value === Number(process.argv[2])) break;
    if (Date.now() > until) throw new Error('still at ' + value);
    await new Promise((done) => setTimeout(done, 1));
  }
  collections.verify();
  collections.close();
  process.stdout.write(JSON.stringify({ states, last }));`;

describe('many writers and readers in a new folder', () => {
  it('leave what each of them wrote, count every change, and show no mixture', async () => {
    for (let round = 0; round < 3; round++) {
      const folder = join(root, String(round));
      const writers = [1, 2, 3, 4].map((id) => start(WRITER, folder, id));
      const readers = [1, 2].map(() => start(READER, folder, 4 * 24));
      const [written, read] = (await Promise.all([Promise.all(writers), Promise.all(readers)])) as [
        { changes: number; expected: [string, number][] }[],
        { states: number; last: number }[],
      ];
      const collections = openCollections(folder, { readOnly: true });
      const total = written.reduce((sum, { changes }) => sum + changes, 0);
      expect(collections.generation()).toBe(total);
      expect(read.map(({ last }) => last)).toEqual([total, total]);
      for (const [i, { expected }] of written.entries()) {
        expect([...collections.map(`of-${i + 1}`)].sort()).toEqual(expected);
      }
      collections.verify();
      collections.close();
    }
  });

  it('lose no generation when all begin at once', async () => {
    const program = `
      const collections = openCollections(folder, { readOnly: false });
      collections.write.replace('c' + id, { kind: 'set' }, [{ key: 'x' }]);
      collections.close();
      process.stdout.write('0');`;
    for (let round = 0; round < 4; round++) {
      const folder = join(root, String(round));
      await Promise.all([1, 2, 3, 4, 5, 6].map((id) => start(program, folder, id)));
      const collections = openCollections(folder, { readOnly: true });
      expect([collections.generation(), collections.names().length]).toEqual([6, 6]);
      collections.close();
    }
  });
});

describe('readers', () => {
  it('may be more than 126', () => {
    const collections = openCollections(join(root, 'r'), { readOnly: false });
    expect(collections.usage().maxReaders).toBeGreaterThan(256);
    collections.close();
  });
});
