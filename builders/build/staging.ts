import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { decodeManifest, MANIFEST_FILE } from '../../stores/dataset/manifest.ts';
import { BuildError, errorCode, reasonOf } from '../errors.ts';
import { builderMark, isAbandoned } from './builder-mark.ts';

/** Between the name of what is built and the process that builds it. */
const MARK = '.building-';

/** File systems allow 255 bytes; the two marks need less than a hundred. */
const LONGEST_SHOWN_NAME = 100;

/** What a new file system has at its root. */
const NOT_COUNTED = 'lost+found';

/**
 * The folder in which a dataset takes shape.
 *
 * Where nothing is at the target yet, it lies beside it, and renaming it is one step that either happened or did not. A folder
 * that is there already may be a mount point or the end of a symbolic link, which cannot be replaced: the dataset is
 * built inside it, and its files are moved up in the end, the manifest last. A folder without a manifest is no dataset.
 *
 * A process that is killed outright leaves its folder behind; the next build of the same name removes it: at once on the same
 * machine and in the same container, else when nothing was written to it for a day.
 */
export class Staging {
  /** Where to write. */
  readonly dir: string;
  readonly #target: string;
  /** Whether the dataset is built inside the target. */
  readonly #isInside: boolean;
  /** The outermost parent folder of the target that was made for it. */
  readonly #madeParent: string | undefined;
  #isDone: boolean;

  /**
   * @param target an absolute path: a folder that is not there yet, or an empty one
   * @throws {BuildError} `BUILD_OUTPUT` when the target is something else, or its folder cannot be written to
   */
  constructor(target: string) {
    this.#isDone = false;
    refuseUnlessFree(target);
    this.#isInside = existsSync(target);
    this.#target = this.#isInside ? realpathSync(target) : target;
    const folder = this.#isInside ? this.#target : dirname(target);
    const name = this.#isInside ? '' : basename(target);
    try {
      this.#madeParent = mkdirSync(folder, { recursive: true });
      removeAbandoned(folder, prefixOf(name), this.#isInside);
      this.dir = join(folder, `${prefixOf(name)}${builderMark()}`);
      mkdirSync(this.dir);
    } catch (cause) {
      removeParents(folder, this.#madeParent);
      const where = this.#isInside ? 'inside' : 'beside';
      throw new BuildError('BUILD_OUTPUT', `${target}: creating a build folder ${where} it: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  /**
   * Syncs what was written and puts it in its place.
   *
   * @throws {BuildError} `BUILD_OUTPUT` when something came to be there meanwhile
   */
  commit(): void {
    refuseUnlessFree(this.#target);
    try {
      for (const name of readdirSync(this.dir)) syncPath(join(this.dir, name));
      syncPath(this.dir);
      if (this.#isInside) moveFiles(this.dir, this.#target);
      else renameSync(this.dir, this.#target);
    } catch (cause) {
      throw new BuildError('BUILD_OUTPUT', `${this.#target}: putting the finished dataset there: ${reasonOf(cause)}`, {
        cause,
      });
    }
    this.#isDone = true;
    syncPath(this.#isInside ? this.#target : dirname(this.#target));
  }

  /** Removes what was written, and the folders made for it, unless it was put in its place. Safe at any time. */
  discard(): void {
    if (this.#isDone) return;
    rmSync(this.dir, { recursive: true, force: true });
    removeParents(dirname(this.dir), this.#madeParent);
  }
}

function refuseUnlessFree(target: string): void {
  const refuse = (found: string) =>
    new BuildError('BUILD_OUTPUT', `${target}: expected no such path or an empty folder, found ${found}`);
  let names: string[];
  try {
    names = readdirSync(target);
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') throw refuse('something else');
    if (errorCode(error) !== 'ENOENT') throw refuse(`an error on reading it: ${reasonOf(error)}`);
    if (lstatSync(target, { throwIfNoEntry: false }) === undefined) return;
    throw refuse('a symbolic link to a missing folder; create that folder');
  }
  // Others may be building here: whoever is ready first has it.
  const entries = names.filter((name) => name !== NOT_COUNTED && !name.startsWith(MARK));
  // Of a build that was killed while it moved its files up.
  const abandoned = names.some((name) => name.startsWith(prefixOf(''))) ? leftovers(target, names) : [];
  const count = entries.filter((name) => !abandoned.includes(name)).length;
  if (count > 0) {
    throw refuse(`${count} entries; dataset versions are never overwritten: name another folder`);
  }
}

/** Moves the files up, the manifest last; undoes it when one cannot be moved. */
function moveFiles(from: string, to: string): void {
  const names = readdirSync(from).filter((name) => name !== MANIFEST_FILE);
  try {
    for (const name of names) renameSync(join(from, name), join(to, name));
    syncPath(to);
    renameSync(join(from, MANIFEST_FILE), join(to, MANIFEST_FILE));
  } catch (error) {
    for (const name of names) if (!existsSync(join(from, name))) rmSync(join(to, name), { force: true });
    throw error;
  }
  rmdirSync(from);
}

/** Hidden. What follows it in a name is the mark of the process that builds. */
function prefixOf(name: string): string {
  if (name === '') return MARK;
  const isShort = Buffer.byteLength(name) <= LONGEST_SHOWN_NAME;
  return `.${isShort ? name : createHash('sha256').update(name).digest('hex').slice(0, 16)}${MARK}`;
}

/** Removes the folders of builds of the same name that were killed, and what one of them had moved up already. */
function removeAbandoned(folder: string, prefix: string, isInside: boolean): void {
  const names = readdirSync(folder);
  if (isInside) for (const name of leftovers(folder, names)) rmSync(join(folder, name), { force: true });
  for (const name of abandonedIn(folder, names, prefix)) rmSync(join(folder, name), { recursive: true, force: true });
}

function abandonedIn(folder: string, names: readonly string[], prefix: string): string[] {
  return names.filter((name) => name.startsWith(prefix) && isAbandoned(join(folder, name), name.slice(prefix.length)));
}

/** The files in a target that a build inside it moved up before it was killed: its manifest, still below, lists them. */
function leftovers(target: string, names: readonly string[]): string[] {
  if (names.includes(MANIFEST_FILE)) return [];
  return abandonedIn(target, names, prefixOf('')).flatMap((name) => {
    const path = join(target, name, MANIFEST_FILE);
    try {
      const { files } = decodeManifest(readFileSync(path, 'utf8'), path);
      return files
        .map(({ file }) => file)
        .filter((file) => names.includes(file) && !existsSync(join(target, name, file)));
    } catch {
      // It had not come so far.
      return [];
    }
  });
}

/** Removes a folder and its parents up to `outermost`, as far as they are empty. */
function removeParents(folder: string, outermost: string | undefined): void {
  if (outermost === undefined) return;
  try {
    for (let at = folder; at.startsWith(outermost); at = dirname(at)) rmdirSync(at);
  } catch {
    // Somebody else put something there.
  }
}

/** Makes the system write a file, or a folder's list of names, to the disk. */
function syncPath(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    // Folders cannot be opened or synced everywhere (Windows): their names are safe there without.
    if (!['EISDIR', 'EPERM', 'EACCES'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
