import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LiveRules, openRules } from '../../../services/rules/live-rules.ts';
import { openCollections } from '../../../stores/lmdb/collections.ts';
import { TEXT_VERSION } from '../../../stores/text/normalise.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
let problems: Error[] = [];
const open: LiveRules[] = [];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'emend-rules-')), 'rules');
  problems = [];
});

afterEach(() => {
  for (const rules of open.splice(0)) rules.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

function opened(): LiveRules {
  const rules = openRules(folder, { onProblem: (problem) => problems.push(problem) });
  open.push(rules);
  return rules;
}

const COMMAND = new URL('../../../dist/services/commands/rules.js', import.meta.url);

const PROGRAM = `const { run } = await import(${JSON.stringify(COMMAND.href)});
  process.exitCode = await run(process.argv.slice(1), { stdin: process.stdin, stdout: process.stdout,
    stderr: process.stderr, env: {}, cwd: '/' });`;

function commandLine(args: readonly string[]): string[] {
  return ['--input-type=module', '-e', PROGRAM, '--', ...args, '--rules', folder];
}

/** Runs the compiled `emend rules` in a process of its own, as an operator does beside a running service. */
function emendRules(args: readonly string[], input: string): void {
  const child = spawnSync(process.execPath, commandLine(args), { input, encoding: 'utf8', timeout: 20_000 });
  expect([child.status, child.stderr]).toEqual([0, '']);
}

/** Starts it without waiting. @returns its exit code */
function startEmendRules(args: readonly string[], input: string): Promise<number | null> {
  const child = spawn(process.execPath, commandLine(args), { stdio: ['pipe', 'ignore', 'inherit'], timeout: 20_000 });
  child.stdin.end(input);
  return new Promise((done) => child.on('exit', done));
}

function put(collection: string, text: string): void {
  emendRules(['import', '--collection', collection, '-'], text);
}

/** The next turn of the event loop, as between two requests; lmdb-js renews its read transaction by a timer. */
function nextRequest(waitMs = 5): Promise<void> {
  // After a child that was waited for, a timer may be due at once: in the same turn still.
  return new Promise((done) => setTimeout(() => setImmediate(done), waitMs));
}

describe('live rules', () => {
  it('are none without a folder, and appear with it', async () => {
    const rules = opened();
    expect([rules.longestProtected, rules.isProtected('a'), rules.isBlocked('a', 'b'), rules.override('a')]).toEqual([
      0,
      false,
      false,
      undefined,
    ]);
    put('protected', 'Adidsa\nNew Yrok City\n');
    await nextRequest();
    expect([rules.longestProtected, rules.isProtected('adidsa'), rules.isProtected('new yrok city')]).toEqual([
      3,
      true,
      true,
    ]);
    expect([rules.isProtected('new yrok'), rules.isProtected(''), rules.isProtected('x'.repeat(9999))]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('follow changes and removals', async () => {
    put('protected', 'a\nb c\n');
    const rules = opened();
    expect(rules.counts()).toEqual({
      // One of the rules, one of the audit log.
      generation: 2,
      protected: 2,
      blocked: 0,
      overrides: 0,
      rude: 0,
      polite: 0,
      vocabulary: 0,
      ruleset: 0,
    });
    put('protected', 'd\n');
    put('overrides', 'x => y');
    await nextRequest();
    expect([rules.isProtected('a'), rules.isProtected('d'), rules.longestProtected]).toEqual([false, true, 1]);
    emendRules(['clear', '--collection', 'protected'], '');
    await nextRequest();
    expect(rules.counts()).toEqual({
      generation: 8,
      protected: 0,
      blocked: 0,
      overrides: 1,
      rude: 0,
      polite: 0,
      vocabulary: 0,
      ruleset: 0,
    });
    expect([rules.isProtected('d'), rules.longestProtected]).toEqual([false, 0]);
  });

  it('take the changes of writers that work at the same time', async () => {
    const input = (prefix: string): string => Array.from({ length: 500 }, (_, i) => `${prefix}${i} => x`).join('\n');
    const children = ['blocked', 'overrides', 'blocked'].map((collection, i) =>
      startEmendRules(['import', '--collection', collection, '-'], input(`w${i} `)),
    );
    expect(await Promise.all(children)).toEqual([0, 0, 0]);
    expect(opened().counts()).toEqual({
      generation: 6,
      protected: 0,
      blocked: 500,
      overrides: 500,
      rude: 0,
      polite: 0,
      vocabulary: 0,
      ruleset: 0,
    });
  });

  it('block corrections, sources and targets', () => {
    put('blocked', 'kohls => kohl\nnew yrok => new york\nxbox => *\nrude\n');
    const rules = opened();
    expect(rules.isBlocked('kohls', 'kohl')).toBe(true);
    expect(rules.isBlocked('kohls', 'kohler')).toBe(false);
    expect(rules.isBlocked('kohl', 'kohls')).toBe(false);
    expect(rules.isBlocked('new yrok', 'new york')).toBe(true);
    expect(rules.isBlocked('xbox', 'anything at all')).toBe(true);
    expect(rules.isBlocked('rud', 'rude')).toBe(true);
    expect(rules.isBlocked('rudewords', 'rude words')).toBe(true);
    expect(rules.isBlocked('rude wrods', 'rude words')).toBe(false);
    expect(rules.isBlocked('kohls store', 'kohl store')).toBe(true);
    expect(rules.isBlocked('xbox game', 'xboxgame')).toBe(true);
    expect(rules.isBlocked('xbox gmae', 'xbox game')).toBe(false);
    expect(rules.longestBlocked).toBe(2);
  });

  it('override whole queries in whatever form they were typed', () => {
    put('overrides', 'Wi-Fi routr => Wi-Fi Router\n');
    const rules = opened();
    expect(rules.override('wi-fi routr')).toBe('Wi-Fi Router');
    expect(rules.override('  WI\u2011FI   Routr ')).toBe('Wi-Fi Router');
    expect(rules.override('wi-fi routr 5')).toBeUndefined();
    expect(rules.override('')).toBeUndefined();
    expect(rules.override('x'.repeat(16_384))).toBeUndefined();
  });

  it('name the same rude words at each request where there is no folder: other words cost every request a millisecond', async () => {
    const rules = opened();
    const words = rules.rudeWords;
    expect(words).toEqual({ rude: [], polite: [] });
    await nextRequest();
    expect(rules.rudeWords).toBe(words);
    put('rude', 'knickers\n');
    await nextRequest(130);
    rmSync(folder, { recursive: true });
    await nextRequest(130);
    expect(rules.rudeWords).toBe(words);
    await nextRequest();
    expect(rules.rudeWords).toBe(words);
  });

  it('name rude and polite words, the same object as long as they stay the same', async () => {
    put('rude', 'Knickers\nBlow  Torch\n');
    const rules = opened();
    const words = rules.rudeWords;
    expect(words).toEqual({ rude: ['blow torch', 'knickers'], polite: [] });
    put('protected', 'a\n');
    await nextRequest();
    expect(rules.rudeWords).toBe(words);
    put('polite', 'Moby-Dick\n');
    await nextRequest();
    expect(rules.rudeWords).toEqual({ rude: ['blow torch', 'knickers'], polite: ['moby dick'] });
    expect(rules.counts()).toMatchObject({ rude: 2, polite: 1 });
    emendRules(['clear', '--collection', 'rude'], '');
    await nextRequest();
    expect(rules.rudeWords).toEqual({ rude: [], polite: ['moby dick'] });
  });

  it('are taken from a folder that was made anew, and gone when it was removed', async () => {
    put('protected', 'old\n');
    const rules = opened();
    expect(rules.isProtected('old')).toBe(true);
    renameSync(folder, `${folder}-away`);
    put('protected', 'new\n');
    await nextRequest(130);
    expect([rules.isProtected('old'), rules.isProtected('new')]).toEqual([false, true]);
    rmSync(folder, { recursive: true });
    await nextRequest(130);
    expect([rules.isProtected('new'), rules.counts().generation]).toEqual([false, 0]);
    expect(problems).toEqual([]);
  });

  it('stay as they were, and say so once, when the folder becomes unreadable', async () => {
    const rules = opened();
    mkdirSync(folder);
    writeFileSync(join(folder, 'data.mdb'), 'this is no environment '.repeat(1000));
    for (let i = 0; i < 3; i++) {
      await nextRequest(60);
      expect(rules.isProtected('a')).toBe(false);
    }
    expect(problems.map((problem) => (problem as { code?: string }).code)).toEqual(['STORE_FOREIGN']);
    rmSync(folder, { recursive: true });
    put('protected', 'a\n');
    await nextRequest(130);
    expect(rules.isProtected('a')).toBe(true);
  });

  it('of a large folder are verified beside the requests, and the old ones go on meanwhile', async () => {
    put('protected', 'old\n');
    const rules = opened();
    expect(rules.isProtected('old')).toBe(true);
    const beside = `${folder}-new`;
    const collections = openCollections(beside, { readOnly: false });
    const keys = Array.from({ length: 60_000 }, (_, i) => ({ key: `term ${i}` }));
    collections.write.replace('protected', { kind: 'set', textVersion: TEXT_VERSION, detail: 2 }, keys);
    collections.close();
    renameSync(folder, `${folder}-away`);
    renameSync(beside, folder);
    await nextRequest(130);
    const answers: boolean[] = [];
    while (!rules.isProtected('term 7')) {
      answers.push(rules.isProtected('old'));
      await new Promise((done) => setImmediate(done));
    }
    expect(answers.length).toBeGreaterThan(1);
    expect(new Set(answers)).toEqual(new Set([true]));
    expect([rules.isProtected('old'), problems]).toEqual([false, []]);
  });

  it('that were moved into place damaged are looked at once, and the old ones go on', async () => {
    put('protected', 'old\n');
    const rules = opened();
    const beside = `${folder}-new`;
    const collections = openCollections(beside, { readOnly: false });
    collections.write.replace('protected', { kind: 'set', textVersion: TEXT_VERSION, detail: 1 }, [{ key: 'damaged' }]);
    collections.close();
    const file = join(beside, 'collections.mdb');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('damaged')] = 0x44;
    writeFileSync(file, bytes);
    renameSync(folder, `${folder}-away`);
    renameSync(beside, folder);
    for (let i = 0; i < 4; i++) {
      await nextRequest(120);
      expect(rules.isProtected('old')).toBe(true);
    }
    expect(problems.map((problem) => (problem as { code?: string }).code)).toEqual(['STORE_CORRUPT']);
  });

  it('whose file is cut while it is open are dropped before they are read', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `term ${i}`).join('\n');
    put('protected', many);
    const rules = opened();
    await nextRequest(130);
    expect(rules.isProtected('term 7')).toBe(true);
    const file = join(folder, 'collections.mdb');
    const whole = readFileSync(file);
    truncateSync(file, 8192);
    await nextRequest(130);
    expect(rules.counts().protected).toBe(0);
    await nextRequest();
    expect(rules.isProtected('term 7')).toBe(false);
    expect(problems.map((problem) => (problem as { code?: string }).code)).toEqual(['STORE_CORRUPT']);
    writeFileSync(file, whole);
    await nextRequest(130);
    for (let i = 0; i < 100 && !rules.isProtected('term 7'); i++) await nextRequest();
    expect(rules.isProtected('term 7')).toBe(true);
  });

  it('refuse to open on a folder that cannot be read', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'data.mdb'), 'this is no environment '.repeat(1000));
    expect(codeOf(() => openRules(folder))).toBe('STORE_FOREIGN');
  });

  it('refuse terms of another text version', () => {
    const collections = openCollections(folder, { readOnly: false });
    const kind = { kind: 'set', textVersion: TEXT_VERSION + 1, detail: 1 } as const;
    collections.write.replace('protected', kind, [{ key: Buffer.from('a') }]);
    collections.close();
    expect(codeOf(() => openRules(folder))).toBe('RULES_TEXT_VERSION');
  });

  it('are refused where a file is in the place of their folder: rules that are not there would be none', () => {
    writeFileSync(folder, 'new balance\n');
    expect(() => opened()).toThrow(/expected a folder, found a file/);
  });

  it('are read where nothing may be written', () => {
    put('protected', 'a\n');
    chmodSync(folder, 0o555);
    try {
      expect(opened().isProtected('a')).toBe(true);
    } finally {
      chmodSync(folder, 0o755);
    }
  });

  it('are none after they were closed', () => {
    put('protected', 'a\n');
    const rules = opened();
    rules.close();
    rules.close();
    expect([rules.isProtected('a'), rules.longestProtected]).toEqual([false, 0]);
  });
});
