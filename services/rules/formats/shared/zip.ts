/** Files of a zip archive. */
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const MAX_BYTES = 1 << 28;

/** Whether bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** The files of an archive, stored or deflated; a text says what is wrong. */
export function unzip(bytes: Uint8Array): { readonly name: string; readonly bytes: Uint8Array }[] | string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = buffer.length - 22;
  while (end >= 0 && buffer.readUInt32LE(end) !== END) end--;
  if (end < 0) return 'zip: no end of the directory; the file is cut';
  try {
    const files: { name: string; bytes: Uint8Array }[] = [];
    let at = buffer.readUInt32LE(end + 16);
    for (let left = buffer.readUInt16LE(end + 10); left > 0; left--) {
      if (buffer.readUInt32LE(at) !== ENTRY) return `zip: no entry at ${at}`;
      const [method, size] = [buffer.readUInt16LE(at + 10), buffer.readUInt32LE(at + 20)];
      const [nameLength, extra, comment] = [28, 30, 32].map((offset) => buffer.readUInt16LE(at + offset)) as [
        number,
        number,
        number,
      ];
      const name = buffer.toString('utf8', at + 46, at + 46 + nameLength);
      const local = buffer.readUInt32LE(at + 42);
      const from = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
      const body = buffer.subarray(from, from + size);
      if (method !== 0 && method !== 8) return `zip: ${name}: compression ${method}; expected stored or deflated`;
      if (!name.endsWith('/'))
        files.push({ name, bytes: method === 0 ? body : inflateRawSync(body, { maxOutputLength: MAX_BYTES }) });
      at += 46 + nameLength + extra + comment;
    }
    return files;
  } catch (error) {
    return `zip: ${error instanceof Error ? error.message : error}`;
  }
}
