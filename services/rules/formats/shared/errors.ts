/**
 * | code | when |
 * | --- | --- |
 * | `FORMAT_NAME` | a format that there is not, or that cannot be written |
 * | `FORMAT_OPTION` | an option that a format does not have |
 */
export type FormatErrorCode = 'FORMAT_NAME' | 'FORMAT_OPTION';

/** An import or export that was asked for wrongly. What is wrong in a file stands in the report instead. */
export class FormatError extends Error {
  readonly code: FormatErrorCode;

  constructor(code: FormatErrorCode, message: string) {
    super(message);
    this.name = 'FormatError';
    this.code = code;
  }
}
