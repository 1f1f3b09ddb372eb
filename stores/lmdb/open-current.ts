/** Opens the file that is in force, and that still is when it is open. */
import { readdirSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { type CurrentFile, currentFile, isNumberedFile } from './current-file.ts';
import { closeEnvironment, type Environment, type EnvironmentOptions, openEnvironment } from './environment.ts';
import { COLLECTIONS_FILE } from './format.ts';

/** So often a file is opened anew that is replaced meanwhile. */
const ATTEMPTS = 10;

/** An opened file that was in force when it had been opened. */
export interface OpenedCurrent {
  readonly environment: Environment;
  readonly id: string;
}

/**
 * @param checkedId the file whose pages were checked
 * @throws {StoreError} as `openEnvironment`
 */
export function openCurrent(
  folder: string,
  options: Pick<EnvironmentOptions, 'readOnly' | 'mapBytes'>,
  checkedId = 'none',
): OpenedCurrent {
  const { readOnly, mapBytes } = options;
  for (let attempt = 1; ; attempt++) {
    const before = currentFile(folder);
    if (before.id === '') refuseLost(folder);
    try {
      const pagesChecked = before.id === checkedId;
      const environment = openEnvironment(folder, {
        readOnly,
        file: before.file,
        pagesChecked,
        ...(mapBytes === undefined ? {} : { mapBytes }),
      });
      const after = currentFile(folder);
      if (isSameFile(before, after)) return { environment, id: after.id };
      closeEnvironment(environment);
    } catch (error) {
      if (attempt === ATTEMPTS || isSameFile(before, currentFile(folder))) throw error;
    }
  }
}

function isSameFile(before: CurrentFile, after: CurrentFile): boolean {
  // One that was not there was made by the opening.
  return before.file === after.file && (before.id === '' || before.id === after.id);
}

/** An empty file beside those of a compaction, whose page is gone, would be taken for all that there is. */
function refuseLost(folder: string): void {
  let lost: string | undefined;
  try {
    lost = readdirSync(folder).find(isNumberedFile);
  } catch {
    // No folder, or none of ours to read: the opening says so.
  }
  if (lost === undefined) return;
  throw new StoreError(
    'STORE_CORRUPT',
    `${folder}: there is no ${COLLECTIONS_FILE}, which names the file of the last compaction; restore it, or rename ${lost} to it while no process has the folder open`,
  );
}
