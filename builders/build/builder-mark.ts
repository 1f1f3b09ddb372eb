/**
 * The mark of a process that builds, and whether that process is gone.
 *
 * A process id means a process only within its PID namespace, and there only while it runs: two containers may share a folder,
 * the host name and the numbers of their processes, and a container that starts again gives the same numbers again. So the
 * mark names the namespace, the boot of the kernel that numbers it, and when the process began.
 */
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../errors.ts';

/** A build writes to its folder every few minutes at most; clocks of machines that share one differ by less than this. */
const SURELY_DEAD_MS = 24 * 60 * 60 * 1000;

/** Marks of earlier versions do not say when the process began. */
const MARK = /^(.*?)-(\d+)-(?:(\d+)-)?[0-9a-f]{8}$/;

/** Where the system does not say when a process began. */
const NO_START = '0';

/** A mark of this process, another one at each call: letters, digits and hyphens. */
export function builderMark(): string {
  const { pid } = process;
  return `${processSpace()}-${pid}-${startOf(pid)}-${randomBytes(4).toString('hex')}`;
}

/** What can be seen from here of the process that made a mark: of one in another container or on another machine, nothing. */
export type Life = 'alive' | 'gone' | 'unknown';

/** Whether the process that made `mark` still runs. `unknown` too where `mark` is none. */
export function lifeOf(mark: string): Life {
  // Earlier versions wrote the number alone into their locks.
  if (/^[1-9]\d*$/.test(mark)) return isAlive(Number(mark)) ? 'unknown' : 'gone';
  const [, space, pid, start = NO_START] = MARK.exec(mark) ?? [];
  if (pid === undefined || space !== processSpace()) return 'unknown';
  if (!isAlive(Number(pid))) return 'gone';
  const now = startOf(Number(pid));
  return start === NO_START || now === NO_START || start === now ? 'alive' : 'gone';
}

/**
 * Whether the folder at `path`, whose name ends in `mark`, is of a build that was killed: its process is gone, or, where
 * that cannot be seen from here, nothing in it was written for a day.
 */
export function isAbandoned(path: string, mark: string): boolean {
  if (!MARK.test(mark)) return false;
  const life = lifeOf(mark);
  return life === 'unknown' ? Date.now() - lastWrittenMs(path) > SURELY_DEAD_MS : life === 'gone';
}

/** Whether a process of this id runs in the PID namespace of this one. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** When a process began, in ticks since the boot: with its id, it names one process. Only Linux says. */
function startOf(pid: number): string {
  const stat = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The name, in parentheses, may contain anything. The 20th field behind it is the start.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD] ?? NO_START;
}

const START_FIELD = 19;

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
