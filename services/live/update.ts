/** Files into their collections: what the updater's process does. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Collections } from '../../stores/lmdb/collections.ts';
import { isWorthCompacting } from '../rules/shortages.ts';
import { parseDataName } from './data-file.ts';
import { DataError } from './errors.ts';
import { importFile } from './import-file.ts';

export const MS_A_DAY = 24 * 60 * 60 * 1000;
/** How long records of removed entries are kept when nothing else is said: longer than hosts that sync are apart. */
export const KEEP_REMOVED_DAYS = 30;

/** To the process: the folder of the collections, that of the files, and which of them. */
export interface UpdateOrder {
  readonly collections: string;
  readonly files: string;
  readonly names: readonly string[];
  /** How long records of removed entries are kept at least, when the file is compacted. */
  readonly keepRemovedDays: number;
}

/** What is wrong with a file. */
export interface FileError {
  readonly code: string;
  readonly message: string;
  /** From 1; 0 when it is of the whole file. */
  readonly line: number;
  readonly column: number;
}

/** What became of a file. */
export interface FileResult {
  readonly file: string;
  readonly collection: string;
  /** `changed` and `same` are good; `moving`: it was written meanwhile and is to be tried again. */
  readonly outcome: 'changed' | 'same' | 'moving' | 'failed';
  readonly error: FileError | null;
  /** Entries of the collection now, of whatever import; -1 when there is none. */
  readonly entries: number;
}

/** Imports one file; nothing is thrown that is the file's fault. */
export function updateFromFile(collections: Collections, folder: string, file: string): FileResult {
  const said = parseDataName(file);
  const collection = said?.name ?? '';
  const result = (outcome: FileResult['outcome'], error: FileError | null = null): FileResult => {
    const info = said === undefined ? undefined : collections.info(collection);
    return { file, collection, outcome, error, entries: info?.keyCount ?? -1 };
  };
  try {
    if (said === undefined) {
      throw new DataError(
        'DATA_NAME',
        file,
        'a name is NAME.EXT or NAME.KIND.EXT: lower-case letters, digits, hyphens',
      );
    }
    const path = join(folder, file);
    const before = statSync(path);
    const bytes = readFileSync(path);
    const after = statSync(path);
    if (before.mtimeMs !== after.mtimeMs || before.size !== after.size || before.ino !== after.ino) {
      return result('moving');
    }
    if (bytes.length === 0) {
      throw new DataError(
        'DATA_SYNTAX',
        file,
        'an empty file, as one that is half written; for no entries write [], {} or a comment',
      );
    }
    const source = `${file} sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const info = collections.info(collection);
    if (info?.owner === 'files' && info.source === source) return result('same');
    importFile(collections, bytes, {
      name: collection,
      format: said.format,
      kind: said.kind,
      file,
      by: 'files',
      source,
    });
    return result('changed');
  } catch (error) {
    return result('failed', fileErrorOf(error));
  }
}

/** Compacts the collections where that gives back more than what is in use. @returns a line that says so */
export function compactIfWorthIt(
  collections: Collections,
  { keepRemovedDays }: Pick<UpdateOrder, 'keepRemovedDays'>,
): string | undefined {
  if (!isWorthCompacting(collections.usage())) return undefined;
  try {
    const removedBeforeMs = Date.now() - keepRemovedDays * MS_A_DAY;
    const { beforeBytes, afterBytes } = collections.compact({ removedBeforeMs });
    return `compacted: ${afterBytes} bytes instead of ${beforeBytes}`;
  } catch (error) {
    // What was imported holds, and the next import tries again.
    return `not compacted: ${(error as Error).message}`;
  }
}

/** What is told of an error, in another process too. */
export function fileErrorOf(error: unknown): FileError {
  const { message } = error as Error;
  const code = String((error as { code?: unknown }).code ?? 'ERROR');
  if (error instanceof DataError) return { code, message, line: error.line, column: error.column };
  return { code, message, line: 0, column: 0 };
}
