import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('a service with files of live data', () => {
  let program: Compiled | undefined;
  let folder: string;
  let dataset: string;
  let child: ChildProcess | undefined;
  let err = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-serve-live-'));
    [program, dataset] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
  }, 120_000);
  afterEach(async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((done) => child?.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  });
  afterAll(() => {
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts `serve`. @returns its address, when it listens */
  async function serve(...args: string[]): Promise<string> {
    err = '';
    const all = ['serve', '--port', '0', '--dataset', dataset, '--data', 'files', ...args];
    child = spawn(process.execPath, [program?.emend ?? '', ...all], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk) => {
      err += chunk;
    });
    for (;;) {
      const port = /^emend: ready on http:\/\/localhost:(\d+)/m.exec(err)?.[1];
      if (port !== undefined) return `http://127.0.0.1:${port}`;
      if (child.exitCode !== null) throw new Error(err);
      await wait(10);
    }
  }

  async function decision(url: string, query: string): Promise<unknown> {
    const response = await fetch(`${url}/rewrite?q=${encodeURIComponent(query)}`, { headers: { connection: 'close' } });
    return ((await response.json()) as { rewritten: string }).rewritten;
  }

  it('serves them in every process, follows their changes, and tells of those that are wrong', async () => {
    mkdirSync(join(folder, 'files'));
    writeFileSync(join(folder, 'files', 'protected.txt'), 'wireles\n');
    writeFileSync(join(folder, 'files', 'prices.json'), '{"kettle": 129}');
    const url = await serve('--workers', '2');
    const all = async (query: string) =>
      new Set(await Promise.all(Array.from({ length: 8 }, () => decision(url, query))));
    expect(await all('wireles headphones')).toEqual(new Set(['wireles headphones']));
    const ready = (await (await fetch(`${url}/readyz`)).json()) as { data: { files: { file: string }[] } };
    expect(ready.data.files.map(({ file }) => file)).toEqual(['prices.json', 'protected.txt']);

    writeFileSync(join(folder, 'files', 'protected.txt'), 'hedphones\n');
    while (![...(await all('wireles headphones'))].every((answer) => answer === 'wireless headphones')) await wait(20);
    writeFileSync(join(folder, 'files', 'prices.json'), '{"kettle": }');
    const metrics = async () => await (await fetch(`${url}/metrics`)).text();
    while (!/live_file_error\{file="prices.json"\} 1/.test(await metrics())) await wait(20);
    for (const gauge of [
      /live_readers [2-9]\n/,
      /live_reader_slots 2048\n/,
      /live_free_bytes \d/,
      /live_disk_free_bytes [1-9]/,
    ]) {
      expect(await metrics()).toMatch(gauge);
    }
    expect(await metrics()).toMatch(/live_collection_entries\{collection="prices"\} 1\n/);
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
      status: 'ready',
      data: { files: [{ file: 'prices.json', entries: 1, error: { line: 1, column: 12 } }, { error: null }] },
    });
    expect(err).toContain('emend: data: prices.json:1:12: expected a value; prices stays as it was');
  });

  it('is not ready without a first import, and says why', async () => {
    rmSync(join(folder, 'rules'), { recursive: true, force: true });
    writeFileSync(join(folder, 'files', 'prices.json'), '{');
    const url = await serve();
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { detail: expect.stringMatching(/^prices.json:1:2: /) },
    ]);
    expect(await decision(url, 'wireles headphones')).toBe('wireless headphones');
    writeFileSync(join(folder, 'files', 'prices.json'), '{}');
    while ((await fetch(`${url}/readyz`)).status !== 200) await wait(20);
  });
});
