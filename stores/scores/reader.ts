/**
 * Reads a score table (format.ts), which lies in memory whole.
 *
 * Hot path: `find` hashes the key and reads three slots, none waiting for another; it allocates nothing.
 */
import { readFileSync } from 'node:fs';
import { crc32 } from '../bytes/checksum.ts';
import { corrupt, StoreError, unreadable } from '../errors.ts';
import { FusePartitions, FuseProbe } from '../filters/fuse-layout.ts';
import { KeyHash } from '../filters/hash.ts';
import { type Cursor, type KeyBatch, MISS, type Store, type StoreKind, type StoreMemory } from '../store.ts';
import { decodeScoresHeader, FINGERPRINT_BYTES, SCORES_HEADER_BYTES, type ScoresHeader } from './format.ts';

/**
 * Opens the score table at `path`, checking all of it.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function openScores(path: string): ScoreTable {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'opening a score table', cause);
  }
  return openScoresBytes(bytes, path);
}

/** Opens a score table that lies in memory. The bytes must not change while it is open. Throws as `openScores`. */
export function openScoresBytes(bytes: Uint8Array, path: string): ScoreTable {
  const header = decodeScoresHeader(bytes, path);
  const table = bytes.subarray(SCORES_HEADER_BYTES);
  if (crc32(table) !== header.tableChecksum)
    throw corrupt(path, SCORES_HEADER_BYTES, 'the checksum of the table', 'another');
  const partitions = FusePartitions.open(table);
  const slotBytes = FINGERPRINT_BYTES + header.valueBytes;
  if (
    partitions === undefined ||
    FusePartitions.headBytes(partitions.count) + partitions.slotCount * slotBytes !== table.length
  ) {
    throw corrupt(path, SCORES_HEADER_BYTES, 'a table as its head describes it', 'something else');
  }
  return new ScoreTable(path, header, partitions, table);
}

/**
 * Values by key, without the keys: what is absent is taken for present once in 65,536 times. There is nothing to walk, so
 * `cursor` throws.
 */
export class ScoreTable implements Store {
  readonly storeKind: StoreKind = 'scores';
  readonly valueKind = 'uint';
  readonly path: string;
  readonly keyCount: number;
  readonly #header: ScoresHeader;
  readonly #hash: KeyHash;
  readonly #probe: FuseProbe;
  readonly #slotBytes: number;
  readonly #byteLength: number;
  #table: Uint8Array;
  #slots: Uint8Array;
  #closed: boolean;

  /** Of `openScoresBytes`, which checked that all fits together. */
  constructor(path: string, header: ScoresHeader, partitions: FusePartitions, table: Uint8Array) {
    this.path = path;
    this.keyCount = header.keyCount;
    this.#header = header;
    this.#hash = new KeyHash();
    this.#probe = new FuseProbe(partitions);
    this.#slotBytes = FINGERPRINT_BYTES + header.valueBytes;
    this.#byteLength = table.length + partitions.byteLength;
    this.#table = table;
    this.#slots = table.subarray(FusePartitions.headBytes(partitions.count));
    this.#closed = false;
  }

  find(key: Uint8Array, start: number, end: number): number {
    if (this.#closed) throw this.#closedError();
    if (this.keyCount === 0) return MISS;
    this.#hash.update(key, start, end);
    const probe = this.#probe;
    probe.locate(this.#hash.hi, this.#hash.lo);
    const slots = this.#slots;
    const slotBytes = this.#slotBytes;
    const at0 = probe.at0 * slotBytes;
    const at1 = probe.at1 * slotBytes;
    const at2 = probe.at2 * slotBytes;
    const low = slots[at0]! ^ slots[at1]! ^ slots[at2]!;
    const high = slots[at0 + 1]! ^ slots[at1 + 1]! ^ slots[at2 + 1]!;
    if (((high << 8) | low) !== probe.fingerprint >>> 16) return MISS;
    let value = slots[at0 + 2]! ^ slots[at1 + 2]! ^ slots[at2 + 2]!;
    for (let i = 3, scale = 0x100; i < slotBytes; i++, scale *= 0x100) {
      value += (slots[at0 + i]! ^ slots[at1 + i]! ^ slots[at2 + i]!) * scale;
    }
    return value;
  }

  findBytes(): boolean {
    throw new StoreError('STORE_VALUE_KIND', `${this.path}: asked for a byte string, holds integers`);
  }

  findMany(keys: KeyBatch, values: Float64Array): undefined {
    if (this.#closed) throw this.#closedError();
    for (let i = 0; i < keys.count; i++) {
      values[i] = this.find(keys.bytes, keys.offsets[i]!, keys.offsets[i + 1]!);
    }
  }

  /** @throws {StoreError} `STORE_INPUT` always: a score table does not know its keys */
  cursor(): Cursor {
    if (this.#closed) throw this.#closedError();
    throw new StoreError(
      'STORE_INPUT',
      `${this.path}: a score table keeps no keys to walk; keep the source it was made of`,
    );
  }

  memory(): StoreMemory {
    return { pinnedBytes: this.#closed ? 0 : this.#byteLength, cachedBytes: 0 };
  }

  verify(): void {
    if (this.#closed) throw this.#closedError();
    if (crc32(this.#table) !== this.#header.tableChecksum) {
      throw corrupt(this.path, SCORES_HEADER_BYTES, 'the checksum of the table', 'another');
    }
  }

  close(): void {
    this.#closed = true;
    this.#table = EMPTY;
    this.#slots = EMPTY;
  }

  #closedError(): StoreError {
    return new StoreError('STORE_CLOSED', `${this.path}: used after close(); open the file again`);
  }
}

const EMPTY = new Uint8Array(0);
