import { writeUtf8 } from '../../stores/bytes/utf8.ts';

/** Texts as UTF-8 laid end to end: text i is `bytes[starts[i], starts[i + 1])`. */
export interface EncodedTexts {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** Most bytes of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

/** Encodes texts without an array for each. */
export function encodeTexts(texts: readonly string[]): EncodedTexts {
  const starts = new Uint32Array(texts.length + 1);
  let bytes = new Uint8Array(8 * texts.length + MOST_BYTES);
  for (let i = 0; i < texts.length; i++) {
    const start = starts[i]!;
    const most = start + MOST_BYTES * texts[i]!.length;
    if (most > bytes.length) {
      const larger = new Uint8Array(2 * most);
      larger.set(bytes.subarray(0, start));
      bytes = larger;
    }
    starts[i + 1] = writeUtf8(texts[i]!, bytes, start);
  }
  return { bytes: bytes.slice(0, starts[texts.length]!), starts };
}
