/**
 * Live collections: lists, sets and maps in one LMDB environment that one writer at a time changes in transactions, while
 * any number of processes read the one mapped copy. What a writer has committed, a reader sees without opening anything
 * anew.
 */
import { join } from 'node:path';
import { corrupt, StoreError } from '../errors.ts';
import type { Store } from '../store.ts';
import { CollectionStore } from './collection-store.ts';
import { type CollectionReader, CollectionView } from './collection-view.ts';
import { CollectionWriter, type WriterSource } from './collection-writer.ts';
import { type Database, databaseNamesIn, openDatabase } from './database.ts';
import { closeEnvironment, type Environment, onSnapshot, openEnvironment } from './environment.ts';
import {
  COLLECTIONS_FILE,
  type CollectionInfo,
  damaged,
  databaseName,
  decodeHead,
  decodeInfo,
  encodeHead,
  encodeTimestamp,
  HEAD_KEY,
  infoKey,
  LOCAL_DATABASE,
  nameOfInfoKey,
  timestampOf,
} from './format.ts';
import { type EntryChange, readLastChange } from './last-change.ts';
import { LiveList } from './live-list.ts';
import { LiveMap } from './live-map.ts';
import { LiveSet } from './live-set.ts';
import { writeMarker } from './marker.ts';
import { hasCollections, migrate, needsMigration } from './migrate.ts';
import { checkPagesInSteps } from './page-check.ts';
import type { SetMember } from './record-keys.ts';
import type { JsonValue } from './values.ts';
import { verifyInSteps } from './verify.ts';

/** Keys of all descriptions. */
const FIRST_INFO = Uint8Array.of(1);
const AFTER_INFOS = Uint8Array.of(2);

/**
 * Opens the collections in `folder`; with `readOnly` false makes the folder when there is none, and takes over what a
 * program of format version 1 has left there.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function openCollections(folder: string, options: { readonly readOnly: boolean }): Collections {
  if (options.readOnly && !hasCollections(folder)) {
    throw new StoreError(
      'STORE_NOT_FOUND',
      `${folder}: opening it: there are no collections in it; import something first`,
    );
  }
  if (needsMigration(folder)) {
    if (options.readOnly) {
      throw new StoreError(
        'STORE_VERSION',
        `${folder}: collections of format version 1, which a writer takes over when it opens them; run any command of "emend rules" where the folder may be written`,
      );
    }
    migrate(folder, (temporary) => new Collections(temporary, openFile(temporary, false), false));
  }
  return new Collections(folder, openFile(folder, options.readOnly), options.readOnly);
}

/**
 * Opens the collections in `folder` to be read, and verifies all of them, a step of less than a millisecond at a time: for
 * those who have something else to do meanwhile. Its value is what `openCollections` returns.
 *
 * @throws {StoreError} as `openCollections` and `verify`
 */
export function* openVerifiedInSteps(folder: string): Generator<void, Collections> {
  if (!hasCollections(folder) || needsMigration(folder)) return openCollections(folder, { readOnly: true });
  yield* checkPagesInSteps(join(folder, COLLECTIONS_FILE));
  const collections = new Collections(folder, openFile(folder, true, true), true);
  let isWhole = false;
  try {
    yield* collections.verifyInSteps();
    isWhole = true;
    return collections;
  } finally {
    if (!isWhole) collections.close();
  }
}

function openFile(folder: string, readOnly: boolean, pagesChecked = false): Environment {
  return openEnvironment(folder, { readOnly, file: COLLECTIONS_FILE, pagesChecked });
}

/** Open collections. Made by `openCollections`. */
export class Collections {
  readonly folder: string;
  readonly #environment: Environment;
  readonly #readOnly: boolean;
  readonly #databases = new Map<string, Database>();
  #open = true;
  /** Counts the states that reads may see: a new snapshot, or a change or its undoing by this process. */
  #snapshot = 0;
  /** Of the transaction under way: its timestamp, and the databases that go with it when it fails. */
  #timestamp: Buffer | undefined;
  #depth = 0;
  #opened: string[] = [];
  /** The generation whose databases are all open, and the snapshot in which that was seen. */
  #settledGeneration = -1;
  #settledSnapshot = -1;
  readonly #writer: CollectionWriter;
  readonly #onRead = (): void => {
    this.#snapshot++;
  };

  constructor(folder: string, environment: Environment, readOnly: boolean) {
    this.folder = folder;
    this.#environment = environment;
    this.#readOnly = readOnly;
    onSnapshot(environment, this.#onRead);
    this.#writer = new CollectionWriter(this.#writerSource());
    try {
      this.#checkHead();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Counts every change to any collection, across processes: 0 before the first. One look-up, about 0.5 us.
   *
   * Within one turn of the event loop all reads see the same state, unless `refresh` comes between.
   */
  generation(): number {
    const generation = this.#readGeneration();
    return this.#settle() ? this.#readGeneration() : generation;
  }

  /** Lets the next read see what was committed meanwhile, within the same turn of the event loop. */
  refresh(): void {
    this.#env().resetReadTxn();
  }

  /**
   * Runs `body` in one write transaction: what it reads is what its changes are made to, and all of them are committed
   * together, or none when it throws; a transaction within another is undone alone. Waits for a writer in another process.
   * `body` must not be asynchronous.
   *
   * @param doing what is done, for the message of an error
   * @throws {StoreError} `STORE_IO`; errors of `body` that have a code of their own as they are, others within a `STORE_IO`
   */
  transaction<T>(doing: string, body: () => T): T {
    const env = this.#env();
    const opened = this.#opened.length;
    this.#depth++;
    try {
      return env.transactionSync(body);
    } catch (cause) {
      // The handles of databases that it made are gone with it.
      for (const name of this.#opened.splice(opened)) this.#databases.delete(name);
      if (typeof (cause as { code?: unknown } | null)?.code === 'string') throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError('STORE_IO', `${this.folder}: ${doing}: ${reason}; check space and who may write`, { cause });
    } finally {
      if (--this.#depth === 0) {
        this.#timestamp = undefined;
        this.#opened = [];
      }
      // After a transaction that failed reads see again what was there before it.
      this.#snapshot++;
    }
  }

  /** Names of the collections, in byte order. */
  names(): string[] {
    this.generation();
    return this.#readNames();
  }
  /** What the collection is and how much it holds, or undefined when it was never written. */
  info(name: string): CollectionInfo | undefined {
    const info = this.#readInfo(name);
    return this.#settle() ? this.#readInfo(name) : info;
  }

  /** Changes of collections: see `CollectionWriter`. */
  get write(): CollectionWriter {
    this.#env();
    return this.#writer;
  }

  /**
   * What the collection's last change touched, as long as it can be undone: undefined afterwards, and for changes of some
   * 50,000 entries and more.
   */
  lastChange(name: string): readonly EntryChange[] | undefined {
    const info = this.info(name);
    const local = this.#local();
    const database = info === undefined ? undefined : this.#database(databaseName(name, info), false);
    if (info === undefined || local === undefined || database === undefined) return undefined;
    return readLastChange(info, local, database);
  }

  /** The list of that name, empty while there is none. What it gives is what the last commit left. */
  list<T extends JsonValue = JsonValue>(name: string): LiveList<T> {
    return new LiveList<T>(new CollectionView(name, 'list', this.#reader()));
  }

  /** The set of that name, empty while there is none. What it gives is what the last commit left. */
  set<T extends SetMember = SetMember>(name: string): LiveSet<T> {
    return new LiveSet<T>(new CollectionView(name, 'set', this.#reader()));
  }

  /** The map of that name, empty while there is none. What it gives is what the last commit left. */
  map<V extends JsonValue = JsonValue>(name: string): LiveMap<V> {
    return new LiveMap<V>(new CollectionView(name, 'map', this.#reader()));
  }

  /**
   * A view of the collection as a Store; what is looked up is what the last commit left. A set is a store without values,
   * a map one of byte strings: text as UTF-8, all else as JSON text. A list is none. When the collection is written anew
   * as another kind, look-ups throw `STORE_VALUE_KIND`. A cursor that goes on after the collection was changed throws
   * `STORE_CHANGED`: from one seek on it gives the entries of one generation. Keys of more than 510 bytes come after all
   * others.
   *
   * @throws {StoreError} `STORE_VALUE_KIND` for a list
   */
  store(name: string): Store {
    const kind = this.info(name)?.kind ?? 'set';
    return new CollectionStore(new CollectionView(name, kind, this.#reader()));
  }

  /**
   * Reads every record and checks it: checksums, counts, and that each belongs to a collection. About 2 us a record.
   *
   * @throws {StoreError} `STORE_CORRUPT`
   */
  verify(): void {
    const steps = this.verifyInSteps();
    while (steps.next().done !== true);
  }

  /** As `verify`, a step of some hundred records at a time; others may write meanwhile. */
  verifyInSteps(): Generator<void> {
    return verifyInSteps({
      path: this.folder,
      local: () => this.#local(),
      info: (name) => this.info(name),
      names: () => this.names(),
      database: (name) => this.#database(name, false),
      databaseNames: () => databaseNamesIn(this.#env()),
    });
  }

  /** Processes that read, slots for them, and bytes of the file, the map and the records: to be watched. */
  usage(): { readers: number; maxReaders: number; fileBytes: number; mapBytes: number } {
    const stats = this.#env().getStats() as Record<string, number>;
    const pageBytes = stats['pageSize'] ?? 0;
    return {
      readers: stats['numReaders'] ?? 0,
      maxReaders: stats['maxReaders'] ?? 0,
      fileBytes: ((stats['lastPageNumber'] ?? 0) + 1) * pageBytes,
      mapBytes: stats['mapSize'] ?? 0,
    };
  }

  /** Closes the environment and with it all views. A second close does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeEnvironment(this.#environment);
  }

  #env(): Environment {
    if (!this.#open) throw new StoreError('STORE_CLOSED', `${this.folder}: these collections were closed`);
    return this.#environment;
  }

  #reader(): CollectionReader {
    return {
      path: this.folder,
      info: (name) => this.info(name),
      database: (name) => this.#database(name, false),
      snapshot: () => this.#snapshot,
      checkOpen: () => void this.#env(),
    };
  }

  #writerSource(): WriterSource {
    return {
      path: this.folder,
      info: (name) => this.info(name),
      local: () => this.#local() ?? this.#lost(LOCAL_DATABASE),
      database: (name) => this.#database(name, true) ?? this.#lost(name),
      generation: () => this.generation(),
      timestamp: () => this.#nextTimestamp(),
      transaction: (doing, body) => this.transaction(doing, body),
      changed: this.#onRead,
    };
  }

  #readGeneration(): number {
    const value = this.#local()?.raw(HEAD_KEY);
    return value === undefined ? 0 : decodeHead(value, this.folder);
  }

  #readInfo(name: string): CollectionInfo | undefined {
    const value = this.#local()?.raw(infoKey(name));
    return value === undefined ? undefined : decodeInfo(name, value, this.folder);
  }

  #readNames(): string[] {
    const names: string[] = [];
    for (const record of this.#local()?.range(FIRST_INFO, AFTER_INFOS, Number.MAX_SAFE_INTEGER) ?? []) {
      const name = nameOfInfoKey(record.key);
      if (name === undefined) throw damaged(this.folder, 'names of collections');
      if (decodeInfo(name, record.value, this.folder) !== undefined) names.push(name);
    }
    return names;
  }

  /**
   * Opens what a snapshot has of new databases, since opening one ends the snapshot: done at its beginning, all that is read
   * in a turn is of one state. Looks at the generation once a snapshot.
   *
   * @returns whether it did anything, so that what was read before it is to be read again
   */
  #settle(): boolean {
    if (this.#depth > 0 || this.#settledSnapshot === this.#snapshot) return false;
    for (;;) {
      const known = this.#databases.size;
      const generation = this.#readGeneration();
      if (generation !== this.#settledGeneration) {
        for (const name of this.#readNames()) {
          const info = this.#readInfo(name);
          if (info !== undefined) this.#database(databaseName(name, info), false);
        }
      }
      if (this.#databases.size !== known) continue;
      this.#settledGeneration = generation;
      this.#settledSnapshot = this.#snapshot;
      return true;
    }
  }

  #lost(name: string): never {
    throw corrupt(this.folder, 0, `a database "${name}"`, 'none');
  }

  #local(): Database | undefined {
    this.#env();
    return this.#databases.get(LOCAL_DATABASE) ?? this.#database(LOCAL_DATABASE, false);
  }

  #database(name: string, create: boolean): Database | undefined {
    const env = this.#env();
    const known = this.#databases.get(name);
    if (known !== undefined) return known;
    const path = name === LOCAL_DATABASE ? this.folder : `${this.folder}#${name.slice(0, name.indexOf('.'))}`;
    const database = openDatabase(env, name, path, { create: create && !this.#readOnly, onRead: this.#onRead });
    if (database === undefined) return undefined;
    this.#databases.set(name, database);
    if (this.#depth > 0) this.#opened.push(name);
    // Opening one ends the snapshot.
    this.#snapshot++;
    return database;
  }

  /** Later than any before it in this environment, whatever the clock says; the same for all of a transaction. */
  #nextTimestamp(): Buffer {
    if (this.#timestamp !== undefined) return this.#timestamp;
    const head = this.#local()?.raw(HEAD_KEY);
    const last = head === undefined ? 0n : timestampOf(head);
    const now = BigInt(Date.now()) * 1_000_000n;
    this.#timestamp = encodeTimestamp(now > last ? now : last + 1n);
    return this.#timestamp;
  }

  #checkHead(): void {
    if (this.#hasHead() || this.#readOnly) return;
    this.transaction('starting the collections', () => {
      // Another process may have started them meanwhile, and gone on.
      if (this.#hasHead()) return;
      const local = this.#database(LOCAL_DATABASE, true) ?? this.#lost(LOCAL_DATABASE);
      local.put(HEAD_KEY, encodeHead(0), this.#nextTimestamp());
    });
    writeMarker(this.folder);
  }

  #hasHead(): boolean {
    const head = this.#local()?.raw(HEAD_KEY);
    if (head !== undefined) {
      decodeHead(head, this.folder);
      return true;
    }
    // Between two looks another process may start them: a writer decides in its transaction, a reader looks once more.
    if ((this.#depth === 0 && !this.#readOnly) || databaseNamesIn(this.#env()).length === 0) return false;
    decodeHead(this.#local()?.raw(HEAD_KEY), this.folder);
    return true;
  }
}
