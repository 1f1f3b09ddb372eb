/**
 * In which order the nodes of an automaton are laid out. Each target costs bytes by how far away it is, so:
 *
 * 1. The leaf comes first, at address 0.
 * 2. Then the nodes that most transitions lead to, within reach of two-byte addresses. The most popular of all are in a
 *    table as well, and cost one byte from anywhere.
 * 3. All other nodes stand in trees: each has one parent that it stands near to, a parent with no other child where there
 *    is one. Trees are laid out parent first, the smallest subtree next to its parent, so that one child follows at once
 *    and the others are as near as can be.
 */

import { TABLE_ENTRIES } from '../../stores/fst/node-codes.ts';
import { FINAL, type Nodes } from './automaton.ts';

const NO_OWNER = 0xffff_ffff;

/** Nodes that two-byte addresses should reach, in bytes: some room is left for what they turn out to take. */
const NEAR_BYTES = 65_536;
/** With fewer transitions leading to it, a node is better placed beside one of its parents. */
const FEWEST_REFERENCES = 4;
/** No more nodes than these can be in the table or in reach of two-byte addresses: each takes two bytes or more. */
const MOST_SHARED = TABLE_ENTRIES + NEAR_BYTES / 2 + 1;

/** The order of nodes, and which stand in the table of popular nodes. */
export interface NodeOrder {
  /** Node numbers in the order of their addresses. */
  readonly sequence: Uint32Array;
  /** Node numbers of the table's entries. */
  readonly popular: readonly number[];
}

/** Orders the nodes. Takes about 17 bytes a node while it works. */
export function orderNodes(nodes: Nodes): NodeOrder {
  const shared = sharedNodes(nodes);
  const popular = shared.slice(0, TABLE_ENTRIES);
  const near = nearNodes(nodes, shared);
  const owners = chooseOwners(nodes, near);
  const weights = subtreeWeights(nodes, owners);
  return { sequence: layTrees(nodes, near, owners, weights), popular };
}

/** Nodes worth placing by themselves, the most referred to first. The leaf needs no place. */
function sharedNodes({ nodeCount, root, firsts, targets }: Nodes): number[] {
  const references = new Uint32Array(nodeCount);
  const transitionCount = firsts[nodeCount]! & ~FINAL;
  for (let i = 0; i < transitionCount; i++) references[targets[i]!]!++;
  const fewest = fewestReferences(references);
  const shared: number[] = [];
  for (let node = 0; node < nodeCount; node++) {
    const isLeaf = (firsts[node]! & ~FINAL) === (firsts[node + 1]! & ~FINAL);
    if (references[node]! >= fewest && node !== root && !isLeaf) shared.push(node);
  }
  return shared.sort((a, b) => references[b]! - references[a]! || a - b);
}

/** How many references leave no more nodes than can be placed, so that not all nodes need to be sorted. */
function fewestReferences(references: Uint32Array): number {
  const histogram = new Uint32Array(1 << 16);
  for (const count of references) histogram[Math.min(count, histogram.length - 1)]!++;
  let fewest = histogram.length - 1;
  let nodes = histogram[fewest]!;
  // The leaf is among those that are counted: one more node leaves room for it.
  while (fewest > FEWEST_REFERENCES && nodes <= MOST_SHARED) nodes += histogram[--fewest]!;
  return fewest;
}

/** The nodes of the region that two-byte addresses reach: those of the table need not be there. */
function nearNodes({ firsts }: Nodes, shared: readonly number[]): number[] {
  const near: number[] = [];
  let bytes = 1;
  for (const node of shared.slice(TABLE_ENTRIES)) {
    bytes += estimateBytes(firsts, node);
    if (bytes > NEAR_BYTES) break;
    near.push(node);
  }
  return near;
}

function estimateBytes(firsts: Uint32Array, node: number): number {
  const count = (firsts[node + 1]! & ~FINAL) - (firsts[node]! & ~FINAL);
  return count < 2 ? 2 : 2 + 2 * count;
}

/** For each node the parent that it stands near to. */
function chooseOwners({ nodeCount, root, firsts, targets }: Nodes, near: readonly number[]): Uint32Array {
  const owners = new Uint32Array(nodeCount).fill(NO_OWNER);
  /** 1: owned by a node without other children; 2: needs no owner. */
  const states = new Uint8Array(nodeCount);
  states[root] = 2;
  for (const node of near) states[node] = 2;
  for (let node = 0; node < nodeCount; node++) {
    if ((firsts[node]! & ~FINAL) === (firsts[node + 1]! & ~FINAL)) states[node] = 2;
  }
  let first = firsts[0]! & ~FINAL;
  for (let node = 0; node < nodeCount; node++) {
    const end = firsts[node + 1]! & ~FINAL;
    const only = end - first === 1;
    for (let i = first; i < end; i++) {
      const target = targets[i]!;
      if (states[target] === 2 || (owners[target] !== NO_OWNER && !(only && states[target] === 0))) continue;
      owners[target] = node;
      states[target] = only ? 1 : 0;
    }
    first = end;
  }
  return owners;
}

/** Estimated bytes of the trees below the nodes. Children have lower numbers than their parents. */
function subtreeWeights({ nodeCount, firsts }: Nodes, owners: Uint32Array): Uint32Array {
  const weights = new Uint32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    weights[node]! += estimateBytes(firsts, node);
    const owner = owners[node]!;
    if (owner !== NO_OWNER) weights[owner]! += weights[node]!;
  }
  return weights;
}

function layTrees(
  { nodeCount, root, firsts, targets }: Nodes,
  near: readonly number[],
  owners: Uint32Array,
  weights: Uint32Array,
): Uint32Array {
  const sequence = new Uint32Array(nodeCount);
  let length = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (node !== root && (firsts[node]! & ~FINAL) === (firsts[node + 1]! & ~FINAL)) sequence[length++] = node;
  }
  for (const node of near) sequence[length++] = node;
  const stack: number[] = [];
  /** Pushes the node's own children, the heaviest first, so that the lightest comes off next. */
  const pushChildren = (node: number): void => {
    const from = stack.length;
    const end = firsts[node + 1]! & ~FINAL;
    for (let i = firsts[node]! & ~FINAL; i < end; i++) {
      const target = targets[i]!;
      if (owners[target] !== node) continue;
      // Two transitions may lead to the same child: it is laid out once.
      owners[target] = NO_OWNER;
      // By insertion, in place: there are few, and no list is made for them.
      const weight = weights[target]!;
      let j = stack.length;
      while (j > from && weights[stack[j - 1]!]! < weight) {
        stack[j] = stack[j - 1]!;
        j--;
      }
      stack[j] = target;
    }
  };
  const layTree = (): void => {
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      sequence[length++] = node;
      pushChildren(node);
    }
  };
  for (const node of near) {
    pushChildren(node);
    layTree();
  }
  stack.push(root);
  layTree();
  return sequence;
}
