import { readFileSync } from 'node:fs';

/** Milliseconds in a tick of the kernel's clock, as Linux shows it to programs everywhere (USER_HZ = 100). */
const TICK_MS = 10;

/** User and system time that a process took so far, all its threads, milliseconds by tens; undefined where there is no /proc. */
export function readCpuMs(pid: number): number | undefined {
  try {
    return cpuMsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The same of the text of /proc/PID/stat. */
export function cpuMsOf(stat: string): number {
  // After the name in parentheses, which may hold anything: utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
