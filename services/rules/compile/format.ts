/**
 * The compiled form of a rule set; FORMAT.md draws it. Columns begin at multiples of eight bytes, so that they are read where they
 * lie, and everything after the head is under one checksum.
 */
import { crc32 } from '../../../stores/bytes/checksum.ts';
import { decodeUtf8, encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { corrupt, StoreError } from '../../../stores/errors.ts';
import { TEXT_VERSION } from '../../../stores/text/normalise.ts';
import type { AutomatonColumns } from './automaton-builder.ts';

const MAGIC = 'EMENDRUL';
export const RULES_FORMAT_VERSION = 1;
/** magic 8 | format version u32 | text version u32 | bytes u32 | CRC-32 of all after the head u32 | sections u32 | 0 u32 */
const HEAD_BYTES = 32;
const SECTION_ENTRY_BYTES = 8;

/** What a trigger is. */
export const TriggerKind = Object.freeze({ sequence: 0, boolean: 1, regex: 2, always: 3, empty: 4 });

/** Integers of a trigger's record: rule, kind, number among the rule's triggers, program start and end, first sequence. */
export const TRIGGER_INTS = 6;

/** A rule set, compiled. */
export interface CompiledColumns extends AutomatonColumns {
  /** `{settings, values, enabled}`: JSON. */
  readonly head: Uint8Array;
  readonly ruleStarts: Int32Array;
  /** Each rule as JSON. */
  readonly rules: Uint8Array;
  readonly triggers: Int32Array;
  readonly code: Int32Array;
  /** Triggers that are looked at whatever the query: always, regular expressions, conditions that hold without any sequence. */
  readonly everyQuery: Int32Array;
  /** Triggers of the query without a term. */
  readonly emptyQuery: Int32Array;
}

type Width = 1 | 2 | 4;

/** The sections in their order, and the bytes of an element of each. */
const SECTIONS = [
  ['head', 1],
  ['ruleStarts', 4],
  ['rules', 1],
  ['termOffsets', 4],
  ['termUnits', 2],
  ['termPlaces', 4],
  ['symbolStarts', 4],
  ['symbols', 4],
  ['edges', 4],
  ['acceptStarts', 4],
  ['accepts', 4],
  ['placeholderStarts', 4],
  ['placeholderEdges', 4],
  ['valueRoots', 4],
  ['valueEnds', 1],
  ['prefixEdges', 4],
  ['prefixSymbols', 4],
  ['suffixEdges', 4],
  ['suffixSymbols', 4],
  ['atoms', 4],
  ['triggers', 4],
  ['code', 4],
  ['everyQuery', 4],
  ['emptyQuery', 4],
] as const satisfies readonly (readonly [string, Width])[];

type SectionName = (typeof SECTIONS)[number][0];
type Column = Uint8Array | Uint16Array | Int32Array;

/** The bytes of a compiled rule set. The same columns give the same bytes. */
export function encodeCompiled(columns: CompiledColumns): Uint8Array {
  const { terms, ...others } = columns;
  const named: Readonly<Record<SectionName, Column>> = {
    ...others,
    termOffsets: terms.offsets,
    termUnits: terms.units,
    termPlaces: terms.places,
  };
  let end = aligned(HEAD_BYTES + SECTION_ENTRY_BYTES * SECTIONS.length);
  const starts = SECTIONS.map(([name]) => {
    const start = end;
    end = aligned(start + named[name].byteLength);
    return start;
  });
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  bytes.set(encodeUtf8(MAGIC), 0);
  view.setUint32(8, RULES_FORMAT_VERSION, true);
  view.setUint32(12, TEXT_VERSION, true);
  view.setUint32(16, end, true);
  view.setUint32(24, SECTIONS.length, true);
  for (const [i, [name]] of SECTIONS.entries()) {
    const column = named[name];
    view.setUint32(HEAD_BYTES + SECTION_ENTRY_BYTES * i, starts[i]!, true);
    view.setUint32(HEAD_BYTES + SECTION_ENTRY_BYTES * i + 4, column.length, true);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), starts[i]!);
  }
  view.setUint32(20, crc32(bytes, HEAD_BYTES, end), true);
  return bytes;
}

/**
 * Reads a compiled rule set; the columns are views on a copy of `bytes`. About 1 ms for 10 MB.
 *
 * @param path for messages
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeCompiled(bytes: Uint8Array, path: string): CompiledColumns {
  if (bytes.length < HEAD_BYTES || Buffer.from(bytes.buffer, bytes.byteOffset, 8).toString('latin1') !== MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: not a compiled rule set; publish the rules again`);
  }
  // A copy of its own begins at a multiple of eight, and stays when the map of a store goes.
  const own = new Uint8Array(bytes);
  const view = new DataView(own.buffer);
  const version = view.getUint32(8, true);
  const textVersion = view.getUint32(12, true);
  if (version !== RULES_FORMAT_VERSION || textVersion !== TEXT_VERSION) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: rules of format version ${version} and text version ${textVersion}, this build reads ${RULES_FORMAT_VERSION} and ${TEXT_VERSION}; publish the rules again`,
    );
  }
  const length = view.getUint32(16, true);
  if (length !== own.length) throw corrupt(path, 16, `${length} bytes`, own.length);
  if (view.getUint32(24, true) !== SECTIONS.length)
    throw corrupt(path, 24, `${SECTIONS.length} sections`, view.getUint32(24, true));
  const checksum = view.getUint32(20, true);
  const found = crc32(own, HEAD_BYTES, own.length);
  if (checksum !== found) throw corrupt(path, 20, `checksum ${checksum}`, found);
  const columns = {} as Record<SectionName, Column>;
  for (const [i, [name, width]] of SECTIONS.entries()) {
    const start = view.getUint32(HEAD_BYTES + SECTION_ENTRY_BYTES * i, true);
    const count = view.getUint32(HEAD_BYTES + SECTION_ENTRY_BYTES * i + 4, true);
    if (start % 8 !== 0 || start + count * width > own.length)
      throw corrupt(path, start, `a section "${name}" within`, count);
    columns[name] =
      width === 1
        ? new Uint8Array(own.buffer, start, count)
        : width === 2
          ? new Uint16Array(own.buffer, start, count)
          : new Int32Array(own.buffer, start, count);
  }
  const { termOffsets, termUnits, termPlaces, ...others } = columns as Record<SectionName, never>;
  return {
    ...(others as Omit<CompiledColumns, 'terms'>),
    terms: { offsets: termOffsets, units: termUnits, places: termPlaces },
  };
}

/** The JSON text of rule `index`. */
export function ruleText(columns: CompiledColumns, index: number): string {
  return decodeUtf8(columns.rules, columns.ruleStarts[index]!, columns.ruleStarts[index + 1]!);
}

function aligned(offset: number): number {
  return (offset + 7) & ~7;
}
