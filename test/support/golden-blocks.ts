/** The golden block files: what each was made of. `test/golden/blocks/` holds the files, one set a format version. */

import type { BlocksWriterOptions } from '../../builders/blocks/writer.ts';
import { numbered } from './blocks.ts';
import { type Entry, sortedEntries } from './model.ts';

export interface GoldenBlocks {
  readonly name: string;
  readonly options: BlocksWriterOptions;
  readonly entries: readonly Entry[];
}

const words = sortedEntries(
  ['', 'a', 'ab', 'abc', 'é', 'e\u0301', '\u{1f600}', '\uffff', 'x'.repeat(300), 'zebra'].map((text, i) => ({
    key: Buffer.from(text),
    value: i === 9 ? 2 ** 53 - 1 : i * i,
  })),
);

const bigrams = sortedEntries(
  Array.from({ length: 400 }, (_, i) => ({
    key: Uint8Array.of(0, 0, i % 20, 0, i >> 4, (i * 37) & 0xff),
    value: i % 256,
  })),
);

/** All of them. */
export const GOLDEN_BLOCKS: readonly GoldenBlocks[] = [
  { name: 'empty', options: { valueKind: 'none' }, entries: [] },
  { name: 'words', options: { valueKind: 'uint', textVersion: 1 }, entries: words },
  {
    name: 'set',
    options: { valueKind: 'none', filter: 'split-block', blockBytes: 512 },
    entries: numbered(300, () => 1),
  },
  {
    name: 'bytes-lz4',
    options: { valueKind: 'bytes', compression: 'lz4', filter: 'bloom', blockBytes: 1024 },
    entries: numbered(200, (i) => Buffer.from(`value of ${i % 7}`)),
  },
  {
    name: 'bigrams',
    options: { valueKind: 'uint', keyBytes: 6, blockBytes: 512, filter: 'fuse16', restartInterval: 8 },
    entries: bigrams,
  },
];
