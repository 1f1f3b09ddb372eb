/**
 * The audit log: lines of JSON, one a change, in a file beside the collections that only grows. FORMAT.md describes it.
 *
 * A line is on the disk before its change is committed. Where the process dies between the two, the line tells of a change that
 * was never made; the next change then has the same number, by which a reader knows it.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import { AdminError } from './errors.ts';

/** Name of the file in the folder of the rules. */
export const AUDIT_FILE = 'audit.jsonl';

const CHUNK_BYTES = 64 * 1024;
/** Longer lines are not read: no change makes one. */
const MOST_LINE_BYTES = 256 * 2 ** 20;
const LINE_END = 0x0a;

/** Who made a change. */
export interface Actor {
  /** `key`: by a key of `emend keys`; `user`: a person whom a trusted proxy named; `command`: at a command line of this machine. */
  readonly kind: 'key' | 'user' | 'command';
  /** The key's name, the person's, or the user's of the system. */
  readonly name: string;
  /** Of a key. */
  readonly key?: string;
  /** Address that the request came from. */
  readonly address?: string;
}

/** One thing that was changed. */
export interface AuditedChange {
  /** `rules/ID`, `values`, `settings`, `drafts/ID`, `keys/ID`. */
  readonly what: string;
  /** Of a rule: its position in the set, before and after. */
  readonly at?: readonly [before: number | null, after: number | null];
  /** Null: it was not there. */
  readonly before: JsonValue;
  /** Null: it is not there any more. */
  readonly after: JsonValue;
}

/** A change as it is logged. */
export interface AuditEntry {
  /** Counts the changes of the folder, from 1. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: Actor;
  readonly action: string;
  readonly changes: readonly AuditedChange[];
  /** Version of the rule set before and after; left out where it is not changed. */
  readonly version?: readonly [before: number, after: number];
  /** Why, as who made it says. */
  readonly reason: string | null;
  /** Of a request. */
  readonly requestId?: string;
}

/** An entry as it is read: not `made` where its process died before the change was committed. */
export interface ReadEntry extends AuditEntry {
  readonly made: boolean;
}

/** A page of the log, the newest first. `next` continues it; null at its end. */
export interface AuditPage {
  readonly entries: readonly ReadEntry[];
  readonly next: string | null;
}

export class AuditFile {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, AUDIT_FILE);
  }

  /**
   * Adds a line and syncs it. A line that cannot be written whole is taken back.
   *
   * @throws {AdminError} `ADMIN_AUDIT`
   */
  append(entry: AuditEntry): void {
    let file: number | undefined;
    try {
      // Read too: whether the last line is whole.
      file = openSync(this.path, 'a+', 0o600);
      const { size } = fstatSync(file);
      const line = Buffer.from(`${endsInLine(file, size) ? '' : '\n'}${JSON.stringify(entry)}\n`);
      try {
        for (let at = 0; at < line.length; ) at += writeSync(file, line, at);
        fsyncSync(file);
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
      if (size === 0) syncFolder(dirname(this.path));
    } catch (cause) {
      throw failed(
        this.path,
        'writing the audit log',
        'nothing was changed; make it writable, or space on its disk',
        cause,
      );
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Number of the last entry; 0 for an empty log. @throws {AdminError} `ADMIN_AUDIT` */
  lastSeq(): number {
    return this.page({ limit: 1, lastSeq: Number.POSITIVE_INFINITY }).entries[0]?.seq ?? 0;
  }

  /**
   * Entries, the newest first. Reads from the end: what is older costs nothing.
   *
   * @param lastSeq number of the last change that was committed
   * @param from `next` of a page before
   * @throws {AdminError} `ADMIN_AUDIT`; `ADMIN_INPUT` for a `from` that is none
   */
  page(options: {
    readonly limit: number;
    readonly lastSeq: number;
    readonly from?: string | undefined;
    readonly keep?: (entry: ReadEntry) => boolean;
  }): AuditPage {
    let file: number | undefined;
    try {
      file = openSync(this.path, 'r');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], next: null };
      throw failed(this.path, 'reading the audit log', 'check who may read it', cause);
    }
    try {
      const { size } = fstatSync(file);
      let [end, after] = cursorOf(options.from, size, options.lastSeq + 1);
      const entries: ReadEntry[] = [];
      while (end > 0) {
        const { start, text } = lineBefore(file, end);
        const entry = entryOf(text);
        if (entry !== undefined) {
          const read = { ...entry, made: entry.seq < after };
          if (options.keep === undefined || options.keep(read)) {
            if (entries.length === options.limit) return { entries, next: `${end}-${after}` };
            entries.push(read);
          }
          after = Math.min(after, entry.seq);
        }
        end = start;
      }
      return { entries, next: null };
    } catch (error) {
      if (error instanceof AdminError) throw error;
      throw failed(this.path, 'reading the audit log', 'check who may read it', error);
    } finally {
      closeSync(file);
    }
  }
}

function cursorOf(from: string | undefined, size: number, after: number): [end: number, after: number] {
  if (from === undefined) return [size, after];
  const match = /^(\d{1,15})-(\d{1,15}|Infinity)$/.exec(from);
  if (match === null || Number(match[1]) > size) {
    throw new AdminError(
      'ADMIN_INPUT',
      `"${from.slice(0, 40)}" continues no page of the audit log; take "next" of one`,
    );
  }
  return [Number(match[1]), Number(match[2])];
}

/** The line whose end is at `end`, and where it begins. */
function lineBefore(file: number, end: number): { start: number; text: string } {
  const pieces: Buffer[] = [];
  let read = 0;
  // The line's own end is passed over.
  for (let upTo = end; upTo > 0; ) {
    const from = Math.max(0, upTo - CHUNK_BYTES);
    const chunk = Buffer.alloc(upTo - from);
    readSync(file, chunk, 0, chunk.length, from);
    const searched = upTo === end && chunk[chunk.length - 1] === LINE_END ? chunk.length - 2 : chunk.length - 1;
    const at = searched < 0 ? -1 : chunk.lastIndexOf(LINE_END, searched);
    if (read < MOST_LINE_BYTES) pieces.unshift(chunk.subarray(at + 1));
    read += chunk.length;
    if (at >= 0) return { start: from + at + 1, text: Buffer.concat(pieces).toString('utf8') };
    upTo = from;
  }
  return { start: 0, text: Buffer.concat(pieces).toString('utf8') };
}

/** Undefined for what a stopped process left of a line. */
function entryOf(text: string): AuditEntry | undefined {
  try {
    const value = JSON.parse(text) as AuditEntry;
    return Number.isSafeInteger(value?.seq) && Array.isArray(value.changes) ? value : undefined;
  } catch {
    return undefined;
  }
}

function endsInLine(file: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === LINE_END;
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function failed(path: string, doing: string, remedy: string, cause: unknown): AdminError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AdminError('ADMIN_AUDIT', `${path}: ${doing}: ${reason}; ${remedy}`, { cause });
}
