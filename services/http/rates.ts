import type { IncomingMessage } from 'node:http';
import { HttpProblem } from './problems.ts';

/** Seconds of queries that a client may send at once. */
const BURST_S = 2;
/** Clients that are remembered; the one that asked longest ago is forgotten first. */
const MOST_CLIENTS = 10_000;
/** Of a header: longer ones are cut, so that what is remembered is bounded. */
const NAME_UNITS = 128;

interface Allowance {
  /** Queries that it may still send; below zero after a batch larger than what was left. */
  left: number;
  /** When that was so: milliseconds. */
  atMs: number;
}

/** How many queries each client may send: a bucket that fills at a rate. Each process counts for itself. */
export class ClientRates {
  readonly #perSecond: number;
  readonly #header: string | undefined;
  readonly #clients = new Map<string, Allowance>();

  /** @param header the request header that names the client; null: its address does */
  constructor(perSecond: number, header: string | null) {
    this.#perSecond = perSecond;
    this.#header = header?.toLowerCase();
  }

  /**
   * Charges a client for its queries. One that has any left may send a batch of any size and then waits the longer.
   *
   * @throws {HttpProblem} `too-many-requests` where none is left; `Retry-After` says when there will be
   */
  charge(request: IncomingMessage, queries: number): void {
    const name = this.#nameOf(request);
    const nowMs = performance.now();
    const most = Math.max(1, BURST_S * this.#perSecond);
    const client = this.#clients.get(name) ?? { left: most, atMs: nowMs };
    client.left = Math.min(most, client.left + ((nowMs - client.atMs) / 1000) * this.#perSecond);
    client.atMs = nowMs;
    // Moved to the end, so that the first is the one that asked longest ago.
    this.#clients.delete(name);
    this.#clients.set(name, client);
    if (this.#clients.size > MOST_CLIENTS) this.#clients.delete(this.#clients.keys().next().value ?? '');
    if (client.left >= 1) {
      client.left -= queries;
      return;
    }
    const waitS = Math.max(1, Math.ceil((1 - client.left) / this.#perSecond));
    throw new HttpProblem('too-many-requests', `at most ${this.#perSecond} queries a second; wait ${waitS} s`, {
      headers: { 'Retry-After': String(waitS) },
    });
  }

  #nameOf(request: IncomingMessage): string {
    const given = this.#header === undefined ? undefined : request.headers[this.#header];
    if (typeof given === 'string' && given !== '') return `=${given.slice(0, NAME_UNITS)}`;
    return request.socket.remoteAddress ?? '';
  }
}
