/**
 * Live collections: sets and maps in one LMDB environment that one writer at a time changes in transactions, while any
 * number of processes read the one mapped copy. What a writer has committed, a reader sees without opening anything anew.
 */
import { corrupt, StoreError } from '../errors.ts';
import { MAX_VALUE, type Store, type ValueKind } from '../store.ts';
import { CollectionStore } from './collection-store.ts';
import { closeEnvironment, type Environment, onSnapshot, openEnvironment } from './environment.ts';
import {
  afterPrefix,
  type CollectionInfo,
  decodeHead,
  decodeInfo,
  encodeHead,
  encodeInfo,
  entryPrefix,
  HEAD_KEY,
  infoKey,
  MAX_KEY_BYTES,
  nameOfInfoKey,
  sealed,
} from './format.ts';

/** An entry to store: the value an integer in a collection of `uint`, bytes in one of `bytes`, left out in a set. */
export interface CollectionEntry {
  readonly key: Uint8Array;
  readonly value?: number | Uint8Array;
}

/** What a collection is, when it is written. */
export interface CollectionKind {
  readonly valueKind: ValueKind;
  /** `TEXT_VERSION` when the keys are normalised text; else 0, the default. */
  readonly textVersion?: number;
  /** A number of the owner's to keep with the collection, 0..2^32-1. Default 0. */
  readonly detail?: number;
}

/**
 * Opens the collections in `folder`; with `readOnly` false makes the folder when there is none.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`, `STORE_IO`
 */
export function openCollections(folder: string, options: { readonly readOnly: boolean }): Collections {
  return new Collections(folder, openEnvironment(folder, options), options.readOnly);
}

/** Open collections. Made by `openCollections`. */
export class Collections {
  readonly folder: string;
  readonly #environment: Environment;
  #open = true;
  /** Counts the states that reads may see: a new snapshot, or a change or its undoing by this process. */
  #snapshot = 0;

  constructor(folder: string, environment: Environment, readOnly: boolean) {
    this.folder = folder;
    this.#environment = environment;
    onSnapshot(environment, () => {
      this.#snapshot++;
    });
    try {
      this.#checkHead(readOnly);
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
    const value = this.#env().getBinaryFast(HEAD_KEY);
    return value === undefined ? 0 : decodeHead(value, this.folder);
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
   * @throws {StoreError} `STORE_IO`; and what `body` throws, as a `StoreError`
   */
  transaction<T>(doing: string, body: () => T): T {
    const env = this.#env();
    try {
      return env.transactionSync(body);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StoreError('STORE_IO', `${this.folder}: ${doing}: ${reason}; check space and who may write`, { cause });
    } finally {
      // After a transaction that failed reads see again what was there before it.
      this.#snapshot++;
    }
  }

  /** Names of the collections, in byte order. */
  names(): string[] {
    const names: string[] = [];
    for (const key of this.#env().getKeys({ start: Uint8Array.of(0), end: Uint8Array.of(1) })) {
      if (key.length === 1) continue;
      const name = nameOfInfoKey(key);
      if (name === undefined) throw corrupt(this.folder, 0, 'names of collections', JSON.stringify(text(key)));
      names.push(name);
    }
    return names;
  }

  /** What the collection is and how much it holds, or undefined when it was never written. */
  info(name: string): CollectionInfo | undefined {
    const value = this.#env().getBinaryFast(infoKey(name));
    return value === undefined ? undefined : decodeInfo(name, value, this.folder);
  }

  /**
   * Replaces all of the collection's entries in one transaction: readers see the old or the new ones, never a mixture, and
   * when anything throws, the old ones stay. Of entries with the same key the last one counts. Waits for a writer in
   * another process.
   *
   * @returns the generation after it
   * @throws {StoreError} `STORE_INPUT` for a key or value it cannot hold; `STORE_IO`
   */
  replace(name: string, kind: CollectionKind, entries: Iterable<CollectionEntry>): number {
    const prefix = entryPrefix(name);
    return this.transaction(`replacing the collection "${name}"`, () => {
      const env = this.#env();
      this.#removeAll(prefix);
      for (const { key, value } of entries) {
        if (key.length > MAX_KEY_BYTES) {
          throw new StoreError('STORE_INPUT', `${this.folder}: a key of ${key.length} bytes; at most ${MAX_KEY_BYTES}`);
        }
        const record = Buffer.concat([prefix, key]);
        env.putSync(record, sealed(record, encodeValue(kind.valueKind, value, this.folder)));
      }
      const generation = this.#advance();
      const info: CollectionInfo = {
        valueKind: kind.valueKind,
        textVersion: kind.textVersion ?? 0,
        keyCount: env.getKeysCount({ start: prefix, end: afterPrefix(prefix) }),
        detail: kind.detail ?? 0,
        generation,
      };
      env.putSync(infoKey(name), encodeInfo(name, info));
      return generation;
    });
  }

  /**
   * Removes the collection.
   *
   * @returns whether there was one
   * @throws {StoreError} `STORE_IO`
   */
  remove(name: string): boolean {
    return this.transaction(`removing the collection "${name}"`, () => {
      if (this.info(name) === undefined) return false;
      this.#removeAll(entryPrefix(name));
      this.#env().removeSync(infoKey(name));
      this.#advance();
      return true;
    });
  }

  /**
   * A view of the collection as a Store; what is looked up is what the last commit left. Its value kind is the collection's
   * now, or `none` when there is no such collection; when the collection is written anew with another, look-ups throw
   * `STORE_VALUE_KIND`. A cursor that goes on after the collection was changed throws `STORE_CHANGED`: from one seek on
   * it gives the entries of one generation.
   */
  store(name: string): Store {
    return new CollectionStore(`${this.folder}#${name}`, name, {
      environment: () => this.#env(),
      info: () => this.info(name),
      snapshot: () => this.#snapshot,
    });
  }

  /**
   * Reads every record and checks it: checksums, counts, and that each belongs to a collection. About 2 us a record.
   *
   * @throws {StoreError} `STORE_CORRUPT`
   */
  verify(): void {
    this.generation();
    let expected = 1;
    for (const name of this.names()) {
      const store = this.store(name);
      store.verify();
      expected += 1 + store.keyCount;
    }
    const found = this.#env().getKeysCount({ start: HEAD_KEY });
    if (found !== expected) throw corrupt(this.folder, 0, `${expected} records`, found);
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

  #checkHead(readOnly: boolean): void {
    if (this.#hasHead() || readOnly) return;
    this.transaction('starting the collections', () => {
      // Another process may have started them meanwhile, and gone on.
      if (!this.#hasHead()) this.#environment.putSync(HEAD_KEY, encodeHead(0));
    });
  }

  #hasHead(): boolean {
    const head = this.#environment.getBinaryFast(HEAD_KEY);
    const isEmpty = head === undefined && this.#environment.getKeysCount({ limit: 1 }) === 0;
    if (!isEmpty) decodeHead(head, this.folder);
    return !isEmpty;
  }

  #advance(): number {
    this.#snapshot++;
    const generation = this.generation() + 1;
    this.#env().putSync(HEAD_KEY, encodeHead(generation));
    return generation;
  }

  #removeAll(prefix: Uint8Array): void {
    const env = this.#env();
    const keys = [...env.getKeys({ start: prefix, end: afterPrefix(prefix) })];
    for (const key of keys) env.removeSync(key);
  }
}

function encodeValue(kind: ValueKind, value: number | Uint8Array | undefined, path: string): Uint8Array {
  if (kind === 'none') return NOTHING;
  if (kind === 'bytes' && value instanceof Uint8Array) return value;
  if (kind === 'uint' && typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_VALUE) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value, 0);
    return bytes;
  }
  const expected = kind === 'uint' ? 'an integer in 0..2^53-1' : 'bytes';
  throw new StoreError(
    'STORE_INPUT',
    `${path}: expected ${expected} for a value, found ${typeof value} ${String(value)}`,
  );
}

const NOTHING = new Uint8Array(0);

function text(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1').slice(0, 60);
}
