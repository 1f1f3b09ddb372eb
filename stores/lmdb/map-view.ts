/**
 * Values of LMDB without a copy, as views on the memory map.
 *
 * lmdb-js has no public call for that on all versions of Node: its builds for Node 20 and 22 give values above 16 MiB from
 * `getBinaryFast` as views, its Node-API build, which Node 24 and later, macOS and Windows get, copies them. Both have
 * `getSharedByBinary`, an internal function of the add-on, which gives a view of any length. It takes the address of the
 * database and the length of a key that lies in the buffer of the environment. Hence `lmdb` is pinned to an exact version, the
 * function is asked for before it is called, and what it gives is looked at before it is used.
 */
import { type Environment, loadLmdb } from './environment.ts';

/** What is used of lmdb-js beside its public interface. */
interface Internals {
  readonly nativeAddon?: { getSharedByBinary?(databaseAddress: number, keyBytes: number): Uint8Array | undefined };
}

/** A byte that makes a longer key of one that is there. No record may have it. */
const ABSENT_SUFFIX = 0xff;

/**
 * The value under `key` as a view on the map of an environment that nobody writes to, or undefined where lmdb-js cannot give
 * one: read a copy then. About 1 us, whatever the length.
 *
 * The view is valid until the environment is closed, and reading it afterwards ends the process. Writing to it always does.
 *
 * @param key of a record; none may have this key and a byte FF after it
 * @param valueBytes length of the value, which is at least 1
 */
export function viewOnMap(environment: Environment, key: Uint8Array, valueBytes: number): Uint8Array | undefined {
  const { getSharedByBinary } = (loadLmdb() as Internals).nativeAddon ?? {};
  const { dbAddress } = environment as Environment & { dbAddress?: unknown };
  if (typeof getSharedByBinary !== 'function' || typeof dbAddress !== 'number') return undefined;
  // A look-up that misses leaves its key in the environment's buffer, where it begins with the key that is meant.
  const absent = new Uint8Array(key.length + 1);
  absent.set(key);
  absent[key.length] = ABSENT_SUFFIX;
  if (environment.getBinaryFast(absent) !== undefined) return undefined;
  const view = getSharedByBinary(dbAddress, key.length);
  return view?.length === valueBytes ? view : undefined;
}
