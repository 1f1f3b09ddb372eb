/** Opens collections and verifies all of them, for those who have something else to do meanwhile. */
import { join } from 'node:path';
import { Collections, type CollectionsOptions, openCollections } from './collections.ts';
import { currentFile } from './current-file.ts';
import { hasCollections, needsMigration } from './migrate.ts';
import { openCurrent } from './open-current.ts';
import { checkPagesInSteps } from './page-check.ts';

/**
 * Opens the collections in `folder` to be read, and verifies all of them, a step of less than a millisecond at a time: for
 * those who have something else to do meanwhile. Its value is what `openCollections` returns.
 *
 * @throws {StoreError} as `openCollections` and `verify`
 */
export function* openVerifiedInSteps(folder: string, options: CollectionsOptions): Generator<void, Collections> {
  if (!hasCollections(folder) || needsMigration(folder)) return openCollections(folder, options);
  const { file, id } = currentFile(folder);
  yield* checkPagesInSteps(join(folder, file));
  const collections = new Collections(folder, openCurrent(folder, options, id), options);
  let isWhole = false;
  try {
    yield* collections.verifyInSteps();
    isWhole = true;
    return collections;
  } finally {
    if (!isWhole) collections.close();
  }
}
