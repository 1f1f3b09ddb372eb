import { Agent, type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { type RawHeaders, withHeader } from './headers.ts';

/** As much as any of the engines takes. */
export const MAX_HEADER_BYTES = 65_536;

/** Idle connections are given up before an engine does it: one that it closes in that moment would lose a request. */
const IDLE_MS = 4_000;

export interface UpstreamOptions {
  /** `http:` or `https:`, without a path. */
  readonly url: URL;
  /** Certificates, in PEM, of who may vouch for it; undefined: those of Node.js. */
  readonly ca?: string;
  /** Whose `Host` it gets: the client's or its own. */
  readonly host: 'client' | 'upstream';
}

/** The engine. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #agent: Agent;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    const isTls = options.url.protocol === 'https:';
    this.#agent = new (isTls ? TlsAgent : Agent)({ keepAlive: true, timeout: IDLE_MS });
  }

  /**
   * Opens a request. Its body is still to be written.
   *
   * @param isFresh on a connection of its own, rather than one that was kept
   */
  open(method: string, path: string, headers: RawHeaders, isFresh: boolean): ClientRequest {
    const { url, ca, host } = this.#options;
    const options: RequestOptions & { ca?: string; servername?: string } = {
      protocol: url.protocol,
      // URLs have IPv6 addresses in brackets, sockets have not.
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
      method,
      path,
      headers: host === 'upstream' ? withHeader(headers, 'Host', url.host) : [...headers],
      setHost: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      agent: isFresh ? false : this.#agent,
      ...(ca !== undefined && { ca }),
    };
    const sent = url.protocol === 'https:' ? tlsRequest(options) : httpRequest(options);
    sent.maxHeadersCount = 0;
    return sent;
  }

  close(): void {
    this.#agent.destroy();
  }
}
