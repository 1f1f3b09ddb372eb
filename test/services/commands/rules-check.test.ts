import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../services/commands/rules.ts';
import { captureIo, NO_DEPS } from '../../support/command-io.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

let folder = '';
let dataset = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-check-'));
  dataset = await buildTinyDataset(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function emendRules(...args: string[]): Promise<[code: number, out: string, err: string]> {
  const io = captureIo({ cwd: folder, env: {} });
  return [await run(args, io, NO_DEPS), io.out(), io.err()];
}

function file(name: string, value: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return name;
}

const SHOP = {
  rules: [
    {
      id: 'advent',
      triggers: [{ kind: 'sequence', text: 'shoes' }],
      actions: [{ do: 'filter', query: 'gift' }],
      validity: [{ from: Date.UTC(2026, 11, 1), until: Date.UTC(2026, 11, 25) }],
      context: { channel: ['app'] },
    },
    { id: 'five', triggers: [{ kind: 'sequence', text: 'iphone 5' }], actions: [{ do: 'replace', to: 'iphone 17' }] },
    { id: 'cheap', triggers: [{ kind: 'sequence', text: 'cheap' }], actions: [{ do: 'delete' }] },
  ],
};

describe('emend rules check', () => {
  it('replays any moment and any context, with a file that is not published', async () => {
    const shop = file('shop.json', SHOP);
    const ask = async (...args: string[]) => {
      const [code, out] = await emendRules('check', shop, '--dataset', dataset, '--query', 'cheap shoes', ...args);
      expect(code).toBe(0);
      return out;
    };
    expect(await ask('--at', '2026-12-24', '--context', 'channel=app')).toBe(
      'cheap shoes\n  search      shoes\n  edit        cheap  => (nothing)  by cheap\n  filter      gift  by advent\n',
    );
    expect(await ask('--at', '2026-12-25', '--context', 'channel=app')).toContain('lost        advent: not-now');
    expect(await ask('--at', '2026-12-24T23:59:59+01:00', '--context', 'channel=web')).toContain(
      'lost        advent: context',
    );
    const answer = JSON.parse(
      await ask('--json', '--at', '2026-12-24', '--context', 'channel=web', '--context', 'channel=app'),
    );
    expect(answer).toMatchObject({ search: 'shoes', filters: [{ rule: 'advent' }], rules: 'checked' });
  });

  it('replays what is published', async () => {
    expect((await emendRules('publish', file('shop.json', SHOP), '--rules', 'live'))[0]).toBe(0);
    const [, out] = await emendRules('check', '--rules', 'live', '--dataset', dataset, '--query', 'iphone 5');
    expect(out).toContain('search      iphone 17');
    expect((await emendRules('list', '--rules', 'live'))[1]).toMatch(/^ruleset\t3\tversion 1\tsha256:[0-9a-f]{12}$/m);
    expect(JSON.parse((await emendRules('export', '--collection', 'ruleset', '--rules', 'live'))[1])).toEqual(SHOP);
  });

  it('lists rules that win over what is protected or blocked', async () => {
    await emendRules('add', 'protected', 'iphone 5', '--rules', 'lists');
    await emendRules('add', 'blocked', 'iphone 5 => iphone 17', '--rules', 'lists');
    const [code, out] = await emendRules('check', file('shop.json', SHOP), '--rules', 'lists');
    expect([code, out]).toEqual([
      0,
      '3 rules, all of which can act\n' +
        'five\tiphone 5 => iphone 17\twins over "protected"\n' +
        'five\tiphone 5 => iphone 17\twins over "blocked"\n',
    ]);
  });

  it('names all that is wrong with a file, and publishes nothing of it', async () => {
    const bad = file('bad.json', {
      rules: [
        { id: 'a', triggers: [{ kind: 'sequence', text: 'x* y*' }], actions: [{ do: 'delete' }] },
        { id: 'a', triggers: [], actions: [{ do: 'explode' }] },
      ],
    });
    for (const command of ['check', 'publish']) {
      const [code, out, err] = await emendRules(command, bad, '--rules', 'none');
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain('bad.json: /rules/1/actions/0/do (rule "a"): bad-shape');
      expect(err).toContain('bad.json: /rules/0/triggers/0/text (rule "a"): two-wildcards');
    }
    writeFileSync(join(folder, 'text.json'), '{"rules": [');
    expect((await emendRules('publish', 'text.json', '--rules', 'none'))[2]).toMatch(
      /text.json: \/: bad-shape: line 1, column 12: expected a value/,
    );
    expect((await emendRules('list', '--rules', 'none'))[1]).toContain('ruleset\t0\n');
  });

  it.each([
    [['check', '--at', '2026-12-24'], /go with --query/],
    [['check', '--query', 'a', '--at', 'tomorrow'], /--at takes a date/],
    [['check', '--query', 'a', '--context', 'app'], /KEY=VALUE/],
    [['publish'], /publish needs a FILE/],
    [['--json', 'check'], /"check" before its options/],
  ])('%j is misuse', async (args, message) => {
    await expect(emendRules(...args)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
  });
});
