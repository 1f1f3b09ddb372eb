/**
 * What is known of the nodes while they are laid out: the nodes in their order, and for each its form, its size and its
 * address so far. All arrays are by position: the place of a node in the order.
 */

import { LIST_LABELS, STEP_LABELS } from '../../stores/fst/node-codes.ts';
import { countCodeFor } from '../../stores/fst/node-encode.ts';
import { makeTables, NO_CODE, type NodeTables } from '../../stores/fst/tables.ts';
import type { ArrangedNodes } from './arrange.ts';
import { FINAL } from './automaton.ts';

/** Stands for an entry of the table where a node has none. */
export const NOT_IN_TABLE = 0xffff;
/** The code of the width of a node's counts if it has none. */
export const NO_COUNTS = -1;

/** Takes about 16 bytes a node and one a transition, besides the nodes. */
export class LaidNodes {
  readonly nodeCount: number;
  readonly root: number;
  readonly firsts: Uint32Array;
  readonly labels: Uint8Array;
  readonly targets: Uint32Array;
  readonly keys: Uint32Array;
  /** Whether nodes count the keys below them. */
  readonly ordinals: boolean;
  /** Entry of each node in the table of popular nodes, or `NOT_IN_TABLE`. */
  readonly tableIndex: Uint16Array;
  /** Code of the width of each node's counts, or `NO_COUNTS`. */
  readonly countCodes: Int8Array;
  /** For each byte its code among the step labels and the list labels, or `NO_CODE`. */
  readonly stepCodes: Uint8Array;
  readonly listCodes: Uint8Array;
  readonly addresses: Uint32Array;
  readonly forms: Uint8Array;
  /** Bytes of each node. */
  readonly sizes: Uint16Array;
  readonly directWidths: Uint8Array;
  /** Of each transition. */
  readonly classes: Uint8Array;
  /** For addresses as wide as they are taken to be now. */
  tables: NodeTables;
  readonly #popular: readonly number[];

  constructor(arranged: ArrangedNodes, ordinals: boolean) {
    const { nodeCount, firsts, labels, targets, keys, popular, root } = arranged;
    this.nodeCount = nodeCount;
    this.root = root;
    this.firsts = firsts;
    this.labels = labels;
    this.targets = targets;
    this.keys = keys;
    this.ordinals = ordinals;
    this.#popular = popular;
    this.tableIndex = new Uint16Array(nodeCount).fill(NOT_IN_TABLE);
    popular.forEach((node, index) => {
      this.tableIndex[node] = index;
    });
    this.countCodes = new Int8Array(nodeCount).fill(NO_COUNTS);
    this.addresses = new Uint32Array(nodeCount);
    this.forms = new Uint8Array(nodeCount);
    this.sizes = new Uint16Array(nodeCount);
    this.directWidths = new Uint8Array(nodeCount);
    this.classes = new Uint8Array(labels.length);
    const counted = countLabels(arranged);
    this.tables = makeTables(counted.steps, counted.lists, [], 0);
    this.stepCodes = new Uint8Array(256).fill(NO_CODE);
    counted.steps.forEach((label, code) => {
      this.stepCodes[label] = code;
    });
    this.listCodes = this.tables.listCodes;
    if (ordinals) this.#chooseCounts();
  }

  /** The tables of a file with so many bytes of nodes, popular nodes at their addresses of now. */
  tablesFor(nodeBytes: number): NodeTables {
    const { stepLabels, stepCount, listLabels, listCount } = this.tables;
    return makeTables(
      stepLabels.subarray(0, stepCount),
      listLabels.subarray(0, listCount),
      this.#popular.map((node) => this.addresses[node]!),
      nodeBytes,
    );
  }

  /** Gives every node its address, one after the other. Returns the length of all nodes. */
  place(): number {
    const addresses = this.addresses;
    const sizes = this.sizes;
    let address = 0;
    for (let node = 0; node < addresses.length; node++) {
      addresses[node] = address;
      address += sizes[node]!;
    }
    return address;
  }

  setForm(node: number, form: number, size: number): void {
    this.forms[node] = form;
    this.sizes[node] = size;
  }

  /** The first transition of a node, or one past the last of the node before. */
  firstOf(node: number): number {
    return this.firsts[node]! & ~FINAL;
  }

  isFinal(node: number): boolean {
    return this.firsts[node]! >= FINAL;
  }

  isLeaf(node: number): boolean {
    return this.firstOf(node) === this.firstOf(node + 1);
  }

  /** Whether a label has a code among the list labels. */
  isCoded(label: number): boolean {
    return this.listCodes[label] !== NO_CODE;
  }

  /** Finds once how wide the counts of each node must be. */
  #chooseCounts(): void {
    for (let node = 0; node < this.nodeCount; node++) {
      const first = this.firstOf(node);
      const last = this.firstOf(node + 1) - 1;
      if (last <= first) continue;
      let extra = first - last;
      for (let i = first; i < last; i++) extra += this.keys[this.targets[i]!]!;
      this.countCodes[node] = countCodeFor(extra);
    }
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
