/** A file into its collection: rules as `emend rules import` takes them, all else as data. */
import type { ChangeSummary } from '../../stores/lmdb/collection-writer.ts';
import type { Collections } from '../../stores/lmdb/collections.ts';
import type { CollectionOwner } from '../../stores/lmdb/format.ts';
import { TEXT_VERSION } from '../../stores/text/normalise.ts';
import { isRuleCollection, RULE_KINDS } from '../rules/collections.ts';
import { RuleError } from '../rules/errors.ts';
import { parseRules } from '../rules/rule-file.ts';
import { type DataFormat, type DataKind, readDataFile } from './data-file.ts';
import { DataError } from './errors.ts';

/** What to import. */
export interface FileImport {
  readonly name: string;
  readonly format: DataFormat;
  /** Undefined where the file says it. */
  readonly kind: DataKind | undefined;
  /** Its name, for messages. */
  readonly file: string;
  readonly by: CollectionOwner;
  /** What to keep with the collection as its source. */
  readonly source?: string;
}

/**
 * Replaces the collection by what the file holds, in one transaction.
 *
 * @throws {DataError} `DATA_SYNTAX`
 * @throws {StoreError} as `CollectionWriter.replace`
 */
export function importFile(collections: Collections, bytes: Uint8Array, what: FileImport): ChangeSummary {
  const { name, format, file, by, source = '' } = what;
  if (isRuleCollection(name)) {
    if (format !== 'txt') throw new DataError('DATA_SYNTAX', file, 'rules are text, one a line; name the file .txt');
    const { entries, detail } = parsedRules(bytes, name, file);
    const description = { kind: RULE_KINDS[name], textVersion: TEXT_VERSION, detail, source };
    return collections.write.replace(name, description, entries, by);
  }
  const { kind, entries } = readDataFile(bytes, format, file, what.kind);
  return collections.write.replace(name, { kind, source }, entries, by);
}

function parsedRules(bytes: Uint8Array, name: Parameters<typeof parseRules>[1], file: string) {
  try {
    return parseRules(bytes, name, file);
  } catch (error) {
    const first = error instanceof RuleError ? error.problems[0] : undefined;
    if (first === undefined) throw error;
    throw new DataError('DATA_SYNTAX', file, first.message, first.line);
  }
}
