/** The code of the error that some work throws, or `none`. */
export function errorCode(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'none';
}
