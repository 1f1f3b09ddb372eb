import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { closeEnvironment, openEnvironment } from '../../../stores/lmdb/environment.ts';
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
  it.each([0, 1, 4095, 4096, 5000, 2 ** 24 + 12_345])('are what was shared, and say that they are: %d', (length) => {
    const folder = join(root, `of-${length}`);
    const given = pattern(length);
    const { bytes, isShared } = shareBytes(folder, () => given);
    expect(isShared).toBe(true);
    expect(Buffer.compare(bytes, given)).toBe(0);
    verifyShared(folder);
    const again = shareBytes(folder, () => {
      throw new Error('read again');
    });
    expect(again.bytes).toBe(bytes);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are a view on the map: what is written to the file shows in them', () => {
    const folder = join(root, 'view');
    const mark = Buffer.from('a mark that stands in the file once');
    const { bytes, isShared } = shareBytes(folder, () => Buffer.concat([pattern(100_000), mark]));
    expect(isShared).toBe(true);
    const path = join(folder, 'data.mdb');
    const at = readFileSync(path).indexOf(mark);
    const file = openSync(path, 'r+');
    writeSync(file, 'A', at);
    closeSync(file);
    expect(Buffer.from(bytes.subarray(100_000)).toString()).toBe('A mark that stands in the file once');
    expect(codeOf(() => verifyShared(folder))).toBe('STORE_CORRUPT');
  });

  it('stay as they are while other environments are read and written', () => {
    const given = pattern(50_000);
    const { bytes } = shareBytes(join(root, 'beside'), () => given);
    const collections = openCollections(join(root, 'busy'), { readOnly: false });
    for (let round = 0; round < 20; round++) {
      collections.write.replace('terms', { kind: 'set' }, [{ key: Buffer.from(`term ${round}`) }]);
      const other = pattern(round * 1000);
      expect(Buffer.compare(shareBytes(join(root, `beside-${round}`), () => other).bytes, other)).toBe(0);
    }
    collections.close();
    expect(Buffer.compare(bytes, given)).toBe(0);
  });

  /** What another process finds of the bytes in `folder`, which are created if missing. */
  function inAnotherProcess(folder: string, before = ''): string {
    const module = new URL('../../../dist/stores/lmdb/shared-bytes.js', import.meta.url);
    const program = `${before}
      const { shareBytes } = await import(${JSON.stringify(module.href)});
      const { bytes, isShared } = shareBytes(process.argv[1], () => Buffer.from('written by the other process'));
      console.log(isShared, Buffer.from(bytes).toString());`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', program, '--', folder], {
      encoding: 'utf8',
      timeout: 20_000,
    }).stdout;
  }

  it('are read by another process', () => {
    const folder = join(root, 'other');
    expect(inAnotherProcess(folder)).toBe('true written by the other process\n');
    expect(Buffer.from(openShared(folder).bytes).toString()).toBe('written by the other process');
    expect(inAnotherProcess(folder)).toBe('true written by the other process\n');
  });

  it('are a copy, and say so, where lmdb-js has no views', () => {
    const without = `import { createRequire } from 'node:module';
      const require = createRequire(${JSON.stringify(import.meta.url)});
      delete require('lmdb').nativeAddon.getSharedByBinary;`;
    const folder = join(root, 'copied');
    expect(inAnotherProcess(folder, without)).toBe('false written by the other process\n');
    expect(inAnotherProcess(folder)).toBe('true written by the other process\n');
  });

  it('are not found where there are none, and foreign where other records are', () => {
    expect(codeOf(() => openShared(join(root, 'none')))).toBe('STORE_NOT_FOUND');
    const others = openEnvironment(join(root, 'rules'), { readOnly: false });
    others.putSync(Uint8Array.of(1), Uint8Array.of(1));
    closeEnvironment(others);
    expect(codeOf(() => openShared(join(root, 'rules')))).toBe('STORE_FOREIGN');
    shareBytes(join(root, 'small'), () => Uint8Array.of(1));
  });

  /** Runs `program` in a process that can collect garbage. @returns what it prints, as JSON */
  function collecting(program: string, folder: string): unknown {
    const module = new URL('../../../dist/stores/lmdb/shared-bytes.js', import.meta.url);
    const code = `const { shareBytes } = await import(${JSON.stringify(module.href)});
      const { readdirSync, readFileSync, mkdirSync } = await import('node:fs');
      const root = process.argv[1];
      mkdirSync(root, { recursive: true });
      const maps = () => readFileSync('/proc/self/maps', 'latin1').split('\\n').filter((line) => line.includes(root)).length;
      const collect = async (isDone) => {
        for (let i = 0; i < 100 && !isDone(); i++) {
          gc();
          await new Promise((done) => setTimeout(done, 5));
        }
      };
      ${program}`;
    const args = ['--expose-gc', '--input-type=module', '-e', code, '--', folder];
    const child = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect([child.status, child.signal, child.stderr]).toEqual([0, null, '']);
    return JSON.parse(child.stdout);
  }

  it('give maps and disk back when nothing refers to them, of fifty versions in one process', () => {
    const program = `
      let most = 0;
      const use = (version) => {
        const { bytes } = shareBytes(root + '/' + version, () => Buffer.alloc(2 ** 18, version), { removeWhenLeft: true });
        if (bytes[version] !== version) throw new Error('wrong');
        most = Math.max(most, maps());
      };
      for (let version = 0; version < 50; version++) {
        use(version);
        await collect(() => maps() === 0);
      }
      console.log(JSON.stringify([most, maps(), readdirSync(root)]));`;
    // A data file and its lock file.
    expect(collecting(program, join(root, 'versions'))).toEqual([2, 0, []]);
  });

  it('stay while a part of them is referred to, also when they are asked for again', () => {
    const program = `
      const folder = root + '/v';
      const read = () => Buffer.alloc(2 ** 18, 7);
      let part = shareBytes(folder, read, { removeWhenLeft: true }).bytes.subarray(1000, 1010);
      await collect(() => false);
      const found = [maps(), part[3], shareBytes(folder, read).bytes.buffer === part.buffer];
      part = undefined;
      await collect(() => maps() === 0);
      const again = shareBytes(folder, () => Buffer.alloc(2 ** 18, 8)).bytes;
      console.log(JSON.stringify([...found, readdirSync(root), again[3]]));`;
    expect(collecting(program, join(root, 'parts'))).toEqual([2, 7, true, ['v'], 8]);
  });

  it('are not removed while another process reads them', () => {
    const folder = join(root, 'kept');
    shareBytes(join(folder, 'v'), () => pattern(5000));
    const program = `
      const first = shareBytes(root + '/v', () => { throw new Error('read again'); }, { removeWhenLeft: true }).bytes[9];
      await collect(() => maps() === 0);
      console.log(JSON.stringify([first, maps(), readdirSync(root)]));`;
    expect(collecting(program, folder)).toEqual([pattern(10)[9], 0, ['v']]);
  });

  it('are found by processes that come and go at the same time', async () => {
    const folder = join(root, 'turns');
    const module = new URL('../../../dist/stores/lmdb/shared-bytes.js', import.meta.url);
    const program = `const { shareBytes } = await import(${JSON.stringify(module.href)});
      const use = () => shareBytes(process.argv[1], () => Buffer.alloc(2 ** 16, 7), { removeWhenLeft: true }).bytes[5];
      for (let round = 0; round < 60; round++) {
        if (use() !== 7) throw new Error('wrong');
        gc();
        await new Promise((done) => setTimeout(done, Math.random() * 4));
      }`;
    const children = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program, '--', folder], {
        stdio: ['ignore', 'inherit', 'inherit'],
        timeout: 30_000,
      });
      return new Promise((done) => child.on('exit', (code, signal) => done([code, signal])));
    });
    expect(await Promise.all(children)).toEqual([1, 2, 3].map(() => [0, null]));
    expect(openOrWritten(folder)).toBe(7);
  });

  function openOrWritten(folder: string): number | undefined {
    return shareBytes(folder, () => Buffer.alloc(2 ** 16, 7)).bytes[5];
  }
});
