/** Tables for people: as aligned text for a terminal, as Markdown for a document. */
import { markdownLines } from './markdown.ts';

/** One table; the first column is set left, all others right. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A sentence below the table, or the empty string. */
  readonly note: string;
}

/** How tables are written. */
export type TableStyle = 'text' | 'markdown';

/** The tables one below the other, ending in a line end. */
export function renderTables(tables: readonly Table[], style: TableStyle): string {
  return `${tables.map(style === 'text' ? renderText : renderMarkdown).join('\n\n')}\n`;
}

function renderText({ title, columns, rows, note }: Table): string {
  const widths = columns.map((column, c) => Math.max(column.length, ...rows.map((row) => (row[c] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [title, '', line(columns), rule, ...rows.map(line), ...(note === '' ? [] : ['', note])].join('\n');
}

function renderMarkdown({ title, columns, rows, note }: Table): string {
  const lines = markdownLines(columns, rows, 'right', false);
  return [`**${title}**`, '', ...lines, ...(note === '' ? [] : ['', note])].join('\n');
}
