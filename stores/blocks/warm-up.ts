import type { BlockLoader } from './block-loader.ts';
import type { BlockCache } from './cache.ts';
import type { OpenedBlocks } from './open.ts';
import type { ByteSource } from './source.ts';

/** Where a warm-up brings a file: the system's page cache or the block cache. */
export type WarmUpTarget = 'pages' | 'cache';

/** Bytes read at a time. */
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a file ahead of its use, front to back, without blocking: see `BlocksReader.warmUp`. Stops early when the file
 * is closed. The index must be pinned for `cache`; otherwise only pages are read.
 */
export async function warmUp(
  target: WarmUpTarget,
  source: ByteSource,
  opened: OpenedBlocks,
  loader: BlockLoader,
  cache: BlockCache,
  isClosed: () => boolean,
): Promise<number> {
  const { flat } = opened;
  const chunk = new Uint8Array(CHUNK_BYTES);
  if (target === 'pages' || flat === undefined) {
    let at = 0;
    for (; at < source.byteLength && !isClosed(); at += CHUNK_BYTES) {
      await source.readAsync(chunk, 0, Math.min(CHUNK_BYTES, source.byteLength - at), at);
    }
    return Math.min(at, source.byteLength);
  }

  let read = 0;
  let room = Math.floor((cache.capacityBytes - cache.usedBytes) / cache.slotBytes) - 1;
  for (let i = 0; i < flat.count && room > 0; ) {
    const first = flat.offsets[i]!;
    let last = i;
    while (last + 1 < flat.count && flat.offsets[last + 1]! + flat.lengths[last + 1]! - first <= CHUNK_BYTES) last++;
    const length = flat.offsets[last]! + flat.lengths[last]! - first;
    const bytes = length <= CHUNK_BYTES ? chunk : new Uint8Array(length);
    await source.readAsync(bytes, 0, length, first);
    if (isClosed()) return read;
    loader.countRead(length);
    read += length;
    for (; i <= last; i++, room--) {
      loader.admit(i, bytes, flat.offsets[i]! - first, flat.lengths[i]!, flat.offsets[i]!, room > 0);
    }
  }
  return read;
}
