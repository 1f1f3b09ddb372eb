import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../services/commands/rules.ts';
import { openRules } from '../../../services/rules/live-rules.ts';
import { captureIo, NO_DEPS } from '../../support/command-io.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-rules-command-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function emend(args: string, stdin = '', env: Record<string, string> = {}): Promise<[number, string, string]> {
  const io = captureIo({ stdin, env, cwd: folder });
  const code = await run(args.split(' '), io, NO_DEPS);
  return [code, io.out(), io.err()];
}

async function emendArgs(args: string[]): Promise<[number, string, string]> {
  const io = captureIo({ stdin: '', env: {}, cwd: folder });
  return [await run(args, io, NO_DEPS), io.out(), io.err()];
}

async function misuse(args: string): Promise<string> {
  try {
    await emend(args);
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  return 'no error';
}

describe('emend rules', () => {
  it('imports a file, counts, exports and clears', async () => {
    writeFileSync(join(folder, 'brands.txt'), '# brands\nNew Balance\nAdidas\nadidas\n');
    expect(await emend('import --collection protected brands.txt')).toEqual([
      0,
      `protected: 2 rules, 1 repeated, instead of 0, in ${join(folder, 'rules')}\n`,
      '',
    ]);
    expect(await emend('list')).toEqual([
      0,
      'protected\t2\nblocked\t0\noverrides\t0\nrude\t0\npolite\t0\nvocabulary\t0\nruleset\t0\n',
      '',
    ]);
    expect(await emend('export --collection protected')).toEqual([0, 'adidas\nnew balance\n', '']);
    expect((await emend('clear --collection protected'))[1]).toBe(
      `protected: 2 rules removed from ${join(folder, 'rules')}\n`,
    );
    expect(await emend('export --collection protected')).toEqual([0, '', '']);
  });

  it('adds and removes single rules, and undoes that', async () => {
    const where = join(folder, 'rules');
    expect(await emend('add protected Brexit')).toEqual([0, `protected: 1 rule added, 1 now, in ${where}\n`, '']);
    expect((await emendArgs(['add', 'protected', 'New  Balance', 'brexit']))[1]).toBe(
      `protected: 1 rule added, 2 now, in ${where}\n`,
    );
    await emendArgs(['add', 'blocked', 'kohls => kohl', '* => rude']);
    expect((await emend('export --collection blocked'))[1]).toBe('* => rude\nkohls => kohl\n');
    expect((await emendArgs(['remove', 'blocked', 'KOHLS => kohl', 'none => x']))[1]).toMatch(
      /^blocked: 1 rule removed, 1 now/,
    );
    expect((await emend('undo blocked'))[1]).toMatch(/^blocked: 1 rule changed back, 2 now/);
    expect((await emend('export --collection blocked'))[1]).toBe('* => rude\nkohls => kohl\n');
    expect(await emend('undo --collection overrides')).toEqual([
      1,
      '',
      expect.stringMatching(/no change that can be undone/),
    ]);
    expect((await emendArgs(['add', 'overrides', 'no arrow']))[0]).toBe(1);
    const rules = openRules(where);
    expect([rules.isProtected('new balance'), rules.longestProtected, rules.isBlocked('rud', 'rude')]).toEqual([
      true,
      2,
      true,
    ]);
    rules.close();
    for (const args of ['add protected', 'add', 'remove', 'undo', 'undo protected x', 'add nothing x']) {
      expect([args, await misuse(args)]).toEqual([args, 'USAGE']);
    }
  });

  it('reads stdin and answers in JSON', async () => {
    const [code, out] = await emend('import --collection overrides - --rules mine --json', 'a => b\nc => D\n');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { collection: 'overrides', rules: 2, duplicates: 0, before: 0, generation: 1, folder: join(folder, 'mine') },
    ]);
    expect((await emend('list --json', '', { EMEND_RULES_DIR: 'mine' }))[1]).toBe(
      `${JSON.stringify({ folder: join(folder, 'mine'), collections: { protected: 0, blocked: 0, overrides: 2, rude: 0, polite: 0, vocabulary: 0 }, ruleset: null })}\n`,
    );
    expect((await emend('export --collection overrides --rules mine'))[1]).toBe('a => b\nc => D\n');
  });

  it('does not take a file without a rule for the wish to remove all', async () => {
    await emend('import --collection protected -', 'a\n');
    for (const text of ['', '\n\n', '# nothing\n', '\uFEFF']) {
      const [code, out, err] = await emend('import --collection protected -', text);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/stdin: the file has no rule, and nothing was imported.*emend rules clear.*--allow-empty/);
    }
    expect((await emend('export --collection protected'))[1]).toBe('a\n');
    expect((await emend('import --collection protected - --allow-empty', ''))[0]).toBe(0);
    expect((await emend('export --collection protected'))[1]).toBe('');
    expect(await misuse('list --allow-empty')).toBe('USAGE');
  });

  it('imports nothing from a file with a wrong line, and names the line', async () => {
    await emend('import --collection protected -', 'a\n');
    const [code, out, err] = await emend('import --collection protected -', 'b\n***\n');
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n')).toEqual([
      'emend rules: stdin:2: no letter or digit in the line',
      'emend rules: nothing was changed; correct stdin and try again',
      '',
    ]);
    expect((await emend('export --collection protected'))[1]).toBe('a\n');
  });

  it('shows the first wrong lines and counts the others', async () => {
    const [, , err] = await emend('import --collection overrides -', 'x\n'.repeat(30));
    expect(err.split('\n')).toHaveLength(23);
    expect(err).toContain('stdin: 10 more lines are wrong');
  });

  it('looks at folders that are not there without making them', async () => {
    expect(await emend('list')).toEqual([
      0,
      'protected\t0\nblocked\t0\noverrides\t0\nrude\t0\npolite\t0\nvocabulary\t0\nruleset\t0\n',
      '',
    ]);
    expect(await emend('clear --collection blocked')).toEqual([
      0,
      `blocked: 0 rules removed from ${join(folder, 'rules')}\n`,
      '',
    ]);
    expect(await emend('export --collection blocked')).toEqual([0, '', '']);
  });

  it('helps, and says what it is misused for', async () => {
    const [code, help] = await emend('--help');
    expect([code, help.startsWith('Adds and removes, imports, exports and lists rules')]).toEqual([0, true]);
    for (const args of [
      'import x.txt',
      'import --collection nope x',
      'import --collection blocked',
      'list x',
      'frob',
    ]) {
      expect([args, await misuse(args)]).toEqual([args, 'USAGE']);
    }
    expect(await misuse('list --nope')).toBe('ERR_PARSE_ARGS_UNKNOWN_OPTION');
  });
});
