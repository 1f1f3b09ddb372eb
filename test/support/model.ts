/** The naive store that every real one is compared with: entries in a Map, sorted by the bytes of their keys. */

import { compareBytes } from '../../stores/bytes/compare.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import type { BytesRef, Cursor, ValueKind } from '../../stores/store.ts';

/** A key with its value: an integer, a byte string, or 1 in a set. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: number | Uint8Array;
}

/** Orders byte strings as stores do. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  return compareBytes(a, 0, a.length, b, 0, b.length);
}

/** Entries with one per key (the last), in key order: what a writer is fed. */
export function sortedEntries(entries: Iterable<Entry>): Entry[] {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) byKey.set(hex(entry.key), entry);
  return [...byKey.values()].sort((a, b) => compareKeys(a.key, b.key));
}

/** Entries from words, each with its place in the list as value. */
export function entriesOf(words: readonly string[]): Entry[] {
  return sortedEntries(words.map((word, i) => ({ key: encodeUtf8(word), value: i })));
}

/** Sorted entries that a Map answers. */
export class Model {
  readonly entries: readonly Entry[];
  readonly #values: Map<string, number | Uint8Array>;

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
    this.#values = new Map(entries.map((entry) => [hex(entry.key), entry.value]));
  }

  find(key: Uint8Array): number | Uint8Array | undefined {
    return this.#values.get(hex(key));
  }

  /** The entries whose key is at least `key`. */
  from(key: Uint8Array): Entry[] {
    return this.entries.filter((entry) => compareKeys(entry.key, key) >= 0);
  }
}

/** What remains of a cursor, copied: at most `limit` entries. */
export function drain(cursor: Cursor, valueKind: ValueKind, limit = Number.POSITIVE_INFINITY): Entry[] {
  const entries: Entry[] = [];
  while (entries.length < limit && cursor.next()) {
    entries.push({ key: copy(cursor.key), value: valueKind === 'bytes' ? copy(cursor.valueBytes) : cursor.value });
  }
  return entries;
}

/** A byte string as text that can be compared and read. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Entries as text, so that a failed comparison can be read. */
export function show(entries: readonly Entry[]): string[] {
  return entries.map(({ key, value }) => `${hex(key)}=${typeof value === 'number' ? value : hex(value)}`);
}

function copy(ref: BytesRef): Uint8Array {
  return ref.copy();
}
