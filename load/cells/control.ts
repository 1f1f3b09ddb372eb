import { compiled } from '../../data/package-root.ts';
import type { RemoteDriver } from '../driver/remote-driver.ts';
import type { LoadRequest } from '../driver/request.ts';
import { type RunningServer, startServer } from '../server/running-server.ts';

/** How long the bare server is driven each time, at most, and how fast: 1,000 requests or more, whatever the rate of the cell. */
const MOST_SECONDS = 2;
const LEAST_RATE = 500;
const MOST_RATE = 1000;
const CONNECTIONS = 32;
const TIMEOUT_MS = 5000;

/**
 * A server that does nothing, kept on the server's cores through a whole run and driven between its measurements: what it
 * shows is the machine, the kernel and the driver, in the same minutes.
 */
export class Control {
  readonly #server: RunningServer;
  readonly #driver: RemoteDriver;
  readonly #request: LoadRequest;
  readonly #seed: number;
  readonly #seconds: number;
  #last: number | undefined;

  private constructor(
    server: RunningServer,
    driver: RemoteDriver,
    request: LoadRequest,
    { seed, seconds }: { readonly seed: number; readonly seconds: number },
  ) {
    this.#server = server;
    this.#driver = driver;
    this.#request = request;
    this.#seed = seed;
    // No longer than what it stands beside.
    this.#seconds = Math.min(MOST_SECONDS, seconds);
    this.#last = undefined;
  }

  /** Starts the bare server on the given cores. */
  static async start(
    driver: RemoteDriver,
    request: LoadRequest,
    order: { readonly seed: number; readonly seconds: number },
    cpus: string | undefined,
  ): Promise<Control> {
    const server = await startServer({ args: [compiled('load/server/bare-server.js')], cpus });
    return new Control(server, driver, request, order);
  }

  /** Does `measure` between two drives of the bare server, the first of which may be the one after the measurement before. */
  async beside<T>(ratePerSecond: number, measure: () => Promise<T>): Promise<{ of: T; bareP99Us: number }> {
    const before = this.#last ?? (await this.#drive(ratePerSecond));
    this.#last = undefined;
    const of = await measure();
    const after = await this.#drive(ratePerSecond);
    this.#last = after;
    return { of, bareP99Us: Math.max(before, after) };
  }

  /** Forgets the drive before: what is measured next comes later. */
  forget(): void {
    this.#last = undefined;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async #drive(ratePerSecond: number): Promise<number> {
    const report = await this.#driver.drive({
      host: this.#server.host,
      port: this.#server.port,
      requests: [this.#request],
      ratePerSecond: Math.min(MOST_RATE, Math.max(LEAST_RATE, ratePerSecond)),
      seconds: this.#seconds,
      seed: this.#seed,
      connections: CONNECTIONS,
      maxConnections: CONNECTIONS,
      timeoutMs: TIMEOUT_MS,
    });
    return report.latency.p99;
  }
}
