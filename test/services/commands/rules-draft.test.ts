import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../services/commands/rules.ts';
import type { Rule } from '../../../services/rules/model/rule.ts';
import { publishedIn } from '../../../services/rules/published.ts';
import { captureIo, NO_DEPS } from '../../support/command-io.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

let root = '';
let cwd = '';
let dataset = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'emend-draft-'));
  dataset = await buildTinyDataset(root);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'case-'));
});

async function rules(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ cwd });
  const code = await run(args, io, NO_DEPS);
  return { code, out: io.out(), err: io.err() };
}
function write(name: string, value: unknown): string {
  writeFileSync(join(cwd, name), typeof value === 'string' ? value : JSON.stringify(value));
  return name;
}
const rule = (id: string, text: string, action: Rule['actions'][number], more: Partial<Rule> = {}): Rule => ({
  id,
  triggers: [{ kind: 'sequence', text }],
  actions: [action],
  ...more,
});
const ids = () => publishedIn(join(cwd, 'rules'))?.set.rules.map(({ id }) => id);
const running = rule('r', 'running', { do: 'delete' });
const shoes = rule('s', 'shoes', { do: 'synonym', to: 'trainers' });

describe('emend rules publish', () => {
  it('takes edits of the rules in force, and says in the log who and why', async () => {
    expect((await rules('publish', write('all.json', { rules: [shoes] }), '--reason', 'start')).code).toBe(0);
    const edits = { changes: [{ put: running }, { delete: 's' }] };
    expect((await rules('publish', write('edits.json', edits), '--reason', 'spring')).out).toContain('version 2');
    expect(ids()).toEqual(['r']);
    const { out } = await rules('history', '--json');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { seq: 2, action: 'rules:publish', reason: 'spring', version: [1, 2], who: { kind: 'command' } },
      { seq: 1, action: 'rules:publish', reason: 'start', version: [0, 1] },
    ]);
    expect(lines[0].changes).toEqual([
      { what: 'rules/s', at: [0, null], before: shoes, after: null },
      { what: 'rules/r', at: [null, 0], before: null, after: running },
    ]);
    expect(JSON.parse((await rules('history', '2')).out)).toEqual(lines[0]);
    expect((await rules('history', '--limit', '1')).err).toContain('--from');
  });

  it('refuses edits that cannot be, each by its place, and changes nothing', async () => {
    await rules('publish', write('all.json', { rules: [shoes] }));
    const bad = { changes: [{ put: { ...running, actions: [{ do: 'dance' }] } }, { drop: 's' }], extra: 1 };
    const refused = await rules('publish', write('bad.json', bad));
    expect(refused.code).toBe(1);
    for (const pointer of ['/extra', '/changes/1', '/changes/0/put/actions/0/do'])
      expect(refused.err).toContain(pointer);
    await expect(rules('publish', write('none.json', { changes: [{ delete: 'z' }] }))).rejects.toMatchObject({
      code: 'ADMIN_NOT_FOUND',
    });
    expect(ids()).toEqual(['s']);
  });

  it('and undo are refused where the audit log cannot be written', async () => {
    await rules('publish', write('all.json', { rules: [shoes] }));
    rmSync(join(cwd, 'rules', 'audit.jsonl'));
    mkdirSync(join(cwd, 'rules', 'audit.jsonl'));
    for (const args of [
      ['publish', write('more.json', { rules: [running] })],
      ['clear', '--collection', 'ruleset'],
    ]) {
      await expect(rules(...args)).rejects.toMatchObject({ code: 'ADMIN_AUDIT' });
    }
    expect(ids()).toEqual(['s']);
  });
});

describe('emend rules undo ruleset', () => {
  it('takes back one change from under later ones, or all of the last', async () => {
    await rules('publish', write('a.json', { changes: [{ put: shoes }] }));
    await rules('publish', write('b.json', { changes: [{ put: running }] }));
    expect((await rules('undo', 'ruleset', '--change', '1', '--reason', 'no')).code).toBe(0);
    expect(ids()).toEqual(['r']);
    await expect(rules('undo', 'ruleset', '--change', '1')).rejects.toMatchObject({ code: 'ADMIN_CONFLICT' });
    expect((await rules('undo', 'ruleset')).code).toBe(0);
    expect(ids()).toEqual(['s', 'r']);
    expect((await rules('clear', '--collection', 'ruleset')).code).toBe(0);
    expect((await rules('undo', 'ruleset')).code).toBe(0);
    expect(ids()).toEqual(['s', 'r']);
  });

  it.each([
    [['undo', 'ruleset', '--change', 'x']],
    [['undo', 'protected', '--change', '1']],
    [['list', '--reason', 'y']],
    [['history', '--limit', '0']],
    [['history', 'x']],
    [['history', '1', '2']],
    [['--json', 'history']],
    [['check', '--draft', 'x', 'y']],
    [['check', '--queries', 'log', '--limit', '0']],
  ])('is misused by %j', async (args) => {
    await expect(rules(...args)).rejects.toMatchObject({ code: expect.stringMatching(/^(USAGE|ERR_PARSE_ARGS_.*)$/) });
  });
});

describe('emend rules check --draft', () => {
  const log = 'running shoes\t5\nred shoes\t2\nshoes\nheadphones\t2\n';
  const check = (draft: unknown, ...more: string[]) =>
    rules(
      'check',
      '--draft',
      write('draft.json', draft),
      '--queries',
      write('log.tsv', log),
      '--dataset',
      dataset,
      ...more,
    );

  it('says what a draft changes: 0 where nothing is wrong', async () => {
    await rules('publish', write('all.json', { rules: [shoes] }));
    const draft = { changes: [{ put: rule('red', 'red', { do: 'filter', query: 'colour' }) }] };
    const { code, out } = await check(draft, '--json');
    expect(code).toBe(0);
    const expansions = [{ terms: ['trainers'], weight: 1, keepOriginal: true }];
    expect(JSON.parse(out)).toEqual({
      rules: { live: 1, draft: 2 },
      log: {
        queries: 4,
        occurrences: 10,
        changedQueries: 1,
        changedOccurrences: 2,
        touched: 0.2,
        losing: 0,
        changed: [
          {
            query: 'red shoes',
            count: 2,
            before: { search: 'red shoes', expansions },
            after: { search: 'red shoes', expansions, filters: ['colour'] },
            lost: [],
          },
        ],
      },
      findings: [],
    });
    expect(ids()).toEqual(['s']);
  });

  it('is 1 where queries lose terms, which stand first', async () => {
    const draft = { rules: [running, rule('red', 'shoes', { do: 'filter', query: 'x' })] };
    const { code, out } = await check(draft);
    expect(code).toBe(1);
    expect(out).toContain('touched\t80.00 % of 10 queries: 8, of 4 distinct ones 3\nlosing terms\t1\n');
    expect(out).toMatch(/^changed\t5\trunning shoes\trunning shoes\tshoes .*\tloses running$/m);
  });

  it('is 1 for a finding that the draft brings, and 0 for one that the live rules have too', async () => {
    const stop = rule('stop', 'shoes', { do: 'boost', query: 'x' }, { stop: true });
    const draft = { changes: [{ put: stop }, { put: shoes }] };
    const first = await rules('check', '--draft', write('draft.json', draft));
    expect([first.code, first.out]).toEqual([1, expect.stringContaining('shadowed, new\ts\t')]);
    await rules('publish', 'draft.json');
    const second = await rules('check', '--draft', 'draft.json');
    expect([second.code, second.out]).toEqual([0, expect.stringContaining('shadowed\ts\t')]);
  });

  it('is 1 for a draft that cannot be, and runs the live rules beside none without one', async () => {
    expect((await check({ changes: [{ put: { id: 'x' } }] })).code).toBe(1);
    await rules('publish', write('all.json', { rules: [running] }));
    const { code, out } = await rules('check', '--queries', write('log.tsv', log), '--dataset', dataset);
    expect([code, out]).toEqual([1, expect.stringContaining('rules\t0 -> 1\n')]);
  });
});

describe('the lists', () => {
  it('have their changes in the log too, entry by entry, or are not changed', async () => {
    await rules('add', 'protected', 'gopro', '--reason', 'a brand');
    await rules('add', 'protected', 'gopro');
    await rules('import', '--collection', 'blocked', write('blocked.txt', 'on => in\nx => *\n'));
    await rules('import', '--collection', 'overrides', write('o.txt', 'tv => television\n'));
    await rules('import', '--collection', 'overrides', write('o.txt', 'tv => telly\n'));
    await rules('remove', 'protected', 'gopro');
    await rules('undo', 'protected');
    await rules('clear', '--collection', 'blocked');
    const lines = (await rules('history', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ action, changes }) => [action, ...changes]).reverse()).toEqual([
      ['protected:add', { what: 'protected/gopro', before: null, after: 'gopro' }],
      [
        'blocked:import',
        { what: 'blocked/on => in', before: null, after: 'on => in' },
        { what: 'blocked/x => *', before: null, after: 'x => *' },
      ],
      ['overrides:import', { what: 'overrides/tv', before: null, after: 'tv => television' }],
      ['overrides:import', { what: 'overrides/tv', before: 'tv => television', after: 'tv => telly' }],
      ['protected:remove', { what: 'protected/gopro', before: 'gopro', after: null }],
      ['protected:undo', { what: 'protected/gopro', before: null, after: 'gopro' }],
      [
        'blocked:clear',
        { what: 'blocked/on => in', before: 'on => in', after: null },
        { what: 'blocked/x => *', before: 'x => *', after: null },
      ],
    ]);
    expect(lines.at(-1).reason).toBe('a brand');
    rmSync(join(cwd, 'rules', 'audit.jsonl'));
    mkdirSync(join(cwd, 'rules', 'audit.jsonl'));
    await expect(rules('add', 'protected', 'canon')).rejects.toMatchObject({ code: 'ADMIN_AUDIT' });
    expect((await rules('export', '--collection', 'protected')).out).toBe('gopro\n');
  });
});
