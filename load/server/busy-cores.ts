import { readFileSync } from 'node:fs';

/** Milliseconds in a tick of the kernel's clock, as Linux shows it to programs everywhere (USER_HZ = 100). */
const TICK_MS = 10;

/** CPU time of all cores since the start of the system, milliseconds: of everything that ran, and taken by other machines. */
export interface BusyTime {
  readonly busyMs: number;
  readonly stolenMs: number;
}

/** Reads /proc/stat. Undefined where there is no such thing. */
export function readBusyTime(): BusyTime | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/stat', 'utf8');
  } catch {
    return undefined;
  }
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = text
    .slice('cpu'.length, text.indexOf('\n'))
    .trim()
    .split(/\s+/)
    .map(Number);
  return { busyMs: (user + nice + system + irq + softirq) * TICK_MS, stolenMs: steal * TICK_MS };
}
