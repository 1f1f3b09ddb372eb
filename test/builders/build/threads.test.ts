import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readLanguageData } from '../../../builders/build/language-folder.ts';
import { languageFolder } from '../../../data/languages.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';

// Real processes of the compiled program: threads and processes of a build run compiled modules.
let program: Compiled;
let folder: string;
beforeAll(async () => {
  program = await compiledProgram();
  folder = mkdtempSync(join(tmpdir(), 'emend-threads-'));
  // Enough for threads to be worth it: 5 MB in two files.
  writeFileSync(join(folder, 'a.txt'), text(1, 30_000));
  writeFileSync(join(folder, 'b.txt'), text(2, 20_000));
  writeFileSync(join(folder, 'names.tsv'), 'slartibartfast\t3\nzaphod\t9\n');
  for (const name of ['log1.tsv', 'log2.tsv']) writeFileSync(join(folder, name), log(name));
}, 120_000);
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines of ten words out of 5,000, many of them one edit from another. */
function text(seed: number, lineCount: number): string {
  const lines: string[] = [];
  let state = seed;
  for (let i = 0; i < lineCount; i++) {
    let line = '';
    for (let j = 0; j < 10; j++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      line += `${((state >>> 8) % 5000).toString(36).replace(/\d/g, 'x')}wording `;
    }
    // A form with capitals inside, which documents teach.
    lines.push(i % 50 === 0 ? `${line}ZaphodPad` : line);
  }
  return `${lines.join('\n')}\n`;
}

/** A log in which each file puts right what the other one does too. */
function log(name: string): string {
  const rows = ['query\tcount\thits\tsession\ttime'];
  for (let i = 0; i < 300; i++) {
    rows.push(`zaphd tickets\t1\t0\t${name}-${i}\t${1_700_000_000 + 60 * i}`);
    rows.push(`zaphod tickets\t2\t9\t${name}-${i}\t${1_700_000_010 + 60 * i}`);
    rows.push(`alone${i} wanted\t1\t3\t${name}-${i}\t${1_700_000_020 + 60 * i}`);
    rows.push(`nowhere${i % 7}\t1\t0\t\t`);
  }
  return `${rows.join('\n')}\n`;
}

const inputs = () => [
  '--queries',
  join(folder, 'log1.tsv'),
  '--docs',
  join(folder, 'a.txt'),
  '--docs',
  join(folder, 'b.txt'),
  '--words',
  join(folder, 'names.tsv'),
  '--queries',
  join(folder, 'log2.tsv'),
];

function build(out: string, memory: string, args: readonly string[] = inputs()) {
  const all = [program.emend, 'build', '--out', join(folder, out), '--memory', memory, ...args];
  return promisify(execFile)(process.execPath, all);
}

const left = () => readdirSync(folder).filter((name) => !/^(a|b)\.txt$|^(names|log\d)\.tsv$|^bad/.test(name));

describe('a build in threads', () => {
  it('makes the same bytes as one in a single thread', async () => {
    // Too little memory to be divided: no threads.
    await build('single', '100M');
    await build('several', '256M');
    const files = readdirSync(join(folder, 'single'));
    expect(files.length).toBeGreaterThan(8);
    expect(readdirSync(join(folder, 'several'))).toEqual(files);
    for (const name of files) {
      const [single, several] = ['single', 'several'].map((dir) => readFileSync(join(folder, dir, name)));
      expect({ name, same: several?.equals(single!) }).toEqual({ name, same: true });
    }
    for (const dir of ['single', 'several']) rmSync(join(folder, dir), { recursive: true });
  });

  it('fails with the error of the first input that has one, and leaves nothing', async () => {
    writeFileSync(join(folder, 'bad1.tsv'), Buffer.concat([Buffer.from('fine\t1\n'), Buffer.from([0xff, 0x0a])]));
    writeFileSync(join(folder, 'bad2.tsv'), Buffer.from([0xff, 0x0a]));
    const args = [...inputs(), '--words', join(folder, 'bad1.tsv'), '--words', join(folder, 'bad2.tsv')];
    const failed = await build('data', '256M', args).catch((error: { code: number; stderr: string }) => error);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^emend build: .*bad1\.tsv:2: /) });
    expect((failed as { stderr: string }).stderr.trim().split('\n')).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  it.each([100, 600, 1500])('is interrupted after %d ms, and leaves nothing or a whole dataset', async (delayMs) => {
    const args = [program.emend, 'build', '--out', join(folder, 'data'), ...inputs()];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (child.exitCode === null && left().length === 0) await sleep(5);
    await sleep(delayMs);
    child.kill('SIGINT');
    const [code, signal] = await ended;
    expect(code === 0 ? ['data'] : [signal]).toEqual(code === 0 ? left() : ['SIGINT']);
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    expect(left()).toEqual([]);
  });
});

describe('a build in a process of its own', () => {
  /** A program that builds `file` in a process of its own; it says `ready` when that has begun, and how it ended. */
  function start(file: string) {
    const modules = join(dirname(program.emend), '..', 'builders');
    const plan = {
      language: readLanguageData(languageFolder('en')),
      inputs: [{ role: 'documents', file, label: file, fields: [], wordClass: 'documents', weight: 1 }],
      minCounts: [1, 1, 1],
      engines: {},
      channel: null,
      skipInvalid: false,
      memoryBytes: 2 ** 24,
    };
    const code = `
      import { buildInChild } from ${JSON.stringify(join(modules, 'build', 'build-in-child.js'))};
      import { silentProgress } from ${JSON.stringify(join(modules, 'progress.js'))};
      const controller = new AbortController();
      process.on('SIGINT', () => controller.abort(Object.assign(new Error('interrupted'), { code: 'STOP' })));
      const progress = { ...silentProgress(controller.signal), step: (label) => console.log(label) };
      try {
        await buildInChild(${JSON.stringify(plan)}, ${JSON.stringify(join(folder, 'data'))}, progress);
        console.log('built', process.resourceUsage().maxRSS > 0);
      } catch (error) {
        console.log('failed', error.code, error.message);
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const ended = once(child, 'close').then(() => out.trim().split('\n'));
    const reading = async () => {
      while (child.exitCode === null && !out.includes('reading')) await sleep(5);
    };
    return { child, ended, reading };
  }

  it('makes the dataset and tells its steps', async () => {
    const lines = await start(join(folder, 'b.txt')).ended;
    expect(lines[0]).toBe('reading');
    expect(lines).toContain('language model');
    expect(lines.at(-1)).toBe('built true');
    expect(left()).toEqual(['data']);
    rmSync(join(folder, 'data'), { recursive: true });
  });

  it('fails with the code and message of the build', async () => {
    const lines = await start(join(folder, 'none.txt')).ended;
    expect(lines.at(-1)).toMatch(/^failed BUILD_INPUT .*none\.txt/);
    expect(left()).toEqual([]);
  });

  it('is stopped with who asked for it, and leaves nothing', async () => {
    const { child, ended, reading } = start(join(folder, 'a.txt'));
    await reading();
    child.kill('SIGINT');
    expect((await ended).at(-1)).toBe('failed STOP interrupted');
    expect(left()).toEqual([]);
  });

  it('does not outlive who asked for it', async () => {
    const { child, ended, reading } = start(join(folder, 'a.txt'));
    await reading();
    child.kill('SIGKILL');
    await ended;
    // It notices at its next breath, and cleans up.
    for (let tries = 0; tries < 400 && left().length > 0; tries++) await sleep(50);
    expect(left()).toEqual([]);
  });
});
