import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQueryLog } from '../../../builders/import/read-query-log.ts';
import { gateWith } from '../../../services/commands/gate.ts';
import { encodeSheet } from '../../../services/evaluate/by-hand/sheet.ts';
import { type GateLimits, gateVersions } from '../../../services/gate/gate.ts';
import { type Judged, readJudged } from '../../../services/gate/judged.ts';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import { captureIo } from '../../support/command-io.ts';
import { type TableEntry, TableRewriter } from '../../support/table-rewriter.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

type Table = Readonly<Record<string, TableEntry>>;

const NO_LIMITS: GateLimits = { maxChanged: null, maxSlower: null };
const NONE: Judged = { queries: [], undecided: 0 };

function judgedAs(rights: Readonly<Record<string, string>>): Judged {
  const queries = Object.entries(rights).map(([query, right]) => ({ query, rights: new Set([right]) }));
  return { queries, undecided: 0 };
}

async function gate(old: Table, newer: Table, judged = NONE, limits = NO_LIMITS) {
  const versions = { old: new TableRewriter(old), new: new TableRewriter(newer, true) };
  const queries = [
    { query: 'lanp', count: 5 },
    { query: 'dask', count: 90 },
    { query: 'tabel', count: 5 },
  ];
  return await gateVersions(versions, queries, judged, DEFAULT_OPTIONS, limits);
}

const TO = (rewritten: string, decision: 'auto' | 'suggest' = 'auto'): TableEntry => ({ rewritten, decision });

describe('the gate', () => {
  it('lists what changes, the most frequent first, and passes without judgements', async () => {
    const report = await gate({ lanp: TO('lamp') }, { dask: TO('desk', 'suggest') });
    expect(report).toMatchObject({ queries: 3, searches: 100, changedQueries: 2, changedSearches: 95, changed: 0.95 });
    expect(report.changes).toEqual([
      { query: 'dask', count: 90, before: { search: 'dask' }, after: { search: 'dask', suggestion: 'desk' } },
      { query: 'lanp', count: 5, before: { search: 'lamp' }, after: { search: 'lanp' } },
    ]);
    expect(report.judgements).toBeNull();
    expect(report.failures).toEqual([]);
  });

  it('counts fixes and breaks on each level', async () => {
    const old = { lanp: TO('lamp'), tabel: TO('label') };
    const newer = { lanp: TO('lamp', 'suggest'), dask: TO('desk'), tabel: TO('table', 'suggest') };
    const { judgements } = await gate(old, newer, judgedAs({ lanp: 'lamp', dask: 'desk', tabel: 'table' }));
    expect(judgements).toMatchObject([
      { level: 'auto', judged: 3, fixes: 1, breaks: 1, broken: ['lanp'], net: { value: 0 } },
      { level: 'suggest', judged: 3, fixes: 2, breaks: 0, broken: [] },
    ]);
  });

  it('fails where the whole interval of the difference is below 0, and not where it may be chance', async () => {
    const rights = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`q${i}`, `q${i}`]));
    const breaking = (count: number): Table =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`q${i}`, TO(`x${i}`)]));
    const bad = await gate({}, breaking(20), judgedAs(rights));
    expect(bad.failures).toHaveLength(2);
    expect(bad.judgements?.[0]?.net.high).toBeLessThan(0);
    expect((await gate({}, breaking(1), judgedAs(rights))).failures).toEqual([]);
    expect((await gate(breaking(20), {}, judgedAs(rights))).failures).toEqual([]);
  });

  it('fails where more changes than is allowed', async () => {
    const report = await gate({}, { lanp: TO('lamp') }, NONE, { maxChanged: 0.04, maxSlower: null });
    expect(report.failures).toEqual(['5.00 % of searches change, more than the 4 % allowed']);
    expect((await gate({}, { lanp: TO('lamp') }, NONE, { maxChanged: 0.05, maxSlower: null })).failures).toEqual([]);
  });
});

describe('the command', () => {
  let folder: string;
  let dataset: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-gate-'));
    dataset = await buildTinyDataset(folder);
    writeFileSync(join(folder, 'log.tsv'), 'query\tcount\nwireles headphones\t3\nnew york\t2\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...args: string[]): Promise<{ code: number; out: string }> {
    const io = captureIo({ cwd: folder });
    const readLog = async (
      spec: string,
      { cwd }: { cwd: string },
      skip: boolean,
      take: Parameters<typeof readQueryLog>[3],
    ) => await readQueryLog(spec, cwd, skip, take);
    return { code: await gateWith([...args, '--rules', join(folder, 'rules')], io, { readLog }), out: io.out() };
  }

  it('passes a version that does what the old one does', async () => {
    const { code, out } = await run(dataset, dataset, '--log', 'log.tsv', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ searches: 5, changedSearches: 0, failures: [] });
  });

  it('does not pass one that changes more than is allowed, and shows what', async () => {
    const other = mkdtempSync(join(folder, 'other-'));
    const newer = await buildTinyDataset(other, ['wireless headphones for running', 'old york hotels']);
    writeFileSync(join(folder, 'log2.tsv'), 'bluetoth speaker\t3\n');
    const { code, out } = await run(dataset, newer, '--log', 'log2.tsv', '--max-changed', '0');
    expect(code).toBe(1);
    expect(out).toMatch(/3\tbluetoth speaker\t.*bluetooth speaker.* => bluetoth speaker/);
    expect(out).toMatch(/fails: 100.00 % of searches change/);
    expect(out).toMatch(/does not pass\n$/);
  });

  it('reads sheets and labelled queries', async () => {
    const row = (judgement: 'right' | 'broken' | 'wrong' | null, query: string) =>
      ({ judgement, count: 1, query, rewritten: `${query}!`, decision: 'auto', confidence: 0.95 }) as const;
    const rows = [row('right', 'a'), row('broken', 'b'), row('wrong', 'c'), row(null, 'd')];
    writeFileSync(join(folder, 'sheet.tsv'), encodeSheet({ queries: 4, occurrences: 4, rows }));
    writeFileSync(join(folder, 'pairs.tsv'), 'e\tf|g\n');
    const judged = await readJudged([join(folder, 'sheet.tsv'), join(folder, 'pairs.tsv')]);
    expect(judged.queries.map(({ query, rights }) => [query, ...rights])).toEqual([
      ['a', 'a!'],
      ['b', 'b'],
      ['e', 'f', 'g'],
    ]);
    expect(judged.undecided).toBe(2);
  });

  it.each([
    [[], /expected two dataset folders/],
    [['a', 'b'], /expected --log FILE/],
    [['a', 'b', '--log', 'log.tsv', '--max-changed', '2'], /--max-changed takes a number from 0 to 1/],
  ])('refuses %j', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
  });
});
