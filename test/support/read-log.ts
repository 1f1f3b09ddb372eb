import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportPlan, type ImportReport, importLog, type LogFormat } from '../../builders/import/import-log.ts';
import type { LogRow } from '../../builders/import/row.ts';

/** Rows as people compare them: what is unknown is left out. */
export type Short = Partial<Omit<LogRow, 'timeMs'>> & { at?: string };

/** What an import makes of files, given as texts. */
export async function readLog(
  format: LogFormat,
  texts: readonly (string | Buffer)[],
  plan: Partial<ImportPlan> = {},
  name = 'log',
): Promise<{ rows: Short[]; report: ImportReport }> {
  const folder = mkdtempSync(join(tmpdir(), 'emend-import-'));
  const files = texts.map((text, i) => {
    const path = join(folder, `${i}-${name}`);
    writeFileSync(path, text);
    return { path, label: `${i}-${name}` };
  });
  const rows: Short[] = [];
  const target = { add: (row: LogRow) => void rows.push(short(row)), drain: () => undefined };
  try {
    const report = await importLog({ format, files, named: {}, skipInvalid: false, ...plan }, process.stdin, target);
    return { rows, report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function short({ query, count, hits, clicks, session, timeMs }: LogRow): Short {
  return {
    query,
    ...(count === 1 ? {} : { count }),
    ...(hits < 0 ? {} : { hits }),
    ...(clicks < 0 ? {} : { clicks }),
    ...(session === '' ? {} : { session }),
    ...(Number.isNaN(timeMs) ? {} : { at: new Date(timeMs).toISOString() }),
  };
}
