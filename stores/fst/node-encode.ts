/** Writes nodes: the counterpart of `node.ts`. The forms and their bytes are drawn in `node-codes.ts`. */

import {
  CLASS_AHEAD,
  CLASS_AHEAD2,
  CLASS_BEHIND,
  CLASS_LEAF,
  CLASS_NEXT,
  CLASS_TABLE,
  CODE_CODED_LIST,
  CODE_DIRECT,
  CODE_EMPTY,
  CODE_JUMP,
  CODE_LEAF,
  CODE_LEAF_SET,
  CODE_LEAVES,
  CODE_LIST,
  CODE_LONG_LIST,
  CODE_SINGLE,
  COUNT_BITS,
  countBytes,
  FORM_CODED_LIST,
  FORM_DIRECT_BITMAP,
  FORM_DIRECT_CODED,
  FORM_DIRECT_LIST,
  FORM_DIRECT_RANGE,
  FORM_EMPTY,
  FORM_JUMP,
  FORM_LEAF,
  FORM_LEAF_SET,
  FORM_LEAVES,
  FORM_LIST,
  FORM_LONG_LIST,
  FORM_SINGLE,
  FORM_STEP,
  RELATIVE,
  widthOf,
} from './node-codes.ts';
import type { NodeTables } from './tables.ts';

/** A node about to be written: the first `count` entries of each array are its transitions. Reused from node to node. */
export class NodeDraft {
  form: number;
  final: boolean;
  count: number;
  readonly labels: Uint8Array;
  readonly classes: Uint8Array;
  /** Addresses that the transitions lead to; in class TABLE entries of the table. */
  readonly targets: Float64Array;
  /** Keys that pass by before a transition, beyond one for each of those before it and one for the node's own. */
  readonly extraKeys: Float64Array;
  /** In direct nodes: bytes of a target, with `RELATIVE`. */
  directWidth: number;

  constructor() {
    this.form = 0;
    this.final = false;
    this.count = 0;
    this.labels = new Uint8Array(256);
    this.classes = new Uint8Array(256);
    this.targets = new Float64Array(256);
    this.extraKeys = new Float64Array(256);
    this.directWidth = 0;
  }
}

/** Bytes of a node before its targets. `countCode` chooses the width of its counts, -1 in files without ordinals. */
export function headBytes(form: number, transitions: number, countCode: number): number {
  const counts = countCode < 0 ? 0 : countBytes(transitions, COUNT_BITS[countCode]!);
  switch (form) {
    case FORM_SINGLE:
      return 2;
    case FORM_CODED_LIST:
      return 1 + transitions + counts;
    case FORM_LIST:
      return 1 + transitions + ((transitions + 1) >> 1) + counts;
    case FORM_LONG_LIST:
      return 2 + transitions + ((transitions + 1) >> 1) + counts;
    case FORM_LEAVES:
      return 2 + transitions;
    case FORM_LEAF_SET:
      return 34;
    case FORM_DIRECT_LIST:
      return 3 + transitions + counts;
    case FORM_DIRECT_RANGE:
      return 4 + counts;
    case FORM_DIRECT_CODED:
      return 7 + counts;
    case FORM_DIRECT_BITMAP:
      return 35 + counts;
    default:
      return 1;
  }
}

/** Which of `COUNT_BITS` holds numbers up to `largest`. */
export function countCodeFor(largest: number): number {
  let code = 0;
  while (2 ** COUNT_BITS[code]! <= largest) code++;
  return code;
}

/**
 * Writes a node at `offset` of `out` and returns the offset after it. `out` holds the nodes section from its beginning,
 * so that offsets are addresses.
 */
export function encodeNode(
  node: NodeDraft,
  tables: NodeTables,
  ordinals: boolean,
  out: Uint8Array,
  offset: number,
): number {
  const { form, count, labels, classes } = node;
  const final = node.final ? 1 : 0;
  const start = offset;
  switch (form) {
    case FORM_STEP:
      out[offset] = tables.stepLabels.indexOf(labels[0]!);
      return offset + 1;
    case FORM_JUMP:
      out[offset] = CODE_JUMP + 32 * (classes[0]! - CLASS_TABLE) + tables.listCodes[labels[0]!]!;
      return writeTargets(node, tables, out, start, offset + 1);
    case FORM_SINGLE:
      out[offset] = CODE_SINGLE + 8 * final + classes[0]!;
      out[offset + 1] = labels[0]!;
      return writeTargets(node, tables, out, start, offset + 2);
    case FORM_LEAF:
      out[offset] = CODE_LEAF;
      return offset + 1;
    case FORM_EMPTY:
      out[offset] = CODE_EMPTY;
      return offset + 1;
    case FORM_CODED_LIST:
      out[offset++] = CODE_CODED_LIST + 16 * final + count - 2;
      for (let i = 0; i < count; i++) out[offset++] = (tables.listCodes[labels[i]!]! << 3) | classes[i]!;
      return writeTargets(node, tables, out, start, writeCounts(node, ordinals, out, offset));
    case FORM_LIST:
    case FORM_LONG_LIST:
      if (form === FORM_LIST) {
        out[offset++] = CODE_LIST + 8 * final + count - 2;
      } else {
        out[offset++] = CODE_LONG_LIST + final;
        out[offset++] = count - 1;
      }
      out.set(labels.subarray(0, count), offset);
      offset += count;
      for (let i = 0; i < count; i += 2) out[offset++] = classes[i]! | (i + 1 < count ? classes[i + 1]! << 4 : 0);
      return writeTargets(node, tables, out, start, writeCounts(node, ordinals, out, offset));
    case FORM_LEAVES:
      out[offset++] = CODE_LEAVES + final;
      out[offset++] = count - 1;
      out.set(labels.subarray(0, count), offset);
      return offset + count;
    case FORM_LEAF_SET:
      out[offset++] = CODE_LEAF_SET + final;
      out[offset++] = count - 1;
      return writeBitmap(labels, count, out, offset, 32);
    default:
      return writeDirect(node, tables, ordinals, out, offset);
  }
}

function writeDirect(node: NodeDraft, tables: NodeTables, ordinals: boolean, out: Uint8Array, offset: number): number {
  const { form, count, labels, directWidth } = node;
  const start = offset;
  out[offset++] = CODE_DIRECT + 2 * (form - FORM_DIRECT_LIST) + (node.final ? 1 : 0);
  out[offset++] = count - 1;
  out[offset++] = directWidth;
  if (form === FORM_DIRECT_LIST) {
    out.set(labels.subarray(0, count), offset);
    offset += count;
  } else if (form === FORM_DIRECT_RANGE) {
    out[offset++] = labels[0]!;
  } else if (form === FORM_DIRECT_CODED) {
    const codes = labels.subarray(0, count).map((label) => tables.listCodes[label]!);
    offset = writeBitmap(codes, count, out, offset, 4);
  } else if (form === FORM_DIRECT_BITMAP) {
    offset = writeBitmap(labels, count, out, offset, 32);
  }
  offset = writeCounts(node, ordinals, out, offset);
  const width = directWidth & (RELATIVE - 1);
  const origin = (directWidth & RELATIVE) === 0 ? 0 : start;
  for (let i = 0; i < count; i++) offset = writeInteger(node.targets[i]! - origin, width, out, offset);
  return offset;
}

function writeTargets(node: NodeDraft, tables: NodeTables, out: Uint8Array, start: number, offset: number): number {
  for (let i = 0; i < node.count; i++) {
    const targetClass = node.classes[i]!;
    if (targetClass === CLASS_LEAF || targetClass === CLASS_NEXT) continue;
    const target = node.targets[i]!;
    let number = target;
    if (targetClass === CLASS_AHEAD || targetClass === CLASS_AHEAD2) number = target - start;
    else if (targetClass === CLASS_BEHIND) number = start - target;
    offset = writeInteger(number, widthOf(targetClass, tables.widths), out, offset);
  }
  return offset;
}

function writeCounts(node: NodeDraft, ordinals: boolean, out: Uint8Array, offset: number): number {
  if (!ordinals) return offset;
  const { count, extraKeys } = node;
  const code = countCodeFor(extraKeys[count - 1]!);
  const bits = COUNT_BITS[code]!;
  const end = offset + countBytes(count, bits);
  out.fill(0, offset, end);
  out[offset] = code;
  let bit = 4;
  for (let i = 1; i < count; i++) {
    let value = extraKeys[i]!;
    for (let left = bits; left > 0; ) {
      const take = Math.min(left, 8 - (bit & 7));
      out[offset + (bit >> 3)]! |= (value % 2 ** take) << (bit & 7);
      value = Math.floor(value / 2 ** take);
      bit += take;
      left -= take;
    }
  }
  return end;
}

function writeBitmap(members: Uint8Array, count: number, out: Uint8Array, offset: number, bytes: number): number {
  out.fill(0, offset, offset + bytes);
  for (let i = 0; i < count; i++) out[offset + (members[i]! >> 3)]! |= 1 << (members[i]! & 7);
  return offset + bytes;
}

function writeInteger(value: number, width: number, out: Uint8Array, offset: number): number {
  for (let i = 0; i < width; i++) {
    out[offset++] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset;
}
