/**
 * Records of an LMDB environment of emend, byte for byte. FORMAT.md explains them.
 *
 * ```
 * key                            value (each behind 4 bytes of CRC-32 over key and payload, little-endian)
 * 00                             head:       "EMENDLMD" | version u32 | generation f64
 * 00 name                        collection: kind u8 | text version u32 | keys f64 | detail u32 | generation f64
 * name 00 key                    an entry:   nothing (a set) | f64 (an integer) | bytes
 * ```
 *
 * Integers are little-endian; those that may pass 2^32 are stored as IEEE doubles, exact to 2^53.
 */
import { crc32 } from '../bytes/checksum.ts';
import { StoreError } from '../errors.ts';
import type { ValueKind } from '../store.ts';

export const FORMAT_VERSION = 1;

/** Bytes of a key of ours. LMDB takes 1,978 for all of a record's key; the rest is for the collection's name. */
export const MAX_KEY_BYTES = 1900;
const MAX_NAME_BYTES = 64;
const NAME = /^[a-z][a-z0-9-]*$/;

const MAGIC = 'EMENDLMD';
const HEAD_BYTES = 20;
const COLLECTION_BYTES = 25;
const CHECKSUM_BYTES = 4;
const VALUE_KINDS: readonly ValueKind[] = ['none', 'uint', 'bytes'];

/** Key of the head record. */
export const HEAD_KEY: Uint8Array = Uint8Array.of(0);

/** What is known of a collection without reading its entries. */
export interface CollectionInfo {
  readonly valueKind: ValueKind;
  /** `TEXT_VERSION` under which its keys were normalised; 0 when they are not text. */
  readonly textVersion: number;
  readonly keyCount: number;
  /** A number of the owner's, 0..2^32-1. */
  readonly detail: number;
  /** The environment's generation at its last change. */
  readonly generation: number;
}

/** Key of the record that describes the collection. */
export function infoKey(name: string): Uint8Array {
  return Buffer.from(`\0${checkedName(name)}`, 'latin1');
}

/** What the keys of a collection's entries begin with. */
export function entryPrefix(name: string): Uint8Array {
  return Buffer.from(`${checkedName(name)}\0`, 'latin1');
}

/** The least key above all that begin with `prefix`, whose last byte is 0. */
export function afterPrefix(prefix: Uint8Array): Uint8Array {
  const after = Uint8Array.from(prefix);
  after[after.length - 1] = 1;
  return after;
}

/** The name in the key of a record that describes a collection, or undefined when it is another key. */
export function nameOfInfoKey(key: Uint8Array): string | undefined {
  if (key.length < 2 || key[0] !== 0) return undefined;
  const name = Buffer.from(key.subarray(1)).toString('latin1');
  return NAME.test(name) ? name : undefined;
}

function checkedName(name: string): string {
  if (NAME.test(name) && name.length <= MAX_NAME_BYTES) return name;
  throw new StoreError(
    'STORE_INPUT',
    `a collection's name has lower-case letters, digits and hyphens only, found "${name}"`,
  );
}

/** The value of the head record. */
export function encodeHead(generation: number): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(FORMAT_VERSION, 8);
  bytes.writeDoubleLE(generation, 12);
  return sealed(HEAD_KEY, bytes);
}

/**
 * The generation in a head record's value.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeHead(value: Uint8Array | undefined, path: string): number {
  const bytes = value === undefined ? Buffer.alloc(0) : Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes.toString('latin1', CHECKSUM_BYTES, CHECKSUM_BYTES + 8) !== MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: an LMDB environment, but not one of emend; name another folder`);
  }
  const version = bytes.readUInt32LE(CHECKSUM_BYTES + 8);
  if (version !== FORMAT_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: format version ${version}, this build reads ${FORMAT_VERSION}; remove the folder and import again`,
    );
  }
  return payloadOf(HEAD_KEY, bytes, path).readDoubleLE(12);
}

/** The value of the record that describes the collection `name`. */
export function encodeInfo(name: string, info: CollectionInfo): Uint8Array {
  const bytes = Buffer.alloc(COLLECTION_BYTES);
  bytes.writeUInt8(VALUE_KINDS.indexOf(info.valueKind), 0);
  bytes.writeUInt32LE(info.textVersion, 1);
  bytes.writeDoubleLE(info.keyCount, 5);
  bytes.writeUInt32LE(info.detail, 13);
  bytes.writeDoubleLE(info.generation, 17);
  return sealed(infoKey(name), bytes);
}

/**
 * What `encodeInfo` wrote.
 *
 * @throws {StoreError} `STORE_CORRUPT`
 */
export function decodeInfo(name: string, value: Uint8Array, path: string): CollectionInfo {
  const bytes = payloadOf(infoKey(name), value, path);
  const valueKind = VALUE_KINDS[bytes.length === COLLECTION_BYTES ? bytes.readUInt8(0) : VALUE_KINDS.length];
  if (valueKind === undefined) throw damaged(path, `the description of "${name}"`);
  return {
    valueKind,
    textVersion: bytes.readUInt32LE(1),
    keyCount: bytes.readDoubleLE(5),
    detail: bytes.readUInt32LE(13),
    generation: bytes.readDoubleLE(17),
  };
}

/** `payload` behind the checksum over the whole key and it. */
export function sealed(key: Uint8Array, payload: Uint8Array): Buffer {
  const value = Buffer.alloc(CHECKSUM_BYTES + payload.length);
  value.writeUInt32LE(crc32(payload, 0, payload.length, crc32(key)), 0);
  value.set(payload, CHECKSUM_BYTES);
  return value;
}

/**
 * The payload of a sealed value: a view on it.
 *
 * @throws {StoreError} `STORE_CORRUPT` when the checksum says otherwise
 */
export function payloadOf(key: Uint8Array, value: Uint8Array, path: string): Buffer {
  // lmdb-js gives out a large buffer whose `length` says how much of it is meant.
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  const payload = bytes.subarray(CHECKSUM_BYTES);
  if (bytes.length < CHECKSUM_BYTES || bytes.readUInt32LE(0) !== crc32(payload, 0, payload.length, crc32(key))) {
    throw damaged(path, `the record with key ${Buffer.from(key).toString('latin1').slice(0, 60)}`);
  }
  return payload;
}

function damaged(path: string, what: string): StoreError {
  return new StoreError(
    'STORE_CORRUPT',
    `${path}: reading ${JSON.stringify(what)}: its checksum does not match; remove the folder and import again`,
  );
}
