/** Reading the files of `emend rules` whole: rules fit in memory. */
import { readFileSync } from 'node:fs';
import { unreadable } from '../../../stores/errors.ts';

/** @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO` when the file cannot be read */
export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading rules', cause, 'check the path');
  }
}

/** All that a stream has. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array | string));
  return Buffer.concat(chunks);
}
