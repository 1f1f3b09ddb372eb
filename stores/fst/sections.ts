/** The sections of an FST file as their readers, checked once when the file is opened. */
import { corrupt } from '../errors.ts';
import type { FstHeader } from './format.ts';
import { NodeView } from './node.ts';
import { offsetsBytes } from './offsets.ts';
import { decodeTables, type NodeTables } from './tables.ts';
import { ValueReader } from './values.ts';

/** A view on the nodes, for one reader at a time. Allocates. */
export function nodeView(bytes: Uint8Array, header: FstHeader, tables: NodeTables): NodeView {
  const { offset, length } = header.sections.nodes;
  return new NodeView(bytes, offset, length, header.ordinals, tables);
}

/** @throws {StoreError} `STORE_CORRUPT` */
export function readTables(bytes: Uint8Array, header: FstHeader, path: string): NodeTables {
  const { nodes, tables } = header.sections;
  const decoded = decodeTables(bytes.subarray(tables.offset, tables.offset + tables.length), nodes.length);
  if (decoded === undefined) throw corrupt(path, tables.offset, 'tables of labels and nodes', 'other bytes');
  return decoded;
}

/** @throws {StoreError} `STORE_CORRUPT` */
export function readValues(bytes: Uint8Array, header: FstHeader, path: string): ValueReader {
  const { offset, length } = header.sections.values;
  const values = new ValueReader(bytes, offset, length, header.keyCount);
  if (header.valueKind === 'uint' ? !values.whole : length !== 0) {
    throw corrupt(path, offset, `values of ${header.keyCount} keys`, `${length} bytes that are not values`);
  }
  return values;
}

/**
 * Checks once that the offsets have an entry for every ordinal, so that look-ups need not.
 *
 * @throws {StoreError} `STORE_CORRUPT`
 */
export function checkArrays(header: FstHeader, path: string): void {
  const { keyCount, valueKind, offsetBits, lengthBits, sections } = header;
  const offsets = valueKind === 'bytes' ? offsetsBytes(keyCount, header) : 0;
  if (offsetBits > 53 || lengthBits > 53 || sections.offsets.length !== offsets) {
    throw corrupt(path, 41, `${offsets} bytes of offsets`, sections.offsets.length);
  }
  if (valueKind !== 'none' && !header.ordinals) throw corrupt(path, 12, 'ordinals beside values', 'none');
}
