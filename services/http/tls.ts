/** TLS by files, taken again when they change. A pair that cannot be used leaves the one before in use. */
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Logger } from './logger.ts';

/** How often the files are looked at: renewed certificates are days early. */
const LOOK_MS = 2_000;

export interface TlsFiles {
  /** PEM: the certificate, with those between it and the root. */
  readonly cert: string;
  /** PEM: its private key. */
  readonly key: string;
}

/**
 * Reads both files.
 *
 * @throws {Error} that names the files, when one cannot be read or they do not belong together
 */
export function readTls({ cert, key }: TlsFiles): SecureContextOptions {
  try {
    const options: SecureContextOptions = { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' };
    createSecureContext(options);
    return options;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`TLS from ${cert} and ${key}: ${why}`, { cause });
  }
}

/** What takes a new certificate: a server of `node:https`. */
export interface TlsServer {
  setSecureContext(options: SecureContextOptions): void;
}

/**
 * Watches the files for a server, and logs what becomes of them.
 *
 * @returns what ends it
 */
export function watchTls(
  server: TlsServer,
  files: TlsFiles,
  logger: Pick<Logger, 'info' | 'error'>,
  lookMs = LOOK_MS,
): () => void {
  let seen = stampOf(files);
  // Two files are never replaced at one moment: they are taken when they were seen twice.
  let waiting: string | undefined;
  const timer = setInterval(() => {
    const stamp = stampOf(files);
    if (stamp === seen) return;
    if (stamp !== waiting) {
      waiting = stamp;
      return;
    }
    seen = stamp;
    waiting = undefined;
    try {
      server.setSecureContext(readTls(files));
      logger.info({ cert: files.cert }, 'took a new certificate');
    } catch (error) {
      logger.error({ err: error }, 'the new certificate cannot be used; the one before stays');
    }
  }, lookMs).unref();
  return () => clearInterval(timer);
}

/** Following links, since that is how some tools replace both files at once. */
function stampOf({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}`;
    })
    .join(' ');
}
