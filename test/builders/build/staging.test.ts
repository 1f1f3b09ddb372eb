import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Staging } from '../../../builders/build/staging.ts';
import { run } from '../../../builders/commands/build.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { captureIo } from '../../support/command-io.ts';

let cwd: string;
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'emend-staging-')));
  writeFileSync(join(cwd, 'docs.txt'), 'red shoes\n');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function build(out: string, docs = 'docs.txt'): Promise<number> {
  return run(['--out', out, '--docs', docs], captureIo({ cwd }));
}

function opens(dir: string): void {
  openDataset(join(cwd, dir)).close();
}

/** The folder of a staging with a process that has ended in place of this one. */
function asKilled(staging: Staging): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const killed = staging.dir.replace(`-${process.pid}-`, `-${pid}-`);
  renameSync(staging.dir, killed);
  return killed;
}

describe('the folder that a build writes to', () => {
  it('is an empty one that is there already: it stays the same folder, as a mount point has to', async () => {
    mkdirSync(join(cwd, 'data'));
    mkdirSync(join(cwd, 'data', 'lost+found'));
    chmodSync(join(cwd, 'data'), 0o750);
    const before = statSync(join(cwd, 'data'));
    expect(await build('data')).toBe(0);
    const after = statSync(join(cwd, 'data'));
    expect([after.ino, after.mode]).toEqual([before.ino, before.mode]);
    expect(readdirSync(join(cwd, 'data')).filter((name) => name.startsWith('.'))).toEqual([]);
    opens('data');
    await expect(build('data')).rejects.toMatchObject({ code: 'BUILD_OUTPUT' });
  });

  it('is where a symbolic link leads', async () => {
    mkdirSync(join(cwd, 'volume', 'inner'), { recursive: true });
    symlinkSync('volume/inner', join(cwd, 'data'));
    symlinkSync('data', join(cwd, 'again'));
    expect(await build('again')).toBe(0);
    opens('volume/inner');
    opens('data');
    expect(readdirSync(cwd).sort()).toEqual(['again', 'data', 'docs.txt', 'volume']);
  });

  it('is refused before anything is read where it cannot be written in the end', async () => {
    symlinkSync('nowhere', join(cwd, 'dangling'));
    symlinkSync('docs.txt', join(cwd, 'file'));
    for (const out of ['dangling', 'file', 'docs.txt', 'docs.txt/data', 'x'.repeat(300)]) {
      // The input is missing: an error about it would show that reading had begun.
      expect(() => new Staging(join(cwd, out))).toThrow(expect.objectContaining({ code: 'BUILD_OUTPUT' }));
    }
    expect(readdirSync(cwd).sort()).toEqual(['dangling', 'docs.txt', 'file']);
  });

  it('may have a name as long as the file system takes', async () => {
    for (const name of ['n'.repeat(240), 'ä'.repeat(127)]) {
      expect(await build(name)).toBe(0);
      opens(name);
    }
  });

  it('leaves no parents behind that were made for it', async () => {
    mkdirSync(join(cwd, 'kept'));
    writeFileSync(join(cwd, 'bad.jsonl'), '{\n');
    for (const out of ['a/b/c', 'kept/a/b']) {
      await expect(build(out, 'bad.jsonl')).rejects.toMatchObject({ code: 'BUILD_INPUT' });
    }
    expect(readdirSync(cwd).sort()).toEqual(['bad.jsonl', 'docs.txt', 'kept']);
    expect(readdirSync(join(cwd, 'kept'))).toEqual([]);
    expect(await build('a/b/c')).toBe(0);
    opens('a/b/c');
  });

  it('stays empty when a build in it fails', async () => {
    mkdirSync(join(cwd, 'data'));
    writeFileSync(join(cwd, 'bad.jsonl'), '{\n');
    await expect(build('data', 'bad.jsonl')).rejects.toMatchObject({ code: 'BUILD_INPUT' });
    expect(readdirSync(join(cwd, 'data'))).toEqual([]);
  });

  it('is taken over from a build that was killed in it, also half way through moving its files up', async () => {
    await build('done');
    const manifest = readFileSync(join(cwd, 'done', 'manifest.json'));
    mkdirSync(join(cwd, 'data'));
    const killed = asKilled(new Staging(join(cwd, 'data')));
    writeFileSync(join(killed, 'manifest.json'), manifest);
    writeFileSync(join(cwd, 'data', 'terms.fst'), 'moved up');
    expect(await build('data')).toBe(0);
    opens('data');
    expect(existsSync(killed)).toBe(false);
  });

  it('is refused when something of others is in it beside what a killed build left', async () => {
    mkdirSync(join(cwd, 'data'));
    asKilled(new Staging(join(cwd, 'data')));
    writeFileSync(join(cwd, 'data', 'terms.fst'), 'not from there');
    await expect(build('data')).rejects.toMatchObject({ code: 'BUILD_OUTPUT' });
    expect(readFileSync(join(cwd, 'data', 'terms.fst'), 'utf8')).toBe('not from there');
  });

  it('belongs to the first of two builds that are ready', () => {
    mkdirSync(join(cwd, 'data'));
    const [first, second] = [new Staging(join(cwd, 'data')), new Staging(join(cwd, 'data'))];
    for (const staging of [first, second]) writeFileSync(join(staging.dir, 'manifest.json'), '{}');
    first.commit();
    expect(() => second.commit()).toThrow(expect.objectContaining({ code: 'BUILD_OUTPUT' }));
    second.discard();
    expect(readdirSync(join(cwd, 'data'))).toEqual(['manifest.json']);
  });

  it('is not taken from a build in another container, whatever its process id, before a day has passed', () => {
    const target = join(cwd, 'data');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const own = new Staging(target);
    const space = /\.building-([0-9a-f]{16})-\d+-\d+-[0-9a-f]+$/.exec(own.dir)?.[1] ?? 'none';
    own.discard();
    const folderOf = (inSpace: string): string => {
      const path = join(cwd, `.data.building-${inSpace}-${pid}-0123abcd`);
      mkdirSync(path);
      writeFileSync(join(path, 'run'), 'x');
      return path;
    };
    const [gone, elsewhere, earlierForm] = [space, 'f'.repeat(16), hostname()].map(folderOf) as [
      string,
      string,
      string,
    ];
    new Staging(target).discard();
    expect([gone, elsewhere, earlierForm].map(existsSync)).toEqual([false, true, true]);

    const old = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const path of [elsewhere, earlierForm]) utimesSync(path, old, old);
    new Staging(target).discard();
    expect(existsSync(elsewhere)).toBe(true);
    utimesSync(join(elsewhere, 'run'), old, old);
    new Staging(target).discard();
    expect([elsewhere, earlierForm].map(existsSync)).toEqual([false, true]);
  });

  const unshare = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
  const hasNamespaces = spawnSync('unshare', [...unshare, 'true']).status === 0;
  (hasNamespaces ? it : it.skip)(
    'is left to a build in another container with the same host name and process id, while that runs',
    async () => {
      const module = new URL('../../../dist/builders/build/staging.js', import.meta.url);
      const start = `const { Staging } = await import(${JSON.stringify(module.href)}); new Staging(process.argv[1]); console.log(1);`;
      const target = join(cwd, 'data');
      const inside = (andThen: string) =>
        spawn('unshare', [...unshare, process.execPath, '--input-type=module', '-e', start + andThen, '--', target], {
          stdio: ['pipe', 'pipe', 'inherit'],
        });
      const folders = () => readdirSync(cwd).filter((name) => name.startsWith('.data.building-'));
      // Its standard input stays open.
      const waiting = inside('process.stdin.resume();');
      await once(waiting.stdout, 'data');
      const [first] = folders();
      expect(first).toMatch(/-1-\d+-[0-9a-f]{8}$/);
      // Here process 1 is alive; there it is the second build itself, and the first one's is another's.
      new Staging(target).discard();
      await once(inside(''), 'close');
      expect(folders()).toContain(first);
      waiting.stdin.end();
      await once(waiting, 'close');
    },
  );
});
