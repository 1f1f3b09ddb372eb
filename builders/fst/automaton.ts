/**
 * A minimal acyclic automaton from keys in increasing byte order, after Daciuk, Mihov, Watson & Watson 2000: the path of
 * the last key is kept open; where the next key leaves it, the nodes below are final and each is merged with an equal
 * one that the registry knows. Nodes are numbered as they are made, so that children come before their parents.
 */

import { BuildError } from '../errors.ts';
import { growableBytes, growableUint32 } from './growable.ts';
import { Registry } from './registry.ts';

/** Top bit of a node's first-transition word: a key ends here. */
const FINAL = 0x8000_0000;

/** Counts of keys are kept in 32 bits. */
const MOST_KEYS = 0xffff_ffff;

/** A node on the path of the last key, not yet numbered. */
interface OpenNode {
  final: boolean;
  count: number;
  labels: Uint8Array;
  targets: Uint32Array;
}

/** The automaton, in flat arrays off the heap. */
export class Automaton {
  /** For each transition its label and the number of the node it leads to. */
  readonly #labels = growableBytes();
  readonly #targets = growableUint32();
  /** For each node its first transition, with `FINAL`; they end where the next node's begin. */
  readonly #firsts = growableUint32();
  /** For each node how many keys lie below it. */
  readonly #keys = growableUint32();
  readonly #registry: Registry;
  readonly #open: OpenNode[];
  #lastKey: Uint8Array;
  #lastLength: number;
  keyCount: number;
  /** Length of the longest key. */
  maxKeyBytes: number;

  /** @param registryBytes the most memory that the search for equal nodes may take */
  constructor(registryBytes: number) {
    this.#registry = new Registry(registryBytes, this);
    this.#open = [newOpenNode()];
    this.#lastKey = new Uint8Array(256);
    this.#lastLength = -1;
    this.keyCount = 0;
    this.maxKeyBytes = 0;
  }

  /** Whether no two nodes are equal: false once the registry had to forget some. */
  get minimal(): boolean {
    return !this.#registry.forgot;
  }

  get nodeCount(): number {
    return this.#firsts.length;
  }

  get transitionCount(): number {
    return this.#labels.length;
  }

  /**
   * Adds the key `bytes[start, end)`.
   *
   * @throws {BuildError} `BUILD_KEY_ORDER`, `BUILD_DUPLICATE_KEY`, `BUILD_LIMIT`
   */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const last = this.#lastKey;
    const limit = Math.min(length, this.#lastLength);
    let shared = 0;
    while (shared < limit && last[shared] === bytes[start + shared]) shared++;
    this.#checkOrder(bytes, start, end, shared);
    if (this.#labels.length + length >= FINAL - 256 || this.keyCount === MOST_KEYS) {
      throw new BuildError('BUILD_LIMIT', 'writing an FST: more than 2^31 transitions or 2^32 keys; use a block file');
    }
    this.#freezeBelow(shared);
    if (last.length < length) {
      this.#lastKey = new Uint8Array(Math.max(2 * last.length, length));
      this.#lastKey.set(last);
    }
    this.#lastLength = length;
    while (this.#open.length <= length) this.#open.push(newOpenNode());
    const key = this.#lastKey;
    for (let i = shared; i < length; i++) {
      const node = this.#open[i]!;
      const byte = bytes[start + i]!;
      key[i] = byte;
      if (node.count === node.labels.length) widen(node);
      node.labels[node.count++] = byte;
    }
    this.#open[length]!.final = true;
    this.keyCount++;
    this.maxKeyBytes = Math.max(this.maxKeyBytes, length);
  }

  /** Closes the automaton and returns the number of its root. */
  finish(): number {
    this.#freezeBelow(0);
    return this.#freeze(this.#open[0]!);
  }

  isFinal(node: number): boolean {
    return this.#firsts.values[node]! >= FINAL;
  }

  /** Number of the node's first transition; `endOf` gives the one after its last. */
  firstOf(node: number): number {
    return this.#firsts.values[node]! & ~FINAL;
  }

  endOf(node: number): number {
    return node + 1 < this.#firsts.length ? this.#firsts.values[node + 1]! & ~FINAL : this.#labels.length;
  }

  label(transition: number): number {
    return this.#labels.values[transition]!;
  }

  target(transition: number): number {
    return this.#targets.values[transition]!;
  }

  /** How many keys lie below a node, its own included. */
  keysOf(node: number): number {
    return this.#keys.values[node]!;
  }

  /** Turns the open nodes deeper than `depth` into numbered ones. */
  #freezeBelow(depth: number): void {
    for (let i = this.#lastLength; i > depth; i--) {
      const node = this.#freeze(this.#open[i]!);
      const parent = this.#open[i - 1]!;
      parent.targets[parent.count - 1] = node;
    }
  }

  /** Numbers an open node, or finds the equal node that has a number, and empties it. */
  #freeze(open: OpenNode): number {
    const node = this.#append(open);
    open.final = false;
    open.count = 0;
    const equal = this.#registry.findOrAdd(node);
    if (equal !== node) this.#removeLast();
    return equal;
  }

  #append(open: OpenNode): number {
    const { final, count, labels, targets } = open;
    const node = this.#firsts.length;
    let keys = final ? 1 : 0;
    const first = this.#labels.length;
    this.#firsts.push(first + (final ? FINAL : 0));
    this.#labels.reserve(count);
    this.#targets.reserve(count);
    const labelsOut = this.#labels.values;
    const targetsOut = this.#targets.values;
    const keysOf = this.#keys.values;
    for (let i = 0; i < count; i++) {
      const target = targets[i]!;
      keys += keysOf[target]!;
      labelsOut[first + i] = labels[i]!;
      targetsOut[first + i] = target;
    }
    this.#labels.length = first + count;
    this.#targets.length = first + count;
    this.#keys.push(keys);
    return node;
  }

  #removeLast(): void {
    this.#labels.length = this.firstOf(this.#firsts.length - 1);
    this.#targets.length = this.#labels.length;
    this.#firsts.length--;
    this.#keys.length--;
  }

  #checkOrder(bytes: Uint8Array, start: number, end: number, shared: number): void {
    const length = end - start;
    if (this.#lastLength < 0 || length > shared) {
      if (shared >= this.#lastLength || bytes[start + shared]! > this.#lastKey[shared]!) return;
    }
    const show = (b: Uint8Array): string => JSON.stringify(Buffer.from(b).toString('utf8'));
    const key = show(bytes.subarray(start, end));
    if (length === this.#lastLength && shared === length) {
      throw new BuildError(
        'BUILD_DUPLICATE_KEY',
        `writing an FST: the key ${key} was given twice; merge its values first`,
      );
    }
    const last = show(this.#lastKey.subarray(0, this.#lastLength));
    throw new BuildError(
      'BUILD_KEY_ORDER',
      `writing an FST: the key ${key} came after ${last}, which is larger; sort the keys by their bytes first`,
    );
  }
}

function newOpenNode(): OpenNode {
  // Most have few transitions, and a long key opens as many nodes as it has bytes.
  return { final: false, count: 0, labels: new Uint8Array(4), targets: new Uint32Array(4) };
}

function widen(node: OpenNode): void {
  const labels = new Uint8Array(4 * node.labels.length);
  labels.set(node.labels);
  node.labels = labels;
  const targets = new Uint32Array(4 * node.targets.length);
  targets.set(node.targets);
  node.targets = targets;
}
