/**
 * What the nodes of a file refer to by number. The section's bytes:
 *
 *     1      number of step labels s, 0..64
 *     s      step labels, the most frequent first
 *     1      number of list labels l, 0..32
 *     l      list labels, ascending
 *     2      number of popular nodes p, 0..256
 *     4 p    their addresses
 */

import { classWidths, LIST_LABELS, STEP_LABELS, TABLE_ENTRIES } from './node-codes.ts';

/** The entry of `listCodes` for a byte that is not a list label. */
export const NO_CODE = 255;

/** The tables, ready for look-ups: arrays of full size, whatever the file fills of them. */
export interface NodeTables {
  /** Labels of the steps by their codes. */
  readonly stepLabels: Uint8Array;
  readonly stepCount: number;
  /** The list labels by their codes, ascending, and the code of each byte or `NO_CODE`. */
  readonly listLabels: Uint8Array;
  readonly listCount: number;
  readonly listCodes: Uint8Array;
  /** Addresses of popular nodes. */
  readonly popular: Uint32Array;
  readonly popularCount: number;
  /** Bytes of a target by its class: see `classWidths`. */
  readonly widths: number;
}

/** Tables from the labels that a writer chose. Allocates. */
export function makeTables(
  stepLabels: ArrayLike<number>,
  listLabels: ArrayLike<number>,
  popular: ArrayLike<number>,
  nodeBytes: number,
): NodeTables {
  const tables: NodeTables = {
    stepLabels: new Uint8Array(STEP_LABELS),
    stepCount: stepLabels.length,
    listLabels: new Uint8Array(LIST_LABELS),
    listCount: listLabels.length,
    listCodes: new Uint8Array(256).fill(NO_CODE),
    popular: new Uint32Array(TABLE_ENTRIES),
    popularCount: popular.length,
    widths: classWidths(nodeBytes),
  };
  tables.stepLabels.set(stepLabels);
  tables.listLabels.set(listLabels);
  tables.popular.set(popular);
  for (let code = 0; code < listLabels.length; code++) tables.listCodes[listLabels[code]!] = code;
  return tables;
}

/** The bytes of the section. Allocates. */
export function encodeTables(tables: NodeTables): Uint8Array {
  const { stepCount, listCount, popularCount } = tables;
  const bytes = new Uint8Array(4 + stepCount + listCount + 4 * popularCount);
  const view = new DataView(bytes.buffer);
  bytes[0] = stepCount;
  bytes.set(tables.stepLabels.subarray(0, stepCount), 1);
  bytes[1 + stepCount] = listCount;
  bytes.set(tables.listLabels.subarray(0, listCount), 2 + stepCount);
  view.setUint16(2 + stepCount + listCount, popularCount, true);
  const first = 4 + stepCount + listCount;
  for (let i = 0; i < popularCount; i++) view.setUint32(first + 4 * i, tables.popular[i]!, true);
  return bytes;
}

/** The tables in `bytes`, or undefined when they are damaged. Allocates. */
export function decodeTables(bytes: Uint8Array, nodeBytes: number): NodeTables | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stepCount = bytes[0] ?? STEP_LABELS + 1;
  if (stepCount > STEP_LABELS || bytes.length < 2 + stepCount) return undefined;
  const listCount = bytes[1 + stepCount]!;
  const popularAt = 2 + stepCount + listCount;
  if (listCount > LIST_LABELS || bytes.length < popularAt + 2) return undefined;
  const popularCount = view.getUint16(popularAt, true);
  if (popularCount > TABLE_ENTRIES || bytes.length !== popularAt + 2 + 4 * popularCount) return undefined;
  const popular = new Uint32Array(popularCount);
  for (let i = 0; i < popularCount; i++) popular[i] = view.getUint32(popularAt + 2 + 4 * i, true);
  const stepLabels = bytes.subarray(1, 1 + stepCount);
  return makeTables(stepLabels, bytes.subarray(2 + stepCount, popularAt), popular, nodeBytes);
}
