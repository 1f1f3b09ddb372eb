import { readFileSync } from 'node:fs';

/** Memory of a process in bytes, as the kernel counts it. */
export interface ProcessMemory {
  /** Pages of its own: heap, buffers. */
  readonly anonymous: number;
  /** Pages of mapped files, which other processes may share. */
  readonly file: number;
}

/** Reads /proc/PID/status: cheap enough to be read during a run. Undefined where there is no such thing. */
export function readMemory(pid: number): ProcessMemory | undefined {
  const text = readProc(`/proc/${pid}/status`);
  if (text === undefined) return undefined;
  return { anonymous: kilobytes(text, 'RssAnon'), file: kilobytes(text, 'RssFile') + kilobytes(text, 'RssShmem') };
}

/**
 * The proportional set size in bytes: shared pages divided among their users. The kernel walks all pages for it and holds
 * up the process meanwhile, so it is for before and after a run.
 */
export function readPss(pid: number): number | undefined {
  const text = readProc(`/proc/${pid}/smaps_rollup`);
  return text === undefined ? undefined : kilobytes(text, 'Pss');
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}
