import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { run } from '../../../builders/commands/store.ts';
import { FstWriter } from '../../../builders/fst/writer.ts';
import { packageRoot } from '../../../data/package-root.ts';
import { dispatch } from '../../../services/dispatch.ts';
import { captureIo } from '../../support/command-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `emend store ...` as the program would. */
async function store(args: string[], stdin = ''): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ stdin, cwd: folder });
  const code = await dispatch(['store', ...args], io, {
    commands: [{ name: 'store', summary: '', load: async () => ({ run }) }],
    deps: { ensureBundled: async () => '', stageDataset: () => Promise.reject(new Error('nothing is staged here')) },
    version: () => '0',
  });
  return { code, out: io.out(), err: io.err() };
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

/** Makes a store from the lines, which must work. */
async function made(content: string | Uint8Array, kind = 'fst'): Promise<string> {
  const result = await store(['make', '--kind', kind, '--in', write('in.tsv', content), '--out', `out.${kind}`]);
  expect(result).toMatchObject({ code: 0, err: '' });
  return `out.${kind}`;
}

describe('emend store make --memory', () => {
  const make = (...args: string[]) => store(['make', '--in', write('in.tsv', 'a\t1\n'), '--out', 'o', ...args]);

  it('bounds the memory of the writer of an FST', async () => {
    expect((await make('--memory', '64')).code).toBe(0);
  });

  it.each([
    ['no number', ['--memory', 'much']],
    ['less than a MiB', ['--memory', '0']],
    ['another kind of store', ['--memory', '64', '--kind', 'blocks']],
  ])('refuses %s', async (_, args) => {
    const { code, err } = await make(...args);
    expect(code).toBe(2);
    expect(err).toContain('--memory');
  });
});

describe('the output of emend store make', () => {
  it('is neither a folder nor the input, under whatever name', async () => {
    const text = 'a\t1\nb\t2\n';
    write('in.tsv', text);
    mkdirSync(join(folder, 'sub'));
    symlinkSync('in.tsv', join(folder, 'soft'));
    linkSync(join(folder, 'in.tsv'), join(folder, 'hard'));
    expect(await store(['make', '--in', 'in.tsv', '--out', 'sub'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('found a folder'),
    });
    for (const out of ['in.tsv', './sub/../in.tsv', 'soft', 'hard']) {
      const { code, err } = await store(['make', '--in', 'in.tsv', '--out', out]);
      expect([code, err]).toEqual([2, expect.stringContaining('--in and --out are one file')]);
    }
    expect(readFileSync(join(folder, 'in.tsv'), 'utf8')).toBe(text);
    expect(readdirSync(folder).sort()).toEqual(['hard', 'in.tsv', 'soft', 'sub']);
    // A store that is there already is replaced.
    for (let i = 0; i < 2; i++) expect((await store(['make', '--in', 'in.tsv', '--out', 'o'])).code).toBe(0);
  });

  it.each(['fst', 'blocks', 'scores'])('is not there, nor anything else, after SIGINT: %s', async (kind) => {
    const program = join(packageRoot(), 'dist', 'services', 'emend.js');
    const lines: string[] = [];
    for (let i = 0; i < 400_000; i++) lines.push(`${(i * 7919).toString(36)}\t${i}\n`);
    write('in.tsv', lines.join(''));
    const args = [program, 'store', 'make', '--kind', kind, '--in', 'in.tsv', '--out', 'o'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (child.exitCode === null && readdirSync(folder).length < 2) await sleep(1);
    child.kill('SIGINT');
    const [code, signal] = await ended;
    // It may have come too late.
    if (code === 0) expect(readdirSync(folder).sort()).toEqual(['in.tsv', 'o']);
    else expect([signal, readdirSync(folder)]).toEqual(['SIGINT', ['in.tsv']]);
  });
});

describe('a byte order mark and carriage returns', () => {
  const told = (what: string) => `emend store make: left out of the keys: ${what}\n`;

  it.each([
    [
      'values',
      '\uFEFFb\t2\r\na\t1\r\n',
      'a\t1\nb\t2\n',
      told('a byte order mark, carriage returns at the end of 2 lines'),
    ],
    ['keys alone', '\uFEFFb\r\n\r\na', '\na\nb\n', told('a byte order mark, carriage returns at the end of 2 lines')],
    ['a last line', 'b\na\r', 'a\nb\n', told('carriage returns at the end of 1 lines')],
    ['a mark', '\uFEFFa\t1\n', 'a\t1\n', told('a byte order mark')],
    ['a mark alone', '\uFEFF', '', told('a byte order mark')],
    [
      'other places',
      'a\r\r\n\rb\nc\rd\n\uFEFFe\n',
      '\rb\na\r\nc\rd\n\uFEFFe\n',
      told('carriage returns at the end of 1 lines'),
    ],
    ['before a tab', 'a\r\t1\n', 'a\r\t1\n', ''],
  ])('are left out of what make stores, and told: %s', async (_, text, scanned, err) => {
    for (const content of [text, gzipSync(text)]) {
      const made = await store(['make', '--in', write('in.tsv', content), '--out', 'o']);
      expect(made).toMatchObject({ code: 0, err });
      expect((await store(['scan', 'o'])).out).toBe(scanned);
    }
  });

  it('make keys that differ in them alone one', async () => {
    const { code, err } = await store(['make', '--in', write('in.tsv', '\uFEFFa\na\r\n'), '--out', 'o']);
    expect(code).toBe(1);
    expect(err).toContain('lines 1 and 2 both have "a"');
  });

  it('are told to machines, and left out of what get asks for', async () => {
    const { out } = await store(['make', '--json', '--in', write('in.tsv', '\uFEFFa\t1\r\n'), '--out', 'o']);
    expect(JSON.parse(out)).toMatchObject({ keyCount: 1, leftOut: { byteOrderMark: true, carriageReturns: 1 } });
    expect((await store(['get', 'o'], '\uFEFFa\r\na\n\uFEFFa\na\r')).out).toBe('a\t1\na\t1\n\uFEFFa\t\na\t1\n');
    expect((await store(['get', 'o'], '\uFEFF')).out).toBe('');
  });
});

describe.each(['fst', 'blocks'])('emend store make --kind %s', (kind) => {
  it('makes a store from sorted and unsorted lines that answers their values', async () => {
    const path = await made('b\t2\na\t1\n\t0\nab c\t9007199254740991\n\u{1f600}\t7', kind);
    const { out, code } = await store(['get', path, 'a', 'b', 'ab c', '', '\u{1f600}', 'c', 'ab']);
    expect(code).toBe(0);
    expect(out).toBe('a\t1\nb\t2\nab c\t9007199254740991\n\t0\n\u{1f600}\t7\nc\t\nab\t\n');
  });

  it('makes a set of keys alone, where a hit is 1', async () => {
    const path = await made('b\n\na\n', kind);
    expect((await store(['get', path], 'a\nb\n\nc')).out).toBe('a\t1\nb\t1\n\t1\nc\t\n');
    expect((await store(['scan', path])).out).toBe('\na\nb\n');
  });

  it('reads gzipped lines and standard input', async () => {
    const gz = write('in.gz', gzipSync('x\t1\ny\t2\n'));
    expect((await store(['make', '--kind', kind, '--in', gz, '--out', 'o'])).code).toBe(0);
    expect((await store(['scan', 'o'])).out).toBe('x\t1\ny\t2\n');
    expect((await store(['make', '--kind', kind, '--in', '-', '--out', 'p'], 'z\t3\n')).code).toBe(0);
    expect((await store(['scan', 'p'])).out).toBe('z\t3\n');
  });

  it('makes an empty store of an empty file', async () => {
    const path = await made('', kind);
    expect((await store(['verify', path])).out).toBe(`${path}: whole, 0 keys\n`);
    expect((await store(['get', path, 'a'])).out).toBe('a\t\n');
  });

  it('gives what scan writes back as the same store', async () => {
    const path = await made('b\t2\na\t1\nbc\t3\n', kind);
    const { out } = await store(['scan', path]);
    const first = readFileSync(join(folder, path));
    await made(out, kind);
    expect(readFileSync(join(folder, path)).equals(first)).toBe(true);
  });

  it.each([
    ['a key given twice', 'b\t1\na\t1\nb\t2\n', ['lines 1 and 3']],
    ['several keys given twice', 'a\na\nb\nb\n', ['lines 1 and 2', 'lines 3 and 4']],
    ['mixed line forms, values first', 'a\t1\nb\t2\nc\n', ['line 1 ', 'line 3 ']],
    ['mixed line forms, keys first', 'a\nb\t2\n', ['line 2 ', 'line 1 ']],
    ['an empty line among values', 'a\t1\n\nb\t2\n', ['line 1 ', 'line 2 ']],
    ['a value past 2^53-1', 'a\t1\nb\t9007199254740992\n', ['line 2:', '9007199254740992']],
    ['a value far past 2^53-1', `a\t${'9'.repeat(400)}\n`, ['line 1:']],
    ['a negative value', 'a\t-1\n', ['line 1:', '"-1"']],
    ['a value with a fraction', 'a\t1.5\n', ['line 1:']],
    ['a second tab', 'a\t1\t2\n', ['line 1:']],
    ['an empty value', 'x\t1\na\t\n', ['line 2:']],
    ['invalid UTF-8', Uint8Array.of(0x61, 10, 0xff, 10), ['line 2:', 'UTF-8']],
    ['an encoded surrogate', Uint8Array.of(0xed, 0xa0, 0x80, 10), ['line 1:', 'UTF-8']],
  ])('refuses %s with exit code 1, the lines, and leaves nothing', async (_, content, mentions) => {
    const result = await store(['make', '--kind', kind, '--in', write('in.tsv', content), '--out', 'o']);
    expect(result.code).toBe(1);
    for (const mention of mentions) expect(result.err).toContain(mention);
    expect(result.err.trimEnd()).not.toContain('\n');
    expect(readdirSync(folder)).toEqual(['in.tsv']);
  });

  it('verifies and inspects what it made', async () => {
    const path = await made('a\t1\nb\t2\n', kind);
    expect((await store(['verify', path])).code).toBe(0);
    const facts = JSON.parse((await store(['inspect', path, '--json'])).out);
    expect(facts).toMatchObject({ kind, values: 'uint', keys: 2 });
    expect((await store(['inspect', path])).out).toContain('keys');
  });

  it('exits with 1 when a file is damaged', async () => {
    const path = await made('a\t1\nb\t2\n', kind);
    const bytes = readFileSync(join(folder, path));
    bytes[bytes.length - 20]! ^= 1;
    write(path, bytes);
    expect((await store(['verify', path])).code).toBe(1);
  });
});

describe('emend store', () => {
  it('answers lines from standard input however they are cut', async () => {
    const path = await made('ab\t1\n');
    const io = captureIo({ cwd: folder });
    const { Readable } = await import('node:stream');
    const stdin = Readable.from([Buffer.from('a'), Buffer.from('b\nx'), Buffer.from('\n'), Buffer.from('ab')]);
    expect(await run(['get', path], { ...io, stdin })).toBe(0);
    expect(io.out()).toBe('ab\t1\nx\t\nab\t1\n');
  });

  it('scans from a key on, by prefix and at most so many', async () => {
    const path = await made('a\t1\nab\t2\nabc\t3\nb\t4\nba\t5\n');
    expect((await store(['scan', path, '--prefix', 'ab'])).out).toBe('ab\t2\nabc\t3\n');
    expect((await store(['scan', path, '--from', 'abc'])).out).toBe('abc\t3\nb\t4\nba\t5\n');
    expect((await store(['scan', path, '--prefix', 'b', '--from', 'b0'])).out).toBe('ba\t5\n');
    expect((await store(['scan', path, '--limit', '2'])).out).toBe('a\t1\nab\t2\n');
  });

  it('shows byte strings as hexadecimal digits', async () => {
    const writer = new FstWriter(join(folder, 'x'), { valueKind: 'bytes' });
    writer.addBytes(Uint8Array.of(0x61), 0, 1, Uint8Array.of(1, 255), 0, 2);
    writer.finish();
    expect((await store(['get', 'x', 'a', 'b'])).out).toBe('a\t01ff\nb\t\n');
    expect((await store(['scan', 'x'])).out).toBe('a\t01ff\n');
  });

  it('draws the automaton', async () => {
    const path = await made('ab\t1\ncb\t2\n');
    const { out } = await store(['dot', path]);
    expect(out).toMatch(/^digraph fst \{[\s\S]*label="a"[\s\S]*label="c \/ 1"[\s\S]*\}\n$/);
    expect((await store(['dot', await made('a\n', 'blocks')])).code).toBe(2);
  });

  it.each([
    [[]],
    [['nonsense']],
    [['make', '--in', 'x']],
    [['make', '--in', 'x', '--out', 'y', '--kind', 'tree']],
    [['make', '--what']],
    [['get']],
    [['scan', 'x', '--limit', 'many']],
  ])('exits with 2 on misuse: %j', async (args) => {
    expect((await store(args)).code).toBe(2);
  });

  it('exits with 1 when a file is missing or foreign', async () => {
    expect((await store(['make', '--in', 'none', '--out', 'y'])).code).toBe(1);
    expect((await store(['get', 'none', 'a'])).code).toBe(1);
    expect((await store(['inspect', write('text', 'hello, this is no store')])).code).toBe(1);
    expect((await store(['make', '--in', write('cut.gz', gzipSync('a\n').subarray(0, 15)), '--out', 'y'])).code).toBe(
      1,
    );
    expect(existsSync(join(folder, 'y'))).toBe(false);
  });

  it('opens its help with a sentence and an example', async () => {
    const { out, code } = await store(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Makes, reads and verifies .*\n\n {2}emend store make/);
    expect((await store(['get', '--help'])).out).toBe(out);
  });
});
