/**
 * The mark of the process that builds in a folder, and whether that process is gone.
 *
 * A process id means a process only within its PID namespace: two containers may share a folder, the host name and the
 * numbers of their processes. So the mark names the namespace, and the boot of the kernel that numbers it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../errors.ts';

/** A build writes to its folder every few minutes at most; clocks of machines that share one differ by less than this. */
const SURELY_DEAD_MS = 24 * 60 * 60 * 1000;

const MARK = /^(.*)-(\d+)-[0-9a-f]+$/;

/** A mark of this process, another one at each call. */
export function builderMark(): string {
  return `${processSpace()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/**
 * Whether the folder at `path`, whose name ends in `mark`, is of a build that was killed: its process is gone, or, where
 * that cannot be seen from here, nothing in it was written for a day.
 */
export function isAbandoned(path: string, mark: string): boolean {
  const [, space, pid] = MARK.exec(mark) ?? [];
  if (pid === undefined) return false;
  return space === processSpace() ? !isAlive(Number(pid)) : Date.now() - lastWrittenMs(path) > SURELY_DEAD_MS;
}

/** Whether a process of this id runs in the PID namespace of this one. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Names the space in which process ids are unique: 16 letters and digits. */
function processSpace(): string {
  const boot = orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'));
  const namespace = orNothing(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${hostname()}\n${boot}\n${namespace}`).digest('hex').slice(0, 16);
}

/** Only Linux has PID namespaces, and these files. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** When anything in the folder was written last; now when that cannot be seen. */
function lastWrittenMs(path: string): number {
  try {
    const stat = lstatSync(path);
    if (!stat.isDirectory()) return stat.mtimeMs;
    return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => lastWrittenMs(join(path, name))));
  } catch {
    return Date.now();
  }
}
