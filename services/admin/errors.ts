/**
 * | code | when |
 * | --- | --- |
 * | `ADMIN_AUDIT` | the audit log cannot be written or read: nothing was changed |
 * | `ADMIN_INPUT` | a key, a draft or a change that cannot be understood |
 * | `ADMIN_NOT_FOUND` | a key, a rule, a draft or a change that is not there |
 * | `ADMIN_CONFLICT` | what is to be changed has been changed meanwhile |
 */
export type AdminErrorCode = 'ADMIN_AUDIT' | 'ADMIN_INPUT' | 'ADMIN_NOT_FOUND' | 'ADMIN_CONFLICT';

/** An error in administering: nothing was changed. */
export class AdminError extends Error {
  readonly code: AdminErrorCode;

  constructor(code: AdminErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AdminError';
    this.code = code;
  }
}
