/** Ranges of records whose keys are text, in byte order of UTF-8. */
import { encodeUtf8 } from '../bytes/utf8.ts';
import { AFTER_ORDERED, FIRST_ORDERED, MAX_ORDERED_KEY_BYTES } from './record-keys.ts';

/** Record keys from text `from` on, before `to`, and those alone that begin with `prefix`. */
export function textRange(from: string, to?: string, prefix?: string): { start: Uint8Array; end: Uint8Array } {
  const start = recordKeyOf(from);
  if (prefix !== undefined) return { start, end: afterPrefix(start) };
  return { start, end: to === undefined ? AFTER_ORDERED : recordKeyOf(to) };
}

/** A longer key than any in byte order is cut to one byte more: it still stands between the same two. */
function recordKeyOf(text: string): Uint8Array {
  return Buffer.concat([FIRST_ORDERED, encodeUtf8(text).subarray(0, MAX_ORDERED_KEY_BYTES + 1)]);
}

/** The least key above all that begin with `prefix`, whose first byte is 01. */
function afterPrefix(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (prefix[length - 1] === 0xff) length--;
  const after = Uint8Array.from(prefix.subarray(0, length));
  after[length - 1] = after[length - 1]! + 1;
  return after;
}
