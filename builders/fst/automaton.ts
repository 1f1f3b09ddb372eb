/**
 * A minimal acyclic automaton from keys in increasing byte order, after Daciuk, Mihov, Watson & Watson 2000: the path of
 * the last key is kept open; where the next key leaves it, the nodes below are final and each is merged with an equal
 * one that the registry knows. Nodes are numbered as they are made, so that children come before their parents.
 *
 * Hot path of building: flat arrays off the heap and no object a node; the open nodes lie on one stack, because only the
 * deepest of them ever gets a transition.
 */

import { BuildError } from '../errors.ts';
import { growableBytes, growableUint32 } from './growable.ts';
import { type NodeEquality, Registry } from './registry.ts';

/** Top bit of a node's first-transition word: a key ends here. */
export const FINAL = 0x8000_0000;

/** Counts of keys are kept in 32 bits. */
const MOST_KEYS = 0xffff_ffff;

/** A finished automaton: nodes are numbered with children before their parents. */
export interface Nodes {
  readonly nodeCount: number;
  readonly root: number;
  /** For each node its first transition, with `FINAL` where a key ends; one entry more says where the last node ends. */
  readonly firsts: Uint32Array;
  /** For each transition its label and the number of the node it leads to. */
  readonly labels: Uint8Array;
  readonly targets: Uint32Array;
}

/** Takes keys and keeps their automaton, in flat arrays off the heap. */
export class Automaton implements NodeEquality {
  readonly #labels = growableBytes();
  readonly #targets = growableUint32();
  readonly #firsts = growableUint32();
  readonly #registry: Registry;
  /** Transitions of the open nodes, from the root's on; for each depth where its node's begin, and whether it is final. */
  #openLabels: Uint8Array;
  #openTargets: Uint32Array;
  #openFirsts: Uint32Array;
  #openFinals: Uint8Array;
  #openTop: number;
  /** The open node that the registry is asked for: its transitions on the stack. */
  #soughtFrom: number;
  #soughtTo: number;
  #soughtFinal: number;
  /** Number of the node without transitions where keys end, -1 before there is one. */
  #leaf: number;
  #lastKey: Uint8Array;
  #lastLength: number;
  keyCount: number;
  /** Length of the longest key. */
  maxKeyBytes: number;

  /** @param registryBytes the most memory that the search for equal nodes may take */
  constructor(registryBytes: number) {
    this.#registry = new Registry(registryBytes, this);
    this.#openLabels = new Uint8Array(1024);
    this.#openTargets = new Uint32Array(1024);
    this.#openFirsts = new Uint32Array(256);
    this.#openFinals = new Uint8Array(256);
    this.#openTop = 0;
    this.#soughtFrom = 0;
    this.#soughtTo = 0;
    this.#soughtFinal = 0;
    this.#leaf = -1;
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

  /** Memory that nodes and registry take now. */
  get bytes(): number {
    const { bytes: registryBytes } = this.#registry;
    return registryBytes + this.#labels.byteLength + this.#targets.byteLength + this.#firsts.byteLength;
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
    if (this.#labels.length + this.#openTop + length >= FINAL - 256 || this.keyCount === MOST_KEYS) {
      throw new BuildError('BUILD_LIMIT', 'writing an FST: more than 2^31 transitions or 2^32 keys; use a block file');
    }
    this.#freezeBelow(shared);
    this.#makeRoom(length);
    const key = this.#lastKey;
    const labels = this.#openLabels;
    const firsts = this.#openFirsts;
    const finals = this.#openFinals;
    let top = this.#openTop;
    for (let i = shared; i < length; i++) {
      const byte = bytes[start + i]!;
      key[i] = byte;
      labels[top++] = byte;
      firsts[i + 1] = top;
      finals[i + 1] = 0;
    }
    finals[length] = 1;
    this.#openTop = top;
    this.#lastLength = length;
    this.keyCount++;
    if (length > this.maxKeyBytes) this.maxKeyBytes = length;
  }

  /** Closes the automaton, gives the registry's memory back and returns the nodes. No key may follow. */
  finish(): Nodes {
    this.#freezeBelow(0);
    const root = this.#freeze(0, this.#openTop, this.#openFinals[0]!);
    this.#registry.clear();
    const nodeCount = this.#firsts.length;
    this.#firsts.push(this.#labels.length);
    this.#firsts.length = nodeCount;
    return {
      nodeCount,
      root,
      firsts: this.#firsts.values,
      labels: this.#labels.values,
      targets: this.#targets.values,
    };
  }

  /** Gives the memory of the nodes back; only the counts stay. */
  clear(): void {
    this.#labels.clear();
    this.#targets.clear();
    this.#firsts.clear();
  }

  isSought(node: number): boolean {
    const word = this.#firsts.values[node]!;
    if (word >>> 31 !== this.#soughtFinal) return false;
    const first = word & ~FINAL;
    const end = node + 1 < this.#firsts.length ? this.#firsts.values[node + 1]! & ~FINAL : this.#labels.length;
    const from = this.#soughtFrom;
    const count = this.#soughtTo - from;
    if (end - first !== count) return false;
    const targets = this.#targets.values;
    const labels = this.#labels.values;
    for (let i = 0; i < count; i++) {
      if (targets[first + i] !== this.#openTargets[from + i] || labels[first + i] !== this.#openLabels[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** Turns the open nodes deeper than `depth` into numbered ones. */
  #freezeBelow(depth: number): void {
    const firsts = this.#openFirsts;
    let top = this.#openTop;
    for (let i = this.#lastLength; i > depth; i--) {
      const from = firsts[i]!;
      // The transition that leads to a node of the path is the last of the node above it.
      this.#openTargets[from - 1] = this.#freeze(from, top, this.#openFinals[i]!);
      top = from;
    }
    this.#openTop = top;
  }

  /** Numbers the open node with the transitions `[from, to)` of the stack, or finds the equal node that has a number. */
  #freeze(from: number, to: number, final: number): number {
    if (from === to && final === 1) {
      if (this.#leaf < 0) this.#leaf = this.#append(from, to, final);
      return this.#leaf;
    }
    const labels = this.#openLabels;
    const targets = this.#openTargets;
    this.#soughtFrom = from;
    this.#soughtTo = to;
    this.#soughtFinal = final;
    const next = this.#firsts.length;
    if (to - from === 1) {
      const known = this.#registry.findOrAddSingle(labels[from]!, targets[from]!, final, next);
      return known === next ? this.#append(from, to, final) : known;
    }
    let hash = final === 1 ? 0x9e3779b9 : 0;
    for (let i = from; i < to; i++) {
      hash = Math.imul(hash ^ labels[i]!, 0x85ebca6b);
      hash = Math.imul(hash ^ targets[i]! ^ (hash >>> 15), 0xc2b2ae35);
    }
    const known = this.#registry.findOrAdd(hash, next);
    return known === next ? this.#append(from, to, final) : known;
  }

  #append(from: number, to: number, final: number): number {
    const node = this.#firsts.length;
    const count = to - from;
    const first = this.#labels.length;
    this.#firsts.push(first + (final === 1 ? FINAL : 0));
    this.#labels.reserve(count);
    this.#targets.reserve(count);
    const labels = this.#labels.values;
    const targets = this.#targets.values;
    for (let i = 0; i < count; i++) {
      labels[first + i] = this.#openLabels[from + i]!;
      targets[first + i] = this.#openTargets[from + i]!;
    }
    this.#labels.length = first + count;
    this.#targets.length = first + count;
    return node;
  }

  /** Makes room for a key of `length` bytes on the stack and beside it. */
  #makeRoom(length: number): void {
    if (this.#lastKey.length < length) {
      const key = new Uint8Array(2 * length);
      key.set(this.#lastKey);
      this.#lastKey = key;
    }
    if (this.#openFirsts.length < length + 2) {
      const firsts = new Uint32Array(2 * length + 2);
      firsts.set(this.#openFirsts);
      this.#openFirsts = firsts;
      const finals = new Uint8Array(2 * length + 2);
      finals.set(this.#openFinals);
      this.#openFinals = finals;
    }
    if (this.#openLabels.length < this.#openTop + length) {
      const labels = new Uint8Array(2 * (this.#openTop + length));
      labels.set(this.#openLabels);
      this.#openLabels = labels;
      const targets = new Uint32Array(2 * (this.#openTop + length));
      targets.set(this.#openTargets);
      this.#openTargets = targets;
    }
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
