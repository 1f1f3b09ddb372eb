/**
 * Follows a key through the nodes: what every exact look-up does.
 *
 * Hot path: one function over plain fields and bytes. It repeats what `node.ts` decodes, form by form, because it needs
 * only one transition of each node: going through `NodeView` costs about three times as much.
 */

import {
  CLASS_NEXT,
  CLASS_TABLE,
  COUNT_BITS,
  countBytes,
  FINAL_OF,
  FORM_CODED_LIST,
  FORM_DIRECT_BITMAP,
  FORM_DIRECT_CODED,
  FORM_DIRECT_LIST,
  FORM_DIRECT_RANGE,
  FORM_JUMP,
  FORM_LEAF_SET,
  FORM_LEAVES,
  FORM_LIST,
  FORM_LONG_LIST,
  FORM_OF,
  FORM_SINGLE,
  FORM_STEP,
  popcount,
  RELATIVE,
  rankBelow,
  readBits,
  readUint,
} from './node-codes.ts';
import type { NodeTables } from './tables.ts';

/** What `walk` answers besides ordinals. */
export const WALK_MISS = -1;
export const WALK_DAMAGED = -2;

/** Walks keys through one file's nodes. */
export class Walker {
  readonly #bytes: Uint8Array;
  readonly #base: number;
  readonly #end: number;
  readonly #root: number;
  readonly #ordinals: boolean;
  readonly #stepLabels: Uint8Array;
  readonly #listLabels: Uint8Array;
  readonly #listCodes: Uint8Array;
  readonly #popular: Uint32Array;
  readonly #widths: number;

  constructor(bytes: Uint8Array, base: number, length: number, root: number, ordinals: boolean, tables: NodeTables) {
    this.#bytes = bytes;
    this.#base = base;
    this.#end = base + length;
    this.#root = root;
    this.#ordinals = ordinals;
    this.#stepLabels = tables.stepLabels;
    this.#listLabels = tables.listLabels;
    this.#listCodes = tables.listCodes;
    this.#popular = tables.popular;
    this.#widths = tables.widths;
  }

  /**
   * The ordinal of the key `key[start, end)` (0 in files without ordinals), `WALK_MISS`, or `WALK_DAMAGED` when the way
   * leads out of the section.
   */
  walk(key: Uint8Array, start: number, end: number): number {
    const bytes = this.#bytes;
    const base = this.#base;
    const widths = this.#widths;
    const ordinals = this.#ordinals;
    let at = base + this.#root;
    let ordinal = 0;
    for (let i = start; ; i++) {
      if (!(at >= base && at < this.#end)) return WALK_DAMAGED;
      const head = bytes[at]!;
      if (i >= end) return FINAL_OF[head] === 1 ? ordinal : WALK_MISS;
      const byte = key[i]!;
      const form = FORM_OF[head]!;
      // The transition's class, where its target's bytes are, and where the targets begin.
      let targetClass = 0;
      let target = 0;
      let targets = 0;
      if (form === FORM_STEP) {
        if (this.#stepLabels[head] !== byte) return WALK_MISS;
        at++;
        continue;
      }
      if (form === FORM_CODED_LIST) {
        const count = (head & 15) + 2;
        const labels = at + 1;
        const code = this.#listCodes[byte]!;
        let index = 0;
        let before = 0;
        let descriptor = bytes[labels]!;
        while (descriptor >> 3 < code) {
          before += (widths >>> ((descriptor & 7) << 2)) & 15;
          if (++index === count) return WALK_MISS;
          descriptor = bytes[labels + index]!;
        }
        if (descriptor >> 3 !== code) return WALK_MISS;
        targets = labels + count;
        if (ordinals) {
          const bits = COUNT_BITS[bytes[targets]! & 15]!;
          ordinal += index + FINAL_OF[head]!;
          if (index > 0 && bits > 0) ordinal += readBits(bytes, targets, 4 + (index - 1) * bits, bits);
          targets += countBytes(count, bits);
        }
        targetClass = descriptor & 7;
        target = targets + before;
        if (targetClass === CLASS_NEXT) {
          while (++index < count) target += (widths >>> ((bytes[labels + index]! & 7) << 2)) & 15;
        }
      } else if (form === FORM_JUMP) {
        if (this.#listLabels[head & 31] !== byte) return WALK_MISS;
        targetClass = (head >> 5) - 2 + CLASS_TABLE;
        targets = at + 1;
        target = targets;
      } else if (form === FORM_SINGLE) {
        if (bytes[at + 1] !== byte) return WALK_MISS;
        targetClass = head & 7;
        targets = at + 2;
        target = targets;
        if (ordinals) ordinal += FINAL_OF[head]!;
      } else if (form === FORM_LIST || form === FORM_LONG_LIST) {
        let labels = at + 1;
        const count = form === FORM_LIST ? (head & 7) + 2 : bytes[labels++]! + 1;
        let index = 0;
        while (bytes[labels + index]! < byte) if (++index === count) return WALK_MISS;
        if (bytes[labels + index] !== byte) return WALK_MISS;
        const classes = labels + count;
        targets = classes + ((count + 1) >> 1);
        if (ordinals) {
          const bits = COUNT_BITS[bytes[targets]! & 15]!;
          ordinal += index + FINAL_OF[head]!;
          if (index > 0 && bits > 0) ordinal += readBits(bytes, targets, 4 + (index - 1) * bits, bits);
          targets += countBytes(count, bits);
        }
        targetClass = (bytes[classes + (index >> 1)]! >> ((index & 1) << 2)) & 7;
        target = targets;
        const until = targetClass === CLASS_NEXT ? count : index;
        for (let j = 0; j < until; j++) {
          target += (widths >>> (((bytes[classes + (j >> 1)]! >> ((j & 1) << 2)) & 7) << 2)) & 15;
        }
      } else if (form === FORM_LEAVES || form === FORM_LEAF_SET) {
        if (i + 1 !== end) return WALK_MISS;
        const index = this.#findLabel(form, at + 2, bytes[at + 1]! + 1, byte);
        if (index < 0) return WALK_MISS;
        return ordinals ? ordinal + index + FINAL_OF[head]! : 0;
      } else if (form >= FORM_DIRECT_LIST) {
        const count = bytes[at + 1]! + 1;
        const labels = at + 3;
        const index = this.#findLabel(form, labels, count, byte);
        if (index < 0) return WALK_MISS;
        targets = labels;
        if (form === FORM_DIRECT_LIST) targets += count;
        else if (form === FORM_DIRECT_RANGE) targets += 1;
        else targets += form === FORM_DIRECT_CODED ? 4 : 32;
        if (ordinals) {
          const bits = COUNT_BITS[bytes[targets]! & 15]!;
          ordinal += index + FINAL_OF[head]!;
          if (index > 0 && bits > 0) ordinal += readBits(bytes, targets, 4 + (index - 1) * bits, bits);
          targets += countBytes(count, bits);
        }
        const width = bytes[at + 2]! & (RELATIVE - 1);
        const number = readUint(bytes, targets + index * width, width);
        at = number + ((bytes[at + 2]! & RELATIVE) === 0 ? base : at);
        continue;
      } else {
        return WALK_MISS;
      }
      // The cases are in the order of the classes, as `node-codes.ts` numbers them.
      switch (targetClass) {
        case 0:
          return i + 1 === end ? ordinal : WALK_MISS;
        case 1:
          at = target;
          break;
        case 2:
          at += bytes[target]!;
          break;
        case 3:
          at += bytes[target]! | (bytes[target + 1]! << 8);
          break;
        case 4:
          at = base + this.#popular[bytes[target]!]!;
          break;
        case 5:
          at = base + (bytes[target]! | (bytes[target + 1]! << 8));
          break;
        case 6:
          at = base + readUint(bytes, target, (widths >>> 24) & 15);
          break;
        default:
          at -= readUint(bytes, target, widths >>> 28);
      }
    }
  }

  /** The transition with the label `byte` in a node that finds labels without going through them all, or -1. */
  #findLabel(form: number, labels: number, count: number, byte: number): number {
    const bytes = this.#bytes;
    if (form === FORM_LEAF_SET || form === FORM_DIRECT_BITMAP) {
      if (((bytes[labels + (byte >> 3)]! >> (byte & 7)) & 1) === 0) return -1;
      return rankBelow(bytes, labels, byte);
    }
    if (form === FORM_DIRECT_CODED) {
      const code = this.#listCodes[byte]!;
      const members = readUint(bytes, labels, 4);
      if (code > 31 || ((members >>> code) & 1) === 0) return -1;
      return popcount(members & ((1 << code) - 1));
    }
    if (form === FORM_DIRECT_RANGE) {
      const index = byte - bytes[labels]!;
      return index >= 0 && index < count ? index : -1;
    }
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bytes[labels + middle]! < byte) low = middle + 1;
      else high = middle;
    }
    return low < count && bytes[labels + low] === byte ? low : -1;
  }
}
