/**
 * Values of lists and maps: what JSON can say. One byte says how:
 *
 * ```
 * 00 UTF-8      text
 * 01 u32 LE     an integer of 0..2^32-1
 * 02 f64 LE     another number
 * 03 UTF-8      JSON text of anything else, and of text with a lone surrogate
 * ```
 *
 * Chosen by `npm run bench -- live`: text and numbers, which most values are, take half of the time and no more bytes
 * than as JSON; MessagePack would be a third smaller for small objects, but what others read too should be readable.
 */
import { encodeUtf8 } from '../bytes/utf8.ts';
import { StoreError } from '../errors.ts';

/** What a list or a map holds. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue };

const TEXT = 0;
const INTEGER = 1;
const NUMBER = 2;
const JSON_TEXT = 3;

/**
 * @param path named in errors
 * @throws {StoreError} `STORE_INPUT` for what JSON cannot say
 */
export function encodeJsonValue(value: unknown, path: string): Uint8Array {
  if (typeof value === 'string' && value.isWellFormed()) return tagged(TEXT, encodeUtf8(value));
  if (typeof value === 'number' && Number.isFinite(value)) return encodeNumber(value);
  let text: string | undefined;
  try {
    text = typeof value === 'number' ? undefined : JSON.stringify(value);
  } catch {
    // A circle or a BigInt.
  }
  if (text === undefined) {
    throw new StoreError('STORE_INPUT', `${path}: expected a value that JSON can say, found ${String(value)}`);
  }
  return tagged(JSON_TEXT, encodeUtf8(text));
}

/** The value in `bytes[start, end)`. Undefined for bytes that are none. */
export function decodeJsonValue(bytes: Buffer, start: number, end: number): unknown {
  const body = start + 1;
  switch (start < end ? bytes[start] : -1) {
    case TEXT:
      return bytes.toString('utf8', body, end);
    case INTEGER:
      return end - body === 4 ? bytes.readUInt32LE(body) : undefined;
    case NUMBER:
      return end - body === 8 ? bytes.readDoubleLE(body) : undefined;
    case JSON_TEXT:
      return JSON.parse(bytes.toString('utf8', body, end));
    default:
      return undefined;
  }
}

/** The bytes of a value for those who ask for bytes: text as UTF-8, all else as JSON text. */
export function bytesOfJsonValue(bytes: Buffer): Buffer {
  if (bytes[0] === TEXT || bytes[0] === JSON_TEXT) return bytes.subarray(1);
  return Buffer.from(JSON.stringify(decodeJsonValue(bytes, 0, bytes.length)) ?? '');
}

function encodeNumber(value: number): Uint8Array {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32 && !Object.is(value, -0)) {
    const bytes = Buffer.alloc(5);
    bytes[0] = INTEGER;
    bytes.writeUInt32LE(value, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = NUMBER;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function tagged(tag: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = tag;
  bytes.set(body, 1);
  return bytes;
}
