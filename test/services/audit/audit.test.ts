import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../data/package-root.ts';
import { auditLog } from '../../../services/audit/audit.ts';
import { auditPage } from '../../../services/audit/page.ts';
import type { AuditReport } from '../../../services/audit/report.ts';
import { SearchLog } from '../../../services/audit/search-log.ts';
import { readSheet } from '../../../services/evaluate/by-hand/sheet.ts';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import { type TableEntry, TableRewriter } from '../../support/table-rewriter.ts';

const MADE = new Date('2026-01-02T03:04:05Z');

async function audit(
  rows: readonly (readonly [query: string, count: number, hits: number])[],
  table: Readonly<Record<string, TableEntry>>,
  limit = 1000,
): Promise<AuditReport> {
  const log = new SearchLog();
  for (const [query, count, hits] of rows) log.add(query, count, hits);
  return await auditLog(new TableRewriter(table, true), log, DEFAULT_OPTIONS, { limit, made: MADE, vocabulary: null });
}

const TABLE: Readonly<Record<string, TableEntry>> = {
  lanp: { rewritten: 'lamp', decision: 'auto', confidence: 0.97 },
  tabel: { rewritten: 'table', decision: 'auto', confidence: 0.92 },
  dask: { rewritten: 'desk', decision: 'suggest', confidence: 0.6 },
  Lamp: { rewritten: 'lamp', decision: 'auto', confidence: 0.99 },
};

describe('an audit', () => {
  it('weighs what changes by how often it was searched for, on each level', async () => {
    const report = await audit(
      [
        ['lanp', 5, -1],
        ['lamp', 80, -1],
        ['dask', 2, -1],
        ['lanp', 3, -1],
      ],
      TABLE,
    );
    expect(report.log).toMatchObject({ rows: 4, queries: 3, searches: 90, looked: { queries: 3, searches: 90 } });
    expect(report.auto.changed).toEqual({ queries: 1, searches: 8 });
    expect(report.suggest.changed).toEqual({ queries: 1, searches: 2 });
    expect(report.auto.rows).toMatchObject([{ query: 'lanp', rewritten: 'lamp', count: 8, confidence: 0.97 }]);
  });

  it('says which queries without results get another text, and whether the log has that with results', async () => {
    const report = await audit(
      [
        ['lanp', 5, 0],
        ['tabel', 4, 0],
        ['xyzzy', 1, 0],
        ['lamp', 80, 12],
        ['dask', 2, 3],
      ],
      TABLE,
    );
    expect(report.auto.zeroChanged).toMatchObject({ hits: 2, of: 3 });
    expect(report.auto.zeroConfirmed).toMatchObject({ hits: 1, of: 3 });
    expect(report.auto.zeroSearches).toBe(9);
    expect(report.auto.goodChanged).toMatchObject({ hits: 0, of: 2 });
    expect(report.suggest.goodChanged).toMatchObject({ hits: 1, of: 2 });
    expect(report.auto.zeroChanged.low).toBeGreaterThan(0.2);
    expect(report.auto.zeroChanged.high).toBeLessThan(1);
  });

  it('takes a query that sometimes finds nothing for what it mostly is', async () => {
    const report = await audit(
      [
        ['lanp', 5, 0],
        ['lanp', 1, 4],
        ['tabel', 1, 0],
        ['tabel', 2, 9],
      ],
      TABLE,
    );
    expect(report.auto.zeroChanged).toMatchObject({ hits: 1, of: 1 });
    expect(report.auto.goodChanged).toMatchObject({ hits: 1, of: 1 });
  });

  it('counts no change of case or spaces', async () => {
    expect((await audit([['Lamp', 5, -1]], TABLE)).auto.changed.queries).toBe(0);
  });

  it('looks at the most frequent queries up to the limit and says how many those are', async () => {
    const report = await audit(
      [
        ['dask', 1, -1],
        ['lanp', 5, -1],
        ['tabel', 2, -1],
      ],
      TABLE,
      2,
    );
    expect(report.log).toMatchObject({ queries: 3, searches: 8, looked: { queries: 2, searches: 7 } });
    expect(report.suggest.changed.queries).toBe(0);
  });

  it('shows what other thresholds do: the one in force does what is done', async () => {
    const report = await audit(
      [
        ['lanp', 5, 0],
        ['tabel', 4, -1],
        ['dask', 2, 7],
      ],
      TABLE,
    );
    const at = (above: number) => report.thresholds.find((one) => one.above === above);
    expect(at(0.9)).toMatchObject({ ...report.auto.changed });
    expect(at(0.95)).toMatchObject({ queries: 1, searches: 5, zeroSearches: 5, goodSearches: 0 });
    expect(at(0.55)).toMatchObject({ queries: 3, searches: 11, goodSearches: 2 });
    const searches = report.thresholds.map((one) => one.searches);
    expect(searches).toEqual([...searches].sort((a, b) => b - a));
  });

  it('keeps the counts of a log with more queries than it can hold', () => {
    const log = new SearchLog(2);
    for (const query of ['a', 'b', 'c', 'a']) log.add(query, 2, -1);
    expect(log).toMatchObject({ rows: 4, searches: 8, beyond: 2, distinct: 2 });
  });
});

/** What people type who want to see whether it runs. */
const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '<!-- <script>',
  'POLICY "DATA" /* SCRIPT */ /* STYLE */ $& $1',
  'line\u2028separator\u2029',
  "javascript:alert('1')",
  '\u202eevil',
  '=cmd|calc',
];

describe('the page', () => {
  const hostile = async () =>
    await audit(
      HOSTILE.map((query, i) => [query, 10 - i, 0] as const),
      Object.fromEntries(HOSTILE.map((query) => [query, { rewritten: `${query} x`, decision: 'auto' }])),
    );

  /** The parts between tags, as a parser of HTML finds them: a script ends at its first end tag. */
  function scripts(page: string): { attributes: string; text: string }[] {
    return [...page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script/gi)].map(([, attributes = '', text = '']) => ({
      attributes: attributes.trim(),
      text,
    }));
  }

  it('has the texts of a log as data alone, whatever they are', async () => {
    const report = await hostile();
    const found = scripts(auditPage(report));
    expect(found.map(({ attributes }) => attributes)).toEqual(['type="application/json" id="data"', '']);
    const data = JSON.parse(found[0]?.text ?? '');
    expect(data.auto.rows.map(({ query }: { query: string }) => query)).toEqual(HOSTILE);
    expect(found[0]?.text).not.toMatch(/[<>&\u2028\u2029]/);
  });

  it('lets nothing run but its own program, by its digest, and loads nothing', async () => {
    const page = auditPage(await hostile());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${digest(scripts(page)[1]?.text ?? '')}`,
      `style-src ${digest(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // The policy stands before anything that it is to hold for.
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style'));
    expect(page.replace(scripts(page)[0]?.text ?? '', '')).not.toMatch(/\b(?:src|href)=|@import|url\(/);
  });

  it('sets texts as text: its program makes no markup', () => {
    const script = readFileSync(join(packageRoot(), 'services', 'audit', 'page', 'audit.js'), 'utf8');
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b/,
    );
    expect(script).not.toMatch(/<\/script|<!--/i);
  });

  it('is the same for the same log', async () => {
    expect(auditPage(await hostile())).toBe(auditPage(await hostile()));
  });

  it('holds the lines of a sheet that reads back as it was judged', async () => {
    const report = await audit(
      [
        ['lanp', 5, 0],
        ['dask', 2, 3],
      ],
      TABLE,
    );
    const data = JSON.parse(scripts(auditPage(report))[0]?.text ?? '');
    const rows: { line: string }[] = [...data.auto.rows, ...data.suggest.rows];
    const folder = mkdtempSync(join(tmpdir(), 'emend-audit-'));
    try {
      // As the page's program joins them.
      writeFileSync(join(folder, 'judged.tsv'), data.sheetHead + rows.map(({ line }) => `right${line}\n`).join(''));
      expect(await readSheet(join(folder, 'judged.tsv'))).toEqual({
        queries: 2,
        occurrences: 7,
        rows: [
          { judgement: 'right', count: 5, query: 'lanp', rewritten: 'lamp', decision: 'auto', confidence: 0.97 },
          { judgement: 'right', count: 2, query: 'dask', rewritten: 'desk', decision: 'suggest', confidence: 0.6 },
        ],
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
