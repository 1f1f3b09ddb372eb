/** The audit as one page that needs nothing else: its style, its program and its data are in it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';
import { encodeSheet, type SheetRow } from '../evaluate/by-hand/sheet.ts';
import type { AuditReport, AuditRow } from './report.ts';

/** Where the page's own files are. */
const FOLDER = join(packageRoot(), 'services', 'audit', 'page');

/**
 * The page. What comes of the log is in it as JSON alone, which the program shows as text; the policy lets nothing run or
 * load but the style and the program that are named by their digests.
 */
export function auditPage(report: AuditReport): string {
  const style = readFileSync(join(FOLDER, 'audit.css'), 'utf8');
  const script = readFileSync(join(FOLDER, 'audit.js'), 'utf8');
  const policy = [
    "default-src 'none'",
    `script-src '${digestOf(script)}'`,
    `style-src '${digestOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = readFileSync(join(FOLDER, 'audit.html'), 'utf8');
  // One pass, so that nothing of the data is taken for a place of another part.
  return page.replace(/POLICY|\s*\/\* (?:STYLE|SCRIPT) \*\/\s*|"DATA"/g, (place) => {
    if (place === 'POLICY') return policy;
    if (place === '"DATA"') return dataOf(report);
    return place.includes('STYLE') ? style : script;
  });
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** JSON that ends no script: no `<` is left in it, and no line end that older programs do not know. */
function dataOf(report: AuditReport): string {
  const data = {
    ...report,
    auto: { ...report.auto, rows: report.auto.rows.map(withLine) },
    suggest: { ...report.suggest, rows: report.suggest.rows.map(withLine) },
    sheetHead: encodeSheet({ queries: report.log.looked.queries, occurrences: report.log.looked.searches, rows: [] }),
  };
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A row with its line of a judged sheet, which begins with the judgement that is not made yet. */
function withLine(row: AuditRow): AuditRow & { readonly line: string } {
  const sheetRow: SheetRow = { ...row, judgement: null };
  const [, , line = ''] = encodeSheet({ queries: 0, occurrences: 0, rows: [sheetRow] }).split('\n');
  return { ...row, line };
}
