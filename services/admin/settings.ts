/** The settings of the admin port, checked together, as its process takes them. */
import { resolve } from 'node:path';
import { type Config, ConfigError } from '../config.ts';
import { readTls, type TlsFiles } from '../http/tls.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';
import type { ProxySettings } from './server/deps.ts';
import { checkProxy } from './server/identity.ts';

/** How the admin port is run: plain data, which one process sends another. */
export interface AdminSettings {
  readonly port: number;
  readonly host: string;
  /** Null: without TLS. Absolute paths. */
  readonly tls: TlsFiles | null;
  readonly proxy: ProxySettings;
}

/**
 * The settings; undefined where there is no admin port.
 *
 * @param cwd what paths are relative to
 * @throws {ConfigError} `CONFIG_PAIR`, `CONFIG_TYPE`; an Error where TLS files cannot be used
 */
export function adminSettings(config: Config, cwd: string): AdminSettings | undefined {
  const { adminPort: port, adminHost: host, adminTlsCert, adminTlsKey, adminUserHeader, adminTrustedProxies } = config;
  const hasProxies = adminTrustedProxies.length > 0;
  mustGoTogether('adminTlsCert', adminTlsCert !== null, 'adminTlsKey', adminTlsKey !== null);
  mustGoTogether('adminUserHeader', adminUserHeader !== null, 'adminTrustedProxies', hasProxies);
  if (port === null) {
    if (adminTlsCert === null && adminUserHeader === null) return undefined;
    const name = adminTlsCert === null ? 'adminUserHeader' : 'adminTlsCert';
    throw new ConfigError('CONFIG_PAIR', `${name} does nothing without an admin port; set adminPort too`);
  }
  const proxy = { userHeader: adminUserHeader, trusted: adminTrustedProxies, scopes: scopesOf(config.adminUserScopes) };
  if (adminUserHeader !== null && !/^[\w-]+$/.test(adminUserHeader)) {
    throw new ConfigError('CONFIG_TYPE', `adminUserHeader: expected the name of a header, found "${adminUserHeader}"`);
  }
  try {
    checkProxy(proxy);
  } catch (cause) {
    throw new ConfigError('CONFIG_TYPE', `adminTrustedProxies: ${(cause as Error).message}`, { cause });
  }
  const tls =
    adminTlsCert === null || adminTlsKey === null
      ? null
      : { cert: resolve(cwd, adminTlsCert), key: resolve(cwd, adminTlsKey) };
  if (tls !== null) readTls(tls);
  return { port, host, tls, proxy };
}

function scopesOf(names: readonly string[]): Scope[] {
  const unknown = names.find((name) => !isScope(name));
  if (unknown === undefined) return names.filter(isScope);
  throw new ConfigError('CONFIG_TYPE', `adminUserScopes: expected ${SCOPES.join(', ')}, found "${unknown}"`);
}

function mustGoTogether(one: string, hasOne: boolean, other: string, hasOther: boolean): void {
  if (hasOne === hasOther) return;
  const [there, missing] = hasOne ? [one, other] : [other, one];
  throw new ConfigError('CONFIG_PAIR', `${there} does nothing without ${missing}; set both`);
}
