import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../../stores/dataset/manifest.ts';
import { readManifest } from '../../stores/dataset/open.ts';

/** Whether a dataset is there that this program reads, its files at their sizes. Reads the manifest alone. */
export function isWholeDataset(dir: string): boolean {
  if (!existsSync(join(dir, MANIFEST_FILE))) return false;
  try {
    readManifest(dir);
    return true;
  } catch {
    return false;
  }
}
