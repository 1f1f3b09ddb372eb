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
 * node  0 lo u16 | 2 hi u16 | 4 flags u16 | 6 key bytes u16 | 8 key, then data (or the first overflow page, u64)
 * ```
 */
import { readFileSync } from 'node:fs';
import { corrupt, StoreError } from '../errors.ts';

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const PAGE_HEADER = 24;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const META = 8;
const BIG_DATA = 1;
const INTEGER_KEYS = 8;
/** 2^64 - 1 as `#number` reads it. */
const NO_PAGE = 2 ** 64;
/** While another process commits twice, pages under our feet may be used anew: look again. */
const ATTEMPTS = 5;

/**
 * Checks the file's meta pages and every page that the newest of them leads to. Reads the whole file.
 *
 * @throws {StoreError} `STORE_FOREIGN` (no LMDB file), `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function checkPages(path: string): void {
  let transaction = -1;
  for (let attempt = 1; ; attempt++) {
    const file = new DataFile(path);
    try {
      file.check();
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || file.transaction === transaction) throw error;
      transaction = file.transaction;
    }
  }
}

class DataFile {
  /** The newest transaction, once the meta pages were read. */
  transaction = -1;
  readonly #path: string;
  readonly #bytes: Buffer;
  #pageBytes = 0;
  #pageCount = 0;
  #seen = new Uint8Array(0);
  #integerKeys = false;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#bytes = readFileSync(path);
    } catch (cause) {
      throw new StoreError('STORE_IO', `${path}: reading it: ${(cause as Error).message}`, { cause });
    }
  }

  check(): void {
    // A file of no bytes is what LMDB leaves when it is stopped before its first commit; it begins anew.
    if (this.#bytes.length === 0) return;
    const meta = this.#newestMeta();
    this.#checkTree(meta + 48, 'free list');
    this.#checkTree(meta + 96, 'records');
  }

  #newestMeta(): number {
    if (this.#bytes.length < 160) throw this.#foreign();
    if (this.#bytes.readUInt32LE(24) !== MAGIC) throw this.#foreign();
    this.#checkVersion(0);
    const pageBytes = this.#bytes.readUInt32LE(48);
    if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) {
      throw this.#damaged(48, 'a page size that is a power of two', pageBytes);
    }
    if (this.#bytes.length < 2 * pageBytes) throw this.#damaged(this.#bytes.length, 'two meta pages', 'the end');
    this.#pageBytes = pageBytes;
    this.#pageCount = Math.floor(this.#bytes.length / pageBytes);
    this.#seen = new Uint8Array(this.#pageCount);
    this.#checkMeta(0);
    this.#checkMeta(1);
    const second = this.#number(pageBytes + 152) > this.#number(152);
    const meta = second ? pageBytes : 0;
    this.transaction = this.#number(meta + 152);
    return meta;
  }

  #checkVersion(page: number): void {
    const version = this.#bytes.readUInt32LE(page * this.#pageBytes + 28);
    if (version === DATA_VERSION) return;
    throw new StoreError(
      'STORE_VERSION',
      `${this.#path}: LMDB data version ${version}, this build reads ${DATA_VERSION}; remove the folder and import again`,
    );
  }

  #checkMeta(page: number): void {
    const at = page * this.#pageBytes;
    if (this.#bytes.readUInt32LE(at + 24) !== MAGIC) throw this.#damaged(at + 24, 'the magic of LMDB', 'other bytes');
    this.#checkVersion(page);
    const flags = this.#bytes.readUInt16LE(at + 18);
    if (this.#number(at) !== page || (flags & META) === 0)
      throw this.#damaged(at, `meta page ${page}`, `flags ${flags}`);
    const size = this.#bytes.readUInt32LE(at + 48);
    if (size !== this.#pageBytes) throw this.#damaged(at + 48, `page size ${this.#pageBytes}`, size);
    const last = this.#number(at + 144);
    if (last < 1 || last >= this.#pageCount) {
      throw this.#damaged(at + 144, `a last page below the file's ${this.#pageCount} pages`, last);
    }
    const mapBytes = this.#number(at + 40);
    if (mapBytes % 4096 !== 0 || mapBytes > 2 ** 46) throw this.#damaged(at + 40, 'a map size', mapBytes);
    this.#checkDatabase(at + 48, INTEGER_KEYS);
    this.#checkDatabase(at + 96, 0);
  }

  /** A database's descriptor: the flags we write it with, a depth that LMDB's cursor stack holds, a root in the file. */
  #checkDatabase(at: number, expectedFlags: number): void {
    const flags = this.#bytes.readUInt16LE(at + 4);
    if (flags !== expectedFlags) throw this.#damaged(at + 4, `database flags ${expectedFlags}`, flags);
    if (at % this.#pageBytes === 96 && this.#bytes.readUInt32LE(at) !== 0) {
      throw this.#damaged(at, 'no key size', this.#bytes.readUInt32LE(at));
    }
    const depth = this.#bytes.readUInt16LE(at + 6);
    const root = this.#number(at + 40);
    if (depth > 32 || (depth === 0) !== (root === NO_PAGE))
      throw this.#damaged(at + 6, 'a depth that fits the root', depth);
  }

  #checkTree(database: number, name: string): void {
    const depth = this.#bytes.readUInt16LE(database + 6);
    if (depth === 0) return;
    this.#integerKeys = this.#bytes.readUInt16LE(database + 4) === INTEGER_KEYS;
    const counts = { branches: 0, leaves: 0, overflow: 0, entries: 0 };
    this.#checkPage(this.#number(database + 40), depth, database + 40, counts);
    const expected = [8, 16, 24, 32].map((offset) => this.#number(database + offset)).join(', ');
    const found = [counts.branches, counts.leaves, counts.overflow, counts.entries].join(', ');
    if (expected !== found) {
      throw this.#damaged(database + 8, `branch, leaf, overflow pages and entries of the ${name} ${expected}`, found);
    }
  }

  #checkPage(page: number, depth: number, from: number, counts: Counts): void {
    const at = this.#enter(page, from);
    const flags = this.#bytes.readUInt16LE(at + 18);
    if (flags !== (depth > 1 ? BRANCH : LEAF)) throw this.#damaged(at + 18, depth > 1 ? 'a branch' : 'a leaf', flags);
    const lower = this.#bytes.readUInt16LE(at + 20);
    const upper = this.#bytes.readUInt16LE(at + 22);
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
      const node = at + PAGE_HEADER + this.#bytes.readUInt16LE(at + PAGE_HEADER + 2 * i);
      const key = this.#checkNode(node, at, upper, depth, counts);
      // A branch's first key stands for "anything less".
      if (previous !== undefined && (i > 1 || depth === 1) && this.#compareKeys(previous, key) >= 0) {
        throw this.#damaged(node, 'a key above the one before', JSON.stringify(key.toString('latin1').slice(0, 40)));
      }
      previous = key;
    }
  }

  /** The free list's keys are transactions, 8 bytes each; all others byte strings. */
  #compareKeys(a: Buffer, b: Buffer): number {
    if (!this.#integerKeys) return Buffer.compare(a, b);
    return a.length === 8 && b.length === 8 ? Number(a.readBigUInt64LE() - b.readBigUInt64LE()) : 0;
  }

  #checkNode(node: number, at: number, upper: number, depth: number, counts: Counts): Buffer {
    const end = at + this.#pageBytes;
    if (node < at + PAGE_HEADER + upper || node + 8 > end)
      throw this.#damaged(at + PAGE_HEADER, 'a node within its page', node - at);
    const low = this.#bytes.readUInt16LE(node) + this.#bytes.readUInt16LE(node + 2) * 65_536;
    const flags = this.#bytes.readUInt16LE(node + 4);
    const keyBytes = this.#bytes.readUInt16LE(node + 6);
    const data = node + 8 + keyBytes;
    if (data > end) throw this.#damaged(node + 6, 'a key within its page', keyBytes);
    const key = this.#bytes.subarray(node + 8, data);
    if (depth > 1) {
      this.#checkPage(low + flags * 2 ** 32, depth - 1, node, counts);
    } else if (flags === BIG_DATA) {
      if (data + 8 > end) throw this.#damaged(node, 'a page number within the page', data - at);
      const first = this.#enter(this.#number(data), data);
      const pages = this.#bytes.readUInt32LE(first + 20);
      if (this.#bytes.readUInt16LE(first + 18) !== OVERFLOW || low + PAGE_HEADER > pages * this.#pageBytes) {
        throw this.#damaged(first + 18, `overflow pages for ${low} bytes`, pages);
      }
      for (let i = 1; i < pages; i++) this.#claim(first / this.#pageBytes + i, first + 20);
      counts.overflow += pages;
    } else if (flags !== 0 || data + low > end) {
      throw this.#damaged(node, 'a value within its page', `flags ${flags}, ${low} bytes`);
    }
    return key;
  }

  /** Where a page begins that nothing led to before. */
  #enter(page: number, from: number): number {
    this.#claim(page, from);
    const at = page * this.#pageBytes;
    if (this.#number(at) !== page) throw this.#damaged(at, `page ${page}`, this.#number(at));
    return at;
  }

  #claim(page: number, from: number): void {
    if (page < 2 || page >= this.#pageCount || this.#seen[page] !== 0) {
      throw this.#damaged(from, `a page of the file's ${this.#pageCount} that nothing else leads to`, page);
    }
    this.#seen[page] = 1;
  }

  /** A 64-bit number, exact below 2^53; larger ones are page numbers that no file has. */
  #number(at: number): number {
    return this.#bytes.readUInt32LE(at) + this.#bytes.readUInt32LE(at + 4) * 2 ** 32;
  }

  #foreign(): StoreError {
    return new StoreError('STORE_FOREIGN', `${this.#path}: not an LMDB data file; name another folder`);
  }

  #damaged(offset: number, expected: string, found: string | number): StoreError {
    return corrupt(this.#path, offset, expected, found);
  }
}

interface Counts {
  branches: number;
  leaves: number;
  overflow: number;
  entries: number;
}
