/**
 * The bytes of one node, read forward from its address:
 *
 *     1        bit 7: final; bits 0-6: number of transitions, 127: the next byte holds it less one
 *     [1]      number of transitions - 1
 *     1        bits 0-3: width of a target, 1..4; bits 4-7: width of a count, 0..6 (only with transitions)
 *     n        labels, ascending
 *     n w      targets: addresses, each below the node's own
 *     (n-1) c  counts: keys that pass by before transition 1, 2, ... (only with ordinals)
 *
 * Children lie before their parents, so every walk ends.
 */

const FINAL = 0x80;
const MANY = 0x7f;

/** A node as the writer hands it over: parallel arrays from `first` to `end`. */
export interface NodeSource {
  readonly final: boolean;
  readonly count: number;
  label(index: number): number;
  /** Address of the child. */
  target(index: number): number;
  /** Keys below the child. */
  keys(index: number): number;
}

/** The most bytes a node takes. */
export const MAX_NODE_BYTES = 3 + 256 * (1 + 4 + 6);

/** Writes a node at `offset` of `out` and returns the offset after it. */
export function encodeNode(node: NodeSource, ordinals: boolean, out: Uint8Array, offset: number): number {
  const { count } = node;
  const final = node.final ? FINAL : 0;
  if (count < MANY) {
    out[offset++] = final | count;
  } else {
    out[offset++] = final | MANY;
    out[offset++] = count - 1;
  }
  if (count === 0) return offset;
  let largestTarget = 0;
  let keysBefore = node.final ? 1 : 0;
  for (let i = 0; i < count; i++) {
    largestTarget = Math.max(largestTarget, node.target(i));
    if (i < count - 1) keysBefore += node.keys(i);
  }
  const targetWidth = Math.max(1, byteWidth(largestTarget));
  const countWidth = ordinals && count > 1 ? byteWidth(keysBefore) : 0;
  out[offset++] = targetWidth | (countWidth << 4);
  for (let i = 0; i < count; i++) out[offset++] = node.label(i);
  for (let i = 0; i < count; i++) offset = writeInteger(node.target(i), targetWidth, out, offset);
  keysBefore = node.final ? 1 : 0;
  for (let i = 1; i < count; i++) {
    keysBefore += node.keys(i - 1);
    offset = writeInteger(keysBefore, countWidth, out, offset);
  }
  return offset;
}

/**
 * Looks at one node at a time. `load` decodes the head and checks that the node lies inside the section; then the
 * transitions are read where they lie.
 *
 * Hot path: one object that is moved from node to node, so that nothing is allocated.
 */
export class NodeView {
  readonly #bytes: Uint8Array;
  /** Where the nodes section begins and ends within the bytes. */
  readonly #base: number;
  readonly #end: number;
  readonly #ordinals: boolean;
  #labels: number;
  #targets: number;
  #counts: number;
  #targetWidth: number;
  #countWidth: number;
  /** Whether a key ends here. */
  final: boolean;
  /** Number of transitions: 0..256. */
  count: number;
  address: number;

  constructor(bytes: Uint8Array, base: number, length: number, ordinals: boolean) {
    this.#bytes = bytes;
    this.#base = base;
    this.#end = base + length;
    this.#ordinals = ordinals;
    this.#labels = 0;
    this.#targets = 0;
    this.#counts = 0;
    this.#targetWidth = 0;
    this.#countWidth = 0;
    this.final = false;
    this.count = 0;
    this.address = 0;
  }

  /** Moves to the node at `address`; false when its bytes are damaged. */
  load(address: number): boolean {
    const bytes = this.#bytes;
    let at = this.#base + address;
    if (!(at < this.#end)) return false;
    const head = bytes[at++]!;
    this.address = address;
    this.final = head >= FINAL;
    let count = head & MANY;
    if (count === MANY) count = bytes[at++]! + 1;
    this.count = count;
    if (count === 0) return true;
    const widths = bytes[at++]!;
    this.#targetWidth = widths & 15;
    this.#countWidth = widths >> 4;
    this.#labels = at;
    this.#targets = at + count;
    this.#counts = this.#targets + count * this.#targetWidth;
    return this.#counts + (count - 1) * this.#countWidth <= this.#end && this.#targetWidth <= 4;
  }

  /** Label of transition `index`, 0..count-1. */
  label(index: number): number {
    return this.#bytes[this.#labels + index]!;
  }

  /** The node that transition `index` leads to, or -1 when its bytes are damaged. */
  target(index: number): number {
    const width = this.#targetWidth;
    const target = readInteger(this.#bytes, this.#targets + index * width, width);
    return target < this.address ? target : -1;
  }

  /** Keys that end here or go by transitions before `index`: 0 when the file has no ordinals. */
  keysBefore(index: number): number {
    if (!this.#ordinals) return 0;
    if (index === 0) return this.final ? 1 : 0;
    const width = this.#countWidth;
    return readInteger(this.#bytes, this.#counts + (index - 1) * width, width);
  }

  /** The first transition whose label is `byte` or more: 0..count. */
  lowerBound(byte: number): number {
    const bytes = this.#bytes;
    const labels = this.#labels;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bytes[labels + middle]! < byte) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The transition with the label `byte`, or -1. */
  find(byte: number): number {
    const index = this.lowerBound(byte);
    return index < this.count && this.#bytes[this.#labels + index] === byte ? index : -1;
  }
}

function byteWidth(value: number): number {
  let width = 0;
  while (value >= 1) {
    value = Math.floor(value / 256);
    width++;
  }
  return width;
}

function writeInteger(value: number, width: number, out: Uint8Array, offset: number): number {
  for (let i = 0; i < width; i++) {
    out[offset++] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset;
}

function readInteger(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}
