/** Keys of the admin port: kept as hashes in a live collection, so that one that is revoked is refused from the next request on. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Collections } from '../../stores/lmdb/collections.ts';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import { AdminError } from './errors.ts';
import { logged, type Request } from './ledger.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';

/** The collection; no other than the commands may have written it. */
export const KEY_COLLECTION = 'emend-keys';

const PREFIX = 'emend';
const SECRET_BYTES = 32;
const KEY = /^emend_([0-9a-f]{16})_([\w-]{43})$/;
/** What an unknown key is compared with, so that it takes as long as a known one. */
const NO_HASH = '0'.repeat(64);

/** What is known of a key. */
export interface KeyInfo {
  /** 16 hexadecimal digits; part of the key, and no secret. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The dataset that a service must serve to take the key; null: any. */
  readonly dataset: string | null;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly revokedMs: number | null;
}

interface StoredKey extends KeyInfo {
  /** SHA-256 of the whole key, hexadecimal. */
  readonly hash: string;
}

/** What a key is to be. */
export interface KeyWish {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly dataset: string | null;
  readonly expiresMs: number | null;
}

/** Why a key is refused. */
export type KeyRefusal = 'unknown' | 'expired' | 'revoked';

/**
 * Makes a key.
 *
 * @returns the key itself, which is kept nowhere
 * @throws {AdminError} `ADMIN_INPUT`; `ADMIN_AUDIT`
 */
export function addKey(collections: Collections, wish: KeyWish, request: Request): { key: string; info: KeyInfo } {
  const { name, dataset, expiresMs } = wish;
  if (!/^[^\p{C}]{1,128}$/u.test(name)) {
    throw new AdminError('ADMIN_INPUT', 'a key needs a name of 1 to 128 characters, without control characters');
  }
  const scopes = wish.scopes.filter(isScope);
  const wrong = wish.scopes.find((scope) => !isScope(scope));
  if (wrong !== undefined || scopes.length === 0) {
    const found = wrong === undefined ? 'none' : `"${wrong}"`;
    throw new AdminError('ADMIN_INPUT', `a key needs scopes of ${SCOPES.join(', ')}; found ${found}`);
  }
  if (expiresMs !== null && expiresMs <= request.nowMs) {
    throw new AdminError(
      'ADMIN_INPUT',
      `a key that expires at ${new Date(expiresMs).toISOString()} is expired already`,
    );
  }
  const id = randomBytes(8).toString('hex');
  const key = `${PREFIX}_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const info = {
    id,
    name,
    scopes: [...new Set(scopes)],
    dataset,
    createdMs: request.nowMs,
    expiresMs,
    revokedMs: null,
  };
  logged(collections, request, 'adding a key', () => {
    for (const other of listKeys(collections)) {
      if (other.name === name && other.revokedMs === null) {
        throw new AdminError('ADMIN_CONFLICT', `there is a key named "${name}"; revoke it, or choose another name`);
      }
    }
    put(collections, { ...info, hash: hashOf(key) });
    return {
      result: undefined,
      log: { action: 'keys:add', changes: [{ what: `keys/${id}`, before: null, after: info }] },
    };
  });
  return { key, info };
}

/**
 * Revokes a key by its id or its name: services refuse it from their next request on.
 *
 * @throws {AdminError} `ADMIN_NOT_FOUND`; `ADMIN_AUDIT`
 */
export function revokeKey(collections: Collections, idOrName: string, request: Request): KeyInfo {
  return logged(collections, request, 'revoking a key', () => {
    const all = stored(collections);
    const key =
      all.find(({ id }) => id === idOrName) ??
      all.find(({ name, revokedMs }) => name === idOrName && revokedMs === null);
    if (key === undefined) {
      throw new AdminError('ADMIN_NOT_FOUND', `there is no key "${idOrName}"; "emend keys list" has them all`);
    }
    if (key.revokedMs !== null) return { result: infoOf(key), log: undefined };
    const revoked = { ...key, revokedMs: request.nowMs };
    put(collections, revoked);
    const change = { what: `keys/${key.id}`, before: jsonOf(infoOf(key)), after: jsonOf(infoOf(revoked)) };
    return { result: infoOf(revoked), log: { action: 'keys:revoke', changes: [change] } };
  }).result;
}

/** All keys, revoked ones too, the oldest first. */
export function listKeys(collections: Collections): KeyInfo[] {
  return stored(collections).map(infoOf);
}

/** What a key is, or why it is refused. Comparing takes the same time whatever is wrong with it. */
export function verifyKey(collections: Collections, key: string, nowMs: number): KeyInfo | KeyRefusal {
  const id = KEY.exec(key)?.[1];
  const found = id === undefined || !isOwn(collections) ? undefined : collections.map(KEY_COLLECTION).get(id);
  const record = found as unknown as StoredKey | undefined;
  const given = Buffer.from(hashOf(key), 'hex');
  const isSame = timingSafeEqual(given, Buffer.from(record?.hash ?? NO_HASH, 'hex'));
  if (record === undefined || !isSame) return 'unknown';
  if (record.revokedMs !== null) return 'revoked';
  if (record.expiresMs !== null && record.expiresMs <= nowMs) return 'expired';
  return infoOf(record);
}

/** Files that are imported may not bring keys. */
function isOwn(collections: Collections): boolean {
  const info = collections.info(KEY_COLLECTION);
  return info?.owner === 'commands' && info.kind === 'map';
}

function stored(collections: Collections): StoredKey[] {
  if (!isOwn(collections)) return [];
  const keys = [...collections.map(KEY_COLLECTION).values()] as unknown as StoredKey[];
  return keys.sort((a, b) => a.createdMs - b.createdMs);
}

function put(collections: Collections, key: StoredKey): void {
  collections.write.put(KEY_COLLECTION, [{ key: key.id, value: key }], 'commands', { kind: 'map' });
}

function infoOf({ id, name, scopes, dataset, createdMs, expiresMs, revokedMs }: StoredKey): KeyInfo {
  return { id, name, scopes, dataset, createdMs, expiresMs, revokedMs };
}

function jsonOf(info: KeyInfo): JsonValue {
  return { ...info };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
