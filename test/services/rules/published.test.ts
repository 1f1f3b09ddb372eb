import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import { RuleSetError } from '../../../services/rules/compile/problems.ts';
import { type LiveRules, openRules } from '../../../services/rules/live-rules.ts';
import type { RuleSet } from '../../../services/rules/model/rule.ts';
import { publishedIn, publishRuleSet, undoPublished, withdrawPublished } from '../../../services/rules/published.ts';
import { openCollections } from '../../../stores/lmdb/collections.ts';

let folder = '';
let problems: Error[] = [];
const open: LiveRules[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'emend-published-')), 'rules');
  problems = [];
});
afterEach(() => {
  for (const rules of open.splice(0)) rules.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const setOf = (...terms: string[]): RuleSet => ({
  rules: terms.map((text) => ({
    id: text,
    triggers: [{ kind: 'sequence', text }],
    actions: [{ do: 'redirect', to: `/${text}` }],
  })),
});
function opened(): LiveRules {
  const rules = openRules(folder, { onProblem: (problem) => problems.push(problem) });
  open.push(rules);
  return rules;
}

/** The rules that act on a query. */
function acting({ engine }: LiveRules, ...terms: string[]): string[] | undefined {
  return engine?.begin(terms, DEFAULT_OPTIONS).early.map(({ rule }) => rule);
}

const MODULES = new URL('../../../dist/', import.meta.url).href;
const PROGRAM = `const { run } = await import('${MODULES}services/commands/rules.js');
  process.exitCode = await run(process.argv.slice(1), { stdin: process.stdin, stdout: process.stdout,
    stderr: process.stderr, env: {}, cwd: '/' });`;

/** Arguments that run the compiled `emend rules`, as an operator does beside a running service. */
const commandLine = (...args: string[]) => ['--input-type=module', '-e', PROGRAM, '--', ...args, '--rules', folder];

function emendRules(...args: string[]): void {
  const child = spawnSync(process.execPath, commandLine(...args), { encoding: 'utf8', timeout: 20_000 });
  expect([child.status, child.stderr]).toEqual([0, '']);
}

function fileOf(set: RuleSet): string {
  const path = join(folder, '..', 'set.json');
  writeFileSync(path, JSON.stringify(set));
  return path;
}

const publish = (...terms: string[]) => emendRules('publish', fileOf(setOf(...terms)));
const nextRequest = () => new Promise((done) => setTimeout(() => setImmediate(done), 5));

describe('a published rule set', () => {
  it('is in force from the next request on, and undone as one', async () => {
    const rules = opened();
    expect([acting(rules, 'sofa'), rules.revision]).toEqual([undefined, '0']);
    publish('sofa');
    await nextRequest();
    expect(acting(rules, 'sofa', 'bed')).toEqual(['sofa']);
    const { revision } = rules;
    expect(revision).toMatch(/^\d+\.1-[0-9a-f]{12}$/);
    publish('bed', 'couch');
    await nextRequest();
    expect([acting(rules, 'sofa', 'bed'), rules.revision === revision]).toEqual([['bed'], false]);
    expect(rules.counts().ruleset).toBe(2);
    emendRules('undo', 'ruleset');
    await nextRequest();
    expect([acting(rules, 'sofa', 'bed'), rules.revision.split('-')[1]]).toEqual([['sofa'], revision.split('-')[1]]);
    emendRules('clear', '--collection', 'ruleset');
    await nextRequest();
    expect([acting(rules, 'sofa'), rules.counts().ruleset, problems]).toEqual([undefined, 0, []]);
  });

  it('has a revision that keys and other collections of the folder do not change', async () => {
    publish('sofa');
    const rules = opened();
    const { revision } = rules;
    const write = `const { openCollections } = await import('${MODULES}stores/lmdb/collections.js');
      const collections = openCollections(process.argv[1], { readOnly: false });
      collections.write.put('emend-keys', [{ key: 'a', value: 1 }], 'commands', { kind: 'map' });
      collections.close();`;
    spawnSync(process.execPath, ['--input-type=module', '-e', write, '--', folder]);
    await nextRequest();
    expect([acting(rules, 'sofa'), rules.revision, problems]).toEqual([['sofa'], revision, []]);
    emendRules('add', 'protected', 'sofa');
    await nextRequest();
    expect([acting(rules, 'sofa'), rules.revision === revision]).toEqual([['sofa'], false]);
  });

  it('stays the same engine while other rules change', async () => {
    publish('sofa');
    const rules = opened();
    const { engine, revision } = rules;
    emendRules('add', 'protected', 'sofa');
    await nextRequest();
    expect([rules.engine === engine, rules.revision === revision]).toEqual([true, false]);
  });

  it('that this program cannot read is told of once, and the one before stays in force', async () => {
    publish('sofa');
    const rules = opened();
    const { engine } = rules;
    const write = `const { openCollections } = await import('${MODULES}stores/lmdb/collections.js');
      const collections = openCollections(process.argv[1], { readOnly: false });
      collections.write.replace('ruleset', { kind: 'bytes' }, [{ key: Buffer.from('current'), value: Buffer.alloc(80) }]);
      collections.close();`;
    spawnSync(process.execPath, ['--input-type=module', '-e', write, '--', folder]);
    for (let i = 0; i < 3; i++) {
      await nextRequest();
      expect(rules.engine === engine).toBe(true);
    }
    expect(problems.map((problem) => (problem as { code?: string }).code)).toEqual(['STORE_CORRUPT']);
  });

  it('is the old or the new one, whole, when its writer is killed at any moment', async () => {
    const many = Array.from({ length: 4000 }, (_, i) => `term${i}`);
    publish('sofa');
    const file = fileOf(setOf(...many));
    const counts: number[] = [];
    for (let waitMs = 100; waitMs < 700; waitMs += 60) {
      const child = spawn(process.execPath, commandLine('publish', file), { stdio: 'ignore' });
      const ended = new Promise((done) => child.on('exit', done));
      await new Promise((done) => setTimeout(done, waitMs));
      child.kill('SIGKILL');
      await ended;
      const published = publishedIn(folder);
      counts.push(published?.set.rules.length ?? 0);
      expect(published?.publication.rules).toBe(published?.set.rules.length);
    }
    expect(counts.filter((count) => count !== 1 && count !== many.length)).toEqual([]);
  });
});

describe('publishRuleSet', () => {
  it('counts versions, whatever was undone', () => {
    const first = publishRuleSet(folder, setOf('sofa'), 1000);
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    expect(first).toMatchObject({ version: 1, rules: 1, publishedMs: 1000, digest });
    const second = publishRuleSet(folder, setOf('bed'), 2000);
    expect(undoPublished(folder)).toEqual(first);
    expect(publishedIn(folder)).toEqual({ publication: first, set: setOf('sofa') });
    expect(publishRuleSet(folder, setOf('chair')).version).toBe(3);
    expect(second.version).toBe(2);
  });

  it('puts back what was withdrawn', () => {
    expect([undoPublished(folder), withdrawPublished(folder), publishedIn(folder)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    publishRuleSet(folder, setOf('sofa'));
    expect(withdrawPublished(folder)?.rules).toBe(1);
    expect([publishedIn(folder), withdrawPublished(folder)]).toEqual([undefined, undefined]);
    undoPublished(folder);
    expect(publishedIn(folder)?.set).toEqual(setOf('sofa'));
  });

  it('refuses what cannot act, and the one before stays', () => {
    publishRuleSet(folder, setOf('sofa'));
    const refused = { rules: [{ id: 'x', triggers: [], actions: [] }] };
    expect(() => publishRuleSet(folder, refused)).toThrow(RuleSetError);
    expect(publishedIn(folder)?.publication.version).toBe(1);
  });

  it('is undone also where the sets are larger than what the collections keep for undoing', () => {
    const large = (value: string): RuleSet => ({
      rules: [
        { id: '1', triggers: [{ kind: 'always' }], actions: [{ do: 'decorate', value: value.repeat(5 * 2 ** 20) }] },
      ],
    });
    const first = publishRuleSet(folder, large('a'));
    publishRuleSet(folder, large('b'));
    expect(undoPublished(folder)).toEqual(first);
    const collections = openCollections(folder, { readOnly: true });
    collections.verify();
    collections.close();
  });
});
