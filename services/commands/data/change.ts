/** `emend data set` and `delete`. */
import type { ChangeSummary, CollectionEntry } from '../../../stores/lmdb/collection-writer.ts';
import type { Collections } from '../../../stores/lmdb/collections.ts';
import type { SetMember } from '../../../stores/lmdb/record-keys.ts';
import { UsageError } from '../../command.ts';
import type { DataOptions } from './arguments.ts';

/** Writes one entry; with `--kind` the collection is made when there is none. */
export function setEntry(collections: Collections, options: DataOptions): ChangeSummary {
  const { name, keys, kind: asked } = options;
  return collections.transaction(`writing to the collection "${name}"`, () => {
    const kind = collections.info(name)?.kind ?? asked;
    if (kind === undefined) {
      throw new UsageError(`there is no collection "${name}"; say what it is to be: --kind list, set or map`);
    }
    const [key, value] = keys;
    if ((value === undefined) !== (kind === 'set')) {
      throw new UsageError(kind === 'set' ? 'a set takes one MEMBER' : `a ${kind} takes a KEY and a VALUE`);
    }
    const entry = entryOf(entryKey(kind, key), parsedValue(options, value));
    const description = collections.info(name) === undefined ? { kind } : undefined;
    return collections.write.put(name, [entry], 'commands', description);
  });
}

/** Removes entries, or with `--all` the collection. */
export function deleteEntries(collections: Collections, options: DataOptions): ChangeSummary {
  const { name, keys, all } = options;
  if (all !== (keys.length === 0)) throw new UsageError('delete takes keys, or --all');
  return collections.transaction(`removing from the collection "${name}"`, () => {
    const info = collections.info(name);
    if (all) {
      collections.write.remove(name);
      return { generation: collections.generation(), changed: info?.keyCount ?? 0, keyCount: 0 };
    }
    if (info?.kind !== 'list') return collections.write.delete(name, keys as SetMember[]);
    const gone = new Set(keys.map((key) => entryKey('list', key)));
    const rest = collections.list(name).filter((_, i) => !gone.has(i));
    return collections.write.replace(
      name,
      { ...info, kind: 'list' },
      rest.map((value) => ({ value })),
    );
  });
}

function entryKey(kind: string, key: unknown): SetMember | undefined {
  if (kind !== 'list') return key as SetMember;
  if (key === 'end') return undefined;
  if (/^\d+$/.test(String(key))) return Number(key);
  throw new UsageError(`a list takes a position from 0, or "end", found "${String(key)}"`);
}

function parsedValue({ text }: DataOptions, value: unknown): unknown {
  if (text || typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function entryOf(key: SetMember | undefined, value: unknown): CollectionEntry {
  return key === undefined ? { value } : { key, value };
}
