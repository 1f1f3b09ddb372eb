/** Changes that are logged: each is one transaction of the collections with its line in the audit log, or none of both. */
import type { Collections } from '../../stores/lmdb/collections.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import { openRulesFolder } from '../rules/open-folder.ts';
import { type Actor, type AuditEntry, AuditFile, type AuditPage, type ReadEntry } from './audit-file.ts';
import { AdminError } from './errors.ts';

/** The collection that holds the number of the last change. */
const COLLECTION = 'emend-audit';

/** Who wants a change, and why. */
export interface Request {
  readonly who: Actor;
  readonly reason: string | null;
  readonly requestId?: string;
  readonly nowMs: number;
}

/** What a change's body says to be logged; undefined: nothing was to be changed, and nothing is logged. */
export type Logged = Pick<AuditEntry, 'action' | 'changes' | 'version'> | undefined;

/**
 * Runs `body` in a transaction and logs what it says it changed. What it throws undoes all.
 *
 * @returns what `body` does, and the number of the change; 0 where nothing was changed
 * @throws {AdminError} `ADMIN_AUDIT` where the log cannot be written: then nothing was changed
 * @throws {StoreError} `STORE_IO`; what `body` throws
 */
export function logged<T>(
  collections: Collections,
  request: Request,
  doing: string,
  body: () => { readonly result: T; readonly log: Logged },
): { readonly result: T; readonly seq: number } {
  return collections.transaction(doing, () => {
    const { result, log } = body();
    if (log === undefined) return { result, seq: 0 };
    const file = new AuditFile(collections.folder);
    const seq = (lastSeq(collections) ?? file.lastSeq()) + 1;
    collections.write.put(COLLECTION, [{ key: 'seq', value: seq }], 'commands', { kind: 'map' });
    const { who, reason, requestId, nowMs } = request;
    // Last of all: what fails before it leaves no line.
    file.append({
      seq,
      at: new Date(nowMs).toISOString(),
      who,
      action: log.action,
      changes: log.changes,
      ...(log.version === undefined ? {} : { version: log.version }),
      reason,
      ...(requestId === undefined ? {} : { requestId }),
    });
    return { result, seq };
  });
}

/** Pages of the log, the newest first. @throws {AdminError} as `AuditFile.page` */
export function history(
  collections: Collections,
  options: {
    readonly limit: number;
    readonly from?: string | undefined;
    readonly keep?: (entry: ReadEntry) => boolean;
  },
): AuditPage {
  const file = new AuditFile(collections.folder);
  return file.page({ ...options, lastSeq: lastSeq(collections) ?? Number.MAX_SAFE_INTEGER - 1 });
}

/** The change of a number. @throws {AdminError} `ADMIN_NOT_FOUND` when the log has none that was made */
export function changeOf(collections: Collections, seq: number): ReadEntry {
  const keep = (entry: ReadEntry): boolean => entry.seq === seq && entry.made;
  const [entry] = history(collections, { limit: 1, keep }).entries;
  if (entry !== undefined) return entry;
  throw new AdminError(
    'ADMIN_NOT_FOUND',
    `the audit log has no change ${seq}; "emend rules history" lists those it has`,
  );
}

/**
 * Opens the folder of the rules for `body`, and makes it where there is none.
 *
 * @throws {StoreError} as `openCollections`
 */
export function withRulesFolder<T>(folder: string, body: (collections: Collections) => T): T {
  const collections = openRulesFolder(folder, { readOnly: false });
  try {
    return body(collections);
  } finally {
    collections.close();
  }
}

/** The same to read; undefined where there is no folder. */
export function readRulesFolder<T>(folder: string, body: (collections: Collections) => T): T | undefined {
  if (!hasCollections(folder)) return undefined;
  const collections = openRulesFolder(folder, { readOnly: true });
  try {
    return body(collections);
  } finally {
    collections.close();
  }
}

function lastSeq(collections: Collections): number | undefined {
  return collections.map<number>(COLLECTION).get('seq');
}
