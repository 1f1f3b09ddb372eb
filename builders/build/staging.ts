import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { BuildError, errorCode, reasonOf } from '../errors.ts';

/** Between the name of what is built and the process that builds it. */
const MARK = '.building-';

/**
 * The folder in which a dataset takes shape: beside its place, under another name, so that renaming it is one step that
 * either happened or did not.
 *
 * A process that is killed outright leaves its folder behind; the next build of the same name removes it.
 */
export class Staging {
  /** Where to write. */
  readonly dir: string;
  readonly #target: string;
  #isDone: boolean;

  /**
   * @param target an absolute path: a folder that is not there yet, or an empty one
   * @throws {BuildError} `BUILD_OUTPUT` when the target is something else, or its folder cannot be written to
   */
  constructor(target: string) {
    this.#target = target;
    this.#isDone = false;
    refuseUnlessFree(target);
    const folder = dirname(target);
    try {
      mkdirSync(folder, { recursive: true });
      removeAbandoned(folder, basename(target));
      this.dir = join(folder, `${prefixOf(basename(target))}${process.pid}-${randomBytes(4).toString('hex')}`);
      mkdirSync(this.dir);
    } catch (cause) {
      throw new BuildError('BUILD_OUTPUT', `${target}: making a folder beside it to build in: ${reasonOf(cause)}`, {
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
    for (const name of readdirSync(this.dir)) syncPath(join(this.dir, name));
    syncPath(this.dir);
    refuseUnlessFree(this.#target);
    try {
      // An empty folder gives way; where renaming over one is refused (Windows), a missing one would have done.
      rmdirIfThere(this.#target);
      renameSync(this.dir, this.#target);
    } catch (cause) {
      throw new BuildError('BUILD_OUTPUT', `${this.#target}: putting the finished dataset there: ${reasonOf(cause)}`, {
        cause,
      });
    }
    this.#isDone = true;
    syncPath(dirname(this.#target));
  }

  /** Removes what was written, unless it was put in its place. Safe at any time. */
  discard(): void {
    if (!this.#isDone) rmSync(this.dir, { recursive: true, force: true });
  }
}

function refuseUnlessFree(target: string): void {
  let names: string[];
  try {
    names = readdirSync(target);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw new BuildError('BUILD_OUTPUT', `${target}: expected no such path or an empty folder, found something else`);
  }
  if (names.length > 0) {
    throw new BuildError(
      'BUILD_OUTPUT',
      `${target}: expected no such path or an empty folder, found ${names.length} entries; dataset versions are never overwritten: name another folder`,
    );
  }
}

/** Hidden beside the target; the host keeps a folder shared between machines from being cleaned by another. */
function prefixOf(name: string): string {
  return `.${name}${MARK}${hostname().replace(/[^A-Za-z0-9.]/g, '')}-`;
}

function removeAbandoned(folder: string, name: string): void {
  const prefix = prefixOf(name);
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(prefix)) continue;
    const pid = Number(/^(\d+)-[0-9a-f]+$/.exec(entry.slice(prefix.length))?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}

/** Whether a process of this id runs on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

function rmdirIfThere(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
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
