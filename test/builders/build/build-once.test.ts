import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BuildLock } from '../../../builders/build/build-lock.ts';
import { buildOnce } from '../../../builders/build/build-once.ts';
import { builderMark } from '../../../builders/build/builder-mark.ts';
import {
  bundledConfig,
  codeBelow,
  firstWritable,
  removeEarlier,
  userCacheFolder,
} from '../../../builders/build/bundled.ts';
import type { BuildPlan } from '../../../builders/build/plan.ts';
import { isWholeDataset } from '../../../builders/build/whole-dataset.ts';
import { silentProgress } from '../../../builders/progress.ts';
import { packageRoot } from '../../../data/package-root.ts';
import { ENGLISH, ENGLISH_FOLDER } from '../../support/english.ts';

let folder: string;
let plan: BuildPlan;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-once-'));
  const file = join(folder, 'words.txt');
  writeFileSync(file, 'red\nblue\n');
  const input = { role: 'words', file, label: file, fields: [], wordClass: 'dictionary', weight: 1 } as const;
  plan = {
    language: ENGLISH,
    inputs: [input],
    minCounts: [1, 1, 1],
    engines: {},
    channel: null,
    skipInvalid: false,
    memoryBytes: 1 << 24,
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('buildOnce', () => {
  it('builds once when several come at once', async () => {
    const dir = join(folder, 'build', 'data');
    let steps = 0;
    const progress = () => ({ ...silentProgress(), step: (label: string) => void (label === 'reading' && steps++) });
    await Promise.all([1, 2, 3].map(() => buildOnce(plan, dir, progress())));
    expect(steps).toBe(1);
    expect(isWholeDataset(dir)).toBe(true);
    expect(readdirSync(join(folder, 'build'))).toEqual(['data']);
    await buildOnce(plan, dir, progress());
    expect(steps).toBe(1);
  });

  it('takes the lock of a process that died, and removes what is no whole dataset', async () => {
    const dir = join(folder, 'data');
    mkdirSync(dir);
    writeFileSync(join(dir, 'manifest.json'), '{');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(`${dir}.lock`, String(pid));
    await buildOnce(plan, dir, silentProgress());
    expect(isWholeDataset(dir)).toBe(true);
    expect(existsSync(`${dir}.lock`)).toBe(false);
  });

  it('gives the lock back when the build fails', async () => {
    const dir = join(folder, 'data');
    await expect(buildOnce({ ...plan, inputs: [] }, dir, silentProgress())).rejects.toMatchObject({
      code: 'BUILD_INPUT',
    });
    expect(readdirSync(folder)).toEqual(['words.txt']);
  });

  it('takes the lock of a process that is gone though another has its number by now', async () => {
    const dir = join(folder, 'data');
    // Of this process, but for the moment at which it began.
    writeFileSync(`${dir}.lock`, builderMark().replace(/-\d+-([0-9a-f]+)$/, '-1-$1'));
    await buildOnce(plan, dir, silentProgress());
    expect(isWholeDataset(dir)).toBe(true);
    expect(existsSync(`${dir}.lock`)).toBe(false);
  });

  it('takes a lock whose holder cannot be seen once nobody has touched it for a while, and not before', async () => {
    const dir = join(folder, 'data');
    for (const mark of ['', '1', 'f'.repeat(16) + builderMark().slice(16)]) {
      writeFileSync(`${dir}.lock`, mark);
      const touching = setInterval(() => utimesSync(`${dir}.lock`, new Date(), new Date()), 50);
      const controller = new AbortController();
      const waiting = buildOnce(plan, dir, silentProgress(controller.signal), 500);
      setTimeout(() => controller.abort(new Error('enough')), 1500);
      await expect(waiting).rejects.toThrow('enough');
      clearInterval(touching);
      await buildOnce(plan, dir, silentProgress(), 500);
      expect(readdirSync(folder).sort()).toEqual(['data', 'words.txt']);
      rmSync(dir, { recursive: true });
    }
  });

  it('leaves a lock that somebody else took meanwhile to them', () => {
    const path = join(folder, 'data.lock');
    const held = new BuildLock(path).tryTake();
    rmSync(path);
    const other = new BuildLock(path).tryTake();
    held?.release();
    expect(existsSync(path)).toBe(true);
    other?.release();
    expect(existsSync(path)).toBe(false);
  });

  it('says at once why the lock cannot be taken', async () => {
    mkdirSync(join(folder, 'data.lock'));
    for (const dir of [join(folder, 'words.txt', 'data'), join(folder, 'x'.repeat(252)), join(folder, 'data')]) {
      await expect(buildOnce(plan, dir, silentProgress())).rejects.toMatchObject({
        code: 'BUILD_OUTPUT',
        message: expect.stringContaining(dir),
      });
    }
  });

  it('stops waiting when it is interrupted', async () => {
    const dir = join(folder, 'data');
    writeFileSync(`${dir}.lock`, builderMark());
    const controller = new AbortController();
    const waiting = buildOnce(plan, dir, silentProgress(controller.signal));
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(existsSync(`${dir}.lock`)).toBe(true);
  });
});

describe('the bundled default', () => {
  it('has every file that it lists, each told of in the README, and nothing of the queries', () => {
    const { inputs } = bundledConfig(ENGLISH_FOLDER);
    expect(inputs.length).toBeGreaterThan(5);
    const readme = readFileSync(join(packageRoot(), 'data', 'README.md'), 'utf8');
    for (const { file } of inputs) {
      expect(statSync(file).size).toBeGreaterThan(1000);
      expect(readme).toContain(basename(file));
    }
    expect(inputs.some(({ role, file }) => role === 'queries' || file.includes('queries'))).toBe(false);
    expect(inputs.every(({ file }) => file.startsWith(ENGLISH_FOLDER))).toBe(true);
  });

  it('is decided by code in the folders below too', () => {
    mkdirSync(join(folder, 'code', 'deep', 'er'), { recursive: true });
    for (const name of ['b.ts', 'deep/a.js', 'deep/er/c.ts', 'deep/FORMAT.md'])
      writeFileSync(join(folder, 'code', name), '');
    const names = codeBelow(join(folder, 'code')).map((path) => path.slice(folder.length + 6));
    expect(names).toEqual(['b.ts', 'deep/a.js', 'deep/er/c.ts']);
    expect(codeBelow(join(folder, 'none'))).toEqual([]);
  });

  it('leaves one earlier dataset, whichever way it is named, and those of others', async () => {
    const built = join(folder, 'built');
    await buildOnce(plan, built, silentProgress());
    const builds = join(folder, 'builds');
    const names = ['english-00000000000a', 'en-00000000000b', 'english-00000000000c', 'en-00000000000d'];
    names.forEach((name, age) => {
      cpSync(built, join(builds, name), { recursive: true });
      utimesSync(join(builds, name), 1_000_000 + age, 1_000_000 + age);
    });
    for (const name of ['en-GB-00000000000e', 'full', 'english-own'])
      cpSync(built, join(builds, name), { recursive: true });
    removeEarlier(builds, join(builds, 'en-00000000000d'));
    const kept = ['en-00000000000d', 'en-GB-00000000000e', 'english-00000000000c', 'english-own', 'full'];
    expect(readdirSync(builds).sort()).toEqual(kept);
  });

  it('goes where it can be written, and says why not elsewhere', async () => {
    const [file, cache] = [join(folder, 'words.txt'), join(folder, 'cache')];
    const told: string[] = [];
    const build = (place: string) => buildOnce(plan, join(place, 'data'), silentProgress());
    const tell = (message: string) => void told.push(message);
    expect(await firstWritable([file, cache], build, tell)).toBe(cache);
    expect(isWholeDataset(join(cache, 'data'))).toBe(true);
    expect(told).toEqual([expect.stringContaining(file)]);
    await expect(firstWritable([file, join(file, 'cache')], build, tell)).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
      message: expect.stringMatching(/words\.txt.*words\.txt\/cache.*--cache-dir/),
    });
    const failing = () => buildOnce({ ...plan, inputs: [] }, join(cache, 'other'), silentProgress());
    await expect(firstWritable([cache, file], failing, tell)).rejects.toMatchObject({ code: 'BUILD_INPUT' });
  });

  it('may lie in the caches of the user', () => {
    expect(userCacheFolder({ XDG_CACHE_HOME: '/caches', HOME: '/home/me' })).toEqual(['/caches/emend']);
    expect(userCacheFolder({ XDG_CACHE_HOME: 'caches', HOME: '/home/me' })).toEqual(['/home/me/.cache/emend']);
    expect(userCacheFolder({ XDG_CACHE_HOME: '' })).toEqual([]);
  });

  it('stays small', () => {
    const bytes = bundledConfig(ENGLISH_FOLDER).inputs.reduce((sum, { file }) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThan(25e6);
  });
});
