/** One open data file of collections: its databases, what its head and descriptions say, and the state that reads see. */
import { corrupt, StoreError } from '../errors.ts';
import { type Database, databaseNamesIn, openDatabase } from './database.ts';
import { closeEnvironment, type Environment, onSnapshot } from './environment.ts';
import {
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

/** Keys of all descriptions. */
const FIRST_INFO = Uint8Array.of(1);
const AFTER_INFOS = Uint8Array.of(2);

export interface OpenFileOptions {
  readonly folder: string;
  readonly readOnly: boolean;
  /** Told of each new snapshot. */
  onRead(): void;
}

export class OpenFile {
  readonly environment: Environment;
  /** Of the data file, as `CurrentFile` has it. */
  readonly id: string;
  /** Counts the states that reads may see: a new snapshot, or a change or its undoing by this process. */
  snapshot = 0;
  /** Transactions of this process under way, one within the other. */
  depth = 0;
  readonly #options: OpenFileOptions;
  readonly #databases = new Map<string, Database>();
  /** Of the transaction under way: its timestamp, and the databases that go with it when it fails. */
  #timestamp: Buffer | undefined;
  #opened: string[] = [];
  /** The generation whose databases are all open, and the snapshot in which that was seen. */
  #settledGeneration = -1;
  #settledSnapshot = -1;
  readonly #onRead = (): void => {
    this.snapshot++;
    this.#options.onRead();
  };

  constructor(environment: Environment, id: string, options: OpenFileOptions) {
    this.environment = environment;
    this.id = id;
    this.#options = options;
    onSnapshot(environment, this.#onRead);
  }

  generation(): number {
    const generation = this.#readGeneration();
    return this.settle() ? this.#readGeneration() : generation;
  }

  info(name: string): CollectionInfo | undefined {
    const info = this.#readInfo(name);
    return this.settle() ? this.#readInfo(name) : info;
  }

  names(): string[] {
    this.generation();
    return this.#readNames();
  }

  local(): Database | undefined {
    return this.#databases.get(LOCAL_DATABASE) ?? this.database(LOCAL_DATABASE, false);
  }

  database(name: string, create: boolean): Database | undefined {
    const known = this.#databases.get(name);
    if (known !== undefined) return known;
    const { folder, readOnly } = this.#options;
    const path = name === LOCAL_DATABASE ? folder : `${folder}#${name.slice(0, name.indexOf('.'))}`;
    const options = { create: create && !readOnly, onRead: this.#onRead };
    const database = openDatabase(this.environment, name, path, options);
    if (database === undefined) return undefined;
    this.#databases.set(name, database);
    if (this.depth > 0) this.#opened.push(name);
    // Opening one ends the snapshot.
    this.snapshot++;
    return database;
  }

  /** The database, which there must be, or which is made. */
  needed(name: string): Database {
    const database = name === LOCAL_DATABASE ? this.local() : this.database(name, true);
    if (database === undefined) throw corrupt(this.#options.folder, 0, `a database "${name}"`, 'none');
    return database;
  }

  /** As `Collections.transaction`. */
  transaction<T>(doing: string, body: () => T): T {
    const { folder } = this.#options;
    const opened = this.#opened.length;
    this.depth++;
    try {
      return this.environment.transactionSync(body);
    } catch (cause) {
      // The handles of databases that it made are gone with it.
      for (const name of this.#opened.splice(opened)) this.#databases.delete(name);
      if (typeof (cause as { code?: unknown } | null)?.code === 'string') throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError('STORE_IO', `${folder}: ${doing}: ${reason}; check space and who may write`, { cause });
    } finally {
      if (--this.depth === 0) {
        this.#timestamp = undefined;
        this.#opened = [];
      }
      // After a transaction that failed reads see again what was there before it.
      this.snapshot++;
    }
  }

  /**
   * Opens what a snapshot has of new databases, since opening one ends the snapshot: done at its beginning, all that is read
   * in a turn is of one state. Looks at the generation once a snapshot.
   *
   * @returns whether it did anything, so that what was read before it is to be read again
   */
  settle(): boolean {
    if (this.depth > 0 || this.#settledSnapshot === this.snapshot) return false;
    for (;;) {
      const known = this.#databases.size;
      const generation = this.#readGeneration();
      if (generation !== this.#settledGeneration) {
        for (const name of this.#readNames()) {
          const info = this.#readInfo(name);
          if (info !== undefined) this.database(databaseName(name, info), false);
        }
      }
      if (this.#databases.size !== known) continue;
      this.#settledGeneration = generation;
      this.#settledSnapshot = this.snapshot;
      return true;
    }
  }

  /** Later than any before it in this environment, whatever the clock says; the same for all of a transaction. */
  nextTimestamp(): Buffer {
    if (this.#timestamp !== undefined) return this.#timestamp;
    const head = this.local()?.raw(HEAD_KEY);
    const last = head === undefined ? 0n : timestampOf(head);
    const now = BigInt(Date.now()) * 1_000_000n;
    this.#timestamp = encodeTimestamp(now > last ? now : last + 1n);
    return this.#timestamp;
  }

  /** Whether the file is a started one of ours. @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT` */
  hasHead(): boolean {
    const { folder, readOnly } = this.#options;
    const head = this.local()?.raw(HEAD_KEY);
    if (head !== undefined) {
      decodeHead(head, folder);
      return true;
    }
    // Between two looks another process may start them: a writer decides in its transaction, a reader looks once more.
    if ((this.depth === 0 && !readOnly) || databaseNamesIn(this.environment).length === 0) return false;
    decodeHead(this.local()?.raw(HEAD_KEY), folder);
    return true;
  }

  /** Writes the first head. Within a transaction. */
  writeFirstHead(): void {
    const local = this.database(LOCAL_DATABASE, true) ?? this.needed(LOCAL_DATABASE);
    local.put(HEAD_KEY, encodeHead(0), this.nextTimestamp());
  }

  /** Pages in use: of all trees, the list of free pages, and the two at the beginning. */
  usedPages(): number {
    let pages = 2;
    for (const name of databaseNamesIn(this.environment)) pages += this.database(name, false)?.pages() ?? 0;
    const { root, free } = this.environment.getStats() as Record<string, Record<string, number>>;
    for (const stats of [root, free]) {
      for (const field of ['treeBranchPageCount', 'treeLeafPageCount', 'overflowPages']) pages += stats?.[field] ?? 0;
    }
    return pages;
  }

  close(): void {
    closeEnvironment(this.environment);
  }

  #readGeneration(): number {
    const value = this.local()?.raw(HEAD_KEY);
    return value === undefined ? 0 : decodeHead(value, this.#options.folder);
  }

  #readInfo(name: string): CollectionInfo | undefined {
    const value = this.local()?.raw(infoKey(name));
    return value === undefined ? undefined : decodeInfo(name, value, this.#options.folder);
  }

  #readNames(): string[] {
    const { folder } = this.#options;
    const names: string[] = [];
    for (const record of this.local()?.range(FIRST_INFO, AFTER_INFOS, Number.MAX_SAFE_INTEGER) ?? []) {
      const name = nameOfInfoKey(record.key);
      if (name === undefined) throw damaged(folder, 'names of collections');
      if (decodeInfo(name, record.value, folder) !== undefined) names.push(name);
    }
    return names;
  }
}
