import { compareBytes } from '../bytes/compare.ts';
import { corrupt } from '../errors.ts';
import type { BytesRef, Cursor } from '../store.ts';
import { BlockWalker } from './block-walker.ts';
import { decodeHandle } from './handle.ts';
import type { OpenedBlocks } from './open.ts';
import type { ByteSource } from './source.ts';
import { readBlock } from './stored-block.ts';

/**
 * Walks a block file in key order. Reads block after block past the cache, so a scan of any length leaves that as it
 * was.
 */
export class BlocksCursor implements Cursor {
  readonly key: BytesRef;
  readonly valueBytes: BytesRef;
  readonly #source: ByteSource;
  readonly #opened: OpenedBlocks;
  readonly #checkOpen: () => void;
  readonly #partitionWalker: BlockWalker;
  readonly #walker: BlockWalker;
  /** The next partition to read, and whether `#walker` stands on an entry that `next` has still to give. */
  #partition: number;
  #pending: boolean;
  #blockOffset: number;
  #partitionBytes: Uint8Array;

  constructor(source: ByteSource, opened: OpenedBlocks, checkOpen: () => void) {
    this.#source = source;
    this.#opened = opened;
    this.#checkOpen = checkOpen;
    this.#partitionWalker = new BlockWalker('bytes', 0);
    this.#walker = new BlockWalker(opened.meta.valueKind, opened.meta.keyBytes);
    this.key = this.#walker.key;
    this.valueBytes = this.#walker.valueBytes;
    this.#partition = 0;
    this.#pending = false;
    this.#blockOffset = 0;
    this.#partitionBytes = new Uint8Array(0);
  }

  get value(): number {
    return this.#walker.value;
  }

  next(): boolean {
    this.#checkOpen();
    if (this.#pending) {
      this.#pending = false;
      return true;
    }
    for (;;) {
      const state = this.#walker.next();
      if (state > 0) return true;
      if (state < 0) throw corrupt(this.#source.path, this.#blockOffset, 'well-formed entries', 'something else');
      if (!this.#nextBlock()) return false;
    }
  }

  seek(key: Uint8Array, start: number, end: number): void {
    this.#checkOpen();
    this.#pending = false;
    const { root } = this.#opened;
    if (root.count === 0) return;
    this.#openPartition(root.find(key, start, end));
    this.#openBlockOf(key, start, end);
    // At most the rest of one block and the first entry of the next are passed over.
    while (this.next()) {
      const current = this.key;
      if (compareBytes(current.bytes, current.start, current.end, key, start, end) >= 0) {
        this.#pending = true;
        return;
      }
    }
  }

  /** Opens the last block of the partition whose separator is <= the key. */
  #openBlockOf(key: Uint8Array, start: number, end: number): void {
    const walker = this.#partitionWalker;
    let handle = this.#nextHandle();
    for (let after = handle; after !== undefined; ) {
      const separator = walker.key;
      if (compareBytes(separator.bytes, separator.start, separator.end, key, start, end) > 0) {
        // One too far: walk the partition again up to the block wanted.
        walker.reset(this.#partitionBytes, 0, this.#partitionBytes.length);
        while (handle !== undefined && this.#nextHandle()?.offset !== handle.offset);
        break;
      }
      handle = after;
      after = this.#nextHandle();
    }
    if (handle !== undefined) this.#openBlock(handle.offset, handle.bytes);
  }

  #nextHandle() {
    const state = this.#partitionWalker.next();
    if (state === 0) return undefined;
    const handle = state < 0 ? undefined : decodeHandle(this.#partitionWalker.valueBytes);
    if (handle === undefined) throw corrupt(this.#source.path, this.#blockOffset, 'index entries', 'something else');
    return handle;
  }

  #nextBlock(): boolean {
    for (;;) {
      const handle = this.#partition === 0 ? undefined : this.#nextHandle();
      if (handle !== undefined) {
        this.#openBlock(handle.offset, handle.bytes);
        return true;
      }
      if (this.#partition >= this.#opened.root.count) return false;
      this.#openPartition(this.#partition);
    }
  }

  #openPartition(partition: number): void {
    const { root } = this.#opened;
    const length = root.lengths[partition]!;
    this.#partitionBytes = readBlock(this.#source, this.#opened.meta, root.offsets[partition]!, length);
    this.#partitionWalker.reset(this.#partitionBytes, 0, this.#partitionBytes.length);
    this.#partition = partition + 1;
  }

  #openBlock(offset: number, length: number): void {
    this.#blockOffset = offset;
    const block = readBlock(this.#source, this.#opened.meta, offset, length);
    this.#walker.reset(block, 0, block.length);
  }
}
