import { BuildError, type BuildErrorCode, errorCode } from '../errors.ts';

/** An error on its way between threads or processes: copying one loses its code. */
export interface ThreadError {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function packError(error: unknown): ThreadError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: errorCode(error), message, stack };
}

export function unpackError({ code, message, stack }: ThreadError): Error {
  const error = code?.startsWith('BUILD_')
    ? new BuildError(code as BuildErrorCode, message)
    : Object.assign(new Error(message), code === undefined ? {} : { code });
  if (stack !== undefined) error.stack = stack;
  return error;
}
