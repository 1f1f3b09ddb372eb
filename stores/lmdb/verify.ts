/** Reads all of an environment's records. */
import { corrupt } from '../errors.ts';
import type { Database } from './database.ts';
import { type CollectionInfo, damaged, databaseName, HEAD_KEY, LOCAL_DATABASE } from './format.ts';

/** Records read between two steps: about half a millisecond. */
const STEP = 256;
/** How often a collection is read again that is changed meanwhile, before its counts are taken on trust. */
const ATTEMPTS = 3;

const FIRST = Uint8Array.of(0);
const END = new Uint8Array(5).fill(0xff);

/** What is verified. */
export interface VerifiedSource {
  readonly path: string;
  local(): Database | undefined;
  names(): string[];
  info(name: string): CollectionInfo | undefined;
  database(name: string): Database | undefined;
  databaseNames(): string[];
}

/**
 * Checks every record's checksum, each collection's counts, and that each database belongs to one. Others may write
 * meanwhile.
 *
 * @throws {StoreError} `STORE_CORRUPT`
 */
export function* verifyInSteps(source: VerifiedSource): Generator<void> {
  const local = source.local();
  if (local === undefined) return;
  for (const _records of readAll(local)) yield;
  for (const name of source.names()) {
    for (let attempt = 1; ; attempt++) {
      const before = source.info(name);
      if (before === undefined) break;
      const counts = yield* countRecords(source, name, before);
      const after = source.info(name);
      if (after?.generation !== before.generation || after.tombstoneCount !== before.tombstoneCount) {
        if (attempt < ATTEMPTS) continue;
        break;
      }
      const expected = `${before.keyCount} entries, ${before.tombstoneCount} removed ones`;
      const found = `${counts.live} entries, ${counts.removed} removed ones`;
      if (expected !== found) throw corrupt(`${source.path}#${name}`, 0, expected, found);
      break;
    }
  }
  checkDatabases(source);
}

function* countRecords(
  source: VerifiedSource,
  name: string,
  info: CollectionInfo,
): Generator<void, { live: number; removed: number }> {
  const counts = { live: 0, removed: 0 };
  const database = source.database(databaseName(name, info));
  if (database === undefined) throw damaged(source.path, `the database of "${name}"`);
  for (const found of readAll(database)) {
    counts.live += found.live;
    counts.removed += found.removed;
    yield;
  }
  return counts;
}

function* readAll(database: Database): Generator<{ live: number; removed: number }> {
  for (let start = FIRST; ; ) {
    const records = database.range(start, END, STEP);
    let live = 0;
    for (const record of records) if (database.payloadOf(record) !== undefined) live++;
    yield { live, removed: records.length - live };
    const last = records[records.length - 1];
    if (last === undefined || records.length < STEP) return;
    start = Uint8Array.from([...last.key, 0]);
  }
}

function checkDatabases(source: VerifiedSource): void {
  if (source.local()?.raw(HEAD_KEY) === undefined) throw damaged(source.path, 'the head');
  const known = new Set([LOCAL_DATABASE]);
  for (const name of source.names()) {
    const info = source.info(name);
    if (info !== undefined) known.add(databaseName(name, info));
  }
  for (const name of source.databaseNames()) {
    if (known.has(name)) continue;
    // What is left of a collection that was removed, or written anew as another kind, is empty.
    const count = source.database(name)?.count(FIRST, END) ?? 0;
    if (count !== 0) throw corrupt(source.path, 0, `no records in the database "${name}"`, count);
  }
}
