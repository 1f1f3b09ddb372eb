import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { evalWith } from '../../../services/commands/eval.ts';
import type { OpenRewriter } from '../../../services/commands/rewriter-flags.ts';
import { captureIo } from '../../support/command-io.ts';
import { type TableEntry, TableRewriter } from '../../support/table-rewriter.ts';

const QUERIES = 'wireles mouse\twireless mouse\nnewyork\tnew york\nzara shoes\tzara shoes\nrtx 4090\trtx 4090\n';
const WORDS = 'teh\tthe|ten\r\nspeeker\tspeaker\r\n';

const GOOD: Record<string, TableEntry> = {
  'wireles mouse': { rewritten: 'wireless mouse', confidence: 0.98 },
  newyork: { rewritten: 'new york', decision: 'suggest', confidence: 0.8 },
  teh: { rewritten: 'the', confidence: 0.99 },
  speeker: { rewritten: 'speeker', alternatives: [['speaker', 0.2]] },
};

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-eval-'));
  writeFileSync(join(cwd, 'queries.tsv'), QUERIES);
  writeFileSync(join(cwd, 'words.dev.tsv.gz'), gzipSync(WORDS));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function run(args: string[], table = GOOD, tty = false) {
  const captured = captureIo({ cwd });
  const io = tty ? { ...captured, stderr: Object.assign(captured.stderr, { isTTY: true }) } : captured;
  const places: unknown[] = [];
  const open: OpenRewriter = async ({ dataset, rulesDir }) => {
    places.push({ dataset, rulesDir });
    return { rewriter: new TableRewriter(table), close: () => {} };
  };
  const code = await evalWith(args, io, open);
  return { code, out: captured.out(), err: captured.err(), places };
}

const refuse: OpenRewriter = async () => {
  throw new Error('opened');
};

describe('emend eval', () => {
  it('prints tables for people', async () => {
    const { code, out, err } = await run(['queries.tsv', 'words.dev.tsv.gz']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^queries +2 +100\.0 \[34\.2, 100\.0\] +0\.0 +2 +0\.00 \[0\.00, 65\.76\]/m);
    expect(out).toMatch(/^words\.dev +2 +50\.0 /m);
    expect(out).toMatch(/^all +4 +75\.0 /m);
    expect(out).toMatch(/queries: one space missing +1 +100\.0/);
  });

  it('prints JSON for machines', async () => {
    const { out } = await run(['queries.tsv', 'words.dev.tsv.gz', '--json', '--error-rate', '0.1']);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ report: 'emend-eval', version: 1, sample: null, options: { errorRate: 0.1 } });
    expect(report.sets[0]).toMatchObject({
      set: 'queries',
      rows: 4,
      suggest: { fix: { hits: 2, of: 2 }, broken: { hits: 0, of: 2 } },
      auto: { fix: { hits: 1, of: 2 }, verdicts: { missed: 1 } },
    });
    expect(report.sets[1]).toMatchObject({ top1: { hits: 1, of: 2 }, top5: { hits: 2, of: 2 }, reach: { hits: 2 } });
    expect(report.all.rows).toBe(6);
  });

  it('prints Markdown', async () => {
    const { out } = await run(['queries.tsv', '--markdown']);
    expect(out).toContain('| set | need | fix % |');
  });

  it('hands on which dataset and rules to open', async () => {
    const { places } = await run(['queries.tsv', '--dataset', 'd', '--rules', 'r', '--json']);
    expect(places).toEqual([{ dataset: 'd', rulesDir: 'r' }]);
  });

  it('tells two files of one name apart', async () => {
    const { out } = await run(['queries.tsv', './queries.tsv', '--json']);
    expect(JSON.parse(out).sets.map((set: { set: string }) => set.set)).toEqual(['queries.tsv', './queries.tsv']);
  });

  it('samples each file, the same for the same seed', async () => {
    const { out } = await run(['queries.tsv', '--sample', '2', '--seed', '5', '--json']);
    const report = JSON.parse(out);
    expect([report.sets[0].rows, report.sample]).toEqual([2, { size: 2, seed: 5 }]);
    const again = JSON.parse((await run(['queries.tsv', '--sample', '2', '--seed', '5', '--json'])).out);
    expect(again.sets).toEqual(report.sets);
  });

  it('measures one part and leaves out what was trained on', async () => {
    const parts = await Promise.all(
      ['1/2', '2/2'].map(async (part) => JSON.parse((await run(['queries.tsv', '--part', part, '--json'])).out)),
    );
    expect(parts[0].sets[0].rows + parts[1].sets[0].rows).toBe(4);
    expect(parts[1].part).toEqual({ index: 2, of: 2, by: 'right' });
    writeFileSync(join(cwd, 'trained.tsv'), 'NEWYORK\tnew york\nother\n');
    const report = JSON.parse((await run(['queries.tsv', '--exclude', 'trained.tsv', '--json'])).out);
    expect([report.sets[0].rows, report.excluded]).toEqual([3, 2]);
  });

  it('writes a row each and a whole report', async () => {
    await run(['queries.tsv', '--rows', 'rows.tsv', '--out', 'out']);
    const rows = readFileSync(join(cwd, 'rows.tsv'), 'utf8').split('\n');
    expect(rows[2]?.split('\t').slice(2, 10)).toEqual([
      'newyork',
      'new york',
      'new york',
      'suggest',
      '0.8',
      'fixed',
      'missed',
      'one space missing',
    ]);
    for (const name of [
      'report.json',
      'report.md',
      'rows.tsv',
      'curve.svg',
      'reliability.svg',
      'reliability-groups.svg',
    ]) {
      expect(existsSync(join(cwd, 'out', name))).toBe(true);
    }
  });

  it('compares two runs by folder, report or rows', async () => {
    await run(['queries.tsv', '--out', 'new']);
    await run(['queries.tsv', '--out', 'old'], {
      newyork: { rewritten: 'new york' },
      'zara shoes': { rewritten: 'sara shoes' },
    });
    const { out } = await run(['--diff', 'old', 'new']);
    expect(out).toMatch(/^queries +4 +1 +2 +1 +0 +2 +0 +0\.500$/m);
    expect(out).toMatch(/zara shoes +zara shoes +sara shoes +zara shoes +broken > kept/);
    const json = JSON.parse((await run(['--diff', 'old/report.json', 'new/rows.tsv', '--json'])).out);
    expect(json.suggest[0]).toMatchObject({ fixBefore: 1, fixAfter: 2, gained: [{}, {}] });
    expect(json.auto[0].lost.map(({ input }: { input: string }) => input)).toEqual(['newyork']);
  });

  it('lists what would change and reads the judgement back', async () => {
    writeFileSync(join(cwd, 'log.txt'), 'teh\nteh\nnewyork\ncat\n');
    const { out } = await run(['--changes', 'log.txt']);
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(2)).toEqual(['\t2\tteh\tthe\tauto\t0.9900', '\t1\tnewyork\tnew york\tsuggest\t0.8000']);
    writeFileSync(
      join(cwd, 'sheet.tsv'),
      out.replace('\t2\tteh', 'r\t2\tteh').replace('\t1\tnewyork', 'b\t1\tnewyork'),
    );
    const judged = JSON.parse((await run(['--judged', 'sheet.tsv', '--json'])).out);
    expect(judged[0]).toMatchObject({ level: 'suggest', precision: { hits: 1, of: 2 }, broken: { hits: 1, of: 2 } });
    expect((await run(['--judged', 'sheet.tsv'])).out).toMatch(/^suggest +2 +1 +1 +0 +0 +50\.0/m);
  });

  it('shows progress on a terminal only', async () => {
    expect((await run(['queries.tsv'], GOOD, true)).err).toMatch(/^\r.*measuring 1 of 4/);
    expect((await run(['queries.tsv'])).err).toBe('');
  });

  it.each([
    [[]],
    [['--diff', 'a']],
    [['--diff', 'a', 'b', 'c']],
    [['--diff', 'a', '--judged', 'b']],
    [['--json', '--markdown', 'queries.tsv']],
    [['--seed', '1', 'queries.tsv']],
    [['--sample', '0', 'queries.tsv']],
    [['--part', '3/2', 'queries.tsv']],
    [['--part', 'half', 'queries.tsv']],
    [['--part-by', 'input', 'queries.tsv']],
    [['--part', '1/2', '--part-by', 'name', 'queries.tsv']],
    [['--judged', 'a', 'b']],
  ])('refuses %j as misuse', async (args) => {
    await expect(evalWith(args, captureIo({ cwd }), refuse)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('refuses a bad file before a dataset is opened', async () => {
    writeFileSync(join(cwd, 'bad.tsv'), 'a\tb\nno tab here\n');
    const failed = evalWith(['bad.tsv'], captureIo({ cwd }), refuse);
    await expect(failed).rejects.toMatchObject({
      message: expect.stringMatching(/bad\.tsv: line 2: expected input<TAB>/),
    });
  });

  it('explains itself with examples', async () => {
    const { out, places } = await run(['--help']);
    expect(out).toContain('emend eval --changes log.txt.gz');
    expect(places).toEqual([]);
  });
});
