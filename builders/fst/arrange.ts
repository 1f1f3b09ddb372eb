/**
 * Copies an automaton into the order in which it is laid out: nodes are numbered by position then, and whatever goes
 * through them meets memory in order. On a million keys that made the layout three times as fast.
 */

import { FINAL, type Nodes } from './automaton.ts';
import { orderNodes } from './order.ts';

/** The nodes by position. */
export interface ArrangedNodes extends Nodes {
  /** For each node how many keys lie below it, its own included; empty when no ordinals are wanted. */
  readonly keys: Uint32Array;
  /** Positions of the nodes in the table of popular ones. */
  readonly popular: readonly number[];
}

/** The nodes in their order. Takes 21 bytes a node while it works; what it returns holds 4 or 8 a node, 5 a transition. */
export function arrangeNodes(nodes: Nodes, ordinals: boolean): ArrangedNodes {
  const { nodeCount, root, firsts, labels, targets } = nodes;
  const { sequence, popular } = orderNodes(nodes);
  const positions = new Uint32Array(nodeCount);
  for (let position = 0; position < nodeCount; position++) positions[sequence[position]!] = position;
  const transitionCount = firsts[nodeCount]! & ~FINAL;
  const newFirsts = new Uint32Array(nodeCount + 1);
  const newLabels = new Uint8Array(transitionCount);
  const newTargets = new Uint32Array(transitionCount);
  let at = 0;
  for (let position = 0; position < nodeCount; position++) {
    const node = sequence[position]!;
    const word = firsts[node]!;
    const end = firsts[node + 1]! & ~FINAL;
    newFirsts[position] = at + (word >= FINAL ? FINAL : 0);
    for (let i = word & ~FINAL; i < end; i++) {
      newLabels[at] = labels[i]!;
      newTargets[at++] = positions[targets[i]!]!;
    }
  }
  newFirsts[nodeCount] = at;
  return {
    nodeCount,
    root: positions[root]!,
    firsts: newFirsts,
    labels: newLabels,
    targets: newTargets,
    keys: ordinals ? countKeys(nodes, positions) : new Uint32Array(0),
    popular: popular.map((node) => positions[node]!),
  };
}

/** How many keys lie below each node, by position. Children have lower numbers than their parents. */
function countKeys({ nodeCount, firsts, targets }: Nodes, positions: Uint32Array): Uint32Array {
  const counts = new Uint32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const word = firsts[node]!;
    const end = firsts[node + 1]! & ~FINAL;
    let keys = word >>> 31;
    for (let i = word & ~FINAL; i < end; i++) keys += counts[targets[i]!]!;
    counts[node] = keys;
  }
  const keys = new Uint32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) keys[positions[node]!] = counts[node]!;
  return keys;
}
