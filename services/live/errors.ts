/**
 * | code | when |
 * | --- | --- |
 * | `DATA_SYNTAX` | a file of live data that cannot be understood; the message names line and column |
 * | `DATA_NAME` | a file of live data whose name is no collection's |
 */
export type DataErrorCode = 'DATA_SYNTAX' | 'DATA_NAME';

/** An error in a file of live data: the message says what was expected, what was found and what to do. */
export class DataError extends Error {
  readonly code: DataErrorCode;
  readonly file: string;
  /** From 1; 0 when the error is of the whole file. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, without the place. */
  readonly reason: string;

  constructor(code: DataErrorCode, file: string, reason: string, line = 0, column = 0) {
    const place = line === 0 ? '' : column === 0 ? `:${line}` : `:${line}:${column}`;
    super(`${file}${place}: ${reason}`);
    this.name = 'DataError';
    this.code = code;
    this.file = file;
    this.line = line;
    this.column = column;
    this.reason = reason;
  }
}
