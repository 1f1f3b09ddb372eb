/**
 * Records of format version 1, which `migrate.ts` takes over: one database in `data.mdb`.
 *
 * ```
 * key            value (each behind 4 bytes of CRC-32 over key and payload, little-endian)
 * 00             head:       "EMENDLMD" | version u32 | generation f64
 * 00 name        collection: kind u8 (0 set, 1 integers, 2 bytes) | text version u32 | keys f64 | detail u32 | generation f64
 * name 00 key    an entry:   nothing (a set) | f64 (an integer) | bytes
 * ```
 */
import { StoreError } from '../errors.ts';
import type { Environment } from './environment.ts';
import { type CollectionKind, damaged } from './format.ts';
import { payloadOf, sealed } from './sealed.ts';

const VERSION = 1;
const MAGIC = 'EMENDLMD';
const KINDS: readonly CollectionKind[] = ['set', 'uint', 'bytes'];
const INFO_BYTES = 25;
const HEAD_KEY = Uint8Array.of(0);

/** A collection of version 1. */
export interface Collection1 {
  readonly name: string;
  readonly kind: CollectionKind;
  readonly textVersion: number;
  readonly keyCount: number;
  readonly detail: number;
}

/**
 * The head's format version and generation; undefined in an environment in which nothing was written yet.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_CORRUPT`
 */
export function readHead1(environment: Environment, path: string): { version: number; generation: number } | undefined {
  const value = environment.getBinaryFast(HEAD_KEY);
  if (value === undefined && environment.getKeysCount({ limit: 1 }) === 0) return undefined;
  const bytes = value === undefined ? Buffer.alloc(0) : Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes.toString('latin1', 4, 12) !== MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: an LMDB environment, but not one of emend; name another folder`);
  }
  const payload = payloadOf(HEAD_KEY, bytes, path);
  return { version: payload.readUInt32LE(8), generation: payload.readDoubleLE(12) };
}

/** Marks the environment as one of a later version, which programs of version 1 refuse, those that have it open too. */
export function retire1(environment: Environment, generation: number): void {
  const head = Buffer.alloc(20);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(VERSION + 1, 8);
  head.writeDoubleLE(generation, 12);
  environment.putSync(HEAD_KEY, sealed(HEAD_KEY, head));
}

/** @throws {StoreError} `STORE_CORRUPT` */
export function collections1(environment: Environment, path: string): Collection1[] {
  const found: Collection1[] = [];
  for (const { key, value } of environment.getRange({ start: Uint8Array.of(0, 0), end: Uint8Array.of(1) })) {
    const bytes = payloadOf(key, value, path);
    const name = Buffer.from(key.subarray(1)).toString('latin1');
    const kind = KINDS[bytes.length === INFO_BYTES ? bytes.readUInt8(0) : KINDS.length];
    if (kind === undefined) throw damaged(path, `the description of "${name}"`);
    const [textVersion, keyCount, detail] = [bytes.readUInt32LE(1), bytes.readDoubleLE(5), bytes.readUInt32LE(13)];
    found.push({ name, kind, textVersion, keyCount, detail });
  }
  return found;
}

/** Keys and payloads of a collection, in byte order. */
export function* entries1(
  environment: Environment,
  name: string,
  path: string,
): Generator<{ key: Uint8Array; payload: Buffer }> {
  const prefix = Buffer.from(`${name}\0`, 'latin1');
  const end = Buffer.from(`${name}\x01`, 'latin1');
  for (const { key, value } of environment.getRange({ start: prefix, end })) {
    yield { key: key.subarray(prefix.length), payload: payloadOf(key, value, path) };
  }
}
