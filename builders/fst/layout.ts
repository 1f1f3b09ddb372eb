/** Lays the nodes of an automaton out: children before their parents, in the order in which they were numbered. */

import { encodeNode, MAX_NODE_BYTES, type NodeSource } from '../../stores/fst/node.ts';
import { BuildError } from '../errors.ts';
import type { Automaton } from './automaton.ts';
import { growableBytes } from './growable.ts';

/** Addresses are kept below 2^31, so that they stay small integers in every engine. */
const MOST_NODE_BYTES = 2 ** 31 - 2 ** 20;

/** The bytes of all nodes and the address of the root. */
export function encodeNodes(
  automaton: Automaton,
  root: number,
  ordinals: boolean,
): { nodes: Uint8Array; rootAddress: number } {
  const addresses = new Uint32Array(automaton.nodeCount);
  const out = growableBytes();
  const source = new AutomatonNode(automaton, addresses);
  for (let node = 0; node < automaton.nodeCount; node++) {
    out.reserve(MAX_NODE_BYTES);
    source.move(node);
    addresses[node] = out.length;
    out.length = encodeNode(source, ordinals, out.values, out.length);
    if (out.length > MOST_NODE_BYTES) {
      throw new BuildError('BUILD_LIMIT', 'writing an FST: more than 2 GiB of nodes; use a block file');
    }
  }
  return { nodes: out.values.subarray(0, out.length), rootAddress: addresses[root]! };
}

/** One node of the automaton as the format asks for it. */
class AutomatonNode implements NodeSource {
  readonly #automaton: Automaton;
  readonly #addresses: Uint32Array;
  #first: number;
  final: boolean;
  count: number;

  constructor(automaton: Automaton, addresses: Uint32Array) {
    this.#automaton = automaton;
    this.#addresses = addresses;
    this.#first = 0;
    this.final = false;
    this.count = 0;
  }

  move(node: number): void {
    this.#first = this.#automaton.firstOf(node);
    this.final = this.#automaton.isFinal(node);
    this.count = this.#automaton.endOf(node) - this.#first;
  }

  label(index: number): number {
    return this.#automaton.label(this.#first + index);
  }

  target(index: number): number {
    return this.#addresses[this.#automaton.target(this.#first + index)]!;
  }

  keys(index: number): number {
    return this.#automaton.keysOf(this.#automaton.target(this.#first + index));
  }
}
