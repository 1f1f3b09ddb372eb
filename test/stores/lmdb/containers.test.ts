import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCollections } from '../../../stores/lmdb/collections.ts';

const MODULE = new URL('../../../dist/stores/lmdb/collections.js', import.meta.url);
/** A process namespace of its own, in which the program is process 1: what a container is to LMDB. */
const CONTAINER = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
const hasNamespaces = spawnSync('unshare', [...CONTAINER, 'true']).status === 0;

let folder = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-containers-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program in a container. `said` settles with all that it printed, once that contains the word. */
function contained(program: string) {
  const code = `const { openCollections } = await import(${JSON.stringify(MODULE.href)});
    const [folder] = process.argv.slice(1);
    ${program}`;
  const args = ['--kill-child', process.execPath, '--input-type=module', '-e', code, '--', folder];
  const child = spawn('unshare', [...CONTAINER, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  let out = '';
  const said = (word: string): Promise<string> =>
    new Promise((done) => {
      child.stdout.on('data', (chunk) => {
        out += chunk;
        if (out.includes(word)) done(out);
      });
    });
  return { child, said, exit: once(child, 'exit') };
}

const OPEN = (readOnly: boolean) => `
  try {
    const collections = openCollections(folder, { readOnly: ${readOnly} });
    process.stdout.write(process.pid + ' read ' + collections.map('m').get('a') + ' end');
    process.stdin.resume();
  } catch (error) {
    process.stdout.write(process.pid + ' ' + error.code + ' ' + error.message + ' end');
    process.exit(1);
  }`;

(hasNamespaces ? describe : describe.skip)('two containers whose programs are both process 1', () => {
  it('do not share a folder, and are told; the second one may when the first is gone', async () => {
    const writer = openCollections(folder, { readOnly: false });
    writer.write.replace('m', { kind: 'map' }, [{ key: 'a', value: 'x' }]);
    const first = contained(OPEN(true));
    expect(await first.said('end')).toBe('1 read x end');
    // A reader and a writer, which lmdb-js lets try for ten seconds.
    const refused = [contained(OPEN(true)), contained(OPEN(false))];
    for (const text of await Promise.all(refused.map(({ said }) => said('end')))) {
      expect(text).toMatch(/^1 STORE_IO .*another process with the id 1, in another container.*one process namespace/);
    }
    // Of the others nobody is disturbed.
    writer.write.replace('m', { kind: 'map' }, [{ key: 'a', value: 'y' }]);
    expect(writer.freeStaleReaders()).toBe(0);
    expect(writer.usage().readers).toBe(2);
    first.child.kill('SIGKILL');
    await first.exit;
    const second = contained(OPEN(false));
    expect(await second.said('end')).toBe('1 read y end');
    writer.close();
  }, 30_000);
});
