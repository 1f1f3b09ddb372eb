/**
 * Records of live collections, byte for byte. FORMAT.md explains them.
 *
 * An environment holds named databases: `_sync-emend` for what belongs to this environment alone, and one for each
 * collection, whose name is NAME.KIND.TEXTVERSION (`protected.set.7`). Every value, in each of them, is
 *
 * ```
 * 0 CRC-32 u32 LE | 4 header version u8 (0) | 5 flags u8 (1: deleted) | 6 zero u16 | 8 timestamp u64 BE, ns | 16 payload
 * ```
 *
 * the checksum over the database's name, the whole key, and the value from byte 4 on. In `_sync-emend`, little-endian:
 *
 * ```
 * key                  payload
 * 00                   head: "EMENDLMD" | format version u32 | generation f64
 * 01 name              description: kind u8 | owner u8 | flags u8 (1: keeps tombstones) | 0 | text version u32 | detail u32
 *                        | 0 u32 | keys f64 | tombstones f64 | bytes f64 | generation f64 | source, UTF-8
 * 02 generation u64 BE what undoes that change (undo.ts)
 * ```
 *
 * Numbers that may pass 2^32 are IEEE doubles, exact to 2^53.
 */
import { crc32 } from '../bytes/checksum.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { StoreError } from '../errors.ts';

export const FORMAT_VERSION = 2;

/** The data file of the collections in their folder. `data.mdb` beside it keeps programs of before away (marker.ts). */
export const COLLECTIONS_FILE = 'collections.mdb';

/** Bytes before every payload. */
export const HEADER_BYTES = 16;
const DELETED = 1;

/** What is of this environment alone. No collection's name begins with `_`. */
export const LOCAL_DATABASE = '_sync-emend';

const MAGIC = 'EMENDLMD';
const HEAD_BYTES = 20;
const INFO_BYTES = 48;
const KEEPS_TOMBSTONES = 1;
const MAX_SOURCE_BYTES = 1000;
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * What a collection holds: `list` values by position; `set` members; `map` values by text; `uint` integers and `bytes` byte
 * strings by bytes, which are `Store`s alone. Members and values of the first three are what JSON can say.
 */
export type CollectionKind = 'list' | 'set' | 'map' | 'uint' | 'bytes';

/** Who may write a collection: commands and the API, the watcher of files, or the sync with other hosts. */
export type CollectionOwner = 'commands' | 'files' | 'sync';

/** In the order of their numbers in a description. */
export const COLLECTION_KINDS: readonly CollectionKind[] = ['list', 'set', 'map', 'uint', 'bytes'];
export const COLLECTION_OWNERS: readonly CollectionOwner[] = ['commands', 'files', 'sync'];

/** Key of the head record. */
export const HEAD_KEY: Uint8Array = Uint8Array.of(0);

/** What is known of a collection without reading its entries. */
export interface CollectionInfo {
  readonly kind: CollectionKind;
  readonly owner: CollectionOwner;
  /** Whether a removed entry leaves a record that says so. */
  readonly keepsTombstones: boolean;
  /** `TEXT_VERSION` under which its keys were normalised; 0 when they are not text. */
  readonly textVersion: number;
  /** A number of its user's, 0..2^32-1. */
  readonly detail: number;
  readonly keyCount: number;
  readonly tombstoneCount: number;
  /** Bytes of keys and payloads. */
  readonly bytes: number;
  /** The environment's generation at its last change. */
  readonly generation: number;
  /** When that was, in milliseconds since 1970. */
  readonly changedMs: number;
  /** What its owner wants to know of where it came from; at most 1,000 bytes. */
  readonly source: string;
}

/** Key of the record that describes the collection. */
export function infoKey(name: string): Uint8Array {
  return Buffer.from(`\x01${checkedName(name)}`, 'latin1');
}

/** The collection's name in the key of its description, or undefined when it is another key. */
export function nameOfInfoKey(key: Uint8Array): string | undefined {
  if (key[0] !== 1) return undefined;
  const name = Buffer.from(key.subarray(1)).toString('latin1');
  return NAME.test(name) ? name : undefined;
}

/** The database of a collection. Its name tells hosts apart whose text has another normal form. */
export function databaseName(name: string, info: Pick<CollectionInfo, 'kind' | 'textVersion'>): string {
  return `${checkedName(name)}.${info.kind}.${info.textVersion}`;
}

/** Whether a collection may have that name. */
export function isCollectionName(name: string): boolean {
  return NAME.test(name);
}

function checkedName(name: string): string {
  if (isCollectionName(name)) return name;
  throw new StoreError(
    'STORE_INPUT',
    `a collection's name is a lower-case letter and at most 63 more, digits and hyphens; found "${name}"`,
  );
}

/** What the checksums of a database's records begin with. */
export function checksumSeed(database: string): number {
  return crc32(Buffer.from(`${database}\0`, 'latin1'));
}

/** A timestamp as records have it. */
export function encodeTimestamp(ns: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(ns);
  return bytes;
}

/** The record of a payload, or with `undefined` of its absence. */
export function encodeRecord(
  seed: number,
  key: Uint8Array,
  payload: Uint8Array | undefined,
  timestamp: Uint8Array,
): Buffer {
  const value = Buffer.alloc(HEADER_BYTES + (payload?.length ?? 0));
  if (payload === undefined) value[5] = DELETED;
  else value.set(payload, HEADER_BYTES);
  value.set(timestamp, 8);
  value.writeUInt32LE(crc32(value, 4, value.length, crc32(key, 0, key.length, seed)), 0);
  return value;
}

/**
 * The payload of a record, a view on it; undefined when it says that the entry was removed.
 *
 * @param value as lmdb-js gives it, in a larger buffer whose `length` says how much of it is meant
 * @throws {StoreError} `STORE_CORRUPT` when the checksum says otherwise
 */
export function decodeRecord(seed: number, key: Uint8Array, value: Uint8Array, path: string): Buffer | undefined {
  const { length } = value;
  const bytes = Buffer.from(value.buffer, value.byteOffset, length);
  if (
    length < HEADER_BYTES ||
    bytes.readUInt32LE(0) !== crc32(bytes, 4, length, crc32(key, 0, key.length, seed)) ||
    bytes[4] !== 0
  ) {
    throw damaged(path, `the record with key ${Buffer.from(key).toString('latin1').slice(0, 60)}`);
  }
  return bytes[5] === DELETED ? undefined : bytes.subarray(HEADER_BYTES);
}

/** The timestamp of a record, in nanoseconds since 1970. */
export function timestampOf(value: Uint8Array): bigint {
  return Buffer.from(value.buffer, value.byteOffset, value.length).readBigUInt64BE(8);
}

/** The payload of the head record. */
export function encodeHead(generation: number): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(FORMAT_VERSION, 8);
  bytes.writeDoubleLE(generation, 12);
  return bytes;
}

/**
 * The generation in a head record.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeHead(value: Uint8Array | undefined, path: string): number {
  const bytes = value === undefined ? Buffer.alloc(0) : Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes.toString('latin1', HEADER_BYTES, HEADER_BYTES + 8) !== MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: an LMDB environment, but not one of emend; name another folder`);
  }
  const version = bytes.readUInt32LE(HEADER_BYTES + 8);
  if (version !== FORMAT_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: format version ${version}, this build reads ${FORMAT_VERSION}; use the program that wrote it, or remove the folder and import again`,
    );
  }
  const payload = decodeRecord(LOCAL_SEED, HEAD_KEY, bytes, path);
  if (payload?.length !== HEAD_BYTES) throw damaged(path, 'the head');
  return payload.readDoubleLE(12);
}

/** Of the checksums in `_sync-emend`. */
export const LOCAL_SEED = checksumSeed(LOCAL_DATABASE);

/** The payload of a collection's description; `changedMs` is the record's timestamp. */
export function encodeInfo(info: Omit<CollectionInfo, 'changedMs'>): Buffer {
  const source = encodeUtf8(info.source);
  if (source.length > MAX_SOURCE_BYTES) {
    throw new StoreError('STORE_INPUT', `a collection's source of ${source.length} bytes; at most ${MAX_SOURCE_BYTES}`);
  }
  const bytes = Buffer.alloc(INFO_BYTES + source.length);
  bytes[0] = COLLECTION_KINDS.indexOf(info.kind);
  bytes[1] = COLLECTION_OWNERS.indexOf(info.owner);
  bytes[2] = info.keepsTombstones ? KEEPS_TOMBSTONES : 0;
  bytes.writeUInt32LE(info.textVersion, 4);
  bytes.writeUInt32LE(info.detail, 8);
  bytes.writeDoubleLE(info.keyCount, 16);
  bytes.writeDoubleLE(info.tombstoneCount, 24);
  bytes.writeDoubleLE(info.bytes, 32);
  bytes.writeDoubleLE(info.generation, 40);
  bytes.set(source, INFO_BYTES);
  return bytes;
}

/**
 * What the record of a description says, or undefined for that of a collection that was removed.
 *
 * @throws {StoreError} `STORE_CORRUPT`
 */
export function decodeInfo(name: string, value: Uint8Array, path: string): CollectionInfo | undefined {
  const bytes = decodeRecord(LOCAL_SEED, infoKey(name), value, path);
  if (bytes === undefined) return undefined;
  const kind = COLLECTION_KINDS[bytes.length < INFO_BYTES ? 255 : bytes[0]!];
  const owner = COLLECTION_OWNERS[bytes[1] ?? 255];
  if (kind === undefined || owner === undefined) throw damaged(path, `the description of "${name}"`);
  return {
    kind,
    owner,
    keepsTombstones: bytes[2] === KEEPS_TOMBSTONES,
    textVersion: bytes.readUInt32LE(4),
    detail: bytes.readUInt32LE(8),
    keyCount: bytes.readDoubleLE(16),
    tombstoneCount: bytes.readDoubleLE(24),
    bytes: bytes.readDoubleLE(32),
    generation: bytes.readDoubleLE(40),
    changedMs: Number(timestampOf(value) / 1_000_000n),
    source: decodeUtf8(bytes, INFO_BYTES),
  };
}

/** An error that names a record. */
export function damaged(path: string, what: string): StoreError {
  return new StoreError(
    'STORE_CORRUPT',
    `${path}: reading ${JSON.stringify(what)}: its checksum does not match; remove the folder and import again`,
  );
}
