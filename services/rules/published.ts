/**
 * The published rule set: one entry of the live collections, so that all of it changes at once for every process. Beside it stands the
 * one before, which `undoPublished` puts back. stores/lmdb keeps the entries; this is what is in one:
 *
 * ```
 * "EMENDPUB" | format version u32 | rules u32 | version f64 | published, ms since 1970, f64 | SHA-256 of the rest, 32 bytes | compiled form
 * ```
 */
import { createHash } from 'node:crypto';
import { crc32 } from '../../stores/bytes/checksum.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import { corrupt, StoreError } from '../../stores/errors.ts';
import type { CollectionEntry } from '../../stores/lmdb/collection-writer.ts';
import type { Collections } from '../../stores/lmdb/collections.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import { BytesRef } from '../../stores/store.ts';
import { compileRuleSet } from './compile/compile.ts';
import { openEngine } from './engine/engine.ts';
import type { RuleSet } from './model/rule.ts';
import { openRulesFolder } from './open-folder.ts';

/** Name of the collection. */
export const RULE_SET_COLLECTION = 'ruleset';

const CURRENT = encodeUtf8('current');
const BEFORE = encodeUtf8('before');
const MAGIC = 'EMENDPUB';
const FORMAT_VERSION = 1;
const HEAD_BYTES = 64;

/** What is known of a published rule set. */
export interface Publication {
  /** Counts what was published in this folder, from 1. */
  readonly version: number;
  /** `sha256:` and 64 hexadecimal digits: of the compiled form. */
  readonly digest: string;
  readonly rules: number;
  readonly publishedMs: number;
  readonly bytes: number;
}

/** A published rule set with its compiled form. */
export interface PublishedBytes extends Publication {
  readonly compiled: Uint8Array;
}

/**
 * Publishes a rule set, compiled here; running services follow from their next request on.
 *
 * @throws {RuleSetError} with all that is wrong with it: then nothing was changed
 * @throws {StoreError} as `openCollections`; `STORE_IO`
 */
export function publishRuleSet(folder: string, set: RuleSet, nowMs = Date.now()): Publication {
  const compiled = compileRuleSet(set);
  return withCollections(folder, false, (collections) =>
    collections.transaction('publishing rules', () => putPublished(collections, compiled, set.rules.length, nowMs)),
  );
}

/**
 * Puts a compiled rule set in force; within a transaction.
 *
 * @throws {StoreError} `STORE_IO`
 */
export function putPublished(
  collections: Collections,
  compiled: Uint8Array,
  rules: number,
  nowMs: number,
): Publication {
  const { folder } = collections;
  const before = readEntry(collections, CURRENT);
  // What was undone may have had a higher number.
  const other = readEntry(collections, BEFORE);
  const version = Math.max(versionOf(before, folder), versionOf(other, folder)) + 1;
  const entry = encodePublished(compiled, version, rules, nowMs);
  const entries: CollectionEntry[] = [{ key: CURRENT, value: entry }];
  if (before !== undefined) entries.push({ key: BEFORE, value: before });
  collections.write.replace(RULE_SET_COLLECTION, { kind: 'bytes' }, entries);
  return publicationOf(decodePublished(entry, folder));
}

/**
 * Puts back what was published before; once more puts back what that replaced.
 *
 * @returns what is published now; undefined when there was nothing before
 * @throws {StoreError} as `publishRuleSet`
 */
export function undoPublished(folder: string): Publication | undefined {
  if (!hasCollections(folder)) return undefined;
  return withCollections(folder, false, (collections) =>
    collections.transaction('undoing the published rules', () => swapPublished(collections)),
  );
}

/** As `undoPublished`, within a transaction. */
export function swapPublished(collections: Collections): Publication | undefined {
  const current = readEntry(collections, CURRENT);
  const before = readEntry(collections, BEFORE);
  if (before === undefined) return undefined;
  const entries: CollectionEntry[] = [{ key: CURRENT, value: before }];
  if (current !== undefined) entries.push({ key: BEFORE, value: current });
  collections.write.replace(RULE_SET_COLLECTION, { kind: 'bytes' }, entries);
  return publicationOf(decodePublished(before, collections.folder));
}

/** Takes the published rules out of force; `undoPublished` puts them back. @returns what was published */
export function withdrawPublished(folder: string): Publication | undefined {
  if (!hasCollections(folder)) return undefined;
  return withCollections(folder, false, (collections) =>
    collections.transaction('withdrawing the published rules', () => dropPublished(collections)),
  );
}

/** As `withdrawPublished`, within a transaction. */
export function dropPublished(collections: Collections): Publication | undefined {
  const current = readEntry(collections, CURRENT);
  if (current === undefined) return undefined;
  collections.write.replace(RULE_SET_COLLECTION, { kind: 'bytes' }, [{ key: BEFORE, value: current }]);
  return publicationOf(decodePublished(current, collections.folder));
}

/** What is published in a folder, and its rules; undefined for nothing. @throws {StoreError} */
export function publishedIn(folder: string): { readonly publication: Publication; readonly set: RuleSet } | undefined {
  if (!hasCollections(folder)) return undefined;
  return withCollections(folder, true, publishedSet);
}

/** The same of open collections. @throws {StoreError} */
export function publishedSet(
  collections: Collections,
): { readonly publication: Publication; readonly set: RuleSet } | undefined {
  const published = readPublished(collections);
  if (published === undefined) return undefined;
  return { publication: publicationOf(published), set: openEngine(published.compiled, collections.folder).ruleSet() };
}

/** The published rule set of open collections, without its digest being checked: the compiled form has a checksum of its own. */
export function readPublished(collections: Collections): PublishedBytes | undefined {
  const entry = readEntry(collections, CURRENT);
  return entry === undefined ? undefined : decodePublished(entry, collections.folder);
}

function publicationOf({ version, digest, rules, publishedMs, bytes }: PublishedBytes): Publication {
  return { version, digest, rules, publishedMs, bytes };
}

function encodePublished(compiled: Uint8Array, version: number, rules: number, nowMs: number): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + compiled.length);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(FORMAT_VERSION, 8);
  bytes.writeUInt32LE(rules, 12);
  bytes.writeDoubleLE(version, 16);
  bytes.writeDoubleLE(nowMs, 24);
  createHash('sha256').update(compiled).digest().copy(bytes, 32);
  bytes.set(compiled, HEAD_BYTES);
  return bytes;
}

function decodePublished(entry: Uint8Array, folder: string): PublishedBytes {
  const path = `${folder}#${RULE_SET_COLLECTION}`;
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.length);
  if (bytes.length < HEAD_BYTES) throw corrupt(path, 0, `${HEAD_BYTES} bytes or more`, bytes.length);
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw corrupt(path, 0, MAGIC, crc32(bytes, 0, 8));
  const format = bytes.readUInt32LE(8);
  if (format !== FORMAT_VERSION) {
    const message = `${path}: format version ${format}, this build reads ${FORMAT_VERSION}; publish the rules again`;
    throw new StoreError('STORE_VERSION', message);
  }
  return {
    version: bytes.readDoubleLE(16),
    digest: `sha256:${bytes.toString('hex', 32, 64)}`,
    rules: bytes.readUInt32LE(12),
    publishedMs: bytes.readDoubleLE(24),
    bytes: bytes.length - HEAD_BYTES,
    compiled: bytes.subarray(HEAD_BYTES),
  };
}

function versionOf(entry: Uint8Array | undefined, folder: string): number {
  return entry === undefined ? 0 : decodePublished(entry, folder).version;
}

/** A copy of an entry. */
function readEntry(collections: Collections, key: Uint8Array): Uint8Array | undefined {
  if (collections.info(RULE_SET_COLLECTION) === undefined) return undefined;
  const found = new BytesRef();
  if (!collections.store(RULE_SET_COLLECTION).findBytes(key, 0, key.length, found)) return undefined;
  return Uint8Array.from(found.bytes.subarray(found.start, found.end));
}

function withCollections<T>(folder: string, readOnly: boolean, body: (collections: Collections) => T): T {
  const collections = openRulesFolder(folder, { readOnly });
  try {
    return body(collections);
  } finally {
    collections.close();
  }
}
