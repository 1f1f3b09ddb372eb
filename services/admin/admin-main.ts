/** The process of the admin port. Started by `process.ts`, and ends when that is gone. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { packageRoot, packageVersion } from '../../data/package-root.ts';
import { decodeManifest, MANIFEST_FILE } from '../../stores/dataset/manifest.ts';
import { createLogger } from '../http/log.ts';
import { readTls, type TlsServer, watchTls } from '../http/tls.ts';
import { checkInProcess } from './check-process.ts';
import type { AdminMessage, AdminOrder } from './process.ts';
import { createAdminApp } from './server/app.ts';
import { createAdminServer } from './server/server.ts';
import { AdminStore } from './store.ts';

process.once('message', (order: AdminOrder) => {
  start(order).catch((error: Error) =>
    tell({ failed: `starting the admin port: ${error.message}` }, () => process.exit(1)),
  );
});

// Whoever started it stops it; signals of its group are for that one.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function start({ settings, rules, dataset, config }: AdminOrder): Promise<void> {
  const { port, host, tls, proxy } = settings;
  const logger = createLogger(config.logLevel, process.stdout);
  const manifest = join(dataset, MANIFEST_FILE);
  const { id } = decodeManifest(readFileSync(manifest, 'utf8'), manifest);
  const store = new AdminStore(rules);
  // What is wrong with the folder is told at the start.
  store.collections();
  const app = createAdminApp({
    store,
    proxy,
    dataset: { id, name: basename(dataset) },
    logger,
    version: packageVersion(),
    assetsDir: join(packageRoot(), 'services', 'admin'),
    now: Date.now,
    check: (edits, queries) => checkInProcess({ rules, dataset, config, edits, queries }),
  });
  const server = createAdminServer(app, tls === null ? undefined : readTls(tls));
  if (tls !== null) watchTls(server as unknown as TlsServer, tls, logger);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`listening on ${host}, port ${port}: ${error.message}; choose another with --admin-port`)),
    );
    server.listen({ port, host }, resolve);
  });
  process.once('disconnect', () => {
    // Changes are made in one turn of the event loop each: none is cut.
    server.close(() => store.close());
    server.closeIdleConnections();
    setTimeout(() => process.exit(), 2_000).unref();
  });
  tell({ listening: (server.address() as AddressInfo).port }, () => {});
}

function tell(message: AdminMessage, done: () => void): void {
  if (process.send === undefined) done();
  else process.send(message, done);
}
