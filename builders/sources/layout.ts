/** The layout of the records in a file, found from its name and its beginning. */
import { BuildError } from '../errors.ts';
import { looksLikeCount, splitCsv } from './fields.ts';
import { formatOfLine, formatOfName, type InputFormat } from './format.ts';
import { isHeaderLine } from './query-columns.ts';

/** What stands between the cells of a table. */
export type Delimiter = ',' | ';' | '|' | '\t';

/** A format, and for tables the separator of cells; tabs are never quoted. */
export interface Layout {
  readonly format: InputFormat;
  readonly delimiter: Delimiter;
}

/** What a file is read as, which decides what in it is a table. */
export type LayoutRole = 'documents' | 'queries' | 'words' | 'pairs';

const DELIMITERS: readonly Delimiter[] = [',', ';', '|', '\t'];
/** So many lines are looked at. */
const LOOKED_AT = 20;

/**
 * The layout of a file: as the owner says, or its name, unless its first lines are those of another kind; by its first
 * lines if neither tells.
 *
 * @param head the beginning of the text, without a byte order mark
 * @throws {BuildError} `BUILD_INPUT` for data that is not lines of text, naming what it looks like
 */
export function layoutOf(
  head: Buffer,
  { name, label }: { readonly name: string; readonly label: string },
  role: LayoutRole,
  said?: InputFormat,
): Layout {
  refuseForeign(head, label);
  const lines = head.toString('utf8').split(/\r?\n/);
  // The last one may be cut.
  if (lines.length > 1) lines.pop();
  const first = lines.filter((line) => line.trim() !== '').slice(0, LOOKED_AT);
  const format = said ?? formatOfName(name);
  if (said === 'jsonl' || format === 'jsonl') return { format: 'jsonl', delimiter: ',' };
  if (said === undefined && formatOfLine(first[0] ?? '') === 'jsonl') return { format: 'jsonl', delimiter: ',' };
  refuseJson(head, label);
  if (format === 'csv') return { format: 'csv', delimiter: delimiterOf(first, role) };
  if (said !== undefined) return { format: said, delimiter: '\t' };
  const delimiter = tableDelimiter(first, role, format);
  if (delimiter !== undefined) return { format: delimiter === '\t' ? 'tsv' : 'csv', delimiter };
  return { format: format ?? formatOfLine(first[0] ?? ''), delimiter: '\t' };
}

/** The cells of a table's line. */
export function cellsOf(line: string, { format, delimiter }: Layout): string[] {
  return format === 'csv' ? splitCsv(line, delimiter) : line.split('\t');
}

/** What a CSV file has between its cells: what divides its first lines into the same number, two and more; else commas. */
function delimiterOf(lines: readonly string[], role: LayoutRole): Delimiter {
  const delimiters = delimitersOf(role);
  const even = delimiters.filter((delimiter) => evenCells(lines, delimiter) > 1);
  if (even.length > 0) return even.reduce((best, one) => (cellCount(lines, one) > cellCount(lines, best) ? one : best));
  // Records over several lines, or cells left out at the ends of lines: by the header.
  return delimiters.reduce((best, one) => (cellCount(lines, one) > cellCount(lines, best) ? one : best));
}

/** In pairs a bar stands between corrections. */
function delimitersOf(role: LayoutRole): readonly Delimiter[] {
  return role === 'pairs' ? DELIMITERS.filter((delimiter) => delimiter !== '|') : DELIMITERS;
}

function cellCount([line = '']: readonly string[], delimiter: Delimiter): number {
  return (split(line, delimiter) ?? []).length;
}

/** Into how many cells all lines are divided alike; 0 when they are not. */
function evenCells(lines: readonly string[], delimiter: Delimiter): number {
  const counts = lines.map((line) => split(line, delimiter)?.length ?? 0);
  const [count = 0] = counts;
  return counts.every((one) => one === count) ? count : 0;
}

/** The cells of a line; undefined when a quote is left open. */
function split(line: string, delimiter: Delimiter): string[] | undefined {
  if (delimiter === '\t') return line.split('\t');
  try {
    return splitCsv(line, delimiter);
  } catch {
    return undefined;
  }
}

/** What divides a file that its name does not call a table, or calls one of tabs, if it is a table all the same. */
function tableDelimiter(
  lines: readonly string[],
  role: LayoutRole,
  format: InputFormat | undefined,
): Delimiter | undefined {
  if (format === 'tsv' && lines.some((line) => line.includes('\t'))) return '\t';
  if ((format === undefined || role === 'pairs') && lines[0]?.includes('\t')) return '\t';
  return delimitersOf(role).find((delimiter) => {
    const cells = lines.map((line) => split(line, delimiter) ?? []);
    const [header = []] = cells;
    if (header.length < 2) return false;
    if (role === 'queries' && isHeaderLine(header)) return true;
    if (evenCells(lines, delimiter) === 0) return false;
    switch (role) {
      case 'queries':
      case 'words':
        return isCounted(cells, lines, delimiter);
      case 'pairs':
        return delimiter !== '\t' && header.length <= 3;
      default:
        return format === undefined && header.length > 2 && lines.length > 2 && header.every(isFieldName);
    }
  });
}

/** Whether the second of two cells is a count on every line but perhaps the first. */
function isCounted(cells: readonly (readonly string[])[], lines: readonly string[], delimiter: Delimiter): boolean {
  const rows = cells.slice(looksLikeNumber(cells[0]![1]!) ? 0 : 1);
  // In a list of words only a tab shows that a count follows; it is looked for on each line.
  if (rows.length < (delimiter === '\t' ? 1 : 2) || lines.length < 2) return false;
  return rows.every((row) => row.length === 2 && looksLikeNumber(row[1]!));
}

/** A count, or a text meant as one: an unusable count is refused with its line. */
function looksLikeNumber(cell: string): boolean {
  return looksLikeCount(cell) || /^\s*[-+]?\d*[.,]?\d+(e[-+]?\d+)?\s*$/i.test(cell);
}

function isFieldName(cell: string): boolean {
  return /^[\p{L}_@][\p{L}\p{N}_.-]{0,40}$/u.test(cell.trim());
}

const MAGIC: readonly (readonly [bytes: readonly number[], what: string, advice: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP file, such as a spreadsheet', 'export it as CSV or unpack it'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'Zstandard data', 'decompress it, or compress it with gzip'],
  [[0x42, 0x5a, 0x68], 'bzip2 data', 'decompress it, or compress it with gzip'],
  [[0xfd, 0x37, 0x7a, 0x58], 'xz data', 'decompress it, or compress it with gzip'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', 'export it as CSV or JSONL'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF file', 'extract its text'],
  [[0xff, 0xfe], 'UTF-16', 'convert the file to UTF-8, for example with iconv'],
  [[0xfe, 0xff], 'UTF-16', 'convert the file to UTF-8, for example with iconv'],
];

/** Refuses what has no lines of text. */
export function refuseForeign(head: Buffer, label: string): void {
  const refuse = (what: string, advice: string) =>
    new BuildError('BUILD_INPUT', `${label}: expected lines of text, found ${what}; ${advice}`);
  for (const [bytes, what, advice] of MAGIC) {
    // A line may begin with the letters of some: then no other byte is unusual.
    const isOnlyLetters = bytes.length === 3 && !head.subarray(0, 512).includes(0);
    if (!isOnlyLetters && bytes.every((byte, i) => head[i] === byte)) throw refuse(what, advice);
  }
  if (head.subarray(0, 4096).includes(0)) {
    throw refuse('zero bytes, as in UTF-16 and binary files', 'convert the file to UTF-8, for example with iconv');
  }
  const start = head.toString('utf8', 0, 256).trimStart();
  if (/^<(\?xml|!doctype|html\b)/i.test(start)) throw refuse('a page of XML or HTML', 'extract its texts, one a line');
}

/** Refuses JSON that is not an object a line. */
function refuseJson(head: Buffer, label: string): void {
  const text = head.toString('utf8').trimStart();
  const what = /^\[\s*([{["\]]|\d|$)/.test(text)
    ? 'a JSON array'
    : /^\{\s*\r?\n\s*"/.test(text)
      ? 'JSON over several lines'
      : '';
  if (what === '') return;
  throw new BuildError(
    'BUILD_INPUT',
    `${label}: expected lines of text, found ${what}; write a JSON object a line (JSONL), for example with jq -c '.[]'`,
  );
}
