/**
 * The bytes of an FST file around its nodes: header, section table, trailer. FORMAT.md draws the whole file; the bytes
 * of one node are in `node-codes.ts`, those of values in `values.ts` and `offsets.ts`.
 *
 *     offset size
 *          0    8  magic "EMENDFST"
 *          8    4  format version
 *         12    4  flags: bits 0-1 value kind (0 none, 1 uint, 2 bytes); bit 2 ordinals; bit 3 minimal
 *         16    8  number of keys
 *         24    8  length of the file in bytes
 *         32    4  address of the root node
 *         36    4  version of the text normalisation of the keys, 0 when they are raw bytes
 *         40    1  0
 *         41    1  bits of a packed offset into the blob
 *         42    1  bits of a packed length, 0 when every key has an offset of its own: see `offsets.ts`
 *         43    1  0
 *         44    4  length of the longest key
 *         48   96  sections nodes, tables, values, offsets, blob, parameters: offset 8, length 8 each
 *        144   24  CRC-32 of each section
 *        168    4  CRC-32 of bytes 0..167
 *
 * All integers are little-endian. The sections follow in any order and cover the rest of the file.
 */

import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError } from '../errors.ts';
import type { ValueKind } from '../store.ts';

export const FST_MAGIC = 'EMENDFST';
export const FST_VERSION = 1;
export const HEADER_BYTES = 172;

/** The parts of the file after the header, in the order of the section table. */
export const SECTION_NAMES = ['nodes', 'tables', 'values', 'offsets', 'blob', 'parameters'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** A stretch of the file and the CRC-32 of its bytes. */
export interface Section {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

/** What the header says. */
export interface FstHeader {
  readonly valueKind: ValueKind;
  /** Whether nodes carry the counts that give a key its ordinal. Always so with values. */
  readonly ordinals: boolean;
  /** Whether the automaton has the fewest nodes possible, rather than nearly so. */
  readonly minimal: boolean;
  readonly keyCount: number;
  readonly fileBytes: number;
  /** Address of the root within the nodes section. */
  readonly root: number;
  readonly textVersion: number;
  readonly offsetBits: number;
  readonly lengthBits: number;
  /** Length in bytes of the longest key. */
  readonly maxKeyBytes: number;
  readonly sections: Readonly<Record<SectionName, Section>>;
}

const VALUE_KINDS: readonly ValueKind[] = ['none', 'uint', 'bytes'];
const FLAG_ORDINALS = 4;
const FLAG_MINIMAL = 8;
const SECTION_TABLE = 48;
const CHECKSUMS = 144;
const HEADER_CRC = 168;

/** The header's bytes. Allocates. */
export function encodeHeader(header: FstHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < FST_MAGIC.length; i++) bytes[i] = FST_MAGIC.charCodeAt(i);
  view.setUint32(8, FST_VERSION, true);
  const flags =
    VALUE_KINDS.indexOf(header.valueKind) | (header.ordinals ? FLAG_ORDINALS : 0) | (header.minimal ? FLAG_MINIMAL : 0);
  view.setUint32(12, flags, true);
  setUint64(view, 16, header.keyCount);
  setUint64(view, 24, header.fileBytes);
  view.setUint32(32, header.root, true);
  view.setUint32(36, header.textVersion, true);
  bytes[41] = header.offsetBits;
  bytes[42] = header.lengthBits;
  view.setUint32(44, header.maxKeyBytes, true);
  SECTION_NAMES.forEach((name, i) => {
    const section = header.sections[name];
    setUint64(view, SECTION_TABLE + 16 * i, section.offset);
    setUint64(view, SECTION_TABLE + 16 * i + 8, section.length);
    view.setUint32(CHECKSUMS + 4 * i, section.crc, true);
  });
  view.setUint32(HEADER_CRC, crc32(bytes, 0, HEADER_CRC), true);
  return bytes;
}

/**
 * Reads and checks the header of the file `bytes`: magic, version, its checksum, and that the sections lie inside the
 * file and cover it. Does not read the sections.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION` or `STORE_CORRUPT`
 */
export function decodeHeader(bytes: Uint8Array, path: string): FstHeader {
  checkMagic(bytes, path);
  if (bytes.length < HEADER_BYTES) throw corrupt(path, bytes.length, `a header of ${HEADER_BYTES} bytes`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== FST_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: opening an FST: this build reads format version ${FST_VERSION}, the file has ${version}; rebuild it with this version of emend`,
    );
  }
  const crc = crc32(bytes, 0, HEADER_CRC);
  if (view.getUint32(HEADER_CRC, true) !== crc) {
    throw corrupt(path, HEADER_CRC, `header checksum ${crc}`, view.getUint32(HEADER_CRC, true));
  }
  const flags = view.getUint32(12, true);
  const valueKind = VALUE_KINDS[flags & 3];
  if (valueKind === undefined) throw corrupt(path, 12, 'a value kind 0..2', flags & 3);
  const header: FstHeader = {
    valueKind,
    ordinals: (flags & FLAG_ORDINALS) !== 0,
    minimal: (flags & FLAG_MINIMAL) !== 0,
    keyCount: getUint64(view, 16),
    fileBytes: getUint64(view, 24),
    root: view.getUint32(32, true),
    textVersion: view.getUint32(36, true),
    offsetBits: bytes[41]!,
    lengthBits: bytes[42]!,
    maxKeyBytes: view.getUint32(44, true),
    sections: decodeSections(view),
  };
  checkSections(header, bytes.length, path);
  return header;
}

/**
 * Compares every section with its checksum: reads the whole file, at about 3 GB/s.
 *
 * @throws {StoreError} `STORE_CORRUPT`
 */
export function checkSectionChecksums(bytes: Uint8Array, header: FstHeader, path: string): void {
  for (const name of SECTION_NAMES) {
    const { offset, length, crc } = header.sections[name];
    const found = crc32(bytes, offset, offset + length);
    if (found !== crc) throw corrupt(path, offset, `checksum ${crc} of the section "${name}"`, found);
  }
}

function checkMagic(bytes: Uint8Array, path: string): void {
  for (let i = 0; i < FST_MAGIC.length; i++) {
    if (i < bytes.length && bytes[i] === FST_MAGIC.charCodeAt(i)) continue;
    if (i === bytes.length && i > 0) throw corrupt(path, i, `the magic "${FST_MAGIC}"`, `the end of the file`);
    throw new StoreError(
      'STORE_FOREIGN',
      `${path}: opening an FST: the file does not begin with "${FST_MAGIC}"; it is not an FST of emend`,
    );
  }
}

function decodeSections(view: DataView): Record<SectionName, Section> {
  const section = (i: number): Section => ({
    offset: getUint64(view, SECTION_TABLE + 16 * i),
    length: getUint64(view, SECTION_TABLE + 16 * i + 8),
    crc: view.getUint32(CHECKSUMS + 4 * i, true),
  });
  return {
    nodes: section(0),
    tables: section(1),
    values: section(2),
    offsets: section(3),
    blob: section(4),
    parameters: section(5),
  };
}

function checkSections(header: FstHeader, fileBytes: number, path: string): void {
  if (header.fileBytes !== fileBytes) throw corrupt(path, 24, `a file of ${header.fileBytes} bytes`, fileBytes);
  const sections = SECTION_NAMES.map((name) => header.sections[name]).sort(
    (a, b) => a.offset - b.offset || a.length - b.length,
  );
  let end = HEADER_BYTES;
  for (const { offset, length } of sections) {
    if (offset !== end) throw corrupt(path, SECTION_TABLE, `a section at ${end}`, offset);
    end = offset + length;
  }
  if (end !== fileBytes) throw corrupt(path, SECTION_TABLE, `sections up to ${fileBytes}`, end);
  if (header.root >= header.sections.nodes.length) {
    throw corrupt(path, 32, `a root below ${header.sections.nodes.length}`, header.root);
  }
}

function setUint64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % 0x1_0000_0000, true);
  view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true);
}

function getUint64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 0x1_0000_0000;
}
