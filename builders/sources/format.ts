import { existsSync } from 'node:fs';
import { BuildError } from '../errors.ts';

/** How the records of an input stand on its lines. */
export type InputFormat = 'txt' | 'tsv' | 'jsonl' | 'csv';

const BY_EXTENSION: Readonly<Record<string, InputFormat>> = {
  txt: 'txt',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  csv: 'csv',
};

/** The format that a file's name says, `.gz` aside; undefined for other names, where the first line decides. */
export function formatOfName(name: string): InputFormat | undefined {
  const extension = /\.([a-z]+)$/.exec(name.toLowerCase().replace(/\.gz$/, ''))?.[1];
  return extension === undefined ? undefined : BY_EXTENSION[extension];
}

/** The format that a first line looks like: an object in braces is JSONL, a tab makes TSV, all else is text. */
export function formatOfLine(line: string): InputFormat {
  if (/^\s*\{.*\}\s*$/.test(line)) return 'jsonl';
  return line.includes('\t') ? 'tsv' : 'txt';
}

/** A file and the fields of its records that are wanted, as `FILE[:field,...]` gives them. */
export interface FileSpec {
  /** A path, or `-` for standard input. */
  readonly file: string;
  /** Numbers from 1, names from a header line, or paths of properties; empty for all. */
  readonly fields: readonly string[];
}

/**
 * Parses `FILE[:field,...]`. A file whose name has a colon is taken whole when it is there under that name.
 *
 * @throws {BuildError} `BUILD_INPUT` for an empty name or field
 */
export function parseFileSpec(text: string): FileSpec {
  const colon = text.lastIndexOf(':');
  // A colon with a path separator behind it belongs to the path, as in C:\data.
  if (colon < 0 || existsSync(text) || /[/\\]/.test(text.slice(colon + 1))) return { file: text, fields: [] };
  const file = text.slice(0, colon);
  const fields = text.slice(colon + 1).split(',');
  if (file === '' || fields.some((field) => field.trim() === '')) {
    throw new BuildError('BUILD_INPUT', `"${text}": expected FILE or FILE:field,..., found an empty part`);
  }
  return { file, fields: fields.map((field) => field.trim()) };
}
