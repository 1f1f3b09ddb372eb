import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownOf } from './markdown.ts';
import { plotsOf } from './plots.ts';
import type { RunResult } from './result.ts';

/**
 * Writes result.json, report.md and the plots of a run into a folder of its own under `results`.
 *
 * @returns the folder
 */
export function writeRun(run: RunResult, results: string): string {
  const folder = join(results, run.startedAt.replaceAll(':', '-').replace(/\.\d+Z$/, 'Z'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(run, null, 1)}\n`);
  writeFileSync(join(folder, 'report.md'), markdownOf(run));
  for (const [name, svg] of plotsOf(run)) writeFileSync(join(folder, name), svg);
  return folder;
}
