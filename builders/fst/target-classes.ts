/** Takes for each target the class in which it is shortest, as far as the addresses of now allow. */

import {
  CLASS_AHEAD,
  CLASS_AHEAD2,
  CLASS_BEHIND,
  CLASS_FAR,
  CLASS_LEAF,
  CLASS_NEAR,
  CLASS_NEXT,
  CLASS_TABLE,
  FORM_NONE,
  RELATIVE,
  widthOf,
} from '../../stores/fst/node-codes.ts';
import { FINAL } from './automaton.ts';
import { type LaidNodes, NOT_IN_TABLE } from './laid-nodes.ts';
import { chooseForm, chooseMany, chooseSingle } from './node-forms.ts';

/** Takes classes that do not depend on addresses; all others far. Returns the nodes that may become shorter. */
export function startClasses(nodes: LaidNodes): Uint32Array {
  const firsts = nodes.firsts;
  const targets = nodes.targets;
  const classes = nodes.classes;
  const open = new Uint32Array(nodes.nodeCount);
  let openCount = 0;
  for (let node = 0; node < nodes.nodeCount; node++) {
    const first = firsts[node]! & ~FINAL;
    const end = firsts[node + 1]! & ~FINAL;
    let settled = end - first < 2;
    for (let i = first; i < end; i++) {
      const target = targets[i]!;
      if (target === node + 1 && !nodes.isLeaf(target)) {
        classes[i] = CLASS_NEXT;
      } else if (nodes.isLeaf(target)) {
        classes[i] = CLASS_LEAF;
      } else {
        settled = false;
        classes[i] = nodes.tableIndex[target] === NOT_IN_TABLE ? CLASS_FAR : CLASS_TABLE;
      }
    }
    nodes.directWidths[node] = 4;
    nodes.forms[node] = FORM_NONE;
    chooseForm(nodes, node);
    if (!settled) open[openCount++] = node;
  }
  return open.subarray(0, openCount);
}

/** Takes shorter classes where the addresses of now allow. Answers whether the node may become shorter yet. */
export function shorten(nodes: LaidNodes, node: number): boolean {
  const first = nodes.firstOf(node);
  const end = nodes.firstOf(node + 1);
  return end - first === 1 ? shortenSingle(nodes, node, first) : shortenMany(nodes, node, first, end);
}

function shortenSingle(nodes: LaidNodes, node: number, first: number): boolean {
  const { widths } = nodes.tables;
  const target = nodes.targets[first]!;
  const address = nodes.addresses[target]!;
  const jumps = !nodes.isFinal(node) && nodes.isCoded(nodes.labels[first]!);
  const shorter = classFor(nodes, address, address - nodes.addresses[node]!, jumps, target);
  const width = widthOf(shorter, widths);
  const known = widthOf(nodes.classes[first]!, widths);
  if (width >= known) return known > 1;
  nodes.classes[first] = shorter;
  chooseSingle(nodes, node, first);
  return width > 1;
}

function shortenMany(nodes: LaidNodes, node: number, first: number, end: number): boolean {
  const { widths } = nodes.tables;
  const addresses = nodes.addresses;
  const classes = nodes.classes;
  const targets = nodes.targets;
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
      const shorter = classFor(nodes, address, address - origin, false, target);
      const shorterWidth = widthOf(shorter, widths);
      if (shorterWidth < width) {
        classes[i] = shorter;
        width = shorterWidth;
        changed = true;
      }
    }
    if (width > widest) widest = width;
  }
  let directWidth = nodes.directWidths[node]! & (RELATIVE - 1);
  if (directWidth > 1) {
    const direct = byteWidth(addresses[last]!);
    const relative = behind ? 4 : byteWidth(addresses[last]! - origin);
    const shorter = Math.min(relative, direct);
    if (shorter < directWidth) {
      nodes.directWidths[node] = relative < direct ? relative + RELATIVE : direct;
      directWidth = shorter;
      changed = true;
    }
  }
  if (changed) chooseMany(nodes, node, first, end - first);
  return widest > 1 || directWidth > 1;
}

function classFor(nodes: LaidNodes, address: number, ahead: number, single: boolean, target: number): number {
  if (!single && ahead >= 0 && ahead < 0x100) return CLASS_AHEAD;
  if (nodes.tableIndex[target] !== NOT_IN_TABLE) return CLASS_TABLE;
  if (address < 0x1_0000) return CLASS_NEAR;
  if (single) return CLASS_FAR;
  if (ahead >= 0 && ahead < 0x1_0000) return CLASS_AHEAD2;
  if (ahead < 0 && -ahead < 2 ** (8 * widthOf(CLASS_BEHIND, nodes.tables.widths))) return CLASS_BEHIND;
  return CLASS_FAR;
}

function byteWidth(value: number): number {
  if (value < 0x100) return 1;
  if (value < 0x1_0000) return 2;
  return value < 0x100_0000 ? 3 : 4;
}
