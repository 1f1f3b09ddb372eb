/** UTF-8 at the edges of the stores: keys are bytes inside, strings only where people read or write them. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of `text`. Lone surrogates become U+FFFD: refuse them before (`isWellFormed`). */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * The text of `bytes[start, end)`.
 *
 * @throws {TypeError} when the bytes are not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Whether `bytes[start, end)` is valid UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes the UTF-8 of `text` at `offset` and returns the offset after it, or -1 when it does not fit.
 *
 * Hot path: short ASCII words are written by hand; `TextEncoder.encodeInto` costs about 150 ns a call on Node 20.
 */
export function writeUtf8(text: string, out: Uint8Array, offset: number): number {
  const length = text.length;
  if (offset + length > out.length) return -1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) {
      const { read, written } = encoder.encodeInto(text.slice(i), out.subarray(offset + i));
      return read === length - i ? offset + i + written : -1;
    }
    out[offset + i] = unit;
  }
  return offset + length;
}
