import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LiveData, type LiveDataState } from '../../../services/live/live-data.ts';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { childrenOf, isRunning } from '../../support/processes.ts';

/** The compiled program of the updater, which runs in processes of its own. */
const PROGRAM = fileURLToPath(new URL('../../../dist/services/live/updater-main.js', import.meta.url));

let root = '';
let files = '';
let collections = '';
let lines: string[] = [];
const open: LiveData[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'emend-live-data-'));
  files = join(root, 'files');
  collections = join(root, 'collections');
  mkdirSync(files);
  lines = [];
});

afterEach(() => {
  for (const one of open.splice(0)) one.close();
  rmSync(root, { recursive: true, force: true });
});

function started(program = PROGRAM): LiveData {
  const live = new LiveData({ files, collections, program, report: (line) => lines.push(line) });
  open.push(live);
  live.start();
  return live;
}

function write(name: string, text: string): void {
  writeFileSync(join(files, name), text);
}

/** Waits until it is so. */
async function until(isSo: () => boolean, what = isSo.toString()): Promise<void> {
  for (let i = 0; i < 800; i++) {
    if (isSo()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`never came: ${what}; ${JSON.stringify(lines)}`);
}

function fileOf(live: LiveData, file: string): LiveDataState['files'][number] | undefined {
  return live.state().files.find((one) => one.file === file);
}

/** What the collections hold, read by a reader of its own. */
function contents(): Record<string, unknown> {
  const reader = openCollections(collections, { readOnly: true });
  try {
    reader.verify();
    return Object.fromEntries(
      reader.names().map((name) => {
        const kind = reader.info(name)?.kind;
        if (kind === 'map') return [name, Object.fromEntries(reader.map(name))];
        return [name, kind === 'list' ? [...reader.list(name)] : [...reader.set(name)]];
      }),
    );
  } finally {
    reader.close();
  }
}

describe('files of live data', () => {
  it('are imported at the start, when they change, and when they appear', async () => {
    write('brands.txt', 'smeg\n');
    write('prices.json', '{"kettle": 129}');
    write('protected.txt', 'New Balance\n');
    write('README.md', 'no data');
    const live = started();
    expect(live.state().notReady).toMatch(/brands.txt, prices.json, protected.txt has not ended/);
    await live.first;
    expect(live.state()).toMatchObject({ notReady: null, error: null, imports: 3, failures: 0 });
    expect(contents()).toEqual({ brands: ['smeg'], prices: { kettle: 129 }, protected: ['new balance'] });
    write('prices.json', '{"kettle": 119}');
    write('order.json', '[1, 2]');
    await until(() => live.state().imports === 5);
    expect(contents()).toMatchObject({ prices: { kettle: 119 }, order: [1, 2] });
  });

  it('that hold what they held are not imported again', async () => {
    write('brands.txt', 'smeg\n');
    const live = started();
    await live.first;
    live.close();
    const again = started();
    await again.first;
    expect(again.state()).toMatchObject({ notReady: null, imports: 0, failures: 0 });
    expect(fileOf(again, 'brands.txt')?.entries).toBe(1);
  });

  it('that are malformed keep the old data, and are told by place, until they are right', async () => {
    write('prices.json', '{"kettle": 129}');
    const live = started();
    await live.first;
    write('prices.json', '{"kettle": 119,\n "mug" 9}');
    await until(() => (fileOf(live, 'prices.json')?.error ?? null) !== null);
    expect(fileOf(live, 'prices.json')).toMatchObject({
      entries: 1,
      error: { code: 'DATA_SYNTAX', line: 2, column: 8 },
    });
    expect(lines.at(-1)).toBe('prices.json:2:8: expected ":"; prices stays as it was');
    expect([contents(), live.state().notReady]).toEqual([{ prices: { kettle: 129 } }, null]);
    write('prices.json', '');
    await until(() => /empty file/.test(fileOf(live, 'prices.json')?.error?.message ?? ''));
    write('prices.json', '{}');
    await until(() => fileOf(live, 'prices.json')?.error === null);
    expect(contents()).toEqual({ prices: {} });
  });

  it('that were never imported keep a service from being ready, and say why', async () => {
    write('prices.json', '{');
    write('Wrong Name.txt', 'x');
    const live = started();
    await live.first;
    expect(live.state().notReady).toMatch(
      /^prices.json:1:2: expected a name in double quotes; there is no earlier import/,
    );
    expect(fileOf(live, 'Wrong Name.txt')?.error?.code).toBe('DATA_NAME');
    write('prices.json', '{}');
    await until(() => live.state().notReady === null);
    write('later.json', '{');
    await until(() => fileOf(live, 'later.json')?.error?.code === 'DATA_SYNTAX');
    expect(live.state().notReady).toBeNull();
  });

  it('are followed through renames, links that change, and the ConfigMaps of Kubernetes', async () => {
    for (const [version, text] of [
      ['..1', 'old\n'],
      ['..2', 'new\n'],
    ] as const) {
      mkdirSync(join(files, version));
      writeFileSync(join(files, version, 'brands.txt'), text);
    }
    symlinkSync('..1', join(files, '..data'));
    symlinkSync('..data/brands.txt', join(files, 'brands.txt'));
    const live = started();
    await live.first;
    expect(contents()).toEqual({ brands: ['old'] });
    symlinkSync('..2', join(files, '..data_tmp'));
    renameSync(join(files, '..data_tmp'), join(files, '..data'));
    await until(() => live.state().imports === 2);
    expect(contents()).toEqual({ brands: ['new'] });
    unlinkSync(join(files, 'brands.txt'));
    write('.brands.txt.swp', 'half');
    write('brands.txt~', 'old');
    writeFileSync(join(root, 'elsewhere'), 'renamed\n');
    renameSync(join(root, 'elsewhere'), join(files, 'brands.txt'));
    await until(() => live.state().imports === 3);
    expect([contents(), readdirSync(files).length]).toEqual([{ brands: ['renamed'] }, 6]);
  });

  it('that vanish leave their collections as they are', async () => {
    write('brands.txt', 'smeg\n');
    const live = started();
    await live.first;
    unlinkSync(join(files, 'brands.txt'));
    await until(() => live.state().files.length === 0);
    expect([contents(), lines.at(-1)]).toEqual([
      { brands: ['smeg'] },
      'brands.txt: the file is gone; its collection stays as it is',
    ]);
  });

  it('do not revert what commands decided', async () => {
    const writer = openCollections(collections, { readOnly: false });
    writer.write.replace('brands', { kind: 'set' }, [{ key: 'decided' }]);
    writer.close();
    write('brands.txt', 'smeg\n');
    const live = started();
    await live.first;
    expect(fileOf(live, 'brands.txt')?.error?.code).toBe('STORE_OWNER');
    expect([contents(), live.state().notReady]).toEqual([{ brands: ['decided'] }, null]);
  });

  it('of the same collection are told, and the second has its turn when the first is gone', async () => {
    write('brands.json', '["a"]');
    write('brands.txt', 'b\n');
    const live = started();
    await live.first;
    expect(fileOf(live, 'brands.txt')?.error?.code).toBe('DATA_NAME');
    expect(contents()).toEqual({ brands: ['a'] });
    unlinkSync(join(files, 'brands.json'));
    await until(() => fileOf(live, 'brands.txt')?.error === null);
    expect(contents()).toEqual({ brands: ['b'] });
  });

  it('end in their last state when many change often', async () => {
    write('c0.json', '{}');
    const live = started();
    await live.first;
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 5; i++) write(`c${i}.json`, JSON.stringify({ round, i }));
      await new Promise((done) => setTimeout(done, 60));
    }
    const expected = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`c${i}`, { i, round: 5 }]));
    await until(() => JSON.stringify(contents()) === JSON.stringify(expected));
  });

  it('are tried again when the process that imports them is killed, and the old state stays', async () => {
    write('brands.txt', 'smeg\n');
    const killer = join(root, 'killer.mjs');
    const marker = join(root, 'killed');
    writeFileSync(
      killer,
      `import { existsSync, writeFileSync } from 'node:fs';
       if (!existsSync(${JSON.stringify(marker)})) {
         writeFileSync(${JSON.stringify(marker)}, '');
         process.kill(process.pid, 'SIGKILL');
       }
       await import(${JSON.stringify(PROGRAM)});`,
    );
    const live = started(killer);
    await until(() => live.state().failures === 1);
    expect(live.state().error?.code).toBe('UPDATER');
    await live.first;
    expect([contents(), live.state().error, live.state().notReady]).toEqual([{ brands: ['smeg'] }, null, null]);
  });

  it('of a folder that is not there yet are waited for', async () => {
    rmSync(files, { recursive: true });
    const live = started();
    expect(live.state().notReady).toMatch(/ENOENT/);
    mkdirSync(files);
    write('brands.txt', 'smeg\n');
    await until(() => live.state().imports === 1);
    await live.first;
    expect(live.state()).toMatchObject({ notReady: null, error: null });
  });

  it('are imported by one process after the other while they are small, and by a new one after a large one', async () => {
    write('brands.txt', 'smeg\n');
    const live = started();
    await live.first;
    const [pid] = await waiting();
    for (const brand of ['bosch', 'miele']) {
      const { imports } = live.state();
      write('brands.txt', `${brand}\n`);
      await until(() => live.state().imports > imports);
      expect(await waiting()).toEqual([pid]);
    }
    const { imports } = live.state();
    write('large.json', JSON.stringify(Array.from({ length: 60 }, (_, i) => `${'x'.repeat(2 ** 20)} ${i}`)));
    await until(() => live.state().imports > imports);
    await until(() => !childrenOf(process.pid).includes(pid as number));
    // Killed while it waits, it is missed by nobody.
    const [next] = await waiting();
    process.kill(next as number, 'SIGKILL');
    await until(() => !isRunning(next as number));
    write('brands.txt', 'smeg\n');
    await until(() => contents()['brands']?.toString() === 'smeg');
    expect(live.state()).toMatchObject({ failures: 0, error: null });
  });

  it('are imported into a folder that was removed or replaced meanwhile', async () => {
    write('brands.txt', 'smeg\n');
    const live = started();
    await live.first;
    await waiting();
    renameSync(collections, `${collections}-away`);
    write('brands.txt', 'bosch\n');
    await until(() => live.state().imports === 2);
    expect(contents()).toEqual({ brands: ['bosch'] });
    const replacement = openCollections(`${collections}-new`, { readOnly: false });
    replacement.write.replace('other', { kind: 'set' }, [{ key: 'kept' }]);
    replacement.close();
    rmSync(collections, { recursive: true });
    renameSync(`${collections}-new`, collections);
    write('brands.txt', 'miele\n');
    await until(() => live.state().imports === 3);
    expect(contents()).toEqual({ brands: ['miele'], other: ['kept'] });
  });

  it('that somebody writes to all the time keep no others waiting', async () => {
    write('brands.txt', 'smeg\n');
    const live = started();
    await live.first;
    const busy = setInterval(() => appendFileSync(join(files, 'busy.txt'), 'x\n'), 2);
    try {
      write('brands.txt', 'bosch\n');
      await until(() => live.state().imports === 2);
      expect(contents()['brands']).toEqual(['bosch']);
    } finally {
      clearInterval(busy);
    }
  });

  it('are compacted away where their imports left more free pages than are in use', async () => {
    write('large.json', JSON.stringify(Array.from({ length: 80 }, (_, i) => `${'x'.repeat(2 ** 20)} ${i}`)));
    const live = started();
    await live.first;
    write('large.json', '["one"]');
    await until(() => lines.some((line) => line.startsWith('compacted: ')));
    expect(contents()).toEqual({ large: ['one'] });
    const [, after, before] = /(\d+) bytes instead of (\d+)/.exec(lines.join()) ?? [];
    expect(Number(after)).toBeLessThan(Number(before) / 10);
  });
});

/** The processes that wait for an order, or work on one, once there are some. */
async function waiting(): Promise<number[]> {
  await until(() => childrenOf(process.pid).length > 0);
  return childrenOf(process.pid);
}
