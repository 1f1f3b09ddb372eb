import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../data/package-root.ts';
import { addKey, type KeyWish } from '../../services/admin/keys.ts';
import { createAdminApp } from '../../services/admin/server/app.ts';
import type { AdminDeps } from '../../services/admin/server/deps.ts';
import { createAdminServer } from '../../services/admin/server/server.ts';
import { AdminStore } from '../../services/admin/store.ts';

/** What the admin port answered. */
export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the service answers
  readonly body: any;
}

/** What is sent beside method and path. */
export interface AdminCall {
  /** A key; null for none; left out: one that may do all. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** An admin port on loopback over a folder of its own. */
export interface TestAdmin {
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  readonly store: AdminStore;
  readonly server: Server;
  /** Lines that were logged, as JSON. */
  readonly log: string[];
  /** The key of calls that name none. */
  readonly key: string;
  setNow(ms: number): void;
  addKey(wish: Partial<KeyWish>): string;
  call(method: string, path: string, call?: AdminCall): Promise<AdminAnswer>;
  close(): Promise<void>;
}

/** Starts one. */
export async function startAdmin(
  deps: Partial<Omit<AdminDeps, 'store' | 'now' | 'logger' | 'assetsDir' | 'version'>> = {},
): Promise<TestAdmin> {
  const folder = join(mkdtempSync(join(tmpdir(), 'emend-admin-')), 'rules');
  const store = new AdminStore(folder);
  const log: string[] = [];
  const line = (fields: object, message: string) => void log.push(JSON.stringify({ ...fields, message }));
  let nowMs = 1_000_000;
  const app = createAdminApp({
    proxy: { userHeader: null, trusted: [], scopes: [] },
    dataset: { id: `sha256:${'ab'.repeat(32)}`, name: 'shop' },
    check: () => Promise.reject(new Error('nothing is checked here')),
    ...deps,
    store,
    version: '0.0.0',
    assetsDir: join(packageRoot(), 'services', 'admin'),
    logger: { debug: line, info: line, warn: line, error: line, isLevelEnabled: () => true },
    now: () => nowMs,
  });
  const server = createAdminServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let keys = 0;
  const makeKey = (wish: Partial<KeyWish>) =>
    addKey(
      store.collections(),
      { name: `key ${keys++}`, scopes: ['read'], dataset: null, expiresMs: null, ...wish },
      { who: { kind: 'command', name: 'test' }, reason: null, nowMs },
    ).key;
  const key = makeKey({ scopes: ['admin'] });
  return {
    folder,
    port,
    url: `http://127.0.0.1:${port}`,
    store,
    server,
    log,
    key,
    setNow: (ms) => {
      nowMs = ms;
    },
    addKey: makeKey,
    async call(method, path, { key: given = key, headers = {}, body } = {}) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          ...(given === null ? {} : { authorization: `Bearer ${given}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      store.close();
      rmSync(join(folder, '..'), { recursive: true, force: true });
    },
  };
}
