/**
 * Keys of a collection's records. A byte before each says what it is:
 *
 * ```
 * 01 key            of at most 510 bytes: bytes, or the UTF-8 of text
 * 02 JSON text      a member of a set that is no text: a number, true, false, null
 * 03 SHA-256        of a longer key, which stands in the payload: key bytes u32 LE | key | the value's own payload
 * position u32 BE   in a list
 * ```
 *
 * LMDB takes no empty key, and other programs that exchange such records no longer one than 511 bytes.
 */
import { createHash } from 'node:crypto';
import { encodeUtf8, writeUtf8 } from '../bytes/utf8.ts';
import { StoreError } from '../errors.ts';

const TEXT = 1;
const SCALAR = 2;
const HASHED = 3;

/** Longest key that stands in byte order among the others. */
export const MAX_ORDERED_KEY_BYTES = 510;
/** Longest key. Those above `MAX_ORDERED_KEY_BYTES` are found, and walked after all others, but by no range. */
export const MAX_KEY_BYTES = 65_535;

/** Longest key of a record. */
export const MAX_RECORD_KEY_BYTES = MAX_ORDERED_KEY_BYTES + 1;

/** What may be a member of a set. */
export type SetMember = string | number | boolean | null;

/** First and last + 1 record key of those that are in byte order. */
export const FIRST_ORDERED = Uint8Array.of(TEXT);
export const AFTER_ORDERED = Uint8Array.of(TEXT + 1);
/** First and last + 1 record key of all of a collection that is no list. */
export const FIRST_RECORD = Uint8Array.of(0);
export const AFTER_RECORDS = Uint8Array.of(HASHED + 1);

/** A record's key under construction, reused from look-up to look-up: `bytes[0, end)`. */
export class RecordKey {
  readonly bytes: Buffer = Buffer.alloc(MAX_RECORD_KEY_BYTES);
  end = 0;
  /** The key itself when the record has its hash. */
  long: Uint8Array | undefined;

  /** The key of text. @returns false when no record has that key, since it is too long or not well-formed */
  setText(text: string): boolean {
    this.bytes[0] = TEXT;
    this.end = writeUtf8(text, this.bytes, 1);
    this.long = undefined;
    // Lone surrogates turn into U+FFFD on the way: three bytes that need a look. A text that does not fit may be a long key.
    if (this.end > 0 && this.end === text.length + 1) return true;
    if (!text.isWellFormed()) return false;
    return this.end > 0 || this.#setLong(encodeUtf8(text));
  }

  /** The key `key[start, end)`. @returns false when it is longer than any */
  setBytes(key: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length > MAX_ORDERED_KEY_BYTES) return this.#setLong(key.slice(start, end));
    this.long = undefined;
    this.bytes[0] = TEXT;
    for (let i = 0; i < length; i++) this.bytes[i + 1] = key[start + i]!;
    this.end = length + 1;
    return true;
  }

  /** The key of a set's member. @returns false when no set holds it */
  setMember(member: unknown): boolean {
    if (typeof member === 'string') return this.setText(member);
    if (member !== null && typeof member !== 'boolean' && !(typeof member === 'number' && Number.isFinite(member))) {
      return false;
    }
    this.long = undefined;
    this.bytes[0] = SCALAR;
    this.end = 1 + this.bytes.write(JSON.stringify(member), 1, 'latin1');
    return true;
  }

  /** The key of a list's element. */
  setPosition(position: number): boolean {
    this.long = undefined;
    this.end = this.bytes.writeUInt32BE(position, 0);
    return true;
  }

  /** A view, valid until the next change. */
  view(): Buffer {
    return this.bytes.subarray(0, this.end);
  }

  #setLong(key: Uint8Array): boolean {
    if (key.length > MAX_KEY_BYTES) return false;
    this.bytes[0] = HASHED;
    createHash('sha256').update(key).digest().copy(this.bytes, 1);
    this.end = 33;
    this.long = key;
    return true;
  }
}

/** Whether the record's payload begins with the key. */
export function isLongKey(recordKey: Uint8Array): boolean {
  return recordKey[0] === HASHED;
}

/** The payload of a long key's record. */
export function withLongKey(key: Uint8Array, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + key.length + payload.length);
  bytes.writeUInt32LE(key.length, 0);
  bytes.set(key, 4);
  bytes.set(payload, 4 + key.length);
  return bytes;
}

/** Where the value begins in the payload of a long key's record. */
export function afterLongKey(payload: Buffer): number {
  const end = payload.length < 4 ? 0 : 4 + payload.readUInt32LE(0);
  return end === 0 || end > payload.length ? -1 : end;
}

/** The member whose record has that key, in a set; the text, in a map. */
export function memberOf(recordKey: Uint8Array, payload: Buffer): SetMember {
  if (recordKey[0] === HASHED) return payload.toString('utf8', 4, afterLongKey(payload));
  const text = Buffer.from(recordKey.buffer, recordKey.byteOffset + 1, recordKey.length - 1).toString();
  return recordKey[0] === SCALAR ? (JSON.parse(text) as SetMember) : text;
}

/** @throws {StoreError} `STORE_INPUT` for a key that a collection cannot hold */
export function refuseKey(path: string, key: unknown): never {
  const found =
    typeof key === 'string' && !key.isWellFormed()
      ? 'text with a lone surrogate'
      : typeof key === 'string' || key instanceof Uint8Array
        ? `${Buffer.byteLength(key)} bytes`
        : JSON.stringify(key);
  throw new StoreError(
    'STORE_INPUT',
    `${path}: a key or member is text or bytes of at most ${MAX_KEY_BYTES} bytes, or in a set a number, a boolean or null; found ${found}`,
  );
}
