/**
 * One large byte string in an LMDB environment of its own, that every process of the machine reads from the same physical
 * memory: a view on the memory map of the environment, without a copy (`map-view.ts`).
 *
 * The environment is written once, under another name, and renamed into its place; nothing ever writes to it again, so that
 * no view ever changes. Touching a view after its environment was closed ends the process: hence there is no `close` here.
 * This module owns the map; views hold on to one `ArrayBuffer`, and once the garbage collector has found that nothing refers
 * to it, nobody can touch it any more, and the environment is closed.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from '../bytes/checksum.ts';
import { StoreError } from '../errors.ts';
import { closeEnvironment, type Environment, hasEnvironment, openEnvironment } from './environment.ts';
import { viewOnMap } from './map-view.ts';
import { payloadOf, sealed } from './sealed.ts';

/**
 * ```
 * key   value
 * 00    CRC-32 u32 | "EMENDSHB" | version u32 | bytes f64 | CRC-32 of the bytes u32
 * 01    the bytes, then zeros up to PADDED_BYTES
 * ```
 */
const MAGIC = 'EMENDSHB';
const FORMAT_VERSION = 2;
const HEAD_KEY = Uint8Array.of(0);
const BLOB_KEY = Uint8Array.of(1);
const HEAD_BYTES = 24;
/** A value of a page or more gets pages of its own, so that it begins at a multiple of 8 bytes; and there is always one. */
const PADDED_BYTES = 4096;
/** LMDB keeps a value's length in 32 bits, and lmdb-js some of them with a sign. */
const MAX_BYTES = 2 ** 31 - 2 ** 20;

/** So often it is tried to open what others remove meanwhile. */
const ATTEMPTS = 5;

/** Bytes shared between processes. */
export interface SharedBytes {
  /** Never write to them: where they are a view on the map, the process would be ended. */
  readonly bytes: Uint8Array;
  /**
   * True when `bytes` are a view on the map, as on every version of Node that Emend runs on with the `lmdb` of
   * package.json. False when lmdb-js could give a copy only: the same bytes, but memory of this process alone.
   */
  readonly isShared: boolean;
}

/** How bytes are shared. */
export interface ShareOptions {
  /**
   * Whether the folder is removed once this process has no use for the bytes any more, unless another one reads them. Not at
   * the end of the process: the next one finds them. Default false.
   */
  readonly removeWhenLeft?: boolean;
}

/** A map of this process, and those who use it. */
interface Mapped {
  readonly folder: string;
  readonly environment: Environment;
  readonly checksum: number;
  /** Of the bytes in their buffer. */
  readonly start: number;
  readonly length: number;
  removeWhenLeft: boolean;
  buffer: WeakRef<ArrayBufferLike>;
  shared: WeakRef<SharedBytes>;
}

/** What this process has mapped, by folder: the one piece of state that belongs to the process, as maps do. */
const mapped = new Map<string, Mapped>();

const unused = new FinalizationRegistry<Mapped>((map) => {
  // Meanwhile it may have been asked for again, or closed after an earlier buffer of the same map.
  if (mapped.get(map.folder) !== map || map.buffer.deref() !== undefined) return;
  mapped.delete(map.folder);
  const isLast = map.removeWhenLeft && hasNoOtherReader(map.environment);
  closeEnvironment(map.environment);
  if (isLast) removeFolder(map.folder);
});

/**
 * Opens the bytes in `folder`, putting those that `read` gives there when there are none. Of several processes that do so
 * at once, one wins and all open what it wrote: name the folder by a digest of what it holds.
 *
 * The first call writes the bytes once (about 1 GB/s to memory, slower to a disk); others take about a millisecond.
 *
 * @throws {StoreError} `STORE_INPUT` for more than 2 GiB less 1 MiB; else as `openShared`
 */
export function shareBytes(folder: string, read: () => Uint8Array, options: ShareOptions = {}): SharedBytes {
  for (let attempt = 1; ; attempt++) {
    if (!mapped.has(folder) && !hasEnvironment(folder)) writeShared(folder, read());
    try {
      return openShared(folder, options);
    } catch (error) {
      // Perhaps removed while it was being opened, by a process that had no more use for it.
      const { code } = error as StoreError;
      if (attempt === ATTEMPTS || (code !== 'STORE_NOT_FOUND' && code !== 'STORE_IO')) throw error;
    }
  }
}

/**
 * Opens the bytes that `shareBytes` put into `folder`. Checks lengths and the pages that lead to the bytes, not the bytes
 * themselves: `verifyShared` does. The map stays for as long as anything refers to the bytes or a part of them.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function openShared(folder: string, options: ShareOptions = {}): SharedBytes {
  return openWithChecksum(folder, options).shared;
}

/**
 * Reads all of the bytes and checks them against their checksum. About 3 GB/s.
 *
 * @throws {StoreError} as `openShared`
 */
export function verifyShared(folder: string): void {
  const { shared, checksum } = openWithChecksum(folder, {});
  if (crc32(shared.bytes) !== checksum) {
    throw new StoreError('STORE_CORRUPT', `${folder}: the shared bytes do not match their checksum; remove the folder`);
  }
}

function openWithChecksum(folder: string, options: ShareOptions): { shared: SharedBytes; checksum: number } {
  const known = mapped.get(folder);
  if (known !== undefined) {
    if (options.removeWhenLeft === true) known.removeWhenLeft = true;
    return { shared: known.shared.deref() ?? mapAgain(known), checksum: known.checksum };
  }
  const environment = openEnvironment(folder, { readOnly: true });
  let isKept = false;
  try {
    const { length, checksum } = readHead(folder, environment);
    const shared = mapBytes(folder, environment, length);
    // A copy needs no map.
    isKept = shared.isShared;
    if (isKept) {
      const { byteOffset: start } = shared.bytes;
      const removeWhenLeft = options.removeWhenLeft === true;
      keep({ folder, environment, checksum, start, length, removeWhenLeft }, shared);
    }
    return { shared, checksum };
  } finally {
    if (!isKept) closeEnvironment(environment);
  }
}

function keep(map: Omit<Mapped, 'buffer' | 'shared'>, shared: SharedBytes): void {
  const { buffer } = shared.bytes;
  const kept: Mapped = { ...map, buffer: new WeakRef(buffer), shared: new WeakRef(shared) };
  mapped.set(map.folder, kept);
  unused.register(buffer, kept);
}

/** The bytes of a map when everyone has forgotten all of them, or all but a part. */
function mapAgain(map: Mapped): SharedBytes {
  const buffer = map.buffer.deref();
  if (buffer !== undefined) {
    const again: SharedBytes = { bytes: new Uint8Array(buffer, map.start, map.length), isShared: true };
    map.shared = new WeakRef(again);
    return again;
  }
  const shared = mapBytes(map.folder, map.environment, map.length);
  map.buffer = new WeakRef(shared.bytes.buffer);
  map.shared = new WeakRef(shared);
  unused.register(shared.bytes.buffer, map);
  return shared;
}

function hasNoOtherReader(environment: Environment): boolean {
  environment.readerCheck();
  const pids = environment.readerList().match(/^ *\d+ /gm) ?? [];
  return pids.every((pid) => Number(pid) === process.pid);
}

/** Under another name first: nobody may find half of it. */
function removeFolder(folder: string): void {
  const temporary = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    renameSync(folder, temporary);
    rmSync(temporary, { recursive: true, force: true });
  } catch {
    // Somebody else has removed it, or it may not be: it is removed when it is old.
  }
}

function mapBytes(folder: string, environment: Environment, length: number): SharedBytes {
  const valueBytes = Math.max(length, PADDED_BYTES);
  const view = viewOnMap(environment, BLOB_KEY, valueBytes);
  const value = view ?? environment.getBinary(BLOB_KEY);
  if (value?.length !== valueBytes) {
    throw new StoreError(
      'STORE_CORRUPT',
      `${folder}: expected ${length} shared bytes, found ${value?.length ?? 'none'}; remove the folder`,
    );
  }
  return { bytes: new Uint8Array(value.buffer, value.byteOffset, length), isShared: view !== undefined };
}

function readHead(folder: string, environment: Environment): { length: number; checksum: number } {
  const value = environment.getBinaryFast(HEAD_KEY);
  const raw = value === undefined ? Buffer.alloc(0) : Buffer.from(value.buffer, value.byteOffset, value.length);
  if (raw.toString('latin1', 4, 12) !== MAGIC) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${folder}: an LMDB environment, but not of shared bytes; name another folder`,
    );
  }
  const version = raw.readUInt32LE(12);
  if (version !== FORMAT_VERSION) {
    const text = `${folder}: format version ${version}, this build reads ${FORMAT_VERSION}; remove the folder`;
    throw new StoreError('STORE_VERSION', text);
  }
  const head = payloadOf(HEAD_KEY, raw, folder);
  return { length: head.readDoubleLE(12), checksum: head.readUInt32LE(20) };
}

function writeShared(folder: string, bytes: Uint8Array): void {
  if (bytes.length > MAX_BYTES) {
    throw new StoreError('STORE_INPUT', `${folder}: ${bytes.length} bytes to share; at most ${MAX_BYTES}`);
  }
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    fill(temporary, bytes);
    // What an opening leaves there when it comes as the folder is removed: an empty folder, a lock file.
    if (existsSync(folder) && !hasEnvironment(folder)) removeFolder(folder);
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process was faster: what it wrote is the same.
    if (!existsSync(folder)) throw error;
  }
}

function fill(folder: string, bytes: Uint8Array): void {
  const padded = Buffer.alloc(Math.max(bytes.length, PADDED_BYTES));
  padded.set(bytes);
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(FORMAT_VERSION, 8);
  head.writeDoubleLE(bytes.length, 12);
  head.writeUInt32LE(crc32(bytes), 20);
  const mapBytes = Math.ceil((padded.length + 2 ** 20) / 4096) * 4096;
  const environment = openEnvironment(folder, { readOnly: false, mapBytes });
  try {
    environment.transactionSync(() => {
      environment.putSync(HEAD_KEY, sealed(HEAD_KEY, head));
      environment.putSync(BLOB_KEY, padded);
    });
  } finally {
    closeEnvironment(environment);
  }
}
