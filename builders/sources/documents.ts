import { BuildError, InvalidLine } from '../errors.ts';
import { collectTexts, parseJsonObject } from './fields.ts';
import type { InputFormat } from './format.ts';
import type { Input, InputDigest } from './input.ts';
import { cellsOf, type Layout, layoutOf } from './layout.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';

/** Which texts of a document are read, and how its file is laid out. */
export interface DocumentOptions {
  /** TSV and CSV: numbers from 1, or names from a header line. JSONL: properties, nested by dots. Empty: all texts. */
  readonly fields: readonly string[];
  /** Given where the name and the first line would say something else. */
  readonly format?: InputFormat;
  /** TSV and CSV: the first line names the fields. Goes without saying when `fields` are names. */
  readonly header?: boolean;
}

/**
 * Reads documents, one a line, and hands each one's wanted texts to `take`, in one array that is used again.
 *
 * @returns the number of documents
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}, and when a field is in no header
 */
export async function readDocuments(
  input: Input,
  digest: InputDigest,
  options: DocumentOptions & ReadLinesOptions,
  take: (texts: readonly string[]) => void,
): Promise<number> {
  const texts: string[] = [];
  let split: ((line: string) => void) | undefined;
  let finish: (() => void) | undefined;
  let count = 0;
  let layout: Layout = { format: 'txt', delimiter: '\t' };
  const onHead = (head: Buffer) => {
    layout = layoutOf(head, input, 'documents', options.format);
    return layout;
  };
  await readLines(input, digest, { ...options, onHead }, (bytes, start, end, line) => {
    if (start === end) return;
    const text = bytes.toString('utf8', start, end);
    texts.length = 0;
    if (split === undefined) {
      const prepared = splitterFor(layout, options, text, `${input.label}:${line}`, texts);
      split = prepared.split;
      finish = prepared.finish;
      if (prepared.isHeader) return;
    }
    split(text);
    take(texts);
    count++;
  });
  if (count > 0) finish?.();
  return count;
}

/** How the lines of a file are read: `split` adds a record's texts to the array, `finish` is called when there are no more. */
interface Splitter {
  readonly split: (line: string) => void;
  readonly isHeader: boolean;
  readonly finish?: () => void;
}

function splitterFor(
  layout: Layout,
  options: DocumentOptions,
  firstLine: string,
  where: string,
  out: string[],
): Splitter {
  const { fields } = options;
  const { format } = layout;
  if (format === 'txt') {
    if (fields.length > 0) {
      throw new BuildError('BUILD_INPUT', `${where}: fields were given, but a text file has none; leave them out`);
    }
    return { split: (line) => out.push(line), isHeader: false };
  }
  if (format === 'jsonl') return objectSplitter(fields, where, out);
  const byNumber = fields.every((field) => /^[1-9]\d*$/.test(field));
  const isHeader = options.header ?? !byNumber;
  const columns = isHeader
    ? columnsByName(fields, cellsOf(firstLine, layout), where)
    : columnsByNumber(fields, byNumber, where);
  const least = Math.max(0, ...columns) + 1;
  return {
    split: (line) => {
      const cells = cellsOf(line, layout);
      if (columns.length === 0) {
        for (const cell of cells) if (cell !== '') out.push(cell);
        return;
      }
      if (cells.length < least) throw new InvalidLine(`expected ${least} fields or more, found ${cells.length}`);
      for (const column of columns) if (cells[column] !== '') out.push(cells[column]!);
    },
    isHeader,
  };
}

function objectSplitter(fields: readonly string[], where: string, out: string[]): Splitter {
  const paths = fields.map((field) => field.split('.'));
  // Which fields any record had, and the fields of the first record, for the message.
  const met = fields.map(() => false);
  let names: string[] | undefined;
  return {
    split: (line) => {
      const record = parseJsonObject(line);
      if (paths.length === 0) for (const name in record) collectStrings(record[name], out);
      for (let i = 0; i < paths.length; i++) {
        // A property that has the dots in its own name wins.
        const path = Object.hasOwn(record, fields[i]!) ? [fields[i]!] : paths[i]!;
        if (collectTexts(record, path, 0, out)) met[i] = true;
      }
      names ??= Object.keys(record);
    },
    isHeader: false,
    finish: () => {
      const missing = fields[met.indexOf(false)];
      if (missing === undefined) return;
      throw new BuildError(
        'BUILD_INPUT',
        `${where}: expected records with the field "${missing}", found none in the whole file; it has: ${(names ?? []).slice(0, 20).join(', ').slice(0, 200)}; ` +
          'name properties that hold texts, nested ones by dots',
      );
    },
  };
}

/** Without named fields all texts of a record are read: its strings and its arrays of strings, not its numbers. */
function collectStrings(value: unknown, out: string[]): void {
  if (typeof value === 'string') out.push(value);
  else if (Array.isArray(value)) for (const item of value) if (typeof item === 'string') out.push(item);
}

function columnsByNumber(fields: readonly string[], byNumber: boolean, where: string): number[] {
  if (!byNumber)
    throw new BuildError('BUILD_INPUT', `${where}: fields are named, but the file is said to have no header`);
  return fields.map((field) => Number(field) - 1);
}

function columnsByName(fields: readonly string[], header: readonly string[], where: string): number[] {
  const names = header.map((name) => name.trim());
  return fields.map((field) => {
    const column = names.indexOf(field);
    if (column >= 0) return column;
    if (/^[1-9]\d*$/.test(field)) return Number(field) - 1;
    const found = names.slice(0, 20).join(', ');
    throw new BuildError(
      'BUILD_INPUT',
      `${where}: expected a header line with the field "${field}", found: ${found.slice(0, 200)}; name a field of the ` +
        'header, or give fields by their number from 1',
    );
  });
}
