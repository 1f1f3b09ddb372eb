/** Opens the rules' folder, whoever wrote it. */
import { type Collections, type CollectionsOptions, openCollections } from '../../stores/lmdb/collections.ts';
import { needsMigration } from '../../stores/lmdb/migrate.ts';

/**
 * Opens the collections of rules in `folder`, also to read them when they are of format version 1: those are taken over
 * first, since a service that starts after an update is to have the rules it had.
 *
 * @throws {StoreError} as `openCollections`
 */
export function openRulesFolder(folder: string, options: CollectionsOptions): Collections {
  if (options.readOnly) takeOver(folder);
  return openCollections(folder, options);
}

/** Takes collections of format version 1 over, if that is what is there. @throws {StoreError} as `openCollections` */
export function takeOver(folder: string): void {
  if (needsMigration(folder)) openCollections(folder, { readOnly: false }).close();
}
