/**
 * An FST file, read: exact look-ups, ordinals both ways, values. The bytes lie off the JavaScript heap and may be shared
 * with other processes: nothing here writes to them or assumes that it owns them.
 *
 * Hot path: `find` and what it calls allocate nothing.
 */

import { decodeUtf8 } from '../bytes/utf8.ts';
import { FileTooLarge, readWholeFile } from '../bytes/whole-file.ts';
import { corrupt, StoreError, unreadable } from '../errors.ts';
import { BytesRef, type KeyBatch, MISS, type Store, type StoreMemory, type ValueKind } from '../store.ts';
import { FstCursor } from './cursor.ts';
import { checkSectionChecksums, decodeHeader, type FstHeader } from './format.ts';
import { FuzzySearch } from './fuzzy.ts';
import { NodeView } from './node.ts';
import { FORM_NAMES } from './node-codes.ts';
import { OffsetReader } from './offsets.ts';
import type { OpenedFst } from './opened.ts';
import { checkArrays, nodeView, readTables, readValues } from './sections.ts';
import type { NodeTables } from './tables.ts';
import { ValueReader } from './values.ts';
import { Walker } from './walk.ts';

/** How much of a file is checked when it is opened. */
export interface OpenFstOptions {
  /**
   * `full` (the default): all checksums, at about 3 GB/s. `header`: the header alone, for bytes that were verified
   * before, such as a copy that processes share.
   */
  readonly check?: 'full' | 'header';
  /** `openFst`: the largest file to read into memory, in bytes. Default 4 GiB. */
  readonly mostBytes?: number;
}

/** The longest key that ends on the way along another, as `longestPrefix` finds it. */
export class PrefixMatch {
  /** Where the matched prefix ends: an offset into the bytes that were asked. */
  end: number;
  /** Its value, as `find` answers it. */
  value: number;

  constructor() {
    this.end = 0;
    this.value = MISS;
  }
}

/** One node of the automaton, for drawing and counting. */
export interface FstNode {
  readonly address: number;
  readonly final: boolean;
  readonly transitions: readonly { readonly label: number; readonly target: number; readonly keysBefore: number }[];
}

/**
 * Opens the FST file at `path`.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`; `STORE_MEMORY` when the file
 *   is larger than `mostBytes` or than the memory that is left
 */
export function openFst(path: string, options: OpenFstOptions = {}): FstStore {
  let bytes: Uint8Array;
  try {
    bytes = readWholeFile(path, options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes });
  } catch (cause) {
    if (cause instanceof FileTooLarge) {
      const message = `${path}: opening an FST: ${cause.message}; raise the limit, split the keys over several files or write a block file`;
      throw new StoreError('STORE_MEMORY', message, { cause });
    }
    throw unreadable(path, 'opening an FST', cause);
  }
  return openFstBytes(bytes, path, options);
}

/**
 * Opens an FST that lies in memory. The bytes must not change while it is open; `name` stands in messages.
 *
 * @throws {StoreError} as `openFst`
 */
export function openFstBytes(bytes: Uint8Array, name: string, options: OpenFstOptions = {}): FstStore {
  const header = decodeHeader(bytes, name);
  if (options.check !== 'header') checkSectionChecksums(bytes, header, name);
  return new FstStore(bytes, header, name);
}

/** An open FST. Made by `openFst` and `openFstBytes`. */
export class FstStore implements Store, OpenedFst {
  readonly storeKind = 'fst';
  readonly valueKind: ValueKind;
  readonly path: string;
  readonly keyCount: number;
  /** The header, for `inspect`. */
  readonly header: FstHeader;
  #bytes: Uint8Array;
  #view: NodeView;
  #walker: Walker;
  #values: ValueReader;
  #offsets: OffsetReader;
  readonly #tables: NodeTables;
  #open: boolean;

  constructor(bytes: Uint8Array, header: FstHeader, path: string) {
    this.valueKind = header.valueKind;
    this.path = path;
    this.keyCount = header.keyCount;
    this.header = header;
    checkArrays(header, path);
    this.#bytes = bytes;
    this.#tables = readTables(bytes, header, path);
    this.#view = nodeView(bytes, header, this.#tables);
    const { offset, length } = header.sections.nodes;
    this.#walker = new Walker(bytes, offset, length, header.root, header.ordinals, this.#tables);
    this.#values = readValues(bytes, header, path);
    this.#offsets = new OffsetReader(bytes, header.sections.offsets.offset, header);
    this.#open = true;
  }

  find(key: Uint8Array, start: number, end: number): number {
    const ordinal = this.#walk(key, start, end);
    return ordinal === MISS ? MISS : this.#valueOf(ordinal);
  }

  findBytes(key: Uint8Array, start: number, end: number, out: BytesRef): boolean {
    if (this.valueKind !== 'bytes') throw this.#wrongKind('byte strings');
    const ordinal = this.#walk(key, start, end);
    if (ordinal === MISS) return false;
    this.#pointAt(ordinal, out);
    return true;
  }

  findMany(keys: KeyBatch, values: Float64Array): undefined {
    this.checkOpen();
    const { bytes, offsets, count } = keys;
    for (let i = 0; i < count; i++) values[i] = this.find(bytes, offsets[i]!, offsets[i + 1]!);
  }

  /**
   * The ordinal of the key `key[start, end)`: how many keys come before it, 0..keyCount-1. Allocates nothing.
   *
   * @returns `MISS` when the key is absent
   * @throws {StoreError} `STORE_VALUE_KIND` when the file was written without ordinals
   */
  ordinal(key: Uint8Array, start: number, end: number): number {
    if (!this.header.ordinals) throw this.#wrongKind('ordinals');
    return this.#walk(key, start, end);
  }

  /**
   * Writes the key with the given ordinal into `out` from `offset` on and returns the offset after it, or -1 when there
   * is no such ordinal or `out` is too short. O(key bytes x log transitions); allocates nothing.
   *
   * @throws {StoreError} `STORE_VALUE_KIND` when the file was written without ordinals
   */
  keyAt(ordinal: number, out: Uint8Array, offset: number): number {
    if (!this.header.ordinals) throw this.#wrongKind('ordinals');
    this.checkOpen();
    if (!(ordinal >= 0 && ordinal < this.keyCount)) return -1;
    const view = this.#view;
    let address = this.header.root;
    for (;;) {
      if (!view.load(address)) throw this.#damaged(address);
      if (view.final && ordinal === 0) return offset;
      let low = 0;
      let high = view.count - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (view.keysBefore(middle) <= ordinal) low = middle;
        else high = middle - 1;
      }
      if (view.count === 0) throw this.#damaged(address);
      if (offset >= out.length) return -1;
      out[offset++] = view.label(low);
      ordinal -= view.keysBefore(low);
      address = view.target(low);
      if (address < 0) throw this.#damaged(view.address);
    }
  }

  /**
   * The value of the key with the given ordinal, as `find` answers it. The ordinal must be one of this store.
   *
   * @throws {StoreError} `STORE_CLOSED` after `close()`
   */
  valueAt(ordinal: number): number {
    this.checkOpen();
    return this.#valueOf(ordinal);
  }

  /**
   * Points `out` at the byte string of the key with the given ordinal.
   *
   * @throws {StoreError} `STORE_CORRUPT` when it does not lie inside the file, `STORE_CLOSED` after `close()`
   */
  bytesAt(ordinal: number, out: BytesRef): void {
    this.checkOpen();
    this.#pointAt(ordinal, out);
  }

  /**
   * Finds the longest key that is a prefix of `key[start, end)`, the empty key included.
   *
   * @returns false, leaving `out` alone, when there is none
   */
  longestPrefix(key: Uint8Array, start: number, end: number, out: PrefixMatch): boolean {
    this.checkOpen();
    const view = this.#view;
    let address = this.header.root;
    let ordinal = 0;
    let found = -1;
    for (let i = start; ; i++) {
      if (!view.load(address)) throw this.#damaged(address);
      if (view.final) {
        found = ordinal;
        out.end = i;
      }
      if (i >= end) break;
      const index = view.find(key[i]!);
      if (index < 0) break;
      ordinal += view.keysBefore(index);
      address = view.target(index);
      if (address < 0) throw this.#damaged(view.address);
    }
    if (found < 0) return false;
    out.value = this.#valueOf(found);
    return true;
  }

  /** A new cursor before the first key, with ordinals where the file has them. Allocates. */
  cursor(): FstCursor {
    this.checkOpen();
    return new FstCursor(this, nodeView(this.#bytes, this.header, this.#tables));
  }

  /** The parameters that the file was written with. Allocates. */
  parameters(): Record<string, unknown> {
    this.checkOpen();
    const { offset, length } = this.header.sections.parameters;
    try {
      return JSON.parse(decodeUtf8(this.#bytes, offset, offset + length));
    } catch {
      throw corrupt(this.path, offset, 'parameters in JSON', 'other bytes');
    }
  }

  /** The nodes from the root on, breadth first, at most `limit`. Allocates. */
  nodes(limit: number): FstNode[] {
    this.checkOpen();
    const view = this.#view;
    const addresses = [this.header.root];
    const seen = new Set(addresses);
    const nodes: FstNode[] = [];
    for (const address of addresses) {
      if (nodes.length >= limit) break;
      if (!view.load(address)) throw this.#damaged(address);
      const transitions = Array.from({ length: view.count }, (_, i) => ({
        label: view.label(i),
        target: view.target(i),
        keysBefore: view.keysBefore(i),
      }));
      nodes.push({ address, final: view.final, transitions });
      for (const { target } of transitions) {
        if (seen.has(target)) continue;
        seen.add(target);
        addresses.push(target);
      }
    }
    return nodes;
  }

  /** How values are packed: levels of frequent values, and bits of each other one. */
  valueShape(): { levels: number; bits: number } {
    this.checkOpen();
    return this.#values.shape;
  }

  /** How many nodes of each form there are and what they take, by name of the form. Reads all nodes; allocates. */
  formCounts(): Record<string, { nodes: number; bytes: number }> {
    this.checkOpen();
    const view = this.#view;
    const forms: Record<string, { nodes: number; bytes: number }> = {};
    for (let address = 0; address < this.header.sections.nodes.length; address = view.end) {
      if (!view.load(address) || view.end <= address) throw this.#damaged(address);
      const name = FORM_NAMES[view.form]!;
      forms[name] ??= { nodes: 0, bytes: 0 };
      forms[name].nodes++;
      forms[name].bytes += view.end - address;
    }
    return forms;
  }

  /**
   * A search for keys within two edits of a word. Allocates some kilobytes; keep it for
   * the next word.
   */
  fuzzy(): FuzzySearch {
    this.checkOpen();
    return new FuzzySearch(this, nodeView(this.#bytes, this.header, this.#tables));
  }

  memory(): StoreMemory {
    return { pinnedBytes: this.#open ? this.#bytes.byteLength : 0, cachedBytes: 0 };
  }

  verify(): void {
    this.checkOpen();
    checkSectionChecksums(this.#bytes, this.header, this.path);
    const cursor = this.cursor();
    const value = new BytesRef();
    let keys = 0;
    while (cursor.next()) {
      if (this.header.ordinals) {
        const ordinal = this.#walk(cursor.key.bytes, cursor.key.start, cursor.key.end);
        if (ordinal !== keys) throw corrupt(this.path, this.header.sections.nodes.offset, `ordinal ${keys}`, ordinal);
      }
      if (this.valueKind === 'bytes') this.#pointAt(keys, value);
      keys++;
    }
    if (keys !== this.keyCount) throw corrupt(this.path, 16, `${this.keyCount} keys`, keys);
  }

  close(): void {
    this.#open = false;
    this.#bytes = new Uint8Array(0);
    this.#view = new NodeView(this.#bytes, 0, 0, false, this.#tables);
    this.#walker = new Walker(this.#bytes, 0, 0, 0, false, this.#tables);
    this.#values = new ValueReader(this.#bytes, 0, 0, 0);
    this.#offsets = new OffsetReader(this.#bytes, 0, this.header);
  }

  #valueOf(ordinal: number): number {
    const { header } = this;
    if (header.valueKind === 'none') return 1;
    if (header.valueKind === 'uint') return this.#values.at(ordinal);
    this.#offsets.find(ordinal);
    return this.#offsets.length;
  }

  #pointAt(ordinal: number, out: BytesRef): void {
    const { offset, length } = this.header.sections.blob;
    const start = this.#offsets.find(ordinal);
    const end = start + this.#offsets.length;
    if (start > end || end > length) {
      throw corrupt(
        this.path,
        this.header.sections.offsets.offset,
        `a byte string within ${length}`,
        `${start}-${end}`,
      );
    }
    out.bytes = this.#bytes;
    out.start = offset + start;
    out.end = offset + end;
  }

  /** The ordinal of a key (0 where the file has no ordinals), or `MISS`. */
  #walk(key: Uint8Array, start: number, end: number): number {
    const ordinal = this.#walker.walk(key, start, end);
    if (ordinal < MISS || ordinal >= this.keyCount) throw this.#damaged(this.header.root);
    return ordinal;
  }

  /**
   * For the cursors and searches over this store, which hold views on its bytes.
   *
   * @throws {StoreError} `STORE_CLOSED` after `close()`
   */
  checkOpen(): void {
    if (!this.#open) throw this.#closed();
  }

  #closed(): StoreError {
    return new StoreError('STORE_CLOSED', `${this.path}: looking up: the store was closed; open it again`);
  }

  #damaged(address: number): StoreError {
    if (!this.#open) return this.#closed();
    return corrupt(this.path, this.header.sections.nodes.offset + address, 'a node', 'bytes that are none');
  }

  #wrongKind(asked: string): StoreError {
    return new StoreError(
      'STORE_VALUE_KIND',
      `${this.path}: looking up ${asked}: the file holds values of kind "${this.valueKind}"${this.header.ordinals ? '' : ' and no ordinals'}; write it with them`,
    );
  }
}
