/** Values behind a checksum over key and value, for environments without the header of `format.ts`. */
import { crc32 } from '../bytes/checksum.ts';
import { damaged } from './format.ts';

const CHECKSUM_BYTES = 4;

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
