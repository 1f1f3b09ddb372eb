/** Who a request is from: a key, or a person whom a trusted proxy names. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { HttpProblem } from '../../http/problems.ts';
import type { Actor } from '../audit-file.ts';
import { type KeyInfo, type KeyRefusal, verifyKey } from '../keys.ts';
import { ACTIONS, type Action, allows, type Scope } from '../scopes.ts';
import type { AdminDeps, ProxySettings } from './deps.ts';

/** Header that a page of this port sends with what it changes; a form of another site cannot. */
export const CSRF_HEADER = 'x-emend-request';

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="emend admin"' };
const REFUSED = { 'WWW-Authenticate': 'Bearer realm="emend admin", error="invalid_token"' };
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const MOST_NAME = 256;

const REFUSALS: Readonly<
  Record<KeyRefusal, readonly [code: 'invalid-key' | 'key-expired' | 'key-revoked', detail: string]>
> = {
  unknown: ['invalid-key', 'the key is not one of this service; "emend keys list" has those there are'],
  expired: ['key-expired', 'the key has expired; make another with "emend keys add"'],
  revoked: ['key-revoked', 'the key has been revoked; make another with "emend keys add"'],
};

/** Whether an address is one of a proxy that is trusted. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** @throws {Error} for what is no address and no network */
  constructor(addresses: readonly string[]) {
    for (const text of addresses) {
      const [address = '', bits, ...more] = text.split('/');
      const family = isIP(address);
      const prefix = bits === undefined ? undefined : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
      if (
        family === 0 ||
        more.length > 0 ||
        (prefix !== undefined && (prefix < 0 || prefix > (family === 4 ? 32 : 128)))
      ) {
        throw new Error(`"${text}" is no address and no network such as 10.0.0.0/8`);
      }
      const type = family === 4 ? 'ipv4' : 'ipv6';
      if (prefix === undefined) this.#list.addAddress(address, type);
      else this.#list.addSubnet(address, prefix, type);
    }
  }

  has(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** Lets requests in. */
export class Door {
  readonly #deps: AdminDeps;
  readonly #proxies: TrustedProxies;

  constructor(deps: AdminDeps) {
    this.#deps = deps;
    this.#proxies = new TrustedProxies(deps.proxy.trusted);
  }

  /**
   * Who a request is from, where that may do the action.
   *
   * @throws {HttpProblem} `unauthenticated`, `invalid-key`, `key-expired`, `key-revoked`, `forbidden`, `cross-site`
   */
  enter(request: IncomingMessage, action: Action): Actor {
    const address = plainAddress(request.socket.remoteAddress ?? '');
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = this.#keyOf(authorization);
      mustAllow(key.scopes, action, `the key "${key.name}"`);
      return { kind: 'key', name: key.name, key: key.id, address };
    }
    const name = this.#personOf(request, address);
    mustAllow(this.#deps.proxy.scopes, action, name);
    if (!SAFE_METHODS.has(request.method ?? '')) refuseCrossSite(request);
    return { kind: 'user', name, address };
  }

  #keyOf(authorization: string): KeyInfo {
    const key = /^Bearer ([\x21-\x7e]{1,256})$/i.exec(authorization)?.[1];
    if (key === undefined) {
      throw new HttpProblem('unauthenticated', 'expected "Authorization: Bearer KEY"', { headers: CHALLENGE });
    }
    const info = verifyKey(this.#deps.store.collections(), key, this.#deps.now());
    if (typeof info === 'string') {
      const [code, detail] = REFUSALS[info];
      throw new HttpProblem(code, detail, { headers: REFUSED });
    }
    const { dataset } = this.#deps;
    if (info.dataset !== null && info.dataset !== dataset.name && !isBeginningOf(info.dataset, dataset.id)) {
      throw new HttpProblem('forbidden', `the key "${info.name}" is for the dataset "${info.dataset}" alone`);
    }
    return info;
  }

  #personOf(request: IncomingMessage, address: string): string {
    const { userHeader } = this.#deps.proxy;
    const given = userHeader === null ? [] : headersOf(request, userHeader);
    if (given.length === 0) {
      throw new HttpProblem('unauthenticated', 'expected "Authorization: Bearer KEY"', { headers: CHALLENGE });
    }
    if (!this.#proxies.has(address)) {
      throw new HttpProblem(
        'unauthenticated',
        `${userHeader} is believed from trusted proxies only, and ${address} is none`,
        {
          headers: CHALLENGE,
        },
      );
    }
    const [name = '', ...more] = given;
    // One that the client sent itself and one of the proxy's: nobody knows which.
    if (more.length > 0 || !/^[^\p{C}]+$/u.test(name) || name.length > MOST_NAME) {
      throw new HttpProblem('unauthenticated', `expected one name in ${userHeader}`, { headers: CHALLENGE });
    }
    return name;
  }
}

/** What people may do is what the settings say; what each route needs is in the table of actions. */
function mustAllow(scopes: readonly Scope[], action: Action, who: string): void {
  if (allows(scopes, action)) return;
  const has = scopes.length === 0 ? 'nothing' : scopes.join(', ');
  throw new HttpProblem('forbidden', `${action} takes the scope ${ACTIONS[action]}; ${who} has ${has}`);
}

/**
 * A browser sends what it knows of a person with whatever page asks it to. So what is changed that way must come from a page of
 * this port: by what the browser says of it, and by a header that no form of another site can send.
 */
function refuseCrossSite(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') {
    throw new HttpProblem('cross-site', `expected Sec-Fetch-Site: same-origin, found ${String(site).slice(0, 40)}`);
  }
  const [forwarded] = headersOf(request, 'x-forwarded-host');
  if (origin !== undefined && !isOriginOf(origin, forwarded ?? host ?? '')) {
    throw new HttpProblem('cross-site', `the request comes from a page of ${origin.slice(0, 80)}`);
  }
  if (request.headers[CSRF_HEADER] === undefined) {
    throw new HttpProblem('cross-site', `what a person changes must carry the header ${CSRF_HEADER}, of any value`);
  }
}

function isOriginOf(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** An id may be shortened to 12 hexadecimal digits or more. */
function isBeginningOf(text: string, id: string): boolean {
  return /^sha256:[0-9a-f]{12,64}$/.test(text) && id.startsWith(text);
}

/** Every value of a header as it came; node joins them. */
function headersOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() === name.toLowerCase()) values.push(rawHeaders[i + 1]!);
  }
  return values;
}

function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/** Checks the settings at the start. @throws {Error} for an address that is none */
export function checkProxy({ trusted }: ProxySettings): void {
  new TrustedProxies(trusted);
}
