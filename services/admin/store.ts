/** The folder of the rules as the admin port has it open: opened when it is first needed, and again where it was made anew. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Collections } from '../../stores/lmdb/collections.ts';
import { COLLECTIONS_FILE } from '../../stores/lmdb/format.ts';
import { openRulesFolder } from '../rules/open-folder.ts';

export class AdminStore {
  readonly folder: string;
  #collections: Collections | undefined;
  #file = '';

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * The collections as the last commit left them, whoever made it.
   *
   * @throws {StoreError} as `openCollections`
   */
  collections(): Collections {
    const file = this.#identity();
    if (this.#collections !== undefined && file === this.#file) {
      this.#collections.refresh();
      return this.#collections;
    }
    this.close();
    this.#collections = openRulesFolder(this.folder, { readOnly: false });
    this.#file = this.#identity();
    return this.#collections;
  }

  close(): void {
    this.#collections?.close();
    this.#collections = undefined;
  }

  #identity(): string {
    const stat = statSync(join(this.folder, COLLECTIONS_FILE), { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.dev}:${stat.ino}`;
  }
}
