/** Changes to the live rules: each is one transaction, seen by every running service from its next request on. */

import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import { type Collections, openCollections } from '../../stores/lmdb/collections.ts';
import { hasEnvironment } from '../../stores/lmdb/environment.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { RULE_COLLECTIONS, RULE_VALUE_KINDS, type RuleCollection } from './collections.ts';
import { formatRule, type ParsedRules } from './rule-file.ts';

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
export function importRules(folder: string, collection: RuleCollection, parsed: ParsedRules): ImportSummary {
  return withCollections(folder, false, (collections) => {
    const kind = { valueKind: RULE_VALUE_KINDS[collection], textVersion: TEXT_VERSION, detail: parsed.detail };
    const [before, generation] = collections.transaction(`importing ${collection} rules`, () => [
      collections.info(collection)?.keyCount ?? 0,
      collections.replace(collection, kind, parsed.entries),
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
export function clearRules(folder: string, collection: RuleCollection): number {
  if (!hasEnvironment(folder)) return 0;
  return withCollections(folder, false, (collections) => {
    return collections.transaction(`clearing ${collection} rules`, () => {
      const before = collections.info(collection)?.keyCount ?? 0;
      collections.remove(collection);
      return before;
    });
  });
}

/** The number of rules in each collection. Zeros when there is no folder. */
export function countRules(folder: string): Readonly<Record<RuleCollection, number>> {
  const counts = { protected: 0, blocked: 0, overrides: 0, rude: 0, polite: 0 };
  if (!hasEnvironment(folder)) return counts;
  return withCollections(folder, true, (collections) => {
    for (const name of RULE_COLLECTIONS) counts[name] = collections.info(name)?.keyCount ?? 0;
    return counts;
  });
}

/** The rules of a collection as lines that `parseRules` reads back, in byte order of their keys. */
export function exportRules(folder: string, collection: RuleCollection): string[] {
  if (!hasEnvironment(folder)) return [];
  return withCollections(folder, true, (collections) => {
    const lines: string[] = [];
    const cursor = collections.store(collection).cursor();
    while (cursor.next()) {
      const { bytes, start, end } = cursor.key;
      const value = cursor.valueBytes;
      lines.push(
        formatRule(collection, decodeUtf8(bytes, start, end), decodeUtf8(value.bytes, value.start, value.end)),
      );
    }
    return lines;
  });
}

function withCollections<T>(folder: string, readOnly: boolean, body: (collections: Collections) => T): T {
  const collections = openCollections(folder, { readOnly });
  try {
    return body(collections);
  } finally {
    collections.close();
  }
}
