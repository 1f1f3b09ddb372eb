import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../../services/commands/data.ts';
import { run as runRules } from '../../../services/commands/rules.ts';
import { captureIo, NO_DEPS } from '../../support/command-io.ts';

/** The compiled program, for what needs a process of its own. */
const PROGRAM = fileURLToPath(new URL('../../../dist/services/emend.js', import.meta.url));

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-data-command-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function emend(args: readonly string[], stdin = ''): Promise<[number, string, string]> {
  const io = captureIo({ stdin, env: {}, cwd: folder });
  const code = await run([...args], io);
  return [code, io.out(), io.err()];
}

async function data(line: string, stdin = ''): Promise<string> {
  const [code, out, err] = await emend(line.split(' '), stdin);
  expect([line, code, err]).toEqual([line, 0, '']);
  return out;
}

async function codeOf(line: string): Promise<unknown> {
  try {
    return (await emend(line.split(' ')))[0];
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

describe('emend data', () => {
  it('imports, exports, compares and looks up', async () => {
    write('prices.json', '{"kanken": {"amount": 79.95}, "kettle": 129}');
    const where = join(folder, 'rules');
    expect(await data('import prices prices.json')).toBe(`prices: 2 entries instead of 0, 2 changed, in ${where}\n`);
    expect(await data('get prices kanken none')).toBe('kanken\t{"amount":79.95}\nnone\t\n');
    expect(JSON.parse(await data('export prices'))).toEqual({ kanken: { amount: 79.95 }, kettle: 129 });
    expect(await data('export prices --format jsonl')).toBe(
      '{"key":"kanken","value":{"amount":79.95}}\n{"key":"kettle","value":129}\n',
    );
    expect(await data('diff prices prices.json')).toBe('');
    write('prices.json', '{"kettle": 119, "mug": 9}');
    expect(await data('diff prices prices.json')).toBe('- kanken\t{"amount":79.95}\n~ kettle\t129\t119\n+ mug\t9\n');
    await data('import tags - --format txt', 'b\n# no\na\n');
    expect(await data('export tags --format txt')).toBe('a\nb\n');
    expect((await data('list')).split('\n').map((row) => row.split('\t').slice(0, 4))).toEqual([
      ['prices', 'map', 'commands', '2'],
      ['tags', 'set', 'commands', '2'],
      [''],
    ]);
    expect(await data('verify')).toBe(`${where}: whole, 2 collections, 4 entries\n`);
  });

  it('sets, deletes and undoes entries', async () => {
    await data('set m a 1 --kind map');
    await data('set m b text');
    await data('set m c 7 --text');
    expect(await data('export m')).toBe('{\n"a": 1,\n"b": "text",\n"c": "7"\n}\n');
    await data('delete m a c');
    expect(await data('export m')).toBe('{\n"b": "text"\n}\n');
    await data('undo m');
    expect(JSON.parse(await data('export m'))).toEqual({ a: 1, b: 'text', c: '7' });
    await data('set s x --kind set');
    await data('set s 7 --json-keys');
    expect([await data('get s x 7'), await data('get s 7 --json-keys')]).toEqual(['x\ttrue\n7\t\n', '7\ttrue\n']);
    for (const value of ['a', 'b', 'c']) await data(`set l end ${value} --kind list`);
    await data('set l 1 {"x":1}');
    await data('delete l 0');
    expect([await data('export l'), await data('get -- l 0 -1 5')]).toEqual([
      '[\n{"x":1},\n"c"\n]\n',
      '0\t{"x":1}\n-1\t"c"\n5\t\n',
    ]);
    await data('delete l --all');
    expect(await codeOf('get l 0')).toBe(1);
  });

  it('tells what is wrong with a file, and keeps what there was', async () => {
    await data('set m a 1 --kind map');
    write('m.json', '{"a": 2,\n}');
    await expect(emend(['import', 'm', 'm.json'])).rejects.toThrow('m.json:2:1: expected a name in double quotes');
    write('m.txt', 'x');
    expect(await data('get m a')).toBe('a\t1\n');
  });

  it('leaves collections of other owners alone, until they are given away', async () => {
    await data('set m a 1 --kind map');
    await data('own m files');
    expect([await codeOf('set m a 2'), await codeOf('delete m a'), await codeOf('undo m')]).toEqual([
      'STORE_OWNER',
      'STORE_OWNER',
      'STORE_OWNER',
    ]);
    await data('own m commands');
    await data('set m a 2');
    expect(await data('get m a')).toBe('a\t2\n');
  });

  it('shows rules and leaves their changes to emend rules', async () => {
    const io = captureIo({ stdin: 'kohls => kohl\n', env: {}, cwd: folder });
    await runRules(['import', '--collection', 'blocked', '-'], io, NO_DEPS);
    expect(await data('export blocked')).toBe('kohls => kohl\n');
    for (const line of ['set blocked x', 'delete blocked x', 'import blocked x.txt'])
      expect(await codeOf(line)).toBe('USAGE');
  });

  it('prints changes as they happen', async () => {
    await data('set m z 0 --kind map');
    const child = spawn(process.execPath, [PROGRAM, 'data', 'watch', '--changes', '2'], {
      cwd: folder,
      timeout: 30_000,
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    const ended = new Promise((done) => child.on('exit', done));
    // It says nothing when it begins to look: change something until it has seen one change, then another thing.
    for (let i = 0; out === ''; i++) {
      await data(`set m a ${i}`);
      await new Promise((done) => setTimeout(done, 100));
    }
    await data('set m a {"b":2}');
    expect(await ended).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { collection: 'm', changes: [{ key: 'a' }] },
      { collection: 'm', before: 2, entries: 2, changes: [{ key: 'a', after: { b: 2 } }] },
    ]);
  });

  it.each([
    'nothing',
    'import m',
    'import',
    'get m',
    'export m x',
    'list m',
    'delete m',
    'delete m a --all',
    'set m a 1',
    'set m a 1 --kind tree',
    'get m a --all',
    'export m --kind map',
    'own m me',
    'watch --changes 0',
    'get m a --json-keys',
    'import m file.xml',
  ])('is misused by: %s', async (line) => {
    await data('set there a 1 --kind map');
    expect(await codeOf(line.replace(/ m\b/, ' there').replace('set there a 1', 'set m a 1'))).toBe('USAGE');
  });

  it('writes nothing for those who only look', async () => {
    expect(await codeOf('get m a')).toBe(1);
    expect(() => readFileSync(join(folder, 'rules', 'collections.mdb'))).toThrow();
  });

  it('compacts, and says what that gave back', async () => {
    write('big.json', JSON.stringify(Array.from({ length: 3000 }, (_, i) => `${'x'.repeat(100)} ${i}`)));
    await data('import big big.json');
    write('big.json', '["one"]');
    await data('import big big.json');
    await data('delete big --all');
    const { beforeBytes, afterBytes, dropped } = JSON.parse(await data('compact --json'));
    expect([afterBytes < beforeBytes, dropped]).toEqual([true, 0]);
    expect(await data('compact --keep-removed-days 0')).toMatch(
      new RegExp(`rules: \\d+ bytes instead of ${afterBytes}, 0 records of removed entries dropped\n$`),
    );
    expect(await data('verify')).toMatch(/whole, 0 collections, 0 entries/);
    expect(await codeOf('compact --rules none')).toBe(1);
    expect(await codeOf('compact --keep-removed-days x')).toBe('USAGE');
    expect(await codeOf('list --keep-removed-days 3')).toBe('USAGE');
  });
});
