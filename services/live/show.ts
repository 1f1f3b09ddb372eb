/** Collections as text: exported, looked up, compared with a file. */
import type { CollectionEntry } from '../../stores/lmdb/collection-writer.ts';
import type { Collections } from '../../stores/lmdb/collections.ts';
import type { CollectionInfo } from '../../stores/lmdb/format.ts';
import type { SetMember } from '../../stores/lmdb/record-keys.ts';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import { isRuleCollection } from '../rules/collections.ts';
import { formatRule } from '../rules/rule-file.ts';
import type { DataFile, DataFormat } from './data-file.ts';

/** An entry as people name it: a position, a member, a key; the value of a set's member is `true`. */
export interface ShownEntry {
  readonly key: SetMember;
  readonly value: JsonValue;
}

/** The entries of a collection in their order. */
export function* entriesOf(collections: Collections, name: string, info: CollectionInfo): Generator<ShownEntry> {
  switch (info.kind) {
    case 'list':
      for (const [key, value] of collections.list(name).entries()) yield { key, value };
      return;
    case 'set':
      for (const key of collections.set(name)) yield { key, value: true };
      return;
    case 'map':
      for (const [key, value] of collections.map(name)) yield { key, value };
      return;
    default: {
      const cursor = collections.store(name).cursor();
      while (cursor.next()) {
        const key = Buffer.from(cursor.key.copy()).toString();
        yield {
          key,
          value: info.kind === 'uint' ? cursor.value : Buffer.from(cursor.valueBytes.copy()).toString('base64'),
        };
      }
    }
  }
}

/** Pieces of text that together are the collection in a format, which `emend data import` reads back. */
export function* exported(
  collections: Collections,
  name: string,
  info: CollectionInfo,
  format: DataFormat,
): Generator<string> {
  const isMap = info.kind !== 'list' && info.kind !== 'set';
  let before = isMap ? '{' : '[';
  for (const { key, value } of entriesOf(collections, name, info)) {
    const member = info.kind === 'set' ? key : value;
    if (format === 'txt') yield `${lineOf(name, key, member)}\n`;
    else if (format === 'jsonl') yield `${JSON.stringify(isMap ? { key, value } : member)}\n`;
    else yield `${before}\n${isMap ? `${JSON.stringify(key)}: ` : ''}${JSON.stringify(member)}`;
    before = ',';
  }
  if (format === 'json') yield before === ',' ? `\n${isMap ? '}' : ']'}\n` : isMap ? '{}\n' : '[]\n';
}

/** How a file differs from a collection. */
export interface Difference {
  readonly key: SetMember;
  /** What the collection has; undefined for nothing. */
  readonly there: JsonValue | undefined;
  /** What the file has; undefined for nothing. */
  readonly here: JsonValue | undefined;
}

/** What importing the file would change, in the collection's order and then the file's. Holds the file's entries in memory. */
export function* differences(
  collections: Collections,
  name: string,
  info: CollectionInfo | undefined,
  file: DataFile,
): Generator<Difference> {
  const here = new Map<SetMember, JsonValue>();
  let position = 0;
  for (const entry of file.entries) here.set(...pairOf(entry, file.kind, position++));
  const entries = info === undefined ? [] : entriesOf(collections, name, info);
  for (const { key, value } of entries) {
    const other = here.get(key);
    if (other === undefined || JSON.stringify(other) !== JSON.stringify(value))
      yield { key, there: value, here: other };
    here.delete(key);
  }
  for (const [key, value] of here) yield { key, there: undefined, here: value };
}

function pairOf({ key, value }: CollectionEntry, kind: string, position: number): [SetMember, JsonValue] {
  if (kind === 'list') return [position, value as JsonValue];
  const text = key instanceof Uint8Array ? Buffer.from(key).toString() : (key as SetMember);
  return [text, kind === 'set' ? true : (value as JsonValue)];
}

function lineOf(name: string, key: SetMember, member: JsonValue): string {
  if (isRuleCollection(name)) return formatRule(name, String(key), String(member));
  return typeof member === 'string' ? member : JSON.stringify(member);
}
