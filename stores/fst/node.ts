/**
 * Looks at one node at a time: what cursors, keys by ordinal and searches read nodes with. `walk.ts` has the shorter way
 * that exact look-ups take. The forms and their bytes are drawn in `node-codes.ts`.
 */

import {
  CLASS_AHEAD,
  CLASS_AHEAD2,
  CLASS_BEHIND,
  CLASS_FAR,
  CLASS_LEAF,
  CLASS_NEAR,
  CLASS_NEXT,
  CLASS_TABLE,
  CODE_CODED_LIST,
  CODE_JUMP,
  CODE_LIST,
  COUNT_BITS,
  countBytes,
  FINAL_OF,
  FORM_CODED_LIST,
  FORM_DIRECT_BITMAP,
  FORM_DIRECT_CODED,
  FORM_DIRECT_LIST,
  FORM_DIRECT_RANGE,
  FORM_EMPTY,
  FORM_JUMP,
  FORM_LEAF_SET,
  FORM_LEAVES,
  FORM_LIST,
  FORM_LONG_LIST,
  FORM_NONE,
  FORM_OF,
  FORM_SINGLE,
  FORM_STEP,
  memberAt,
  RELATIVE,
  rankBelow,
  readBits,
  readUint,
  widthOf,
} from './node-codes.ts';
import type { NodeTables } from './tables.ts';

/** What `target` answers for a transition to the leaf, which need not be read: it is final and has no transitions. */
export const LEAF_TARGET = 0;

/**
 * One node, moved from address to address, so that nothing is allocated. `load` decodes the head and checks that the
 * node lies inside the section; transitions are read where they lie.
 */
export class NodeView {
  readonly #bytes: Uint8Array;
  /** Where the nodes section begins and ends within the bytes. */
  readonly #base: number;
  readonly #end: number;
  readonly #ordinals: boolean;
  readonly #tables: NodeTables;
  #form: number;
  #head: number;
  #labels: number;
  #classes: number;
  #counts: number;
  #targets: number;
  #directWidth: number;
  /** The transition whose target was read last, and where its bytes are: makes reading in order cheap. */
  #lastIndex: number;
  #lastAt: number;
  /** Whether a key ends here. */
  final: boolean;
  /** Number of transitions: 0..256. */
  count: number;
  address: number;

  constructor(bytes: Uint8Array, base: number, length: number, ordinals: boolean, tables: NodeTables) {
    this.#bytes = bytes;
    this.#base = base;
    this.#end = base + length;
    this.#ordinals = ordinals;
    this.#tables = tables;
    this.#form = FORM_NONE;
    this.#head = 0;
    this.#labels = 0;
    this.#classes = 0;
    this.#counts = 0;
    this.#targets = 0;
    this.#directWidth = 0;
    this.#lastIndex = 0;
    this.#lastAt = 0;
    this.final = false;
    this.count = 0;
    this.address = 0;
  }

  /** Number of the node's form, one of the `FORM_` constants. */
  get form(): number {
    return this.#form;
  }

  /** Address of the node behind this one. */
  get end(): number {
    const { count } = this;
    if (this.#form >= FORM_DIRECT_LIST) {
      return this.#targets - this.#base + count * (this.#directWidth & (RELATIVE - 1));
    }
    const at = this.#form < FORM_JUMP || this.#classOf(0) < 0 ? this.#targets : this.#targetAt(count);
    return at - this.#base;
  }

  /** Moves to the node at `address`; false when its bytes are damaged. */
  load(address: number): boolean {
    const bytes = this.#bytes;
    const at = this.#base + address;
    if (!(address >= 0 && at < this.#end)) return false;
    const head = bytes[at]!;
    const form = FORM_OF[head]!;
    this.#head = head;
    this.#form = form;
    this.address = address;
    this.final = FINAL_OF[head] === 1;
    this.count = this.#countTransitions(form, head, at);
    this.#layOut(form, at);
    this.#lastIndex = 0;
    this.#lastAt = this.#targets;
    return form !== FORM_NONE && this.#targets <= this.#end;
  }

  /** Label of transition `index`, 0..count-1. */
  label(index: number): number {
    const bytes = this.#bytes;
    const labels = this.#labels;
    switch (this.#form) {
      case FORM_STEP:
        return this.#tables.stepLabels[this.#head]!;
      case FORM_JUMP:
        return this.#tables.listLabels[this.#head & 31]!;
      case FORM_CODED_LIST:
        return this.#tables.listLabels[bytes[labels + index]! >> 3]!;
      case FORM_DIRECT_RANGE:
        return (bytes[labels]! + index) & 255;
      case FORM_DIRECT_CODED:
        return this.#tables.listLabels[memberAt(bytes, labels, 4, index) & 31]!;
      case FORM_DIRECT_BITMAP:
      case FORM_LEAF_SET:
        return memberAt(bytes, labels, 32, index);
      default:
        return bytes[labels + index]!;
    }
  }

  /** The node that transition `index` leads to; -1 when its bytes are damaged. */
  target(index: number): number {
    const form = this.#form;
    if (form === FORM_STEP) return this.address + 1;
    if (form === FORM_LEAVES || form === FORM_LEAF_SET) return LEAF_TARGET;
    const bytes = this.#bytes;
    if (form >= FORM_DIRECT_LIST) {
      const width = this.#directWidth & (RELATIVE - 1);
      const target = readUint(bytes, this.#targets + index * width, width);
      return (this.#directWidth & RELATIVE) === 0 ? target : target + this.address;
    }
    const targetClass = this.#classOf(index);
    const at = this.#targetAt(index);
    const width = widthOf(targetClass, this.#tables.widths);
    switch (targetClass) {
      case CLASS_LEAF:
        return LEAF_TARGET;
      case CLASS_NEXT:
        return this.#targetAt(this.count) - this.#base;
      case CLASS_AHEAD:
      case CLASS_AHEAD2:
        return this.address + readUint(bytes, at, width);
      case CLASS_TABLE:
        return this.#tables.popular[bytes[at]!]!;
      case CLASS_NEAR:
      case CLASS_FAR:
        return readUint(bytes, at, width);
      case CLASS_BEHIND:
        return this.address - readUint(bytes, at, width);
      default:
        return -1;
    }
  }

  /** Keys that end here or go by transitions before `index`: 0 when the file has no ordinals. */
  keysBefore(index: number): number {
    if (!this.#ordinals) return 0;
    const sure = index + (this.final ? 1 : 0);
    if (index === 0 || this.#form < FORM_CODED_LIST || this.#counts === 0) return sure;
    const bits = COUNT_BITS[this.#bytes[this.#counts]! & 15]!;
    return sure + readBits(this.#bytes, this.#counts, 4 + (index - 1) * bits, bits);
  }

  /** The first transition whose label is `byte` or more: 0..count. */
  lowerBound(byte: number): number {
    if (this.#form === FORM_LEAF_SET || this.#form === FORM_DIRECT_BITMAP) {
      return rankBelow(this.#bytes, this.#labels, byte);
    }
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.label(middle) < byte) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The transition with the label `byte`, or -1. */
  find(byte: number): number {
    const index = this.lowerBound(byte);
    return index < this.count && this.label(index) === byte ? index : -1;
  }

  #countTransitions(form: number, head: number, at: number): number {
    if (form <= FORM_SINGLE) return 1;
    if (form <= FORM_EMPTY) return 0;
    if (form === FORM_CODED_LIST) return ((head - CODE_CODED_LIST) & 15) + 2;
    if (form === FORM_LIST) return ((head - CODE_LIST) & 7) + 2;
    return this.#bytes[at + 1]! + 1;
  }

  /** Finds where the node's parts begin. */
  #layOut(form: number, at: number): void {
    const { count } = this;
    let next = at + 1;
    this.#labels = next;
    this.#classes = 0;
    this.#counts = 0;
    switch (form) {
      case FORM_SINGLE:
        next++;
        break;
      case FORM_CODED_LIST:
        this.#classes = next;
        next += count;
        break;
      case FORM_LIST:
      case FORM_LONG_LIST:
        if (form === FORM_LONG_LIST) next++;
        this.#labels = next;
        this.#classes = next + count;
        next = this.#classes + ((count + 1) >> 1);
        break;
      case FORM_LEAVES:
        this.#labels = next + 1;
        next += 1 + count;
        break;
      case FORM_LEAF_SET:
        this.#labels = next + 1;
        next += 33;
        break;
      case FORM_DIRECT_LIST:
      case FORM_DIRECT_RANGE:
      case FORM_DIRECT_CODED:
      case FORM_DIRECT_BITMAP:
        this.#directWidth = this.#bytes[next + 1]!;
        this.#labels = next + 2;
        next = this.#labels + directLabelBytes(form, count);
        break;
    }
    if (this.#ordinals && form >= FORM_CODED_LIST && form !== FORM_LEAVES && form !== FORM_LEAF_SET) {
      this.#counts = next;
      next += countBytes(count, COUNT_BITS[this.#bytes[next]! & 15]!);
    }
    this.#targets = next;
  }

  #classOf(index: number): number {
    switch (this.#form) {
      case FORM_JUMP:
        return CLASS_TABLE + ((this.#head - CODE_JUMP) >> 5);
      case FORM_SINGLE:
        return this.#head & 7;
      case FORM_CODED_LIST:
        return this.#bytes[this.#classes + index]! & 7;
      case FORM_LIST:
      case FORM_LONG_LIST:
        return (this.#bytes[this.#classes + (index >> 1)]! >> (4 * (index & 1))) & 7;
      default:
        return -1;
    }
  }

  /** Where the bytes of a target begin, or, for `count`, where the node ends. */
  #targetAt(index: number): number {
    let i = this.#lastIndex;
    let at = this.#lastAt;
    if (index < i) {
      i = 0;
      at = this.#targets;
    }
    for (; i < index; i++) at += widthOf(this.#classOf(i), this.#tables.widths);
    this.#lastIndex = index;
    this.#lastAt = at;
    return at;
  }
}

function directLabelBytes(form: number, count: number): number {
  if (form === FORM_DIRECT_LIST) return count;
  if (form === FORM_DIRECT_RANGE) return 1;
  return form === FORM_DIRECT_CODED ? 4 : 32;
}
