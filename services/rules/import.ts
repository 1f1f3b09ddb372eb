/** Changes to the live rules: each is one transaction, seen by every running service from its next request on. */

import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import type { ChangeSummary } from '../../stores/lmdb/collection-writer.ts';
import type { Collections } from '../../stores/lmdb/collections.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { LONGEST_BLOCKED_SHIFT, RULE_COLLECTIONS, RULE_KINDS, type RuleCollection } from './collections.ts';
import { openRulesFolder } from './open-folder.ts';
import { formatRule, mergedDetail, type ParsedRules } from './rule-file.ts';

/** Runs a change within something else: a transaction that logs it. */
export type Around = <T>(collections: Collections, collection: RuleCollection, body: () => T) => T;

const ALONE: Around = (_collections, _collection, body) => body();

/** What an import did. */
export interface ImportSummary {
  readonly collection: RuleCollection;
  readonly rules: number;
  /** Lines that repeated an earlier one. */
  readonly duplicates: number;
  /** Rules of the collection before. */
  readonly before: number;
  readonly generation: number;
}

/**
 * Replaces a collection by the parsed rules, making the folder when there is none.
 *
 * @throws {StoreError} as `openCollections`; `STORE_IO`
 */
export function importRules(
  folder: string,
  collection: RuleCollection,
  parsed: ParsedRules,
  around = ALONE,
): ImportSummary {
  return changing(folder, collection, around, (collections) => {
    const kind = { kind: RULE_KINDS[collection], textVersion: TEXT_VERSION, detail: parsed.detail };
    const [before, generation] = collections.transaction(`importing ${collection} rules`, () => [
      collections.info(collection)?.keyCount ?? 0,
      collections.write.replace(collection, kind, parsed.entries).generation,
    ]);
    return { collection, rules: parsed.entries.length, duplicates: parsed.duplicates, before, generation };
  });
}

/**
 * Removes all rules of a collection.
 *
 * @returns how many there were
 * @throws {StoreError} as `openCollections`; `STORE_IO`
 */
export function clearRules(folder: string, collection: RuleCollection, around = ALONE): number {
  if (!hasCollections(folder)) return 0;
  return changing(folder, collection, around, (collections) => {
    return collections.transaction(`clearing ${collection} rules`, () => {
      const before = collections.info(collection)?.keyCount ?? 0;
      if (before > 0)
        collections.write.replace(collection, { kind: RULE_KINDS[collection], textVersion: TEXT_VERSION }, []);
      return before;
    });
  });
}

/** What `addRules` and the like did. */
export interface RuleChange {
  readonly collection: RuleCollection;
  /** Rules that were added, changed or removed. */
  readonly changed: number;
  readonly rules: number;
  readonly generation: number;
}

/**
 * Adds rules to a collection, making the folder when there is none.
 *
 * @throws {StoreError} as `importRules`; `STORE_VALUE_KIND` for a collection of another text version: import it again
 */
export function addRules(folder: string, collection: RuleCollection, parsed: ParsedRules, around = ALONE): RuleChange {
  return changing(folder, collection, around, (collections) =>
    collections.transaction(`adding ${collection} rules`, () => {
      // Of an older import without the largest number of terms nothing is known: it stays so.
      const before = collections.info(collection);
      const isUnknown =
        collection === 'blocked' && before !== undefined && before.detail >> LONGEST_BLOCKED_SHIFT === 0;
      const merged = mergedDetail(collection, before?.detail ?? 0, parsed.detail);
      const detail = isUnknown && before.keyCount > 0 ? merged & ((1 << LONGEST_BLOCKED_SHIFT) - 1) : merged;
      const description = { kind: RULE_KINDS[collection], textVersion: TEXT_VERSION, detail };
      return changeOf(collection, collections.write.put(collection, parsed.entries, 'commands', description));
    }),
  );
}

/** Removes rules; those that are not there do not matter. @throws {StoreError} as `addRules` */
export function removeRules(
  folder: string,
  collection: RuleCollection,
  parsed: ParsedRules,
  around = ALONE,
): RuleChange {
  const keys = parsed.entries.map(({ key }) => key);
  const description = { kind: RULE_KINDS[collection], textVersion: TEXT_VERSION };
  return changing(folder, collection, around, (collections) =>
    changeOf(collection, collections.write.delete(collection, keys, 'commands', description)),
  );
}

/**
 * Undoes the last change of a collection; once more makes it again.
 *
 * @returns undefined when there is none that can be undone
 * @throws {StoreError} as `openCollections`; `STORE_OWNER`, `STORE_IO`
 */
export function undoRules(folder: string, collection: RuleCollection, around = ALONE): RuleChange | undefined {
  if (!hasCollections(folder)) return undefined;
  return changing(folder, collection, around, (collections) => {
    const summary = collections.write.undo(collection);
    return summary === undefined ? undefined : changeOf(collection, summary);
  });
}

function changeOf(collection: RuleCollection, summary: ChangeSummary): RuleChange {
  const { changed, keyCount, generation } = summary;
  return { collection, changed, rules: keyCount, generation };
}

/** The number of rules in each collection. Zeros when there is no folder. */
export function countRules(folder: string): Readonly<Record<RuleCollection, number>> {
  const counts = { protected: 0, blocked: 0, overrides: 0, rude: 0, polite: 0, vocabulary: 0 };
  if (!hasCollections(folder)) return counts;
  return withCollections(folder, true, (collections) => {
    for (const name of RULE_COLLECTIONS) counts[name] = collections.info(name)?.keyCount ?? 0;
    return counts;
  });
}

/** The rules of a collection as lines that `parseRules` reads back, in byte order of their keys. */
export function exportRules(folder: string, collection: RuleCollection): string[] {
  if (!hasCollections(folder)) return [];
  return withCollections(folder, true, (collections) => linesOf(collections, collection));
}

/** The same of open collections. */
export function linesOf(collections: Collections, collection: RuleCollection): string[] {
  const lines: string[] = [];
  const cursor = collections.store(collection).cursor();
  while (cursor.next()) {
    const { bytes, start, end } = cursor.key;
    const value = cursor.valueBytes;
    lines.push(formatRule(collection, decodeUtf8(bytes, start, end), decodeUtf8(value.bytes, value.start, value.end)));
  }
  return lines;
}

function changing<T>(
  folder: string,
  collection: RuleCollection,
  around: Around,
  body: (collections: Collections) => T,
): T {
  return withCollections(folder, false, (collections) => around(collections, collection, () => body(collections)));
}

function withCollections<T>(folder: string, readOnly: boolean, body: (collections: Collections) => T): T {
  const collections = openRulesFolder(folder, { readOnly });
  try {
    return body(collections);
  } finally {
    collections.close();
  }
}
