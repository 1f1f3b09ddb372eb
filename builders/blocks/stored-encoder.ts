import { deflateRawSync } from 'node:zlib';
import { CHECKSUM_BYTES, type Compression } from '../../stores/blocks/format.ts';
import {
  CODEC_DEFLATE,
  CODEC_LZ4,
  CODEC_RAW,
  encodeStoredHeader,
  STORED_HEADER_BYTES,
} from '../../stores/blocks/stored-block.ts';
import { encodeLz4 } from './lz4-encoder.ts';

/** A block shrunk by less than this share stays raw: reading it would cost more than its bytes save. */
const LEAST_GAIN = 1 / 16;

/**
 * The stored form of a block that lies in `block` with room for its checksum after it, with that room again.
 */
export function encodeStored(block: Uint8Array, compression: Compression): Uint8Array {
  if (compression === 'none') return block;
  const length = block.length - CHECKSUM_BYTES;
  const raw = block.subarray(0, length);
  const shrunk = compression === 'lz4' ? encodeLz4(raw, length) : deflateRawSync(raw, { level: 9 });
  const codec = compression === 'lz4' ? CODEC_LZ4 : CODEC_DEFLATE;
  const worthIt = shrunk.length <= length * (1 - LEAST_GAIN);
  const payload = worthIt ? shrunk : raw;
  const out = new Uint8Array(STORED_HEADER_BYTES + payload.length + CHECKSUM_BYTES);
  encodeStoredHeader(worthIt ? codec : CODEC_RAW, length, out);
  out.set(payload, STORED_HEADER_BYTES);
  return out;
}
