/** Takes for each node the form in which it is smallest, or little larger and read faster. */

import {
  CLASS_FAR,
  CLASS_LEAF,
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
  MOST_CODED,
  MOST_LISTED,
  RELATIVE,
  widthOf,
} from '../../stores/fst/node-codes.ts';
import { headBytes } from '../../stores/fst/node-encode.ts';
import { NO_CODE } from '../../stores/fst/tables.ts';
import type { LaidNodes } from './laid-nodes.ts';

/** A direct node may be so much larger than a list with as many transitions as these, because it is read faster. */
const DIRECT_FROM = 12;
const DIRECT_FACTOR = 1.1;
/** Lists are searched from their beginning: longer ones are always made direct. */
const LONGEST_LIST = 64;

/** Takes the form that is smallest with the classes of now. */
export function chooseForm(nodes: LaidNodes, node: number): void {
  const first = nodes.firstOf(node);
  const count = nodes.firstOf(node + 1) - first;
  if (count === 0) nodes.setForm(node, nodes.isFinal(node) ? FORM_LEAF : FORM_EMPTY, 1);
  else if (count === 1) chooseSingle(nodes, node, first);
  else chooseMany(nodes, node, first, count);
}

/** The same for a node that is known to have one transition. */
export function chooseSingle(nodes: LaidNodes, node: number, first: number): void {
  const targetClass = nodes.classes[first]!;
  const label = nodes.labels[first]!;
  const width = widthOf(targetClass, nodes.tables.widths);
  if (!nodes.isFinal(node)) {
    if (targetClass === CLASS_NEXT && nodes.stepCodes[label] !== NO_CODE) {
      nodes.setForm(node, FORM_STEP, 1);
      return;
    }
    if (targetClass >= CLASS_TABLE && targetClass <= CLASS_FAR && nodes.isCoded(label)) {
      nodes.setForm(node, FORM_JUMP, 1 + width);
      return;
    }
  }
  nodes.setForm(node, FORM_SINGLE, 2 + width);
}

/** The same for a node that is known to have several. */
export function chooseMany(nodes: LaidNodes, node: number, first: number, count: number): void {
  let targetBytes = 0;
  let allLeaves = true;
  let allCoded = true;
  for (let i = first; i < first + count; i++) {
    const targetClass = nodes.classes[i]!;
    targetBytes += widthOf(targetClass, nodes.tables.widths);
    allLeaves &&= targetClass === CLASS_LEAF;
    allCoded &&= nodes.isCoded(nodes.labels[i]!);
  }
  if (allLeaves && !(allCoded && count <= MOST_CODED)) {
    const form = count < 32 ? FORM_LEAVES : FORM_LEAF_SET;
    nodes.setForm(node, form, headBytes(form, count, nodes.countCodes[node]!));
    return;
  }
  const list = allCoded && count <= MOST_CODED ? FORM_CODED_LIST : count <= MOST_LISTED ? FORM_LIST : FORM_LONG_LIST;
  const listBytes = headBytes(list, count, nodes.countCodes[node]!) + targetBytes;
  const direct = directForm(nodes, first, count, allCoded);
  const directBytes =
    headBytes(direct, count, nodes.countCodes[node]!) + count * (nodes.directWidths[node]! & (RELATIVE - 1));
  const factor = count >= DIRECT_FROM ? DIRECT_FACTOR : 1;
  const preferred = count > LONGEST_LIST || directBytes < listBytes * factor;
  // A form that reads faster may be larger than the one of the pass before, but sizes must not grow.
  const fits = nodes.forms[node] === FORM_NONE || directBytes <= nodes.sizes[node]!;
  if (preferred && fits) nodes.setForm(node, direct, directBytes);
  else nodes.setForm(node, list, listBytes);
}

function directForm(nodes: LaidNodes, first: number, count: number, allCoded: boolean): number {
  if (nodes.labels[first + count - 1]! - nodes.labels[first]! === count - 1) return FORM_DIRECT_RANGE;
  if (allCoded && count > 4) return FORM_DIRECT_CODED;
  return count > 32 ? FORM_DIRECT_BITMAP : FORM_DIRECT_LIST;
}
