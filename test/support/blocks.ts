/** Builds block files from entries in tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryOutput, type Output } from '../../builders/blocks/output.ts';
import { BlocksWriter, type BlocksWriterOptions } from '../../builders/blocks/writer.ts';
import { type BlocksReader, type OpenBlocksOptions, openBlocksSource } from '../../stores/blocks/reader.ts';
import { MemorySource } from '../../stores/blocks/source.ts';
import type { ValueKind } from '../../stores/store.ts';
import type { Entry } from './model.ts';

/** Gives `body` a new folder and removes it when it, or the promise it returns, is done. */
export function inFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'emend-blocks-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let result: T;
  try {
    result = body(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

/** Writes the entries, which are in key order, as a block file. */
export function writeBlocks(target: string | Output, entries: Iterable<Entry>, options: BlocksWriterOptions): void {
  const writer = new BlocksWriter(target, options);
  for (const { key, value } of entries) {
    if (typeof value === 'number') writer.add(key, 0, key.length, value);
    else writer.addBytes(key, 0, key.length, value, 0, value.length);
  }
  writer.finish();
}

/** The bytes of a block file that holds the entries. */
export function blocksFile(
  entries: Iterable<Entry>,
  valueKind: ValueKind,
  options: Partial<BlocksWriterOptions> = {},
): Uint8Array {
  const output = new MemoryOutput('test.blocks');
  writeBlocks(output, entries, { ...options, valueKind });
  return output.bytes();
}

/** An open block file that holds the entries. */
export function makeBlocks(
  entries: Iterable<Entry>,
  valueKind: ValueKind,
  options: Partial<BlocksWriterOptions> = {},
  openOptions: OpenBlocksOptions = {},
): BlocksReader {
  return openBlocksSource(new MemorySource(blocksFile(entries, valueKind, options), 'test.blocks'), openOptions);
}

/** `count` entries whose keys are numbers written out, in byte order. */
export function numbered(count: number, valueFor: (index: number) => number | Uint8Array = (i) => i): Entry[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, i) => ({
    key: Buffer.from(`key${String(i).padStart(width, '0')}`),
    value: valueFor(i),
  }));
}
