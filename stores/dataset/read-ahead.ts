import { close, fstat, open, read } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Files of these kinds lie in memory whole once they are open; of block files only parts do. */
export const READ_WHOLE = /\.(?:fst|scores|bin)$/;

/** Larger files are left to their openers, which read them piece by piece. */
const MOST_BYTES = 2 ** 30;

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const readFile = promisify(read);

/**
 * Reads the files of a dataset version that its opener will want whole, in the background and one after another, while the
 * caller loads the code that opens them. Nothing is checked here: what could not be read is not in the answer, and opening
 * says why.
 *
 * @returns bytes by path, off the JavaScript heap; never rejects
 */
export async function readAhead(dir: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  try {
    for (const name of await readdir(dir)) {
      const path = join(dir, name);
      const bytes = READ_WHOLE.test(name) ? await readInOneGo(path) : undefined;
      if (bytes !== undefined) files.set(path, bytes);
    }
  } catch {
    // Left to the opener.
  }
  return files;
}

/** By one read, which takes the event loop's thread no time; `undefined` when it brings less than the whole file. */
async function readInOneGo(path: string): Promise<Uint8Array | undefined> {
  const file = await openFile(path, 'r');
  try {
    const { size } = await statFile(file);
    if (size > MOST_BYTES) return undefined;
    const bytes = Buffer.allocUnsafeSlow(size);
    const { bytesRead } = await readFile(file, bytes, 0, size, 0);
    return bytesRead === size ? bytes : undefined;
  } finally {
    await closeFile(file);
  }
}
