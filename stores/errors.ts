/**
 * The one error class of the read side.
 *
 * | code | when |
 * | --- | --- |
 * | `STORE_NOT_FOUND` | the file or folder does not exist |
 * | `STORE_FOREIGN` | the file is not an Emend store: its magic number differs |
 * | `STORE_VERSION` | a store of a format version that this program does not read |
 * | `STORE_CORRUPT` | bytes that contradict their checksum, their length or one another |
 * | `STORE_CLOSED` | a call on a store after `close()` |
 * | `STORE_CHANGED` | a cursor that went on after the live collection it walks was changed |
 * | `STORE_VALUE_KIND` | byte strings asked of a store of integers, or the reverse |
 * | `STORE_OWNER` | a live collection that belongs to another owner is to be changed |
 * | `STORE_INPUT` | keys, values or names that a store cannot hold |
 * | `STORE_MEMORY` | what is to be opened does not fit the memory limit |
 * | `STORE_IO` | the operating system refused to open, read or write what is there |
 * | `DATASET_INVALID` | a manifest that is missing, malformed or contradicts its files |
 */
export type StoreErrorCode =
  | 'STORE_NOT_FOUND'
  | 'STORE_FOREIGN'
  | 'STORE_VERSION'
  | 'STORE_CORRUPT'
  | 'STORE_CLOSED'
  | 'STORE_CHANGED'
  | 'STORE_VALUE_KIND'
  | 'STORE_OWNER'
  | 'STORE_INPUT'
  | 'STORE_MEMORY'
  | 'STORE_IO'
  | 'DATASET_INVALID';

/**
 * An error of the look-up stores. The message says what was being done, what was expected, what was found and what to
 * do; the code is stable and is what programs test.
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** A damaged file: `file: at byte offset: expected ..., found ...; what to do`. */
export function corrupt(path: string, offset: number, expected: string, found: string | number): StoreError {
  return new StoreError(
    'STORE_CORRUPT',
    `${path}: at byte ${offset}: expected ${expected}, found ${found}; rebuild the file or restore it from a copy`,
  );
}

/**
 * A file or folder that the system did not let be opened or read: `STORE_NOT_FOUND` when there is none, `STORE_IO` when it
 * is there.
 *
 * @param doing what was being done, for the message
 * @param missing what to do where there is none
 */
export function unreadable(
  path: string,
  doing: string,
  cause: unknown,
  missing = 'check the path, or build the dataset again',
): StoreError {
  const { code = '', message = String(cause) } = cause as Partial<NodeJS.ErrnoException>;
  const isMissing = NOTHING_THERE.includes(code);
  const remedy = isMissing ? missing : (REMEDIES[code] ?? 'check the path and the disk');
  return new StoreError(isMissing ? 'STORE_NOT_FOUND' : 'STORE_IO', `${path}: ${doing}: ${message}; ${remedy}`, {
    cause,
  });
}

/** A file that the system did not let be written: `STORE_IO`. Its own message of a full disk names no file. */
export function unwritable(path: string, cause: unknown): StoreError {
  const { message = String(cause) } = cause as Partial<Error>;
  return new StoreError('STORE_IO', `${path}: writing it: ${message}; check its folder and the disk`, { cause });
}

/** Codes of the system for a path at which there is no file. */
const NOTHING_THERE: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

const REMEDIES: Readonly<Record<string, string>> = Object.freeze({
  EACCES: 'check who may read it',
  EPERM: 'check who may read it',
  EMFILE: 'raise the limit of open files',
  ENFILE: 'raise the limit of open files',
  ELOOP: 'correct the symbolic link',
  ENOMEM: 'give the process more memory',
});
