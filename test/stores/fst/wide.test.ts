import { NodeView } from '../../../stores/fst/node.ts';
import {
  CLASS_AHEAD2,
  CLASS_BEHIND,
  CLASS_FAR,
  CLASS_LEAF,
  FORM_CODED_LIST,
  FORM_DIRECT_CODED,
  FORM_DIRECT_LIST,
  FORM_JUMP,
  FORM_LEAF,
  FORM_LIST,
  FORM_SINGLE,
  RELATIVE,
  WIDE_NODES,
} from '../../../stores/fst/node-codes.ts';
import { encodeNode, NodeDraft } from '../../../stores/fst/node-encode.ts';
import { makeTables } from '../../../stores/fst/tables.ts';
import { Walker } from '../../../stores/fst/walk.ts';

const LEAF_ADDRESS = 0;
/** Two places more than 16 MiB apart, which three bytes do not reach. */
const NEAR_START = 64;
const NEAR_END = WIDE_NODES + 200_000;
const LENGTH = NEAR_END + 1000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

type Transition = readonly [label: string, target: number, targetClass: number];

/** A section of nodes so long that addresses take four bytes, written node by node: nearly all of it is left empty. */
class WideSection {
  readonly bytes = new Uint8Array(LENGTH);
  readonly tables = makeTables(bytesOf('abcdxyz'), bytesOf('abcd'), [], LENGTH);

  constructor() {
    this.put(LEAF_ADDRESS, FORM_LEAF, [], true);
  }

  put(address: number, form: number, transitions: readonly Transition[], final = false, directWidth = 0): void {
    const draft = new NodeDraft();
    draft.form = form;
    draft.final = final;
    draft.count = transitions.length;
    draft.directWidth = directWidth;
    transitions.forEach(([label, target, targetClass], i) => {
      draft.labels[i] = label.charCodeAt(0);
      draft.targets[i] = target;
      draft.classes[i] = targetClass;
    });
    encodeNode(draft, this.tables, false, this.bytes, address);
  }

  finds(root: number, key: string): boolean {
    const walker = new Walker(this.bytes, 0, LENGTH, root, false, this.tables);
    return walker.walk(bytesOf(key), 0, key.length) === 0;
  }

  targets(address: number): number[] {
    const view = new NodeView(this.bytes, 0, LENGTH, false, this.tables);
    expect(view.load(address)).toBe(true);
    return Array.from({ length: view.count }, (_, i) => view.target(i));
  }
}

describe('nodes more than 16 MiB apart', () => {
  const far: Transition = ['a', NEAR_END, CLASS_FAR];
  const leaf: Transition = ['b', LEAF_ADDRESS, CLASS_LEAF];

  it.each([
    ['a jump', FORM_JUMP, [far], 0],
    ['a single', FORM_SINGLE, [['x', NEAR_END, CLASS_FAR]], 0],
    ['a coded list', FORM_CODED_LIST, [far, leaf], 0],
    [
      'a list',
      FORM_LIST,
      [
        ['x', NEAR_END, CLASS_FAR],
        ['y', LEAF_ADDRESS, CLASS_LEAF],
      ],
      0,
    ],
    ['a direct node of addresses', FORM_DIRECT_LIST, [far, leaf], 4],
    ['a direct node of distances', FORM_DIRECT_CODED, [far, ['b', NEAR_END + 40, CLASS_FAR]], 4 + RELATIVE],
  ] as [string, number, Transition[], number][])('are reached from %s', (_, form, transitions, directWidth) => {
    const section = new WideSection();
    section.put(NEAR_START, form, transitions, false, directWidth);
    for (const address of [NEAR_END, NEAR_END + 40]) {
      section.put(address, FORM_SINGLE, [['z', LEAF_ADDRESS, CLASS_LEAF]]);
    }
    expect(section.targets(NEAR_START)).toEqual(transitions.map(([, target]) => target));
    for (const [label, target] of transitions) {
      expect(section.finds(NEAR_START, target === LEAF_ADDRESS ? label : `${label}z`)).toBe(true);
      expect(section.finds(NEAR_START, `${label}y`)).toBe(false);
    }
  });

  it('are reached backwards over three bytes, and by short distances at high addresses', () => {
    const section = new WideSection();
    const behind = NEAR_END - 150_000;
    section.put(behind, FORM_SINGLE, [['z', LEAF_ADDRESS, CLASS_LEAF]]);
    section.put(NEAR_END + 500, FORM_SINGLE, [['y', LEAF_ADDRESS, CLASS_LEAF]]);
    section.put(NEAR_END, FORM_CODED_LIST, [
      ['a', behind, CLASS_BEHIND],
      ['b', NEAR_END + 500, CLASS_AHEAD2],
    ]);
    expect(section.targets(NEAR_END)).toEqual([behind, NEAR_END + 500]);
    expect(section.finds(NEAR_END, 'az')).toBe(true);
    expect(section.finds(NEAR_END, 'by')).toBe(true);
    expect(section.finds(NEAR_END, 'bz')).toBe(false);
  });
});
