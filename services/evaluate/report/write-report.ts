/** The folder that `emend eval --out` fills. */
import { join } from 'node:path';
import { renderTables } from '../../figures/table.ts';
import { encodeRows } from '../judge/rows-file.ts';
import { writeWhole } from '../rows/text-file.ts';
import { curvePlot, groupsPlot, reliabilityPlot } from './plots.ts';
import { type Evaluation, type Report, reportSummary, reportTables } from './report.ts';

/**
 * Writes `report.json`, `report.md`, `rows.tsv`, `curve.svg`, `reliability.svg` and `reliability-groups.svg` into `folder`, which is made when it
 * is not there; files of an earlier run are replaced.
 *
 * @returns the paths written
 */
export async function writeReport(folder: string, { report, judged }: Evaluation): Promise<string[]> {
  const files: Record<string, string> = {
    'report.json': `${JSON.stringify(report, null, 1)}\n`,
    'report.md': reportMarkdown(report),
    'rows.tsv': encodeRows(judged),
    'curve.svg': curvePlot(report.sets, 'Fix against broken; dots: suggest and auto'),
    'reliability.svg': reliabilityPlot(report.sets, 'Reliability of changed queries'),
    'reliability-groups.svg': groupsPlot(report.all ?? report.sets[0], 'Reliability by words and by what was changed'),
  };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await writeWhole(path, content);
    paths.push(path);
  }
  return paths;
}

/** The report as a Markdown document. */
export function reportMarkdown(report: Report): string {
  return `${reportSummary(report)}\n\n${renderTables(reportTables(report), 'markdown')}`;
}
