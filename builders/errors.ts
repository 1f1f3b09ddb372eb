/**
 * The one error class of the write side.
 *
 * | code | when |
 * | --- | --- |
 * | `BUILD_INPUT` | an input that cannot be read or understood; the message names file and line |
 * | `BUILD_KEY_ORDER` | a key that sorts before the previous one |
 * | `BUILD_DUPLICATE_KEY` | a key given twice |
 * | `BUILD_VALUE` | a value that the store cannot hold |
 * | `BUILD_OUTPUT` | a target that exists already or cannot be written |
 * | `BUILD_LIMIT` | more entries than a format can address |
 */
export type BuildErrorCode =
  | 'BUILD_INPUT'
  | 'BUILD_KEY_ORDER'
  | 'BUILD_DUPLICATE_KEY'
  | 'BUILD_VALUE'
  | 'BUILD_OUTPUT'
  | 'BUILD_LIMIT';

/** An error of the builders: the message says what was being done, what was expected, what was found, what to do. */
export class BuildError extends Error {
  readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BuildError';
    this.code = code;
  }
}

/**
 * Thrown for a line of an input that cannot be used: what was expected and what was found. The caller that reads the lines adds
 * file and line, or leaves the line out.
 */
export class InvalidLine extends Error {}

/** The `code` of an error of the system, such as `ENOENT`, or undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What went wrong, in a few words, for the end of a message. */
export function reasonOf(cause: unknown): string {
  const message = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause;
  return String(message);
}
