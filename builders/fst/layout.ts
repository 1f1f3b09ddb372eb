/**
 * Gives each node a form and each target a class, and writes the nodes. Which class a target needs depends on addresses,
 * and addresses on how long the nodes are: so all begin with their longest targets, and in each pass those that turn out
 * to be near enough are shortened. Nothing ever grows, so that every pass leaves a layout that is valid.
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
  FORM_NONE,
  FORM_SINGLE,
  FORM_STEP,
  LIST_LABELS,
  MOST_CODED,
  MOST_LISTED,
  RELATIVE,
  STEP_LABELS,
  WIDE_NODES,
  widthOf,
} from '../../stores/fst/node-codes.ts';
import { countCodeFor, encodeNode, headBytes, NodeDraft } from '../../stores/fst/node-encode.ts';
import { makeTables, NO_CODE, type NodeTables } from '../../stores/fst/tables.ts';
import { BuildError } from '../errors.ts';
import type { ArrangedNodes } from './arrange.ts';
import { FINAL } from './automaton.ts';

/** Addresses are kept below 2^31, so that they stay small integers in every engine. */
const MOST_NODE_BYTES = 2 ** 31;
/** After so many passes what is left to gain is less than a thousandth. */
const MOST_PASSES = 8;
/** Passes end when one gained less than this share: the next one gains about a tenth of it, a matter of time in large files. */
const WORTHWHILE = 0.001;
const WORTHWHILE_LARGE = 0.01;
const LARGE_NODES = 2 ** 20;
/** Nodes become shorter by a sixth in the passes: beyond this factor they cannot stay below the limit of short addresses. */
const SURELY_WIDE = 1.3;
/** A direct node may be so much larger than a list with as many transitions as these, because it is read faster. */
const DIRECT_FROM = 12;
const DIRECT_FACTOR = 1.1;
/** What `headBytes` takes for a node without counts. */
const NO_COUNTS = -1;
/** Lists are searched from their beginning: longer ones are always made direct. */
const LONGEST_LIST = 64;
/** Stands for an entry of the table where a node has none. */
const NOT_IN_TABLE = 0xffff;

/** Laid-out nodes, ready for the file. */
export interface EncodedNodes {
  readonly nodes: Uint8Array;
  readonly tables: NodeTables;
  readonly rootAddress: number;
}

/**
 * Lays out and writes nodes that stand in their order (`arrange.ts`). Takes about 16 bytes a node and one a transition
 * while it works, besides the nodes and what it writes.
 *
 * @throws {BuildError} `BUILD_LIMIT` beyond 2 GiB of nodes
 */
export function encodeNodes(arranged: ArrangedNodes, ordinals: boolean): EncodedNodes {
  return new Layout(arranged, ordinals).encode();
}

/** All arrays are by position: the place of a node in the order. */
class Layout {
  readonly #nodeCount: number;
  readonly #root: number;
  readonly #firsts: Uint32Array;
  readonly #labels: Uint8Array;
  readonly #targets: Uint32Array;
  readonly #keys: Uint32Array;
  readonly #ordinals: boolean;
  readonly #popular: readonly number[];
  /** Entry of each node in the table of popular nodes, or `NOT_IN_TABLE`. */
  readonly #tableIndex: Uint16Array;
  /** Code of the width of each node's counts, or `NO_COUNTS`. */
  readonly #countCodes: Int8Array;
  /** For each byte its code among the step labels and the list labels, or `NO_CODE`. */
  readonly #stepCodes: Uint8Array;
  readonly #listCodes: Uint8Array;
  readonly #addresses: Uint32Array;
  readonly #forms: Uint8Array;
  readonly #sizes: Uint16Array;
  readonly #directWidths: Uint8Array;
  readonly #classes: Uint8Array;
  readonly #draft: NodeDraft;
  #tables: NodeTables;

  constructor(arranged: ArrangedNodes, ordinals: boolean) {
    const { nodeCount, firsts, labels, targets, keys, popular, root } = arranged;
    this.#nodeCount = nodeCount;
    this.#root = root;
    this.#firsts = firsts;
    this.#labels = labels;
    this.#targets = targets;
    this.#keys = keys;
    this.#ordinals = ordinals;
    this.#popular = popular;
    this.#tableIndex = new Uint16Array(nodeCount).fill(NOT_IN_TABLE);
    popular.forEach((node, index) => {
      this.#tableIndex[node] = index;
    });
    this.#countCodes = new Int8Array(nodeCount).fill(NO_COUNTS);
    this.#addresses = new Uint32Array(nodeCount);
    this.#forms = new Uint8Array(nodeCount);
    this.#sizes = new Uint16Array(nodeCount);
    this.#directWidths = new Uint8Array(nodeCount);
    this.#classes = new Uint8Array(labels.length);
    this.#draft = new NodeDraft();
    const counted = countLabels(arranged);
    this.#tables = makeTables(counted.steps, counted.lists, [], 0);
    this.#stepCodes = new Uint8Array(256).fill(NO_CODE);
    counted.steps.forEach((label, code) => {
      this.#stepCodes[label] = code;
    });
    this.#listCodes = this.#tables.listCodes;
    if (ordinals) this.#chooseCounts();
  }

  encode(): EncodedNodes {
    let open = this.#start();
    let total = this.#place();
    if (total <= SURELY_WIDE * WIDE_NODES) total = this.#relax(open, total);
    if (total > WIDE_NODES) {
      this.#tables = this.#tablesFor(total);
      open = this.#start();
      total = this.#relax(open, this.#place());
    }
    if (total > MOST_NODE_BYTES) {
      throw new BuildError('BUILD_LIMIT', 'writing an FST: more than 2 GiB of nodes; use a block file');
    }
    // A file that shrank below the limit keeps the long addresses, so its length must say so.
    const wide = this.#tables.widths !== this.#tablesFor(0).widths;
    const nodes = new Uint8Array(wide ? Math.max(total, WIDE_NODES + 1) : total);
    this.#tables = this.#tablesFor(nodes.length);
    let offset = 0;
    for (let node = 0; node < this.#nodeCount; node++) {
      if (offset !== this.#addresses[node]) throw new Error(`node ${node} is laid out at another address`);
      if (this.#forms[node] === FORM_STEP) {
        // Half of all nodes and more: not worth a draft.
        nodes[offset++] = this.#stepCodes[this.#labels[this.#firsts[node]!]!]!;
        continue;
      }
      this.#fill(node);
      offset = encodeNode(this.#draft, this.#tables, this.#ordinals, nodes, offset);
    }
    return { nodes, tables: this.#tables, rootAddress: this.#addresses[this.#root]! };
  }

  #tablesFor(nodeBytes: number): NodeTables {
    const { stepLabels, stepCount, listLabels, listCount } = this.#tables;
    return makeTables(
      stepLabels.subarray(0, stepCount),
      listLabels.subarray(0, listCount),
      this.#popular.map((node) => this.#addresses[node]!),
      nodeBytes,
    );
  }

  /** Shortens the open nodes until little more is to gain. Returns the length of all nodes. */
  #relax(open: Uint32Array, total: number): number {
    const worthwhile = this.#nodeCount > LARGE_NODES ? WORTHWHILE_LARGE : WORTHWHILE;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      // Most nodes are as short as can be: each pass keeps those that may become shorter yet.
      let left = 0;
      for (const node of open) if (this.#shorten(node)) open[left++] = node;
      open = open.subarray(0, left);
      const before = total;
      total = this.#place();
      if (before - total < before * worthwhile) break;
    }
    return total;
  }

  /** Takes classes that do not depend on addresses; all others far. Returns the nodes that may become shorter. */
  #start(): Uint32Array {
    const firsts = this.#firsts;
    const targets = this.#targets;
    const classes = this.#classes;
    const open = new Uint32Array(this.#nodeCount);
    let openCount = 0;
    for (let node = 0; node < this.#nodeCount; node++) {
      const first = firsts[node]! & ~FINAL;
      const end = firsts[node + 1]! & ~FINAL;
      let settled = end - first < 2;
      for (let i = first; i < end; i++) {
        const target = targets[i]!;
        if (target === node + 1 && !this.#isLeaf(target)) {
          classes[i] = CLASS_NEXT;
        } else if (this.#isLeaf(target)) {
          classes[i] = CLASS_LEAF;
        } else {
          settled = false;
          classes[i] = this.#tableIndex[target] === NOT_IN_TABLE ? CLASS_FAR : CLASS_TABLE;
        }
      }
      this.#directWidths[node] = 4;
      this.#forms[node] = FORM_NONE;
      this.#chooseForm(node);
      if (!settled) open[openCount++] = node;
    }
    return open.subarray(0, openCount);
  }

  #place(): number {
    const addresses = this.#addresses;
    const sizes = this.#sizes;
    let address = 0;
    for (let node = 0; node < addresses.length; node++) {
      addresses[node] = address;
      address += sizes[node]!;
    }
    return address;
  }

  /** Takes shorter classes where the addresses of now allow. Answers whether the node may become shorter yet. */
  #shorten(node: number): boolean {
    const first = this.#firstOf(node);
    const end = this.#firstOf(node + 1);
    return end - first === 1 ? this.#shortenSingle(node, first) : this.#shortenMany(node, first, end);
  }

  #shortenSingle(node: number, first: number): boolean {
    const { widths } = this.#tables;
    const target = this.#targets[first]!;
    const address = this.#addresses[target]!;
    const jumps = !this.#isFinal(node) && this.#coded(this.#labels[first]!);
    const shorter = this.#classFor(address, address - this.#addresses[node]!, jumps, target);
    const width = widthOf(shorter, widths);
    const known = widthOf(this.#classes[first]!, widths);
    if (width >= known) return known > 1;
    this.#classes[first] = shorter;
    this.#chooseSingle(node, first);
    return width > 1;
  }

  #shortenMany(node: number, first: number, end: number): boolean {
    const { widths } = this.#tables;
    const addresses = this.#addresses;
    const classes = this.#classes;
    const targets = this.#targets;
    const origin = addresses[node]!;
    let last = 0;
    let behind = false;
    let widest = 0;
    let changed = false;
    for (let i = first; i < end; i++) {
      const target = targets[i]!;
      if (target > last) last = target;
      if (target < node) behind = true;
      let width = widthOf(classes[i]!, widths);
      // One byte is the least that a distance or an address takes, so there is no need to look at either.
      if (width > 1) {
        const address = addresses[target]!;
        const shorter = this.#classFor(address, address - origin, false, target);
        const shorterWidth = widthOf(shorter, widths);
        if (shorterWidth < width) {
          classes[i] = shorter;
          width = shorterWidth;
          changed = true;
        }
      }
      if (width > widest) widest = width;
    }
    let directWidth = this.#directWidths[node]! & (RELATIVE - 1);
    if (directWidth > 1) {
      const direct = byteWidth(addresses[last]!);
      const relative = behind ? 4 : byteWidth(addresses[last]! - origin);
      const shorter = Math.min(relative, direct);
      if (shorter < directWidth) {
        this.#directWidths[node] = relative < direct ? relative + RELATIVE : direct;
        directWidth = shorter;
        changed = true;
      }
    }
    if (changed) this.#chooseMany(node, first, end - first);
    return widest > 1 || directWidth > 1;
  }

  #classFor(address: number, ahead: number, single: boolean, target: number): number {
    if (!single && ahead >= 0 && ahead < 0x100) return CLASS_AHEAD;
    if (this.#tableIndex[target] !== NOT_IN_TABLE) return CLASS_TABLE;
    if (address < 0x1_0000) return CLASS_NEAR;
    if (single) return CLASS_FAR;
    if (ahead >= 0 && ahead < 0x1_0000) return CLASS_AHEAD2;
    if (ahead < 0 && -ahead < 2 ** (8 * widthOf(CLASS_BEHIND, this.#tables.widths))) return CLASS_BEHIND;
    return CLASS_FAR;
  }

  /** Takes the form that is smallest with the classes of now. */
  #chooseForm(node: number): void {
    const first = this.#firstOf(node);
    const count = this.#firstOf(node + 1) - first;
    if (count === 0) this.#setForm(node, this.#isFinal(node) ? FORM_LEAF : FORM_EMPTY, 1);
    else if (count === 1) this.#chooseSingle(node, first);
    else this.#chooseMany(node, first, count);
  }

  #chooseSingle(node: number, first: number): void {
    const targetClass = this.#classes[first]!;
    const label = this.#labels[first]!;
    const width = widthOf(targetClass, this.#tables.widths);
    if (!this.#isFinal(node)) {
      if (targetClass === CLASS_NEXT && this.#stepCodes[label] !== NO_CODE) {
        this.#setForm(node, FORM_STEP, 1);
        return;
      }
      if (targetClass >= CLASS_TABLE && targetClass <= CLASS_FAR && this.#coded(label)) {
        this.#setForm(node, FORM_JUMP, 1 + width);
        return;
      }
    }
    this.#setForm(node, FORM_SINGLE, 2 + width);
  }

  #chooseMany(node: number, first: number, count: number): void {
    let targetBytes = 0;
    let allLeaves = true;
    let allCoded = true;
    for (let i = first; i < first + count; i++) {
      const targetClass = this.#classes[i]!;
      targetBytes += widthOf(targetClass, this.#tables.widths);
      allLeaves &&= targetClass === CLASS_LEAF;
      allCoded &&= this.#coded(this.#labels[i]!);
    }
    if (allLeaves && !(allCoded && count <= MOST_CODED)) {
      const form = count < 32 ? FORM_LEAVES : FORM_LEAF_SET;
      this.#setForm(node, form, this.#headBytes(node, count, form));
      return;
    }
    const list = allCoded && count <= MOST_CODED ? FORM_CODED_LIST : count <= MOST_LISTED ? FORM_LIST : FORM_LONG_LIST;
    const listBytes = this.#headBytes(node, count, list) + targetBytes;
    const direct = this.#directForm(first, count, allCoded);
    const directBytes = this.#headBytes(node, count, direct) + count * (this.#directWidths[node]! & (RELATIVE - 1));
    const factor = count >= DIRECT_FROM ? DIRECT_FACTOR : 1;
    const preferred = count > LONGEST_LIST || directBytes < listBytes * factor;
    // A form that reads faster may be larger than the one of the pass before, but sizes must not grow.
    const fits = this.#forms[node] === FORM_NONE || directBytes <= this.#sizes[node]!;
    if (preferred && fits) this.#setForm(node, direct, directBytes);
    else this.#setForm(node, list, listBytes);
  }

  #directForm(first: number, count: number, allCoded: boolean): number {
    if (this.#labels[first + count - 1]! - this.#labels[first]! === count - 1) return FORM_DIRECT_RANGE;
    if (allCoded && count > 4) return FORM_DIRECT_CODED;
    return count > 32 ? FORM_DIRECT_BITMAP : FORM_DIRECT_LIST;
  }

  #setForm(node: number, form: number, size: number): void {
    this.#forms[node] = form;
    this.#sizes[node] = size;
  }

  /** Bytes of a node before its targets, `count` being the number of its transitions. */
  #headBytes(node: number, count: number, form: number): number {
    return headBytes(form, count, this.#countCodes[node]!);
  }

  /** Finds once how wide the counts of each node must be. */
  #chooseCounts(): void {
    for (let node = 0; node < this.#nodeCount; node++) {
      const first = this.#firstOf(node);
      const last = this.#firstOf(node + 1) - 1;
      if (last <= first) continue;
      let extra = first - last;
      for (let i = first; i < last; i++) extra += this.#keys[this.#targets[i]!]!;
      this.#countCodes[node] = countCodeFor(extra);
    }
  }

  /** Makes the draft say what is to be written for the node. */
  #fill(node: number): void {
    const draft = this.#draft;
    const first = this.#firstOf(node);
    const count = this.#firstOf(node + 1) - first;
    draft.form = this.#forms[node]!;
    draft.final = this.#isFinal(node);
    draft.count = count;
    draft.directWidth = this.#directWidths[node]!;
    let extra = 0;
    for (let i = 0; i < count; i++) {
      const target = this.#targets[first + i]!;
      const targetClass = this.#classes[first + i]!;
      draft.labels[i] = this.#labels[first + i]!;
      draft.classes[i] = targetClass;
      draft.targets[i] =
        targetClass === CLASS_TABLE && draft.form < FORM_DIRECT_LIST
          ? this.#tableIndex[target]!
          : this.#addresses[target]!;
      if (!this.#ordinals) continue;
      draft.extraKeys[i] = extra;
      extra += this.#keys[target]! - 1;
    }
  }

  #firstOf(node: number): number {
    return this.#firsts[node]! & ~FINAL;
  }

  #isFinal(node: number): boolean {
    return this.#firsts[node]! >= FINAL;
  }

  #isLeaf(node: number): boolean {
    return this.#firstOf(node) === this.#firstOf(node + 1);
  }

  #coded(label: number): boolean {
    return this.#listCodes[label] !== NO_CODE;
  }
}

/** The labels that single and other transitions have most often. */
function countLabels({ nodeCount, firsts, labels }: ArrangedNodes): { steps: number[]; lists: number[] } {
  const single = new Float64Array(256);
  const many = new Float64Array(256);
  for (let node = 0; node < nodeCount; node++) {
    const first = firsts[node]! & ~FINAL;
    const end = firsts[node + 1]! & ~FINAL;
    const counts = end - first === 1 ? single : many;
    for (let i = first; i < end; i++) counts[labels[i]!]!++;
  }
  const most = (counts: Float64Array, limit: number): number[] =>
    Array.from(counts.keys())
      .filter((label) => counts[label]! > 0)
      .sort((a, b) => counts[b]! - counts[a]! || a - b)
      .slice(0, limit);
  for (let label = 0; label < 256; label++) many[label]! += single[label]! / 4;
  return { steps: most(single, STEP_LABELS), lists: most(many, LIST_LABELS).sort((a, b) => a - b) };
}

function byteWidth(value: number): number {
  if (value < 0x100) return 1;
  if (value < 0x1_0000) return 2;
  return value < 0x100_0000 ? 3 : 4;
}
