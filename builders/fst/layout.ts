/**
 * Gives each node a form and each target a class, and writes the nodes. Which class a target needs depends on addresses,
 * and addresses on how long the nodes are: so all begin with their longest targets, and in each pass those that turn out
 * to be near enough are shortened. Nothing ever grows, so that every pass leaves a layout that is valid.
 */

import { CLASS_TABLE, FORM_DIRECT_LIST, FORM_STEP, WIDE_NODES } from '../../stores/fst/node-codes.ts';
import { encodeNode, NodeDraft } from '../../stores/fst/node-encode.ts';
import type { NodeTables } from '../../stores/fst/tables.ts';
import { BuildError } from '../errors.ts';
import type { ArrangedNodes } from './arrange.ts';
import { LaidNodes } from './laid-nodes.ts';
import { shorten, startClasses } from './target-classes.ts';

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
  const nodes = new LaidNodes(arranged, ordinals);
  const draft = new NodeDraft();
  let open = startClasses(nodes);
  let total = nodes.place();
  if (total <= SURELY_WIDE * WIDE_NODES) total = relax(nodes, open, total);
  if (total > WIDE_NODES) {
    nodes.tables = nodes.tablesFor(total);
    open = startClasses(nodes);
    total = relax(nodes, open, nodes.place());
  }
  if (total > MOST_NODE_BYTES) {
    throw new BuildError('BUILD_LIMIT', 'writing an FST: more than 2 GiB of nodes; use a block file');
  }
  // A file that shrank below the limit keeps the long addresses, so its length must say so.
  const wide = nodes.tables.widths !== nodes.tablesFor(0).widths;
  const bytes = new Uint8Array(wide ? Math.max(total, WIDE_NODES + 1) : total);
  nodes.tables = nodes.tablesFor(bytes.length);
  let offset = 0;
  for (let node = 0; node < nodes.nodeCount; node++) {
    if (offset !== nodes.addresses[node]) throw new Error(`node ${node} is laid out at another address`);
    if (nodes.forms[node] === FORM_STEP) {
      // Half of all nodes and more: not worth a draft.
      bytes[offset++] = nodes.stepCodes[nodes.labels[nodes.firsts[node]!]!]!;
      continue;
    }
    fillDraft(nodes, draft, node);
    offset = encodeNode(draft, nodes.tables, nodes.ordinals, bytes, offset);
  }
  return { nodes: bytes, tables: nodes.tables, rootAddress: nodes.addresses[nodes.root]! };
}

/** Shortens the open nodes until little more is to gain. Returns the length of all nodes. */
function relax(nodes: LaidNodes, open: Uint32Array, total: number): number {
  const worthwhile = nodes.nodeCount > LARGE_NODES ? WORTHWHILE_LARGE : WORTHWHILE;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    // Most nodes are as short as can be: each pass keeps those that may become shorter yet.
    let left = 0;
    for (const node of open) if (shorten(nodes, node)) open[left++] = node;
    open = open.subarray(0, left);
    const before = total;
    total = nodes.place();
    if (before - total < before * worthwhile) break;
  }
  return total;
}

/** Fills the draft with what is to be written for the node. */
function fillDraft(nodes: LaidNodes, draft: NodeDraft, node: number): void {
  const first = nodes.firstOf(node);
  const count = nodes.firstOf(node + 1) - first;
  draft.form = nodes.forms[node]!;
  draft.final = nodes.isFinal(node);
  draft.count = count;
  draft.directWidth = nodes.directWidths[node]!;
  let extra = 0;
  for (let i = 0; i < count; i++) {
    const target = nodes.targets[first + i]!;
    const targetClass = nodes.classes[first + i]!;
    draft.labels[i] = nodes.labels[first + i]!;
    draft.classes[i] = targetClass;
    draft.targets[i] =
      targetClass === CLASS_TABLE && draft.form < FORM_DIRECT_LIST
        ? nodes.tableIndex[target]!
        : nodes.addresses[target]!;
    if (!nodes.ordinals) continue;
    draft.extraKeys[i] = extra;
    extra += nodes.keys[target]! - 1;
  }
}
