/** The code of the error that some work throws, or `none`. An error without a code is thrown on: it is not one of the program's. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string') return code;
    throw error;
  }
  return 'none';
}

/** The same of work that promises. */
export async function codeOfPromise(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return codeOf(() => {
      throw error;
    });
  }
  return 'none';
}
