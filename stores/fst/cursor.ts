/** Walks an FST in key order: depth first, labels ascending, with the way down kept on a stack. */

import { corrupt } from '../errors.ts';
import { BytesRef, type Cursor } from '../store.ts';
import type { NodeView } from './node.ts';
import type { OpenedFst } from './opened.ts';

/** What `#pending` says of a node whose own key, if it has one, was not given yet. */
const OWN_KEY = -1;

/** A cursor over an FST. Made by `FstStore.cursor`. */
export class FstCursor implements Cursor {
  readonly key: BytesRef;
  readonly valueBytes: BytesRef;
  readonly #store: OpenedFst;
  readonly #view: NodeView;
  /** The nodes from the root down, and for each the transition to take next. */
  #addresses: Uint32Array;
  #pending: Int32Array;
  /** Ordinal of the first key below each of those nodes: kept by `seek` alone. */
  #bases: Float64Array;
  #depth: number;
  /** The walk ends when it climbs above this depth: 0, or that of the prefix that was asked for. */
  #floor: number;
  /** The ordinal that the next key has. */
  #nextOrdinal: number;

  constructor(store: OpenedFst, view: NodeView) {
    this.key = new BytesRef();
    this.key.bytes = new Uint8Array(64);
    this.valueBytes = new BytesRef();
    this.#store = store;
    this.#view = view;
    this.#addresses = new Uint32Array(65);
    this.#pending = new Int32Array(65);
    this.#bases = new Float64Array(65);
    this.#depth = 0;
    this.#floor = 0;
    this.#nextOrdinal = 0;
    this.#restart();
  }

  /** Ordinal of the current key; only where the file has ordinals. */
  get ordinal(): number {
    return this.#nextOrdinal - 1;
  }

  get value(): number {
    return this.#store.valueKind === 'bytes' ? 0 : this.#store.valueAt(this.ordinal);
  }

  next(): boolean {
    this.#store.checkOpen();
    const view = this.#view;
    while (this.#depth >= this.#floor) {
      const depth = this.#depth;
      this.#load(this.#addresses[depth]!);
      let index = this.#pending[depth]!;
      if (index === OWN_KEY) {
        index = 0;
        this.#pending[depth] = 0;
        if (view.final) return this.#arrive(depth);
      }
      if (index < view.count) {
        this.#pending[depth] = index + 1;
        this.#descend(index);
      } else {
        // Only the root of an empty store has neither a key nor a transition.
        if (view.count === 0 && !view.final && depth > 0) throw this.#damaged(view.address);
        this.#depth--;
      }
    }
    return false;
  }

  seek(key: Uint8Array, start: number, end: number): void {
    this.#store.checkOpen();
    const view = this.#view;
    this.#restart();
    for (let i = start; i < end; i++) {
      const byte = key[i]!;
      const depth = this.#depth;
      this.#load(this.#addresses[depth]!);
      const index = view.lowerBound(byte);
      if (index === view.count || view.label(index) !== byte) {
        this.#pending[depth] = index;
        this.#settle();
        return;
      }
      this.#pending[depth] = index + 1;
      const base = this.#bases[depth]! + view.keysBefore(index);
      this.#descend(index);
      this.#bases[depth + 1] = base;
    }
    this.#nextOrdinal = this.#bases[this.#depth]!;
  }

  /** Positions so that the following `next()` calls yield the keys that begin with `key[start, end)`, and no others. */
  seekPrefix(key: Uint8Array, start: number, end: number): void {
    this.seek(key, start, end);
    // A seek that ran out of matching transitions stands above the prefix: no key has it.
    this.#floor = end - start;
  }

  /** After a seek that stopped on the way: climbs to the node whose transition comes next, and takes its ordinal. */
  #settle(): void {
    const view = this.#view;
    for (; this.#depth >= 0; this.#depth--) {
      this.#load(this.#addresses[this.#depth]!);
      const index = this.#pending[this.#depth]!;
      if (index < view.count) {
        this.#nextOrdinal = this.#bases[this.#depth]! + view.keysBefore(index);
        return;
      }
    }
    this.#nextOrdinal = this.#store.keyCount;
  }

  #restart(): void {
    this.#depth = 0;
    this.#floor = 0;
    this.#nextOrdinal = 0;
    this.#addresses[0] = this.#store.header.root;
    this.#pending[0] = OWN_KEY;
    this.#bases[0] = 0;
  }

  #arrive(depth: number): boolean {
    this.key.start = 0;
    this.key.end = depth;
    const ordinal = this.#nextOrdinal++;
    if (ordinal >= this.#store.keyCount) throw this.#damaged(this.#view.address);
    if (this.#store.valueKind === 'bytes') this.#store.bytesAt(ordinal, this.valueBytes);
    return true;
  }

  #descend(index: number): void {
    const target = this.#view.target(index);
    const depth = this.#depth;
    // Damaged nodes might lead in a circle; no way is longer than the longest key.
    if (target < 0 || depth >= this.#store.header.maxKeyBytes) throw this.#damaged(this.#view.address);
    if (depth + 1 >= this.#addresses.length) this.#grow();
    this.key.bytes[depth] = this.#view.label(index);
    this.#depth = depth + 1;
    this.#addresses[depth + 1] = target;
    this.#pending[depth + 1] = OWN_KEY;
  }

  #grow(): void {
    const size = 2 * this.#addresses.length;
    const addresses = new Uint32Array(size);
    addresses.set(this.#addresses);
    this.#addresses = addresses;
    const pending = new Int32Array(size);
    pending.set(this.#pending);
    this.#pending = pending;
    const bases = new Float64Array(size);
    bases.set(this.#bases);
    this.#bases = bases;
    const bytes = new Uint8Array(size);
    bytes.set(this.key.bytes);
    this.key.bytes = bytes;
  }

  #load(address: number): void {
    if (!this.#view.load(address)) throw this.#damaged(address);
  }

  #damaged(address: number): Error {
    const { path, header } = this.#store;
    return corrupt(path, header.sections.nodes.offset + address, 'a node', 'bytes that are none');
  }
}
