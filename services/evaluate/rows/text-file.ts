/** Reading and writing whole text files: what an evaluation reads fits in memory many times over. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EvaluateError } from './errors.ts';

/** One line of a file without its end, and its number from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/** How many bad lines an error names. */
const NAMED_LINES = 5;

/**
 * The lines of a UTF-8 file, gzipped or not (told by its first bytes, not its name). LF or CRLF ends; a byte order mark
 * and the emptiness after the last line end are dropped, blank lines are kept so that numbers hold.
 *
 * @throws {EvaluateError} `EVALUATE_FILE` when the file cannot be read or unpacked, `EVALUATE_FORMAT` naming the lines that are no UTF-8
 */
export async function readLines(path: string): Promise<NumberedLine[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new EvaluateError('EVALUATE_FILE', `${path}: reading failed: ${reason(error)}; check the path`, {
      cause: error,
    });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = unpack(path, bytes);
  const whole = decode(bytes);
  const texts = whole === null ? decodeByLine(path, bytes) : whole.split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.map((text, i) => ({ number: i + 1, text: text.endsWith('\r') ? text.slice(0, -1) : text }));
}

/**
 * Writes a file whole or not at all: under a temporary name first, then renamed. The folder is made when it is not there.
 *
 * @throws {EvaluateError} `EVALUATE_FILE` when it cannot be written
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new EvaluateError(
      'EVALUATE_FILE',
      `${path}: writing failed: ${reason(error)}; check its folder and the disk`,
      {
        cause: error,
      },
    );
  }
}

/** An error that names the lines at which `path` does not have the form that `expected` describes. */
export function badLines(path: string, numbers: readonly number[], expected: string): EvaluateError {
  const named = numbers.slice(0, NAMED_LINES).join(', ');
  const more = numbers.length > NAMED_LINES ? ` and ${numbers.length - NAMED_LINES} more` : '';
  const lines = numbers.length === 1 ? 'line' : 'lines';
  return new EvaluateError('EVALUATE_FORMAT', `${path}: ${lines} ${named}${more}: expected ${expected}`);
}

function unpack(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new EvaluateError(
      'EVALUATE_FILE',
      `${path}: unpacking failed: ${reason(error)}; the gzip file is cut or damaged`,
      {
        cause: error,
      },
    );
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Finds the lines that are no UTF-8, in a file of which that much is known. */
function decodeByLine(path: string, bytes: Buffer): string[] {
  const texts: string[] = [];
  const bad: number[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    const text = decode(bytes.subarray(start, stop));
    if (text === null) bad.push(texts.length + 1);
    texts.push(text ?? '');
    start = stop + 1;
  }
  if (bad.length > 0) throw badLines(path, bad, 'UTF-8 text; convert the file, for example with iconv');
  return texts;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
