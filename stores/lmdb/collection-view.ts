/** What all views of a collection share: its database as it is now, look-ups in it, walks through one generation. */
import { StoreError } from '../errors.ts';
import type { Database, WalkedRecord } from './database.ts';
import { type CollectionInfo, type CollectionKind, databaseName } from './format.ts';
import type { RecordKey } from './record-keys.ts';

/** What a view asks its collections for. */
export interface CollectionReader {
  readonly path: string;
  /** What the collection is now, or undefined when there is none. */
  info(name: string): CollectionInfo | undefined;
  /** An open database of the environment. */
  database(name: string): Database | undefined;
  /** While it and `file` are the same numbers, reads see the same state. */
  snapshot(): number;
  /** Counts the data files that were in force. @throws {StoreError} `STORE_CLOSED` */
  file(): number;
}

/** How many records a walk reads at a time: each read is one short transaction, so a walk holds nothing open. */
const BATCH = 256;

/** A collection as a view sees it. */
export class CollectionView {
  readonly name: string;
  readonly kind: CollectionKind;
  /** For messages. */
  readonly path: string;
  readonly #reader: CollectionReader;
  #database: Database | undefined;
  #info: CollectionInfo | undefined;
  /** The last snapshot in which the collection was looked at; -1 at first. And the file that its database is of. */
  #checked = -1;
  #file = 0;

  constructor(name: string, kind: CollectionKind, reader: CollectionReader) {
    this.name = name;
    this.kind = kind;
    this.path = `${reader.path}#${name}`;
    this.#reader = reader;
  }

  /** What the collection is now, which must be of the view's kind, or undefined when there is none. */
  info(): CollectionInfo | undefined {
    this.#refresh();
    return this.#info;
  }

  /**
   * The database, after the record was found in it; undefined for a miss. About 0.7 us.
   *
   * @throws {StoreError} `STORE_VALUE_KIND`, `STORE_CORRUPT`, `STORE_CLOSED`
   */
  find(key: RecordKey): Database | undefined {
    let database = this.#reader.file() === this.#file ? (this.#database ?? this.#refresh()) : this.#refresh();
    if (database === undefined) return undefined;
    let found = database.find(key);
    // The read may have been the first in a new snapshot, in which the collection may be another.
    if (this.#reader.snapshot() !== this.#checked) {
      database = this.#refresh();
      if (database === undefined) return undefined;
      found = database.find(key);
    }
    return found ? database : undefined;
  }

  /** Walks the records from `start` on, before `end`, in batches. */
  walk(start: Uint8Array, end: Uint8Array): Walk {
    return new Walk(this, start, end);
  }

  /** A batch of records, and the generation that they are of: 0 without a collection. */
  batch(start: Uint8Array, end: Uint8Array): { records: readonly WalkedRecord[]; generation: number } {
    // Both reads are of one snapshot: nothing but a turn of the event loop or a commit of this process comes between two.
    const database = this.#refresh();
    const generation = this.#info?.generation ?? 0;
    return { records: database?.range(start, end, BATCH) ?? [], generation };
  }

  /** The payload of a record of a batch; undefined for an entry that was removed. @throws {StoreError} `STORE_CORRUPT` */
  payloadOf(record: WalkedRecord): Buffer | undefined {
    return this.#database?.payloadOf(record);
  }

  checkOpen(): void {
    this.#reader.file();
  }

  #refresh(): Database | undefined {
    for (;;) {
      const file = this.#reader.file();
      const info = this.#reader.info(this.name);
      const snapshot = this.#reader.snapshot();
      if (info !== undefined && info.kind !== this.kind) {
        throw new StoreError(
          'STORE_VALUE_KIND',
          `${this.path}: asked as a ${this.kind}: the collection is now a ${info.kind}; ask for a new view`,
        );
      }
      const database = info === undefined ? undefined : this.#reader.database(databaseName(this.name, info));
      // Opening a database ends the snapshot: look again.
      if (this.#reader.snapshot() !== snapshot) continue;
      this.#info = info;
      this.#database = database;
      this.#file = file;
      this.#checked = snapshot;
      return database;
    }
  }
}

/** Goes through records in order, those of one generation. */
export class Walk {
  /** The current record: its key and payload. */
  key: Uint8Array = new Uint8Array(0);
  payload: Buffer = Buffer.alloc(0);
  readonly #view: CollectionView;
  readonly #end: Uint8Array;
  #start: Uint8Array;
  #records: readonly WalkedRecord[] = [];
  #position = 0;
  #isLast = false;
  /** Of the collection in the first batch; -1 before that. */
  #generation = -1;

  constructor(view: CollectionView, start: Uint8Array, end: Uint8Array) {
    this.#view = view;
    this.#start = start;
    this.#end = end;
  }

  /**
   * Moves to the next entry; false at the end.
   *
   * @throws {StoreError} `STORE_CHANGED` when the collection was changed since the first one
   */
  next(): boolean {
    this.#view.checkOpen();
    for (;;) {
      if (this.#position === this.#records.length && !this.#readBatch()) return false;
      const record = this.#records[this.#position++]!;
      const payload = this.#view.payloadOf(record);
      if (payload === undefined) continue;
      this.key = record.key;
      this.payload = payload;
      return true;
    }
  }

  #readBatch(): boolean {
    if (this.#isLast) return false;
    const { records, generation } = this.#view.batch(this.#start, this.#end);
    if (this.#generation < 0) this.#generation = generation;
    if (this.#generation !== generation) {
      throw new StoreError(
        'STORE_CHANGED',
        `${this.#view.path}: walking the entries of generation ${this.#generation}: the collection is now at ${generation}; begin again`,
      );
    }
    this.#records = records;
    this.#position = 0;
    this.#isLast = records.length < BATCH;
    const last = records[records.length - 1]?.key;
    if (last === undefined) return false;
    // The least key above the last one.
    this.#start = Buffer.concat([last, Uint8Array.of(0)]);
    return true;
  }
}
