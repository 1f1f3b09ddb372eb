/**
 * Live collections: lists, sets and maps in one LMDB environment that one writer at a time changes in transactions, while
 * any number of processes read the one mapped copy. What a writer has committed, a reader sees without opening anything
 * anew.
 */
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import type { Store } from '../store.ts';
import { CollectionStore } from './collection-store.ts';
import { type CollectionReader, CollectionView } from './collection-view.ts';
import { CollectionWriter, type WriterSource } from './collection-writer.ts';
import { type CompactOptions, type CompactSummary, compactTo } from './compact.ts';
import { currentFile, leftovers, removeLeftovers } from './current-file.ts';
import { databaseNamesIn } from './database.ts';
import { FileGuard } from './file-guard.ts';
import { type CollectionInfo, databaseName, LOCAL_DATABASE } from './format.ts';
import { type EntryChange, readLastChange } from './last-change.ts';
import { LiveList } from './live-list.ts';
import { LiveMap } from './live-map.ts';
import { LiveSet } from './live-set.ts';
import { writeMarker } from './marker.ts';
import { hasCollections, migrate, needsMigration } from './migrate.ts';
import { type OpenedCurrent, openCurrent } from './open-current.ts';
import { OpenFile } from './open-file.ts';
import type { SetMember } from './record-keys.ts';
import { type CollectionsUsage, usageOf } from './usage.ts';
import type { JsonValue } from './values.ts';
import { verifyInSteps } from './verify.ts';

/** How often, at most, to look whether another file is in force, in milliseconds. */
const LOOK_MS = 100;

export interface CollectionsOptions {
  /** Opened for reading alone: the folder must hold collections. */
  readonly readOnly: boolean;
  /**
   * Whether reads go over to a file that replaced the one that is open: one that was compacted, or a folder that was renamed
   * into place. Default true; a writer always does.
   */
  readonly follows?: boolean;
  /** Performance: address space to set aside at first, in bytes. Default 1 GiB; it grows when a writer needs more. */
  readonly mapBytes?: number;
}

/**
 * Opens the collections in `folder`; with `readOnly` false makes the folder when there is none, and takes over what a
 * program of format version 1 has left there.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function openCollections(folder: string, options: CollectionsOptions): Collections {
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
    migrate(
      folder,
      (temporary) => new Collections(temporary, openCurrent(temporary, { readOnly: false }), { readOnly: false }),
    );
  }
  return new Collections(folder, openCurrent(folder, options), options);
}

/** What a transaction throws that began in a file which is no longer in force. */
class Superseded extends Error {
  readonly code = 'SUPERSEDED';
}

/** Open collections. Made by `openCollections`. */
export class Collections {
  readonly folder: string;
  readonly #options: CollectionsOptions;
  #file: OpenFile;
  /** How many files were in force, this one counted. */
  #files = 1;
  #open = true;
  /** Whether to look for a file that replaced this one; and the timer after which it is time again. */
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  /** The file that could not be opened when it had replaced this one. */
  #refused = '';
  #guard: FileGuard;
  /** What is wrong with the file since it was opened; it is read no more. */
  #damage: unknown;
  readonly #writer: CollectionWriter;

  constructor(folder: string, opened: OpenedCurrent, options: CollectionsOptions) {
    this.folder = folder;
    this.#options = options;
    this.#file = this.#openFile(opened);
    this.#guard = new FileGuard(this.dataFile, this.#file.id);
    this.#writer = new CollectionWriter(this.#writerSource());
    try {
      this.#start();
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
    return this.#current().generation();
  }

  /** Lets the next read see what was committed meanwhile, or what is in force now, within the same turn of the event loop. */
  refresh(): void {
    this.#isDue = this.#options.follows !== false;
    this.#current().environment.resetReadTxn();
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
    if (this.#current().depth > 0) return this.#file.transaction(doing, body);
    for (;;) {
      try {
        return this.#file.transaction(doing, () => {
          // Whoever replaces the file holds this lock while doing so.
          if (this.#isSuperseded()) throw new Superseded();
          return body();
        });
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
        this.#follow();
      }
    }
  }

  /** Names of the collections, in byte order. */
  names(): string[] {
    return this.#current().names();
  }

  /** What the collection is and how much it holds, or undefined when it was never written. */
  info(name: string): CollectionInfo | undefined {
    return this.#current().info(name);
  }

  /** Changes of collections: see `CollectionWriter`. */
  get write(): CollectionWriter {
    this.#current();
    return this.#writer;
  }

  /**
   * What the collection's last change touched, as long as it can be undone: undefined afterwards, and for changes of some
   * 50,000 entries and more.
   */
  lastChange(name: string): readonly EntryChange[] | undefined {
    const file = this.#current();
    const info = file.info(name);
    const local = file.local();
    const database = info === undefined ? undefined : file.database(databaseName(name, info), false);
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
      local: () => this.#current().local(),
      info: (name) => this.info(name),
      names: () => this.names(),
      database: (name) => this.#current().database(name, false),
      databaseNames: () => databaseNamesIn(this.#current().environment),
    });
  }

  /** Of the data file that is open: device and inode. */
  get fileId(): string {
    return this.#file.id;
  }

  /** The path of the data file in force. */
  get dataFile(): string {
    return join(this.folder, currentFile(this.folder).file);
  }

  /** Processes that read and slots for them; bytes of file, map and disk: to be watched. Some 50 us. */
  usage(): CollectionsUsage {
    return usageOf(this.folder, this.#current());
  }

  /** Frees the slots of readers that ended without doing so. @returns how many */
  freeStaleReaders(): number {
    return this.#current().environment.readerCheck();
  }

  /**
   * Writes all that there is to a new file, without free pages, and gives the space of the old one back. Writers wait as
   * long (about 3 us a record), readers do not, and all who have the folder open go over to the new file. Stopped at any
   * moment, it leaves the old file or the new one.
   *
   * @throws {StoreError} `STORE_IO` when the disk has no room for both, `STORE_CORRUPT` for a record that is damaged
   */
  compact(options: CompactOptions = {}): CompactSummary {
    const { removedBeforeMs } = options;
    if (this.#current().depth > 0) {
      throw new StoreError('STORE_INPUT', `${this.folder}: compacting within a transaction; compact after it`);
    }
    let dropped = 0;
    if (removedBeforeMs !== undefined) {
      for (const name of this.names()) dropped += this.#writer.dropRemoved(name, removedBeforeMs);
    }
    const summary = this.transaction('compacting', () => compactTo(this.folder, this.#file));
    this.#follow();
    return { ...summary, dropped };
  }

  /** Closes the environment and with it all views. A second close does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#timer);
    this.#file.close();
  }

  #openFile({ environment, id }: OpenedCurrent): OpenFile {
    const { readOnly } = this.#options;
    return new OpenFile(environment, id, { folder: this.folder, readOnly, onRead: () => this.#onRead() });
  }

  /** The file that is read, after another has taken its place. */
  #current(): OpenFile {
    if (!this.#open) throw new StoreError('STORE_CLOSED', `${this.folder}: these collections were closed`);
    if (this.#isDue && this.#file.depth === 0) this.#look();
    if (this.#damage !== undefined) throw this.#damage;
    return this.#file;
  }

  /** A snapshot begins. A timer and no look at the clock, so that nothing changes within a turn of the event loop. */
  #onRead(): void {
    if (this.#options.follows === false || this.#isDue || this.#timer !== undefined || !this.#open) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#isDue = true;
    }, LOOK_MS).unref();
  }

  #look(): void {
    this.#isDue = false;
    try {
      if (this.#isSuperseded()) this.#follow();
    } catch {
      // What cannot be read is of no use: what there is goes on, until something else is in force.
      this.#refused = currentFile(this.folder).state;
    }
    try {
      const steps = this.#guard.look();
      while (steps !== undefined && steps.next().done !== true);
    } catch (error) {
      this.#damage = error;
      // Until another file is in force.
      this.#onRead();
    }
  }

  #isSuperseded(): boolean {
    const { id, state } = currentFile(this.folder);
    return id !== '' && id !== this.#file.id && state !== this.#refused;
  }

  #follow(): void {
    const file = this.#openFile(openCurrent(this.folder, this.#options));
    try {
      file.hasHead();
    } catch (error) {
      file.close();
      throw error;
    }
    this.#file.close();
    this.#file = file;
    this.#files++;
    this.#guard = new FileGuard(this.dataFile, this.#file.id);
    this.#damage = undefined;
  }

  #reader(): CollectionReader {
    return {
      path: this.folder,
      info: (name) => this.info(name),
      database: (name) => this.#current().database(name, false),
      snapshot: () => this.#file.snapshot,
      file: () => {
        this.#current();
        return this.#files;
      },
    };
  }

  #writerSource(): WriterSource {
    return {
      path: this.folder,
      info: (name) => this.info(name),
      local: () => this.#current().needed(LOCAL_DATABASE),
      database: (name) => this.#current().needed(name),
      generation: () => this.generation(),
      timestamp: () => this.#file.nextTimestamp(),
      transaction: (doing, body) => this.transaction(doing, body),
      changed: () => {
        this.#file.snapshot++;
      },
    };
  }

  #start(): void {
    if (this.#options.readOnly) {
      this.#file.hasHead();
      return;
    }
    if (!this.#file.hasHead()) {
      this.transaction('starting the collections', () => {
        // Another process may have started them meanwhile, and gone on.
        if (!this.#file.hasHead()) this.#file.writeFirstHead();
      });
      writeMarker(this.folder);
    }
    if (leftovers(this.folder, currentFile(this.folder)).length === 0) return;
    this.transaction('removing what a stopped compaction left', () =>
      removeLeftovers(this.folder, currentFile(this.folder)),
    );
  }
}
