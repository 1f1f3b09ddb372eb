/**
 * Walks the pages of an LMDB data file before LMDB maps it.
 *
 * LMDB has no checksums and follows page numbers and offsets as it finds them: a file that is foreign, cut or damaged
 * kills the process (SIGSEGV, SIGBUS) rather than giving an error. This reads the file as bytes and checks what LMDB would
 * follow. Layout, little-endian, of LMDB's data version 2 (`lmdb.h`, `mdb.c`: MDB_page, MDB_meta, MDB_db, MDB_node):
 *
 * ```
 * page  0 pgno u64 | 8 txn u64 | 16 pad u16 | 18 flags u16 | 20 lower u16, 22 upper u16 (or overflow pages u32) | 24 ...
 * meta  24 magic u32 | 28 version u32 | 32 address | 40 map size | 48 db free (48 bytes) | 96 db main | 144 last page | 152 txn
 * db    0 pad u32 (free: page size) | 4 flags u16 | 6 depth u16 | 8 branches | 16 leaves | 24 overflow | 32 entries | 40 root
 *       (lower, upper and the nodes' offsets, u16 each from 24 on, count from byte 24)
 * node  0 lo u16 | 2 hi u16 | 4 flags u16 | 6 key bytes u16 | 8 key, then data (or the first overflow page, u64; of a named
 *       database a db of 48 bytes)
 * ```
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { corrupt, StoreError } from '../errors.ts';

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const PAGE_HEADER = 24;
const META_BYTES = 160;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const META = 8;
const BIG_DATA = 1;
const NAMED_DATABASE = 2;
const DATABASE_BYTES = 48;
const INTEGER_KEYS = 8;
const NO_SUBDIR = 0x4000;
/** 2^64 - 1 as `#number` reads it. */
const NO_PAGE = 2 ** 64;
/** About a tenth of a millisecond. */
const STEP_PAGES = 32;
/** While another process commits twice, pages under our feet may be used anew: look again. */
const ATTEMPTS = 5;

/**
 * Checks the file's meta pages and every branch, leaf and first overflow page that the newest of them leads to, reading
 * those alone: about 2 us a page, so milliseconds for a collection of some megabytes.
 *
 * @throws {StoreError} `STORE_FOREIGN` (no LMDB file), `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function checkPages(path: string): void {
  const steps = checkPagesInSteps(path);
  while (steps.next().done !== true);
}

/** As `checkPages`, a step of `STEP_PAGES` pages at a time. */
export function* checkPagesInSteps(path: string): Generator<void> {
  let before = '';
  for (let attempt = 1; ; attempt++) {
    const file = new DataFile(path);
    try {
      yield* file.check();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || file.transactions === before) throw error;
      before = file.transactions;
    } finally {
      file.close();
    }
  }
}

/**
 * The transaction that the newer of the two meta pages is of, whatever else the file holds; -1 where they are not of two that
 * follow each other. About 10 us.
 */
export function lastTransaction(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return -1;
  }
  try {
    const head = Buffer.alloc(META_BYTES);
    const read = (at: number): number =>
      readSync(descriptor, head, 0, META_BYTES, at) === META_BYTES && head.readUInt32LE(24) === MAGIC
        ? head.readUInt32LE(152) + head.readUInt32LE(156) * 2 ** 32
        : -1;
    const first = read(0);
    const second = first === -1 ? -1 : read(head.readUInt32LE(48));
    return areTurns(first, second) && second !== -1 ? Math.max(first, second) : -1;
  } finally {
    closeSync(descriptor);
  }
}

class DataFile {
  /** Which transactions the meta pages are of, once they were read: when it moved, a writer was at work. */
  transactions = 'unread';
  readonly #path: string;
  readonly #descriptor: number;
  readonly #fileBytes: number;
  #pageBytes = 4096;
  #pageCount = 0;
  #seen = new Uint8Array(0);
  #integerKeys = false;
  #visited = 0;
  /** Named databases found on the way, whose trees are still to be walked. */
  readonly #named: { readonly page: Page; readonly offset: number }[] = [];

  constructor(path: string) {
    this.#path = path;
    try {
      this.#descriptor = openSync(path, 'r');
    } catch (cause) {
      throw new StoreError('STORE_IO', `${path}: opening it: ${(cause as Error).message}`, { cause });
    }
    this.#fileBytes = fstatSync(this.#descriptor).size;
  }

  *check(): Generator<void> {
    const meta = this.#newestMeta();
    yield* this.#checkTree(meta, 48, 'free list');
    yield* this.#checkTree(meta, 96, 'records');
    for (const { page, offset } of this.#named) {
      this.#checkDatabase(page, offset, 0);
      yield* this.#checkTree(page, offset, 'a named database');
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #newestMeta(): Page {
    if (this.#fileBytes < META_BYTES) throw this.#foreign();
    const head = this.#read(0);
    if (head.bytes.readUInt32LE(24) !== MAGIC) throw this.#foreign();
    this.#checkVersion(head);
    const pageBytes = head.bytes.readUInt32LE(48);
    if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) {
      throw this.#damaged(48, 'a page size that is a power of two', pageBytes);
    }
    if (this.#fileBytes < 2 * pageBytes) throw this.#damaged(this.#fileBytes, 'two meta pages', 'the end');
    this.#pageBytes = pageBytes;
    this.#pageCount = Math.floor(this.#fileBytes / pageBytes);
    this.#seen = new Uint8Array(this.#pageCount);
    const first = this.#checkMeta(0);
    const second = this.#checkMeta(1);
    this.transactions = `${first.number(152)}, ${second.number(152)}`;
    this.#checkTurns(first, second);
    return second.number(152) > first.number(152) ? second : first;
  }

  /** Transactions write the two metas in turns, so that a number that was damaged does not bring an old state back. */
  #checkTurns(first: Page, second: Page): void {
    const [a, b] = [first.number(152), second.number(152)];
    if (!areTurns(a, b)) {
      throw this.#damaged(first.at + 152, 'transactions that follow each other', `${a}, ${b}`);
    }
  }

  #checkVersion(page: Page): void {
    const version = page.bytes.readUInt32LE(28);
    if (version === DATA_VERSION) return;
    throw new StoreError(
      'STORE_VERSION',
      `${this.#path}: LMDB data version ${version}, this build reads ${DATA_VERSION}; remove the folder and import again`,
    );
  }

  #checkMeta(number: number): Page {
    const page = this.#read(number);
    const { bytes, at } = page;
    if (bytes.readUInt32LE(24) !== MAGIC) throw this.#damaged(at + 24, 'the magic of LMDB', 'other bytes');
    this.#checkVersion(page);
    const flags = bytes.readUInt16LE(18);
    if (page.number(0) !== number || (flags & META) === 0) {
      throw this.#damaged(at, `meta page ${number}`, `flags ${flags}`);
    }
    const size = bytes.readUInt32LE(48);
    if (size !== this.#pageBytes) throw this.#damaged(at + 48, `page size ${this.#pageBytes}`, size);
    const last = page.number(144);
    if (last < 1 || last >= this.#pageCount) {
      throw this.#damaged(at + 144, `a last page below the file's ${this.#pageCount} pages`, last);
    }
    const mapBytes = page.number(40);
    if (mapBytes % 4096 !== 0 || mapBytes > 2 ** 46) throw this.#damaged(at + 40, 'a map size', mapBytes);
    this.#checkDatabase(page, 48, INTEGER_KEYS);
    this.#checkDatabase(page, 96, 0);
    return page;
  }

  /** A database's descriptor: the flags we write it with, a depth that LMDB's cursor stack holds, a root that fits it. */
  #checkDatabase(meta: Page, offset: number, expectedFlags: number): void {
    const flags = meta.bytes.readUInt16LE(offset + 4);
    // The free list's also keep how the environment was opened: as a file, not a folder.
    if (flags !== expectedFlags && flags !== (expectedFlags | (expectedFlags & INTEGER_KEYS && NO_SUBDIR)))
      throw this.#damaged(meta.at + offset + 4, `database flags ${expectedFlags}`, flags);
    const keyBytes = expectedFlags === 0 ? meta.bytes.readUInt32LE(offset) : 0;
    if (keyBytes !== 0) throw this.#damaged(meta.at + offset, 'no key size', keyBytes);
    const depth = meta.bytes.readUInt16LE(offset + 6);
    if (depth > 32 || (depth === 0) !== (meta.number(offset + 40) === NO_PAGE)) {
      throw this.#damaged(meta.at + offset + 6, 'a depth that fits the root', depth);
    }
  }

  *#checkTree(meta: Page, offset: number, name: string): Generator<void> {
    const depth = meta.bytes.readUInt16LE(offset + 6);
    if (depth === 0) return;
    this.#integerKeys = (meta.bytes.readUInt16LE(offset + 4) & INTEGER_KEYS) !== 0;
    const counts = { branches: 0, leaves: 0, overflow: 0, entries: 0 };
    yield* this.#checkPage(meta.number(offset + 40), depth, meta.at + offset + 40, counts);
    const expected = [8, 16, 24, 32].map((field) => meta.number(offset + field)).join(', ');
    const found = [counts.branches, counts.leaves, counts.overflow, counts.entries].join(', ');
    if (expected !== found) {
      const what = `branch, leaf, overflow pages and entries of the ${name} ${expected}`;
      throw this.#damaged(meta.at + offset + 8, what, found);
    }
  }

  *#checkPage(number: number, depth: number, from: number, counts: Counts): Generator<void> {
    const page = this.#enter(number, from);
    if (++this.#visited % STEP_PAGES === 0) yield;
    const { bytes, at } = page;
    const flags = bytes.readUInt16LE(18);
    if (flags !== (depth > 1 ? BRANCH : LEAF)) throw this.#damaged(at + 18, depth > 1 ? 'a branch' : 'a leaf', flags);
    const lower = bytes.readUInt16LE(20);
    const upper = bytes.readUInt16LE(22);
    if (lower > upper || upper > this.#pageBytes - PAGE_HEADER || (lower & 1) !== 0) {
      throw this.#damaged(at + 20, 'bounds of free space within the page', `${lower}, ${upper}`);
    }
    const count = lower >> 1;
    if (count < (depth > 1 ? 2 : 1)) throw this.#damaged(at + 20, 'nodes on the page', count);
    if (depth > 1) counts.branches++;
    else {
      counts.leaves++;
      counts.entries += count;
    }
    let previous: Buffer | undefined;
    for (let i = 0; i < count; i++) {
      const node = PAGE_HEADER + bytes.readUInt16LE(PAGE_HEADER + 2 * i);
      if (node < PAGE_HEADER + upper || node + 8 > this.#pageBytes) {
        throw this.#damaged(at + PAGE_HEADER + 2 * i, 'a node within its page', node);
      }
      const key = this.#checkNode(page, node, depth, counts);
      if (depth > 1) yield* this.#checkPage(childOf(page, node), depth - 1, at + node, counts);
      // A branch's first key stands for "anything less".
      if (previous !== undefined && (i > 1 || depth === 1) && this.#compareKeys(previous, key) >= 0) {
        throw this.#damaged(
          at + node,
          'a key above the one before',
          JSON.stringify(key.toString('latin1').slice(0, 40)),
        );
      }
      previous = key;
    }
  }

  /** The free list's keys are transactions, 8 bytes each; all others byte strings. */
  #compareKeys(a: Buffer, b: Buffer): number {
    if (!this.#integerKeys) return Buffer.compare(a, b);
    return a.length === 8 && b.length === 8 ? Number(a.readBigUInt64LE() - b.readBigUInt64LE()) : 0;
  }

  #checkNode(page: Page, node: number, depth: number, counts: Counts): Buffer {
    const { bytes, at, number } = page;
    const low = bytes.readUInt16LE(node) + bytes.readUInt16LE(node + 2) * 65_536;
    const flags = bytes.readUInt16LE(node + 4);
    const keyBytes = bytes.readUInt16LE(node + 6);
    const data = node + 8 + keyBytes;
    if (data > this.#pageBytes) throw this.#damaged(at + node + 6, 'a key within its page', keyBytes);
    if (depth > 1) return bytes.subarray(node + 8, data);
    if (flags === BIG_DATA) {
      if (data + 8 > this.#pageBytes) throw this.#damaged(at + node, 'a page number within the page', data);
      this.#checkOverflow(number(data), low, at + data, counts);
    } else if (flags === NAMED_DATABASE && low === DATABASE_BYTES && data + low <= this.#pageBytes) {
      this.#named.push({ page, offset: data });
    } else if (flags !== 0 || data + low > this.#pageBytes) {
      throw this.#damaged(at + node, 'a value within its page', `flags ${flags}, ${low} bytes`);
    }
    return bytes.subarray(node + 8, data);
  }

  #checkOverflow(number: number, valueBytes: number, from: number, counts: Counts): void {
    const { bytes, at } = this.#enter(number, from);
    const pages = bytes.readUInt32LE(20);
    if (bytes.readUInt16LE(18) !== OVERFLOW || valueBytes + PAGE_HEADER > pages * this.#pageBytes) {
      throw this.#damaged(at + 18, `overflow pages for ${valueBytes} bytes`, pages);
    }
    for (let i = 1; i < pages; i++) this.#claim(number + i, at + 20);
    counts.overflow += pages;
  }

  /** Reads a page that nothing led to before. */
  #enter(number: number, from: number): Page {
    this.#claim(number, from);
    const page = this.#read(number);
    if (page.number(0) !== number) throw this.#damaged(page.at, `page ${number}`, page.number(0));
    return page;
  }

  #claim(number: number, from: number): void {
    if (number < 2 || number >= this.#pageCount || this.#seen[number] !== 0) {
      throw this.#damaged(from, `a page of the file's ${this.#pageCount} that nothing else leads to`, number);
    }
    this.#seen[number] = 1;
  }

  #read(number: number): Page {
    const at = number * this.#pageBytes;
    const bytes = Buffer.alloc(this.#pageBytes);
    readSync(this.#descriptor, bytes, 0, this.#pageBytes, at);
    return {
      at,
      bytes,
      // Exact below 2^53; larger ones are page numbers that no file has.
      number: (offset) => bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32,
    };
  }

  #foreign(): StoreError {
    return new StoreError('STORE_FOREIGN', `${this.#path}: not an LMDB data file; name another folder`);
  }

  #damaged(offset: number, expected: string, found: string | number): StoreError {
    return corrupt(this.#path, offset, expected, found);
  }
}

/** Whether the meta pages may be of those transactions: they are written in turns, the even ones to the first. */
function areTurns(first: number, second: number): boolean {
  return (first === 0 && second === 0) || (Math.abs(first - second) === 1 && first % 2 === 0);
}

/** The page that a branch's node leads to. */
function childOf({ bytes }: Page, node: number): number {
  const low = bytes.readUInt16LE(node) + bytes.readUInt16LE(node + 2) * 65_536;
  return low + bytes.readUInt16LE(node + 4) * 2 ** 32;
}

interface Page {
  /** Its offset in the file. */
  readonly at: number;
  readonly bytes: Buffer;
  /** The 64-bit number at an offset in the page. */
  number(offset: number): number;
}

interface Counts {
  branches: number;
  leaves: number;
  overflow: number;
  entries: number;
}
