/**
 * Rows of tables in a SQLite file: its table b-trees, read as https://www.sqlite.org/fileformat2.html describes them.
 *
 * ```
 * page   type (13 leaf, 5 interior), cells at 3, right child of an interior page at 8, then the offsets of the cells
 * cell   leaf: payload bytes, row id, payload, first overflow page if it is cut; interior: left child, key
 * record header bytes, a type for each column, the columns
 * ```
 *
 * What a write-ahead log beside the file holds is not seen.
 */
import type { SqlProblem, SqlRow, SqlTable } from './sql.ts';

const LEAF = 13;
const INTERIOR = 5;
/** Longest chain of overflow pages and deepest tree that are followed. */
const MAX_PAGES = 1 << 20;
const MAX_PAYLOAD = 1 << 26;

/** A row with its id. */
interface StoredRow {
  readonly id: number;
  readonly values: readonly (string | null)[];
}

/** Whether bytes begin as a SQLite file does. */
export function isSqlite(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 16)).toString('latin1') === 'SQLite format 3\0';
}

/** Reads the tables of these names; a damaged file gives the rows before the damage, and a problem. */
export function readSqlite(
  bytes: Uint8Array,
  names: readonly string[],
): { readonly tables: ReadonlyMap<string, SqlTable>; readonly problems: readonly SqlProblem[] } {
  const tables = new Map<string, SqlTable>(names.map((name) => [name, { rows: [] }]));
  const problems: SqlProblem[] = [];
  const file = new SqliteFile(bytes);
  for (const { values } of rowsOf(file, 1, 'the schema', problems)) {
    const [type, name, , root, sql] = values;
    const table = tables.get((name ?? '').toLowerCase());
    if (type !== 'table' || table === undefined) continue;
    const columns = columnsOf(sql ?? '');
    for (const { id, values: own } of rowsOf(file, Number(root), name ?? '', problems)) {
      const cells = columns.map(({ column, isRowId }, i) => [column, own[i] ?? (isRowId ? String(id) : null)] as const);
      table.rows.push({ row: Object.fromEntries(cells) satisfies SqlRow, line: 0 });
    }
  }
  return { tables, problems };
}

function rowsOf(file: SqliteFile, root: number, name: string, problems: SqlProblem[]): StoredRow[] {
  const rows: StoredRow[] = [];
  try {
    file.walk(root, rows, new Set());
  } catch (error) {
    problems.push({
      line: 0,
      message: `SQLite: ${name}: ${error instanceof Error ? error.message : error}; rows are missing`,
    });
  }
  return rows;
}

/** Column names of a CREATE TABLE, and which of them is the row's id. */
function columnsOf(sql: string): { readonly column: string; readonly isRowId: boolean }[] {
  const inner = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')')).replace(/\([^()]*\)/g, '');
  return inner
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^(?:constraint|primary|foreign|unique|check)\b/i.test(part))
    .map((part) => ({
      column: (/^["`[]?([^\s"`\]]+)/.exec(part)?.[1] ?? '').toLowerCase(),
      isRowId: /\binteger\s+primary\s+key\b/i.test(part),
    }));
}

class SqliteFile {
  readonly #bytes: Buffer;
  readonly #pageBytes: number;
  readonly #usable: number;
  readonly #encoding: BufferEncoding | 'utf16be';
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const size = this.#bytes.length < 100 ? 0 : this.#bytes.readUInt16BE(16);
    this.#pageBytes = size === 1 ? 65_536 : size;
    this.#usable = this.#pageBytes - (this.#bytes[20] ?? 0);
    const encoding = this.#bytes.length < 100 ? 1 : this.#bytes.readUInt32BE(56);
    this.#encoding = encoding === 2 ? 'utf16le' : encoding === 3 ? 'utf16be' : 'utf8';
  }

  /** Adds the rows of the tree under a page. @throws Error for a page that is none of a table */
  walk(page: number, rows: StoredRow[], seen: Set<number>): void {
    if (this.#usable < 480 || page < 1 || page * this.#pageBytes > this.#bytes.length)
      throw new Error(`no page ${page}`);
    if (seen.has(page) || seen.size > MAX_PAGES) throw new Error(`page ${page} stands twice`);
    seen.add(page);
    const base = (page - 1) * this.#pageBytes;
    const head = base + (page === 1 ? 100 : 0);
    const type = this.#bytes[head];
    if (type !== LEAF && type !== INTERIOR) throw new Error(`page ${page} is not of a table`);
    const first = head + (type === LEAF ? 8 : 12);
    const count = this.#bytes.readUInt16BE(head + 3);
    for (let i = 0; i < count; i++) {
      const cell = base + this.#bytes.readUInt16BE(first + 2 * i);
      if (type === INTERIOR) this.walk(this.#bytes.readUInt32BE(cell), rows, seen);
      else rows.push(this.#row(cell));
    }
    if (type === INTERIOR) this.walk(this.#bytes.readUInt32BE(head + 8), rows, seen);
  }

  #row(cell: number): StoredRow {
    this.#at = cell;
    const size = this.#varint(this.#bytes);
    const id = this.#varint(this.#bytes);
    if (size > MAX_PAYLOAD) throw new Error(`a row of ${size} bytes`);
    const payload = this.#payload(this.#at, size);
    this.#at = 0;
    const types: number[] = [];
    for (const end = this.#varint(payload); this.#at < end; ) types.push(this.#varint(payload));
    return { id, values: types.map((type) => this.#value(payload, type)) };
  }

  /** The bytes of a record, gathered from its overflow pages. */
  #payload(from: number, size: number): Buffer {
    const most = this.#usable - 35;
    if (size <= most) return this.#slice(from, size);
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitted = least + ((size - least) % (this.#usable - 4));
    const local = fitted <= most ? fitted : least;
    const pieces = [this.#slice(from, local)];
    let page = this.#bytes.readUInt32BE(from + local);
    for (let left = size - local; left > 0; ) {
      const base = (page - 1) * this.#pageBytes;
      const length = Math.min(left, this.#usable - 4);
      pieces.push(this.#slice(base + 4, length));
      page = this.#bytes.readUInt32BE(base);
      left -= length;
    }
    return Buffer.concat(pieces);
  }

  #value(payload: Buffer, type: number): string | null {
    const lengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
    const length = type >= 12 ? (type - 12) >>> 1 : (lengths[type] ?? 0);
    const from = this.#at;
    this.#at += length;
    if (this.#at > payload.length) throw new Error('a row that is cut');
    if (type === 0) return null;
    if (type === 8 || type === 9) return String(type - 8);
    if (type === 7) return String(payload.readDoubleBE(from));
    if (type < 7)
      return length <= 6 ? String(payload.readIntBE(from, length)) : payload.readBigInt64BE(from).toString();
    const text = payload.subarray(from, from + length);
    if (this.#encoding !== 'utf16be') return text.toString(this.#encoding);
    return Buffer.from(text.subarray(0, length & ~1))
      .swap16()
      .toString('utf16le');
  }

  #slice(from: number, length: number): Buffer {
    if (from < 0 || from + length > this.#bytes.length) throw new Error('a row outside of the file');
    return this.#bytes.subarray(from, from + length);
  }

  /** A number of up to nine bytes, seven bits in each, the highest first. */
  #varint(bytes: Buffer): number {
    let value = 0;
    for (let i = 0; i < 9; i++) {
      const byte = bytes[this.#at++];
      if (byte === undefined) throw new Error('a number that is cut');
      if (i === 8) return value * 256 + byte;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return value;
  }
}
