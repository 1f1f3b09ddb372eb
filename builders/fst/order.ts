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
import type { Automaton } from './automaton.ts';

/** Stands for an entry of the table where a node has none. */
export const NOT_IN_TABLE = 0xffff;
const NO_OWNER = 0xffff_ffff;

/** Nodes that two-byte addresses should reach, in bytes: some room is left for what they turn out to take. */
const NEAR_BYTES = 65_536;
/** With fewer transitions leading to it, a node is better placed beside one of its parents. */
const FEWEST_REFERENCES = 4;

/** The order of nodes, and which stand in the table of popular nodes. */
export interface NodeOrder {
  /** Node numbers in the order of their addresses. */
  readonly sequence: Uint32Array;
  /** Node numbers of the table's entries. */
  readonly popular: readonly number[];
}

/** Orders the nodes. Takes about 17 bytes a node while it works. */
export function orderNodes(automaton: Automaton, root: number): NodeOrder {
  const references = countReferences(automaton);
  const shared = sharedNodes(automaton, references, root);
  const popular = shared.slice(0, TABLE_ENTRIES);
  const near = nearNodes(automaton, shared);
  const owners = chooseOwners(automaton, near, root);
  const weights = subtreeWeights(automaton, owners);
  return { sequence: layTrees(automaton, root, near, owners, weights), popular };
}

function countReferences(automaton: Automaton): Uint32Array {
  const references = new Uint32Array(automaton.nodeCount);
  for (let i = 0; i < automaton.transitionCount; i++) references[automaton.target(i)]!++;
  return references;
}

/** Nodes worth placing by themselves, the most referred to first. The leaf needs no place. */
function sharedNodes(automaton: Automaton, references: Uint32Array, root: number): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < references.length; node++) {
    if (references[node]! >= FEWEST_REFERENCES && node !== root && automaton.firstOf(node) < automaton.endOf(node)) {
      nodes.push(node);
    }
  }
  return nodes.sort((a, b) => references[b]! - references[a]! || a - b);
}

/** The nodes of the region that two-byte addresses reach: those of the table need not be there. */
function nearNodes(automaton: Automaton, shared: readonly number[]): number[] {
  const near: number[] = [];
  let bytes = 1;
  for (const node of shared.slice(TABLE_ENTRIES)) {
    bytes += estimateBytes(automaton, node);
    if (bytes > NEAR_BYTES) break;
    near.push(node);
  }
  return near;
}

function estimateBytes(automaton: Automaton, node: number): number {
  const count = automaton.endOf(node) - automaton.firstOf(node);
  return count < 2 ? 2 : 2 + 2 * count;
}

/** For each node the parent that it stands near to. */
function chooseOwners(automaton: Automaton, near: readonly number[], root: number): Uint32Array {
  const owners = new Uint32Array(automaton.nodeCount).fill(NO_OWNER);
  const placed = new Uint8Array(automaton.nodeCount);
  placed[root] = 1;
  for (const node of near) placed[node] = 1;
  const single = new Uint8Array(automaton.nodeCount);
  for (let node = 0; node < automaton.nodeCount; node++) {
    const first = automaton.firstOf(node);
    const end = automaton.endOf(node);
    const only = end - first === 1;
    for (let i = first; i < end; i++) {
      const target = automaton.target(i);
      if (placed[target] === 1 || automaton.firstOf(target) === automaton.endOf(target)) continue;
      if (owners[target] !== NO_OWNER && !(only && single[target] === 0)) continue;
      owners[target] = node;
      single[target] = only ? 1 : 0;
    }
  }
  return owners;
}

/** Estimated bytes of the trees below the nodes. Children have lower numbers than their parents. */
function subtreeWeights(automaton: Automaton, owners: Uint32Array): Uint32Array {
  const weights = new Uint32Array(owners.length);
  for (let node = 0; node < owners.length; node++) {
    weights[node]! += estimateBytes(automaton, node);
    const owner = owners[node]!;
    if (owner !== NO_OWNER) weights[owner]! += weights[node]!;
  }
  return weights;
}

function layTrees(
  automaton: Automaton,
  root: number,
  near: readonly number[],
  owners: Uint32Array,
  weights: Uint32Array,
): Uint32Array {
  const sequence = new Uint32Array(owners.length);
  const placed = new Uint8Array(owners.length);
  let length = 0;
  const place = (node: number): void => {
    placed[node] = 1;
    sequence[length++] = node;
  };
  for (let node = 0; node < owners.length; node++) {
    if (node !== root && automaton.firstOf(node) === automaton.endOf(node)) place(node);
  }
  for (const node of near) place(node);
  const stack: number[] = [];
  /** Pushes the node's own children, the heaviest first, so that the lightest comes off next. */
  const pushChildren = (node: number): void => {
    const from = stack.length;
    for (let i = automaton.firstOf(node); i < automaton.endOf(node); i++) {
      const target = automaton.target(i);
      if (owners[target] === node && placed[target] === 0) {
        placed[target] = 1;
        stack.push(target);
      }
    }
    // By insertion, in place: there are few, and no list is made for them.
    for (let i = from + 1; i < stack.length; i++) {
      const child = stack[i]!;
      const weight = weights[child]!;
      let j = i;
      while (j > from && weights[stack[j - 1]!]! < weight) {
        stack[j] = stack[j - 1]!;
        j--;
      }
      stack[j] = child;
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
