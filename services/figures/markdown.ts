/** Tables in Markdown. A bar in a cell is escaped; each row has a cell a column. */

/** Where the cells after the first column are set: numbers read best on the right, where some cells are text on the left. */
export type Alignment = 'left' | 'right';

type Cells = readonly (string | number)[];

/** A table that ends in a line end, its cells filled up to the width of their column as formatters of documents want it. */
export function markdownTable(columns: readonly string[], rows: readonly Cells[], align: Alignment = 'right'): string {
  return `${markdownLines(columns, rows, align).join('\n')}\n`;
}

/** The lines of a table. `isPadded` fills the cells up to the width of their column. */
export function markdownLines(
  columns: readonly string[],
  rows: readonly Cells[],
  align: Alignment = 'right',
  isPadded = true,
): string[] {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const isRight = columns.map((_, c) => c > 0 && align === 'right');
  const widths = columns.map((_, c) => (isPadded ? Math.max(3, ...cells.map((row) => row[c]?.length ?? 0)) : 0));
  const rule = widths.map((width, c) => {
    if (!isPadded) return isRight[c] ? '---:' : '---';
    return isRight[c] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  const [head = '', ...body] = cells.map((row) =>
    line(row.map((cell, c) => (isRight[c] ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))),
  );
  return [head, line(rule), ...body];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
