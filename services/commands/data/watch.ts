/** `emend data watch`: changes as they happen. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Collections } from '../../../stores/lmdb/collections.ts';
import type { CollectionInfo } from '../../../stores/lmdb/format.ts';
import { hasCollections } from '../../../stores/lmdb/migrate.ts';
import type { CommandIo } from '../../command.ts';
import { openRulesFolder } from '../../rules/open-folder.ts';
import type { DataOptions } from './arguments.ts';

/** How often to look, in milliseconds. */
const LOOK_MS = 50;
/** Entries shown of one change. */
const SHOWN_ENTRIES = 100;

/** Prints changes until it is stopped, or until `--changes` of them. Waits for a folder that is not there yet. */
export async function watchCollections(options: DataOptions, io: CommandIo): Promise<number> {
  while (!hasCollections(options.folder)) await wait(LOOK_MS);
  const collections = openRulesFolder(options.folder, { readOnly: true });
  try {
    let generation = collections.generation();
    let known = infosOf(collections, options.name);
    for (let left = options.changes; left > 0; ) {
      await wait(LOOK_MS);
      if (collections.generation() === generation) continue;
      generation = collections.generation();
      const now = infosOf(collections, options.name);
      for (const name of new Set([...known.keys(), ...now.keys()])) {
        const [before, after] = [known.get(name), now.get(name)];
        if (before?.generation === after?.generation || left === 0) continue;
        io.stdout.write(`${JSON.stringify(changeOf(collections, name, before, after))}\n`);
        left--;
      }
      known = now;
    }
    return 0;
  } finally {
    collections.close();
  }
}

function infosOf(collections: Collections, name: string): Map<string, CollectionInfo> {
  const infos = new Map<string, CollectionInfo>();
  for (const one of name === '' ? collections.names() : [name]) {
    const info = collections.info(one);
    if (info !== undefined) infos.set(one, info);
  }
  return infos;
}

function changeOf(collections: Collections, name: string, before?: CollectionInfo, after?: CollectionInfo): unknown {
  if (after === undefined) return { collection: name, removed: true, before: before?.keyCount };
  // Of several changes since the last look the entries of the last one are known.
  const entries = collections.lastChange(name);
  return {
    collection: name,
    generation: after.generation,
    time: new Date(after.changedMs).toISOString(),
    before: before?.keyCount ?? 0,
    entries: after.keyCount,
    ...(entries === undefined ? {} : { changes: entries.slice(0, SHOWN_ENTRIES), changed: entries.length }),
  };
}
