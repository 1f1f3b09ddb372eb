/** Changes of live collections. Each is one transaction, with the counts, the generation and what undoes it. */
import { StoreError } from '../errors.ts';
import { MAX_VALUE } from '../store.ts';
import { Change, dropRemoved } from './change.ts';
import type { Database } from './database.ts';
import {
  type CollectionInfo,
  type CollectionKind,
  type CollectionOwner,
  databaseName,
  decodeRecord,
  encodeHead,
  encodeInfo,
  encodeTimestamp,
  HEAD_KEY,
  infoKey,
  LOCAL_SEED,
  timestampOf,
} from './format.ts';
import { KeySet } from './key-set.ts';
import { AFTER_RECORDS, FIRST_RECORD, RecordKey, refuseKey, type SetMember } from './record-keys.ts';
import { FIRST_UNDO, KEPT_CHANGES, readUndo, undoKey } from './undo.ts';
import { encodeJsonValue } from './values.ts';

/** An entry to store. */
export interface CollectionEntry {
  /** Text or bytes; in a set also a number, a boolean or null. Left out in a list. */
  readonly key?: SetMember | Uint8Array;
  /** What JSON can say in a list or a map, an integer in `uint`, bytes in `bytes`; left out in a set. */
  readonly value?: unknown;
}

/** What a collection is, when all of it is written. */
export interface CollectionDescription {
  readonly kind: CollectionKind;
  /** `TEXT_VERSION` when the keys are normalised text; else 0, the default. */
  readonly textVersion?: number;
  /** A number to keep with the collection, 0..2^32-1. Default 0. */
  readonly detail?: number;
  /** Where it came from, at most 1,000 bytes. Default nothing. */
  readonly source?: string;
  /** Whether removed entries leave records, which hosts that sync need. Default: as before, at first not. */
  readonly keepsTombstones?: boolean;
}

/** What a change did. */
export interface ChangeSummary {
  /** The generation after it: as before when nothing changed. */
  readonly generation: number;
  /** Entries written or removed. */
  readonly changed: number;
  readonly keyCount: number;
}

/** What a writer asks its collections for. */
export interface WriterSource {
  readonly path: string;
  info(name: string): CollectionInfo | undefined;
  local(): Database;
  database(name: string): Database;
  generation(): number;
  timestamp(): Buffer;
  transaction<T>(doing: string, body: () => T): T;
  changed(): void;
}

type Description = Omit<CollectionInfo, 'changedMs' | 'generation' | 'keyCount' | 'tombstoneCount' | 'bytes'>;

/**
 * Changes collections. Every method waits for a writer in another process; when it throws, all is as it was:
 * `STORE_OWNER` for a collection that belongs to another than `by` (who writes first owns it, see `own`),
 * `STORE_INPUT` for keys or values that it cannot hold, `STORE_IO`.
 */
export class CollectionWriter {
  readonly #source: WriterSource;
  readonly #key = new RecordKey();

  constructor(source: WriterSource) {
    this.#source = source;
  }

  /**
   * Replaces all of the collection's entries: readers see the old or the new ones, never a mixture. Only what differs is
   * written. Of entries with the same key the last one counts. Memory: 32 bytes an entry, and the pages that change.
   */
  replace(
    name: string,
    description: CollectionDescription,
    entries: Iterable<CollectionEntry>,
    by: CollectionOwner = 'commands',
  ): ChangeSummary {
    return this.#source.transaction(`replacing the collection "${name}"`, () => {
      const before = this.#owned(name, by);
      const after: Description = {
        kind: description.kind,
        owner: by,
        keepsTombstones: description.keepsTombstones ?? before?.keepsTombstones ?? false,
        textVersion: description.textVersion ?? 0,
        detail: description.detail ?? 0,
        source: description.source ?? '',
      };
      return this.#change(name, before, after, (change) => {
        if (after.kind === 'list') this.#replaceList(name, change, entries);
        else this.#replaceKeys(name, change, after.kind, entries);
      });
    });
  }

  /**
   * Writes entries and leaves the others. In a list a `key` is a position of an element that there is, and entries without
   * one are added at the end. A collection that is not there is made as `description` says.
   *
   * @param description also replaces `detail` and `source` when given
   */
  put(
    name: string,
    entries: Iterable<CollectionEntry>,
    by: CollectionOwner = 'commands',
    description?: CollectionDescription,
  ): ChangeSummary {
    return this.#source.transaction(`writing to the collection "${name}"`, () => {
      const before = this.#owned(name, by);
      const after = this.#kept(name, before, by, description);
      return this.#change(name, before, after, (change) => {
        for (const { key, value } of entries) {
          const payload = encodePayload(after.kind, value, this.#pathOf(name));
          if (after.kind === 'list') this.#setElement(name, change, key);
          else this.#setKey(name, after.kind, key);
          change.put(this.#key, payload);
        }
      });
    });
  }

  /**
   * Removes entries; keys that are not there do not matter. A list loses its last elements only: `keys` are ignored there,
   * use `truncate`.
   */
  delete(
    name: string,
    keys: Iterable<SetMember | Uint8Array>,
    by: CollectionOwner = 'commands',
    description?: CollectionDescription,
  ): ChangeSummary {
    return this.#source.transaction(`removing from the collection "${name}"`, () => {
      const before = this.#owned(name, by);
      const after = this.#kept(name, before, by, description);
      if (after.kind === 'list') {
        throw new StoreError('STORE_INPUT', `${this.#pathOf(name)}: elements of a list have no keys; truncate it`);
      }
      return this.#change(name, before, after, (change) => {
        for (const key of keys) {
          this.#setKey(name, after.kind, key);
          change.remove(Uint8Array.from(this.#key.view()));
        }
      });
    });
  }

  /** Removes the elements of a list from position `length` on. */
  truncate(name: string, length: number, by: CollectionOwner = 'commands'): ChangeSummary {
    return this.#source.transaction(`truncating the list "${name}"`, () => {
      const before = this.#owned(name, by);
      const after = this.#kept(name, before, by);
      if (after.kind !== 'list') {
        throw new StoreError('STORE_INPUT', `${this.#pathOf(name)}: a ${after.kind} has no length to set`);
      }
      return this.#change(name, before, after, (change) => this.#sweepList(change, length));
    });
  }

  /** Removes the collection. @returns whether there was one */
  remove(name: string, by: CollectionOwner = 'commands'): boolean {
    return this.#source.transaction(`removing the collection "${name}"`, () => {
      const before = this.#owned(name, by);
      if (before === undefined) return false;
      this.#source.database(databaseName(name, before)).clear();
      this.#source.local().delete(infoKey(name));
      this.#advance();
      return true;
    });
  }

  /**
   * Drops the records of entries that were removed before `beforeMs`, milliseconds since 1970: a host that syncs with this one
   * and has not since would bring those entries back. It is no change of what the collection holds.
   *
   * @returns how many
   */
  dropRemoved(name: string, beforeMs: number): number {
    return this.#source.transaction(`dropping records of removed entries of "${name}"`, () => {
      const info = this.#source.info(name);
      if (info === undefined || info.tombstoneCount === 0) return 0;
      const count = dropRemoved(this.#source.database(databaseName(name, info)), beforeMs);
      if (count === 0) return 0;
      const local = this.#source.local();
      const record = local.raw(infoKey(name));
      const timestamp = encodeTimestamp(record === undefined ? 0n : timestampOf(record));
      local.put(infoKey(name), encodeInfo({ ...info, tombstoneCount: info.tombstoneCount - count }), timestamp);
      this.#source.changed();
      return count;
    });
  }

  /** Gives the collection to another owner, whoever has it now. */
  own(name: string, owner: CollectionOwner): ChangeSummary {
    return this.#source.transaction(`giving the collection "${name}" to ${owner}`, () => {
      const before = this.#source.info(name);
      return this.#change(name, before, { ...this.#kept(name, before, owner), owner }, () => {});
    });
  }

  /**
   * Undoes the last change of the collection; done again, it makes that change again.
   *
   * @returns undefined when there is nothing to undo: no collection, a change of some 50,000 entries and more or of the
   *   collection's kind, or one that 64 others of this environment followed
   */
  undo(name: string, by: CollectionOwner = 'commands'): ChangeSummary | undefined {
    return this.#source.transaction(`undoing a change of the collection "${name}"`, () => {
      const before = this.#owned(name, by);
      if (before === undefined) return undefined;
      const key = undoKey(before.generation);
      const record = this.#source.local().raw(key);
      const payload = record === undefined ? undefined : decodeRecord(LOCAL_SEED, key, record, this.#source.path);
      if (payload === undefined) return undefined;
      const undo = readUndo(Buffer.from(payload));
      const after = { ...before, ...detailsOf(undo.info) };
      return this.#change(name, before, after, (change) => {
        // Backwards: of a key that was written twice the first note counts.
        for (const entry of undo.entries.toReversed()) {
          if (entry.payload === undefined) change.remove(entry.key);
          else change.putRecord(Uint8Array.from(entry.key), entry.payload);
        }
      });
    });
  }

  #change(
    name: string,
    before: CollectionInfo | undefined,
    after: Description,
    body: (change: Change) => void,
  ): ChangeSummary {
    const isSameDatabase = before === undefined || databaseName(name, before) === databaseName(name, after);
    if (!isSameDatabase) this.#source.database(databaseName(name, before)).clear();
    const database = this.#source.database(databaseName(name, after));
    const timestamp = this.#source.timestamp();
    const change = new Change(database, isSameDatabase ? before : undefined, { ...after, timestamp });
    body(change);
    const { keyCount, tombstoneCount, bytes, changed } = change;
    if (changed === 0 && before !== undefined && isSameDescription(before, after)) {
      return { generation: before.generation, changed, keyCount };
    }
    const generation = this.#advance();
    const local = this.#source.local();
    const info = { ...after, keyCount, tombstoneCount, bytes, generation };
    local.put(infoKey(name), encodeInfo(info), timestamp);
    const undo = change.undo.record(name, before === undefined ? undefined : encodeInfo(before));
    if (undo !== undefined && isSameDatabase) this.#keepUndo(generation, undo);
    return { generation, changed, keyCount };
  }

  #keepUndo(generation: number, record: Buffer): void {
    const local = this.#source.local();
    local.put(undoKey(generation), record, this.#source.timestamp());
    for (const key of local.keys(FIRST_UNDO, undoKey(Math.max(0, generation - KEPT_CHANGES)), 1000)) local.delete(key);
  }

  #replaceKeys(name: string, change: Change, kind: CollectionKind, entries: Iterable<CollectionEntry>): void {
    const seen = new KeySet();
    for (const { key, value } of entries) {
      this.#setKey(name, kind, key);
      seen.add(this.#key.view());
      change.put(this.#key, encodePayload(kind, value, this.#pathOf(name)));
    }
    if (change.keyCount !== seen.size) change.sweep(FIRST_RECORD, AFTER_RECORDS, seen);
  }

  #replaceList(name: string, change: Change, entries: Iterable<CollectionEntry>): void {
    let position = 0;
    for (const { value } of entries) {
      this.#key.setPosition(position++);
      change.put(this.#key, encodePayload('list', value, this.#pathOf(name)));
    }
    this.#sweepList(change, position);
  }

  #sweepList(change: Change, length: number): void {
    this.#key.setPosition(length);
    if (change.keyCount > length) change.sweep(Uint8Array.from(this.#key.view()), new Uint8Array(5).fill(0xff));
  }

  #setElement(name: string, change: Change, key: unknown): void {
    const position = key === undefined ? change.keyCount : key;
    if (typeof position === 'number' && Number.isInteger(position) && position >= 0 && position <= change.keyCount) {
      this.#key.setPosition(position);
      return;
    }
    throw new StoreError(
      'STORE_INPUT',
      `${this.#pathOf(name)}: expected a position of 0 to ${change.keyCount}, found ${String(key)}`,
    );
  }

  #setKey(name: string, kind: CollectionKind, key: unknown): void {
    const fits =
      key instanceof Uint8Array
        ? this.#key.setBytes(key, 0, key.length)
        : kind === 'set'
          ? this.#key.setMember(key)
          : typeof key === 'string' && this.#key.setText(key);
    if (!fits) refuseKey(this.#pathOf(name), key);
  }

  /** The collection, which `by` may write. */
  #owned(name: string, by: CollectionOwner): CollectionInfo | undefined {
    const info = this.#source.info(name);
    if (info === undefined || info.owner === by) return info;
    const from = info.source === '' ? '' : ` (${info.source})`;
    throw new StoreError(
      'STORE_OWNER',
      `${this.#pathOf(name)}: belongs to ${info.owner}${from}, and ${by} may not write it; change it there, or give it to ${by} with "emend data own ${name} ${by}"`,
    );
  }

  /** The collection as it stays, or as it begins. */
  #kept(
    name: string,
    before: CollectionInfo | undefined,
    by: CollectionOwner,
    description?: CollectionDescription,
  ): Description {
    if (before !== undefined) {
      if (description === undefined) return before;
      const { kind, textVersion = 0 } = description;
      if (kind !== before.kind || textVersion !== before.textVersion) {
        throw new StoreError(
          'STORE_VALUE_KIND',
          `${this.#pathOf(name)}: a ${before.kind} of text version ${before.textVersion}, asked to be changed as a ${kind} of ${textVersion}; import all of it`,
        );
      }
      return { ...before, detail: description.detail ?? before.detail, source: description.source ?? before.source };
    }
    if (description === undefined) {
      throw new StoreError('STORE_NOT_FOUND', `${this.#pathOf(name)}: there is no such collection; import it first`);
    }
    const { kind, textVersion = 0, detail = 0, source = '', keepsTombstones = false } = description;
    return { kind, owner: by, textVersion, detail, source, keepsTombstones };
  }

  #pathOf(name: string): string {
    return `${this.#source.path}#${name}`;
  }

  #advance(): number {
    this.#source.changed();
    const generation = this.#source.generation() + 1;
    this.#source.local().put(HEAD_KEY, encodeHead(generation), this.#source.timestamp());
    return generation;
  }
}

const NOTHING = new Uint8Array(0);

function encodePayload(kind: CollectionKind, value: unknown, path: string): Uint8Array {
  if (kind === 'set') return NOTHING;
  if (kind === 'list' || kind === 'map') return encodeJsonValue(value, path);
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

function isSameDescription(a: Description, b: Description): boolean {
  return (
    a.kind === b.kind &&
    a.owner === b.owner &&
    a.textVersion === b.textVersion &&
    a.detail === b.detail &&
    a.source === b.source &&
    a.keepsTombstones === b.keepsTombstones
  );
}

/** What goes back with the entries. */
function detailsOf(info: Buffer | undefined): { detail: number } {
  return { detail: info?.readUInt32LE(8) ?? 0 };
}
