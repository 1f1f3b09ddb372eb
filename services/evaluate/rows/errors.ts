/** What can be wrong with a file that an evaluation reads. Stable: callers and tests rely on the codes. */
export type EvaluateErrorCode =
  /** A file could not be opened, unpacked or written. */
  | 'EVALUATE_FILE'
  /** A line does not have the form that the file is read in. */
  | 'EVALUATE_FORMAT'
  /** A file holds nothing to measure. */
  | 'EVALUATE_EMPTY';

/** A file of labelled queries, rows or judgements cannot be used; the message names the file and the lines. */
export class EvaluateError extends Error {
  readonly code: EvaluateErrorCode;

  constructor(code: EvaluateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EvaluateError';
    this.code = code;
  }
}
