import type { Response } from 'express';
import type { Config } from '../config.ts';
import { Bodies } from './bodies.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import { overloaded } from './problems.ts';
import { ClientRates } from './rates.ts';
import { Turns } from './turns.ts';

/** What the requests of one application share: the thread, the bodies they hold, and how many of them there may be. */
export class Work {
  readonly turns: Turns;
  readonly bodies: Bodies;
  /** Undefined where there is no limit. */
  readonly rates: ClientRates | undefined;
  readonly #maxConcurrent: number;
  #inHand = 0;

  constructor(config: Config) {
    this.turns = new Turns();
    this.bodies = new Bodies(config.maxBodiesBytes);
    this.rates = config.rateLimit === 0 ? undefined : new ClientRates(config.rateLimit, config.rateLimitHeader);
    this.#maxConcurrent = config.maxConcurrent;
  }

  /** Requests that wait for their turn or are worked on. */
  get inHand(): number {
    return this.#inHand;
  }

  /**
   * Counts a request as one that is worked on, until {@link leave}.
   *
   * @throws {HttpProblem} `overloaded` where there are too many
   */
  admit(response: Response): void {
    if (this.#inHand >= this.#maxConcurrent) throw overloaded(`${this.#inHand} requests are being worked on`);
    this.enter(exchangeOf(response));
  }

  /** Counts it, whether or not there are too many: for one that was admitted before. */
  enter(exchange: Exchange): void {
    this.#inHand++;
    exchange.isAdmitted = true;
  }

  /** Its work is done, or its client has gone. Counts once, however often it is told. */
  leave(exchange: Exchange): void {
    if (!exchange.isAdmitted) return;
    exchange.isAdmitted = false;
    this.#inHand--;
  }

  /** What is left to do when its response has gone, or the client has. */
  finish(exchange: Exchange): void {
    this.leave(exchange);
    if (exchange.bodyBytes === 0) return;
    this.bodies.release(exchange.bodyBytes);
    exchange.bodyBytes = 0;
  }
}
