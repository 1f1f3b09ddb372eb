/**
 * Writes an FST file. Keys stream in; the automaton and the values are kept in flat arrays (4 bytes a node, 5 a
 * transition, 1 to 8 a value), byte strings go straight to the file; `finish` lays the nodes out.
 */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from '../../stores/bytes/checksum.ts';
import {
  encodeHeader,
  type FstHeader,
  HEADER_BYTES,
  SECTION_NAMES,
  type Section,
  type SectionName,
} from '../../stores/fst/format.ts';
import { chooseOffsetShape, encodeOffsets } from '../../stores/fst/offsets.ts';
import { encodeTables } from '../../stores/fst/tables.ts';
import { encodeValues } from '../../stores/fst/values.ts';
import { MAX_VALUE, type ValueKind } from '../../stores/store.ts';
import { BuildError } from '../errors.ts';
import type { StoreSummary, StoreWriter } from '../store-writer.ts';
import { temporaryPath } from '../temporary-path.ts';
import { arrangeNodes } from './arrange.ts';
import { Automaton } from './automaton.ts';
import { encodeNodes } from './layout.ts';
import { ValueList } from './value-list.ts';

export interface FstWriterOptions {
  /** What is kept under the keys. Default `none`. */
  readonly valueKind?: ValueKind;
  /** Whether a set can tell the ordinal of a key and the key of an ordinal; always so with values. Default false. */
  readonly ordinals?: boolean;
  /** Version of the text normalisation of the keys. Default 0: raw bytes. */
  readonly textVersion?: number;
  /** Written into the file for `inspect`: small JSON values. Default none. */
  readonly parameters?: Readonly<Record<string, number | string | boolean>>;

  // Performance.

  /**
   * Most bytes of memory for finding equal nodes. Below the need, the file is larger than necessary and says that it is
   * not minimal. Default 256 MiB: enough for 20 M nodes.
   */
  readonly registryBytes?: number;

  /**
   * Most bytes of memory for the whole writer, the laying out of the nodes included. Keys that need more are refused with
   * `BUILD_LIMIT`. Default 4 GiB: enough for some 80 M n-grams, of which ten million take half a GiB. The registry takes
   * a quarter of it at most.
   */
  readonly memoryBytes?: number;
}

const DEFAULT_REGISTRY_BYTES = 256 * 2 ** 20;
const DEFAULT_MEMORY_BYTES = 2 ** 32;
/** So many keys and transitions come between two looks at how much memory is in use. */
const LOOK_EVERY = 2 ** 18;
/** What laying out takes at its peak: the automaton, its copy in order, and the arrays beside it (`arrange.ts`, `layout.ts`). */
const LAYOUT_NODE_BYTES = 28;
const LAYOUT_TRANSITION_BYTES = 10;
/** Byte strings are gathered up to this size before they are written. */
const WRITE_BUFFER_BYTES = 1 << 16;
/** The operating system takes less than 2 GiB at once. */
const MOST_WRITTEN_BYTES = 2 ** 30;

/** A `StoreWriter` of FST files. */
export class FstWriter implements StoreWriter {
  readonly valueKind: ValueKind;
  readonly #path: string;
  readonly #temporaryPath: string;
  readonly #options: FstWriterOptions;
  readonly #automaton: Automaton;
  readonly #memoryBytes: number;
  /** The number of keys and transitions at which memory is looked at next. */
  #lookAt: number;
  /** Values, or where each byte string begins. */
  readonly #values = new ValueList();
  readonly #buffer: Uint8Array;
  #buffered: number;
  /** The length of all byte strings together; and that of the longest. */
  #totalBytes: number;
  #longestBytes: number;
  #file: number | undefined;
  /** Whether the file is in its place or was given up. */
  #ended: boolean;
  /** Bytes written to the file so far, and the checksum of the section that is being written. */
  #written: number;
  #crc: number;

  /** @throws {BuildError} `BUILD_OUTPUT` when the temporary file cannot be made */
  constructor(path: string, options: FstWriterOptions = {}) {
    this.valueKind = options.valueKind ?? 'none';
    this.#path = path;
    this.#temporaryPath = temporaryPath(path);
    this.#options = options;
    this.#memoryBytes = options.memoryBytes ?? DEFAULT_MEMORY_BYTES;
    this.#automaton = new Automaton(Math.min(options.registryBytes ?? DEFAULT_REGISTRY_BYTES, this.#memoryBytes / 4));
    this.#lookAt = LOOK_EVERY;
    this.#buffer = new Uint8Array(WRITE_BUFFER_BYTES);
    this.#buffered = 0;
    this.#totalBytes = 0;
    this.#longestBytes = 0;
    this.#written = 0;
    this.#crc = 0;
    this.#ended = false;
    try {
      this.#file = openSync(this.#temporaryPath, 'wx');
    } catch (cause) {
      throw this.#refused(cause);
    }
    this.#write(new Uint8Array(HEADER_BYTES));
    this.#endSection(0);
  }

  add(key: Uint8Array, start: number, end: number, value: number): void {
    if (this.valueKind === 'bytes') {
      throw new BuildError('BUILD_VALUE', `${this.#path}: adding an integer to an FST of byte strings; call addBytes`);
    }
    if (this.valueKind === 'uint' && !(Number.isInteger(value) && value >= 0 && value <= MAX_VALUE)) {
      throw new BuildError(
        'BUILD_VALUE',
        `${this.#path}: adding a value: expected an integer 0..2^53-1, found ${value}`,
      );
    }
    this.#addKey(key, start, end);
    if (this.valueKind === 'uint') this.#values.push(value);
  }

  addBytes(key: Uint8Array, start: number, end: number, value: Uint8Array, valueStart: number, valueEnd: number): void {
    if (this.valueKind !== 'bytes') {
      throw new BuildError(
        'BUILD_VALUE',
        `${this.#path}: adding a byte string to an FST of "${this.valueKind}"; call add`,
      );
    }
    this.#addKey(key, start, end);
    this.#values.push(this.#totalBytes);
    this.#totalBytes += valueEnd - valueStart;
    this.#longestBytes = Math.max(this.#longestBytes, valueEnd - valueStart);
    this.#write(value.subarray(valueStart, valueEnd));
  }

  finish(): StoreSummary {
    try {
      return this.#finish();
    } catch (cause) {
      this.abort();
      throw cause instanceof BuildError ? cause : this.#refused(cause);
    }
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#temporaryPath, { force: true });
  }

  #addKey(key: Uint8Array, start: number, end: number): void {
    const automaton = this.#automaton;
    automaton.add(key, start, end);
    if (automaton.keyCount + automaton.transitionCount < this.#lookAt) return;
    this.#lookAt += LOOK_EVERY;
    const { nodeCount, transitionCount } = automaton;
    const layout = LAYOUT_NODE_BYTES * nodeCount + LAYOUT_TRANSITION_BYTES * transitionCount + this.#values.bytes;
    const needed = Math.max(automaton.bytes, layout) + this.#values.bytes;
    if (needed <= this.#memoryBytes) return;
    throw new BuildError(
      'BUILD_LIMIT',
      `${this.#path}: writing an FST: expected to need at most ${this.#memoryBytes} bytes of memory, found ${needed} after ${automaton.keyCount} keys; allow more or write a block file`,
    );
  }

  #finish(): StoreSummary {
    if (this.#file === undefined) throw new BuildError('BUILD_OUTPUT', `${this.#path}: the FST was finished before`);
    const automaton = this.#automaton;
    const { keyCount } = automaton;
    const ordinals = this.valueKind !== 'none' || this.#options.ordinals === true;
    const sections: Partial<Record<SectionName, Section>> = {};
    sections.blob = this.#endSection(HEADER_BYTES);
    const shape = chooseOffsetShape(keyCount, this.#totalBytes, this.#longestBytes);
    const { offsetBits, lengthBits } = this.valueKind === 'bytes' ? shape : { offsetBits: 0, lengthBits: 0 };
    if (this.valueKind === 'bytes') this.#values.push(this.#totalBytes);
    const { rootAddress, nodeCount, transitionCount } = this.#writeNodes(ordinals, sections);
    const { minimal } = automaton;
    const values = this.#values;
    const none = new Uint8Array(0);
    sections.values = this.#section(this.valueKind === 'uint' ? encodeValues(keyCount, values.toArray()) : none);
    const offsets = this.valueKind === 'bytes' ? encodeOffsets(keyCount, shape, (i) => values.at(i)) : none;
    sections.offsets = this.#section(offsets);
    sections.parameters = this.#section(Buffer.from(JSON.stringify(this.#options.parameters ?? {}), 'utf8'));
    const header: FstHeader = {
      valueKind: this.valueKind,
      ordinals,
      minimal,
      keyCount,
      fileBytes: this.#written,
      root: rootAddress,
      textVersion: this.#options.textVersion ?? 0,
      offsetBits,
      lengthBits,
      maxKeyBytes: automaton.maxKeyBytes,
      sections: sections as Record<SectionName, Section>,
    };
    try {
      writeSync(this.#file, encodeHeader(header), 0, HEADER_BYTES, 0);
      fsyncSync(this.#file);
      closeSync(this.#file);
      this.#file = undefined;
      renameSync(this.#temporaryPath, this.#path);
    } catch (cause) {
      throw this.#refused(cause);
    }
    this.#ended = true;
    return {
      keyCount,
      fileBytes: header.fileBytes,
      parameters: {
        ...this.#options.parameters,
        nodes: nodeCount,
        transitions: transitionCount,
        minimal,
        ordinals,
        ...Object.fromEntries(SECTION_NAMES.map((name) => [`${name}Bytes`, header.sections[name].length])),
      },
    };
  }

  /** Closes the automaton, lays its nodes out and writes them and their tables. */
  #writeNodes(
    ordinals: boolean,
    sections: Partial<Record<SectionName, Section>>,
  ): { rootAddress: number; nodeCount: number; transitionCount: number } {
    const automaton = this.#automaton;
    const arranged = arrangeNodes(automaton.finish(), ordinals);
    const { nodeCount, transitionCount } = automaton;
    automaton.clear();
    const { nodes, tables, rootAddress } = encodeNodes(arranged, ordinals);
    sections.nodes = this.#section(nodes);
    sections.tables = this.#section(encodeTables(tables));
    return { rootAddress, nodeCount, transitionCount };
  }

  #section(bytes: Uint8Array): Section {
    const offset = this.#written;
    this.#write(bytes);
    return this.#endSection(offset);
  }

  #endSection(offset: number): Section {
    this.#flush();
    const section = { offset, length: this.#written - offset, crc: this.#crc };
    this.#crc = 0;
    return section;
  }

  #write(bytes: Uint8Array): void {
    this.#written += bytes.length;
    if (this.#buffered + bytes.length > this.#buffer.length) this.#flush();
    if (bytes.length > this.#buffer.length) {
      this.#writeOut(bytes);
    } else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
  }

  #flush(): void {
    this.#writeOut(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  #writeOut(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, 0, bytes.length, this.#crc);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file!, bytes, done, Math.min(bytes.length - done, MOST_WRITTEN_BYTES));
      }
    } catch (cause) {
      throw this.#refused(cause);
    }
  }

  /** What the operating system refused: a missing folder, no room, no right to write. */
  #refused(cause: unknown): BuildError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${this.#path}: writing an FST: expected a file that can be written, found ${why}; check its folder`;
    return new BuildError('BUILD_OUTPUT', message, { cause });
  }
}
