/** Tables for people: as aligned text for a terminal, as Markdown for a document. */

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
  const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = columns.map((_, c) => (c === 0 ? '---' : '---:'));
  return [`**${title}**`, '', line(columns), line(rule), ...rows.map(line), ...(note === '' ? [] : ['', note])].join(
    '\n',
  );
}

/** A share in percent with one decimal, `-` for none. */
export function percent(share: number | null, decimals = 1): string {
  return share === null ? '-' : (100 * share).toFixed(decimals);
}

/** A value in percent with its interval, as in `58.1 [56.4, 59.8]`; `-` for none. */
export function percentWithin(value: number | null, low: number | null, high: number | null, decimals = 1): string {
  if (value === null) return '-';
  return `${percent(value, decimals)} [${percent(low, decimals)}, ${percent(high, decimals)}]`;
}
