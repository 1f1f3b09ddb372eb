import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
const open: Collections[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-compact-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const collections of open.splice(0)) collections.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(readOnly = false): Collections {
  const collections = openCollections(folder, { readOnly });
  open.push(collections);
  return collections;
}

function closeAll(): void {
  for (const collections of open.splice(0)) collections.close();
}

function* entries(count: number, value: string): Generator<{ key: string; value: string }> {
  for (let i = 0; i < count; i++) yield { key: `key ${i}`, value: `${value} ${i}` };
}

/** Fills a map and empties most of it again. */
function filled(count = 3000): Collections {
  const collections = opened();
  collections.write.replace('m', { kind: 'map' }, entries(count, 'x'.repeat(200)));
  collections.write.replace('list', { kind: 'list' }, [{ value: 'a' }, { value: [1] }]);
  collections.write.replace('m', { kind: 'map' }, entries(20, 'left'));
  return collections;
}

const MODULE = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);

function start(program: string, ...args: string[]): ChildProcess & { said: () => string } {
  const code = `const { openCollections } = await import(${JSON.stringify(MODULE.href)});
    const [folder, ...args] = process.argv.slice(1);
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', folder, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 60_000,
  });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  children.push(child);
  return Object.assign(child, { said: () => out });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

describe('compaction', () => {
  it('gives space back, and everything is there as before', () => {
    const collections = filled();
    const before = statSync(join(folder, 'collections.mdb')).size;
    const [generation, info] = [collections.generation(), collections.info('m')];
    const usage = collections.usage();
    expect(usage.fileBytes).toBeLessThanOrEqual(before);
    expect(usage.freeBytes).toBeGreaterThan(usage.fileBytes / 2);
    const map = collections.map('m');
    const summary = collections.compact();
    expect(summary).toMatchObject({ beforeBytes: before, dropped: 0 });
    // What is left is the record that undoes the last change.
    expect(summary.afterBytes).toBeLessThan(before / 2);
    expect(readdirSync(folder).sort()).toEqual([
      'collections-2.mdb',
      'collections-2.mdb-lock',
      'collections.mdb',
      'data.mdb',
    ]);
    expect(collections.usage().freeBytes).toBeLessThan(5 * 4096);
    expect([collections.generation(), collections.info('m')]).toEqual([generation, info]);
    expect([map.size, map.get('key 7'), collections.list('list').at(1)]).toEqual([20, 'left 7', [1]]);
    collections.verify();
    // What undoes changes went along.
    collections.write.put('m', [{ key: 'key 7', value: 'new' }]);
    expect(map.get('key 7')).toBe('new');
    collections.write.undo('m');
    expect(map.get('key 7')).toBe('left 7');
    collections.compact();
    closeAll();
    expect(readdirSync(folder).filter((name) => name.startsWith('collections-'))).toEqual([
      'collections-3.mdb',
      'collections-3.mdb-lock',
    ]);
    expect([...opened(true).map('m').keys()].length).toBe(20);
  });

  it('is followed by readers and writers of other processes, which lose nothing', async () => {
    filled();
    closeAll();
    const writer = `
      const collections = openCollections(folder, { readOnly: false });
      let isOver = false;
      process.stdin.once('data', () => { isOver = true; });
      process.stdout.write('ready');
      for (let i = 0; !isOver; i++) {
        collections.transaction('adding', () => {
          const found = collections.store('count').find(Buffer.from(args[0]), 0, 1);
          if (found !== (i === 0 ? -1 : i)) throw new Error('lost: ' + found + ' instead of ' + i);
          collections.write.put('count', [{ key: args[0], value: i + 1 }], 'commands', { kind: 'uint' });
        });
        await new Promise((done) => setTimeout(done, 1));
      }
      const total = collections.store('count').find(Buffer.from(args[0]), 0, 1);
      collections.close();
      process.stdout.write(' ' + total);
      process.stdin.destroy();`;
    const reader = `
      const collections = openCollections(folder, { readOnly: true });
      const map = collections.map('m');
      process.stdout.write('ready');
      let [last, isOver] = [0, false];
      process.stdin.once('data', () => { isOver = true; });
      while (!isOver) {
        const generation = collections.generation();
        if (generation < last) throw new Error('an older state');
        last = generation;
        if (map.size !== 20 || map.get('key 7') !== 'left 7' || [...map].length !== 20) throw new Error('wrong');
        await new Promise((done) => setTimeout(done, 1));
      }
      // Goes over within a moment.
      for (let i = 0; i < 500 && collections.list('end').at(0) !== true; i++) await new Promise((done) => setTimeout(done, 10));
      process.stdout.write(' ' + collections.list('end').at(0));
      collections.close();
      process.stdin.destroy();`;
    const writers = [start(writer, 'a'), start(writer, 'b')];
    const readers = [start(reader), start(reader)];
    const ends = [...writers, ...readers].map((child) => once(child, 'exit'));
    await until(() => [...writers, ...readers].every((child) => child.said().startsWith('ready')));
    const collections = opened();
    for (let i = 0; i < 8; i++) {
      collections.compact();
      await wait(30);
    }
    for (const child of writers) child.stdin?.write('end');
    await Promise.all(ends.slice(0, 2));
    collections.write.replace('end', { kind: 'list' }, [{ value: true }]);
    for (const child of readers) child.stdin?.write('end');
    expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
    expect(readers.map((child) => child.said())).toEqual(['ready true', 'ready true']);
    const total = writers.reduce((sum, child) => sum + Number(child.said().split(' ')[1]), 0);
    const count = collections.store('count');
    expect(count.find(Buffer.from('a'), 0, 1) + count.find(Buffer.from('b'), 0, 1)).toBe(total);
    collections.verify();
  });

  it('leaves the old file or the new one when it is killed', async () => {
    filled(400);
    closeAll();
    const program = `
      const collections = openCollections(folder, { readOnly: false });
      process.stdout.write('ready ');
      for (let i = 0; ; i++) {
        collections.write.put('m', [{ key: 'n', value: i }]);
        process.stdout.write(i + ' ');
        collections.compact();
      }`;
    let seed = 7;
    for (let round = 0; round < 12; round++) {
      const child = start(program);
      await until(() => child.said().includes(' 0 '));
      seed = (seed * 48_271) % 2_147_483_647;
      await wait(20 + (seed % 120));
      child.kill('SIGKILL');
      await once(child, 'close');
      const collections = opened(true);
      collections.verify();
      const told = Number(child.said().trim().split(' ').at(-1));
      const found = collections.map('m').get('n') as number;
      // What was told was committed; one more may have been.
      expect([told, told + 1]).toContain(found);
      expect([...collections.map('m')].filter(([, value]) => String(value).startsWith('left')).length).toBe(20);
      closeAll();
    }
    const collections = opened();
    const numbered = readdirSync(folder).filter((name) => /^collections-\d+\.mdb/.test(name));
    expect(numbered.filter((name) => !name.endsWith('-lock'))).toHaveLength(1);
    collections.compact();
    collections.verify();
  });

  it('changes nothing where a record is damaged or the disk has no room', () => {
    filled(50);
    closeAll();
    const file = join(folder, 'collections.mdb');
    const whole = readFileSync(file);
    const bytes = Buffer.from(whole);
    // Wherever a copy of it lies, also in pages that are free.
    for (let at = bytes.indexOf('left 7'); at >= 0; at = bytes.indexOf('left 7')) bytes[at] = 0x4c;
    writeFileSync(file, bytes);
    expect(codeOf(() => opened().compact())).toBe('STORE_CORRUPT');
    closeAll();
    expect(readdirSync(folder).sort()).toEqual(['collections.mdb', 'collections.mdb-lock', 'data.mdb']);

    writeFileSync(file, whole);
    // A disk of 2 MiB, as root of a user namespace may mount one.
    const script = `mount -t tmpfs -o size=2m tmpfs "$0" && cp "$0-whole"/* "$0" && "$1" --input-type=module -e "$2"; ls "$0"`;
    const small = `${folder}-small`;
    spawnSync('mkdir', [small, `${small}-whole`]);
    for (const name of ['collections.mdb', 'data.mdb']) copyFileSync(join(folder, name), join(`${small}-whole`, name));
    const program = `const { openCollections } = await import(${JSON.stringify(MODULE.href)});
      const collections = openCollections(${JSON.stringify(small)}, { readOnly: false });
      try { collections.compact(); } catch (error) { console.log(error.code, /bytes free on the disk/.test(error.message)); }
      console.log(collections.map('m').get('key 7'));
      collections.close();`;
    const args = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, small, process.execPath, program];
    const child = spawnSync('unshare', args, { encoding: 'utf8', timeout: 20_000 });
    rmSync(small, { recursive: true, force: true });
    rmSync(`${small}-whole`, { recursive: true, force: true });
    if (/unshare|mount:/.test(child.stderr)) return;
    expect(child.stdout.trim().split('\n')).toEqual([
      'STORE_IO true',
      'left 7',
      'collections.mdb',
      'collections.mdb-lock',
      'data.mdb',
    ]);
  });

  it('drops records of entries that were removed long ago, where that is asked', () => {
    const collections = opened();
    collections.write.replace('s', { kind: 'set', keepsTombstones: true }, [{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
    collections.write.delete('s', ['a', 'b']);
    const [generation, info] = [collections.generation(), collections.info('s')];
    expect(info).toMatchObject({ keyCount: 1, tombstoneCount: 2 });
    expect(collections.compact({ removedBeforeMs: Date.now() - 60_000 })).toMatchObject({ dropped: 0 });
    expect(collections.info('s')).toEqual(info);
    expect(collections.compact({ removedBeforeMs: Date.now() + 60_000 })).toMatchObject({ dropped: 2 });
    expect(collections.info('s')).toEqual({ ...info, tombstoneCount: 0 });
    collections.verify();
    expect([collections.generation(), [...collections.set('s')]]).toEqual([generation, ['c']]);
    collections.write.undo('s');
    expect([...collections.set('s')]).toEqual(['a', 'b', 'c']);
    collections.verify();
  });

  it('is not done within a transaction', () => {
    const collections = filled(10);
    expect(codeOf(() => collections.transaction('a', () => collections.compact()))).toBe('STORE_INPUT');
  });

  it('is refused by a page that is damaged, rather than taken for an empty folder', () => {
    filled(10).compact();
    closeAll();
    const file = join(folder, 'collections.mdb');
    const page = readFileSync(file);
    for (const at of [508, 512, 513, 4095]) {
      const damaged = Buffer.from(page);
      damaged[at] = (damaged[at] as number) ^ 4;
      writeFileSync(file, damaged);
      expect(codeOf(() => opened(true))).toBe('STORE_CORRUPT');
      expect(codeOf(() => opened())).toBe('STORE_CORRUPT');
    }
    writeFileSync(file, page);
    expect(opened().map('m').size).toBe(20);
  });

  it('is refused without that page, and the file that it named can take its place', () => {
    filled(10).compact();
    closeAll();
    rmSync(join(folder, 'collections.mdb'));
    expect(codeOf(() => opened())).toBe('STORE_CORRUPT');
    expect(readdirSync(folder)).not.toContain('collections.mdb');
    renameSync(join(folder, 'collections-2.mdb'), join(folder, 'collections.mdb'));
    expect(opened().map('m').size).toBe(20);
    expect(readdirSync(folder).filter((name) => name.startsWith('collections-'))).toEqual([]);
  });
});

describe('a folder that was renamed into place', () => {
  it('is gone over to by those who have the old one open', async () => {
    filled(10);
    closeAll();
    const program = `
      const collections = openCollections(folder, { readOnly: true });
      const map = collections.map('m');
      process.stdout.write('ready ' + map.size);
      for (let i = 0; i < 500 && map.size === 20; i++) await new Promise((done) => setTimeout(done, 10));
      process.stdout.write(' ' + map.size);
      collections.close();`;
    const child = start(program);
    const exit = once(child, 'exit');
    await until(() => child.said() === 'ready 20');
    const beside = openCollections(`${folder}-beside`, { readOnly: false });
    beside.write.replace('m', { kind: 'map' }, [{ key: 'other', value: 1 }]);
    beside.close();
    spawnSync('mv', [folder, `${folder}-away`]);
    spawnSync('mv', [`${folder}-beside`, folder]);
    await exit;
    rmSync(`${folder}-away`, { recursive: true, force: true });
    expect(child.said()).toBe('ready 20 1');
  });
});
