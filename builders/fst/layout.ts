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
import type { Automaton } from './automaton.ts';
import { NOT_IN_TABLE, orderNodes } from './order.ts';

/** Addresses are kept below 2^31, so that they stay small integers in every engine. */
const MOST_NODE_BYTES = 2 ** 31;
/** After so many passes what is left to gain is less than a thousandth. */
const MOST_PASSES = 8;
/** A direct node may be so much larger than a list with as many transitions as these, because it is read faster. */
const DIRECT_FROM = 12;
const DIRECT_FACTOR = 1.1;
/** What `headBytes` takes for a node without counts. */
const NO_COUNTS = -1;
/** Lists are searched from their beginning: longer ones are always made direct. */
const LONGEST_LIST = 64;

/** Laid-out nodes, ready for the file. */
export interface EncodedNodes {
  readonly nodes: Uint8Array;
  readonly tables: NodeTables;
  readonly rootAddress: number;
}

/**
 * Lays out and writes all nodes of the automaton. Takes about 26 bytes a node and one a transition while it works.
 *
 * @throws {BuildError} `BUILD_LIMIT` beyond 2 GiB of nodes
 */
export function encodeNodes(automaton: Automaton, root: number, ordinals: boolean): EncodedNodes {
  return new Layout(automaton, root, ordinals).encode();
}

class Layout {
  readonly #automaton: Automaton;
  readonly #root: number;
  readonly #ordinals: boolean;
  readonly #sequence: Uint32Array;
  readonly #popular: readonly number[];
  /** Entry of each node in the table of popular nodes, or `NOT_IN_TABLE`. */
  readonly #tableIndex: Uint16Array;
  /** Code of the width of each node's counts, or `NO_COUNTS`. */
  readonly #countCodes: Int8Array;
  /** For each byte whether it is a step label. */
  readonly #steps: Uint8Array;
  readonly #addresses: Uint32Array;
  readonly #forms: Uint8Array;
  readonly #sizes: Uint16Array;
  readonly #directWidths: Uint8Array;
  readonly #classes: Uint8Array;
  readonly #draft: NodeDraft;
  #tables: NodeTables;

  constructor(automaton: Automaton, root: number, ordinals: boolean) {
    const { sequence, popular } = orderNodes(automaton, root);
    const nodeCount = automaton.nodeCount;
    this.#automaton = automaton;
    this.#root = root;
    this.#ordinals = ordinals;
    this.#sequence = sequence;
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
    this.#classes = new Uint8Array(automaton.transitionCount);
    this.#draft = new NodeDraft();
    const labels = countLabels(automaton);
    this.#tables = makeTables(labels.steps, labels.lists, [], 0);
    this.#steps = new Uint8Array(256);
    for (const label of labels.steps) this.#steps[label] = 1;
    if (ordinals) this.#chooseCounts();
  }

  encode(): EncodedNodes {
    let total = this.#relax();
    if (total > WIDE_NODES) {
      this.#tables = this.#tablesFor(total);
      total = this.#relax();
    }
    if (total > MOST_NODE_BYTES) {
      throw new BuildError('BUILD_LIMIT', 'writing an FST: more than 2 GiB of nodes; use a block file');
    }
    // A file that shrank below the limit keeps the long addresses, so its length must say so.
    const wide = this.#tables.widths !== this.#tablesFor(0).widths;
    const nodes = new Uint8Array(wide ? Math.max(total, WIDE_NODES + 1) : total);
    this.#tables = this.#tablesFor(nodes.length);
    let offset = 0;
    for (const node of this.#sequence) {
      this.#fill(node, offset);
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

  /** Shortens until little more is to gain. Returns the length of all nodes. */
  #relax(): number {
    this.#start();
    let total = this.#place();
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      for (const node of this.#sequence) this.#shorten(node);
      const before = total;
      total = this.#place();
      if (before - total < before / 1000) break;
    }
    return total;
  }

  /** Classes that do not depend on addresses; all others far. */
  #start(): void {
    const automaton = this.#automaton;
    const sequence = this.#sequence;
    for (let position = 0; position < sequence.length; position++) {
      const node = sequence[position]!;
      const next = sequence[position + 1] ?? -1;
      const end = automaton.endOf(node);
      for (let i = automaton.firstOf(node); i < end; i++) {
        const target = automaton.target(i);
        if (automaton.firstOf(target) === automaton.endOf(target)) this.#classes[i] = CLASS_LEAF;
        else if (target === next) this.#classes[i] = CLASS_NEXT;
        else this.#classes[i] = this.#tableIndex[target] === NOT_IN_TABLE ? CLASS_FAR : CLASS_TABLE;
      }
      this.#directWidths[node] = 4;
      this.#chooseForm(node);
    }
  }

  #place(): number {
    let address = 0;
    for (const node of this.#sequence) {
      this.#addresses[node] = address;
      address += this.#sizes[node]!;
    }
    return address;
  }

  /** Takes shorter classes where the addresses of now allow. */
  #shorten(node: number): void {
    const automaton = this.#automaton;
    const { widths } = this.#tables;
    const first = automaton.firstOf(node);
    const end = automaton.endOf(node);
    const origin = this.#addresses[node]!;
    const single = end - first === 1 && !automaton.isFinal(node) && this.#coded(automaton.label(first));
    let furthest = 0;
    let furthestAhead = 0;
    for (let i = first; i < end; i++) {
      const targetClass = this.#classes[i]!;
      const target = automaton.target(i);
      const address = this.#addresses[target]!;
      const ahead = address - origin;
      furthest = Math.max(furthest, address);
      furthestAhead = ahead < 0 ? Number.POSITIVE_INFINITY : Math.max(furthestAhead, ahead);
      const shorter = this.#classFor(address, ahead, single, target);
      if (widthOf(shorter, widths) < widthOf(targetClass, widths)) this.#classes[i] = shorter;
    }
    if (end - first > 1) {
      const direct = Math.max(1, byteWidth(furthest));
      const relative = Math.max(1, byteWidth(furthestAhead));
      const width = Math.min(relative, direct);
      const known = this.#directWidths[node]!;
      if (width < (known & (RELATIVE - 1))) this.#directWidths[node] = relative < direct ? relative + RELATIVE : direct;
    }
    this.#chooseForm(node);
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
    const automaton = this.#automaton;
    const first = automaton.firstOf(node);
    const count = automaton.endOf(node) - first;
    if (count === 0) this.#setForm(node, automaton.isFinal(node) ? FORM_LEAF : FORM_EMPTY, 1);
    else if (count === 1) this.#chooseSingle(node, first);
    else this.#chooseMany(node, first, count);
  }

  #chooseSingle(node: number, first: number): void {
    const automaton = this.#automaton;
    const targetClass = this.#classes[first]!;
    const label = automaton.label(first);
    const width = widthOf(targetClass, this.#tables.widths);
    if (!automaton.isFinal(node)) {
      if (targetClass === CLASS_NEXT && this.#steps[label] === 1) {
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
    const automaton = this.#automaton;
    let targetBytes = 0;
    let allLeaves = true;
    let allCoded = true;
    for (let i = first; i < first + count; i++) {
      const targetClass = this.#classes[i]!;
      targetBytes += widthOf(targetClass, this.#tables.widths);
      allLeaves &&= targetClass === CLASS_LEAF;
      allCoded &&= this.#coded(automaton.label(i));
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
    const fits = this.#forms[node] === 0 || directBytes <= this.#sizes[node]!;
    if (preferred && fits) this.#setForm(node, direct, directBytes);
    else this.#setForm(node, list, listBytes);
  }

  #directForm(first: number, count: number, allCoded: boolean): number {
    const automaton = this.#automaton;
    if (automaton.label(first + count - 1) - automaton.label(first) === count - 1) return FORM_DIRECT_RANGE;
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
    const automaton = this.#automaton;
    for (let node = 0; node < automaton.nodeCount; node++) {
      const first = automaton.firstOf(node);
      const last = automaton.endOf(node) - 1;
      if (last <= first) continue;
      let extra = first - last;
      for (let i = first; i < last; i++) extra += automaton.keysOf(automaton.target(i));
      this.#countCodes[node] = countCodeFor(extra);
    }
  }

  /** Makes the draft say what is to be written for the node. */
  #fill(node: number, offset: number): void {
    const automaton = this.#automaton;
    const draft = this.#draft;
    const first = automaton.firstOf(node);
    draft.form = this.#forms[node]!;
    draft.final = automaton.isFinal(node);
    draft.count = automaton.endOf(node) - first;
    draft.directWidth = this.#directWidths[node]!;
    if (offset !== this.#addresses[node]) throw new Error(`node ${node} is laid out at another address`);
    let extra = 0;
    for (let i = 0; i < draft.count; i++) {
      const target = automaton.target(first + i);
      const targetClass = this.#classes[first + i]!;
      draft.labels[i] = automaton.label(first + i);
      draft.classes[i] = targetClass;
      draft.targets[i] =
        targetClass === CLASS_TABLE && draft.form < FORM_DIRECT_LIST
          ? this.#tableIndex[target]!
          : this.#addresses[target]!;
      draft.extraKeys[i] = extra;
      extra += automaton.keysOf(target) - 1;
    }
  }

  #coded(label: number): boolean {
    return this.#tables.listCodes[label] !== NO_CODE;
  }
}

/** The labels that single and other transitions have most often. */
function countLabels(automaton: Automaton): { steps: number[]; lists: number[] } {
  const single = new Float64Array(256);
  const many = new Float64Array(256);
  for (let node = 0; node < automaton.nodeCount; node++) {
    const first = automaton.firstOf(node);
    const end = automaton.endOf(node);
    const counts = end - first === 1 ? single : many;
    for (let i = first; i < end; i++) counts[automaton.label(i)]!++;
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
  return value < 0x100_0000 ? 3 : value < 0x1_0000_0000 ? 4 : 8;
}
