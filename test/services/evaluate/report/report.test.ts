import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateSets } from '../../../../services/evaluate/evaluate-sets.ts';
import { writeReport } from '../../../../services/evaluate/report/write-report.ts';
import { ALL_ROWS } from '../../../../services/evaluate/rows/select.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { TableRewriter } from '../../../support/table-rewriter.ts';

describe('writeReport', () => {
  it('fills a folder, and the same again for the same answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emend-report-'));
    const rows = ['teh', 'the', 'colr', 'cat'].map((input, i) => ({
      line: i + 1,
      input,
      rights: [input === 'teh' ? 'the' : input],
    }));
    const run = async () => {
      const rewriter = new TableRewriter({ teh: { rewritten: 'the' }, cat: { rewritten: 'cart', confidence: 0.5 } });
      const sets = [{ name: 'x', rows, skipped: 0, firstSkipped: 0 }];
      return evaluateSets(rewriter, sets, DEFAULT_OPTIONS, ALL_ROWS);
    };
    const evaluation = await run();
    const out = join(folder, 'deep', 'out');
    await writeReport(out, evaluation);
    expect(readdirSync(out).sort()).toEqual([
      'curve.svg',
      'reliability-groups.svg',
      'reliability.svg',
      'report.json',
      'report.md',
      'rows.tsv',
    ]);
    const { times: _, ...figures } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    const { times: __, ...again } = (await run()).report;
    expect(figures).toEqual(again);
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('| x | 1 | 100.0 [20.7, 100.0] |');
    rmSync(folder, { recursive: true });
  });
});
