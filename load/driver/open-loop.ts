/**
 * The open-loop driver: requests leave when the schedule says so, whether or not earlier ones were answered, and each is
 * timed from the moment at which it was meant to leave.
 *
 * A closed loop (send, wait, send) waits with a server that stalls, sends nothing meanwhile, and so has one slow request
 * to show where users would have met hundreds: coordinated omission (Gil Tene). Here a stall of 400 ms at 1,000 requests
 * a second shows as 400 slow requests.
 */
import { Connection, type ConnectionOwner, type Failure } from './connection.ts';
import { type Distribution, Latencies } from './latencies.ts';

/** What to send, when, and where. */
export interface DrivePlan {
  readonly host: string;
  readonly port: number;
  /** Encoded requests; request i sends `requests[i % requests.length]`. */
  readonly requests: readonly Buffer[];
  /** Milliseconds after the start at which each request is to leave, ascending. */
  readonly due: Float64Array;
  /** Connections opened before the start. */
  readonly connections: number;
  /** Most connections at a time; beyond, requests wait for a free one, and their waiting counts. */
  readonly maxConnections: number;
  /** A request without an answer by then has failed. */
  readonly timeoutMs: number;
}

/** What came of a plan. Times in microseconds. */
export interface DriveResult {
  readonly sent: number;
  /** From the intended moment of sending to the last byte of the answer. A request that failed counts as `timeoutMs`. */
  readonly latency: Distribution;
  /** The same for each request in the order of the schedule, for who wants to look closer. */
  readonly latencies: Float64Array;
  /** From the intended moment to the one at which the driver came to it: its own fault, and inside `latency`. */
  readonly lateness: Distribution;
  readonly failures: Readonly<Record<Failure, number>>;
  /** Requests that found no free connection and none to be had. */
  readonly waited: number;
  /** Most connections open at a time. */
  readonly connections: number;
  /** From the start to the sending of the last request, milliseconds, and the same in the schedule. */
  readonly sendingMs: number;
  readonly scheduledMs: number;
  /** `performance.timeOrigin` plus the clock at the start: what the schedule is relative to, as a time of day. */
  readonly startedAtMs: number;
}

/** Beyond this until the next request the driver sleeps; nearer, it turns its loop, since timers know only milliseconds. */
const SPIN_MS = 3;
/** How early it wakes. */
const WAKE_MS = 2;
const TIMEOUT_CHECK_MS = 50;

/** Sends what the plan says and settles when all was answered or failed. Keeps one core busy: precision has that price. */
export async function drive(plan: DrivePlan): Promise<DriveResult> {
  return await new Drive(plan).run();
}

class Drive implements ConnectionOwner {
  readonly #plan: DrivePlan;
  readonly #latency: Latencies;
  readonly #lateness: Latencies;
  readonly #latencies: Float64Array;
  readonly #failures: Record<Failure, number>;
  /** Free connections, the last used on top: the bottom ones serve only bursts. */
  readonly #free: Connection[];
  readonly #open: Set<Connection>;
  /** Requests that wait for a connection, from `#waitingFrom` on. */
  readonly #waiting: number[];
  #waitingFrom: number;
  #waited: number;
  #mostOpen: number;
  #next: number;
  #left: number;
  #startMs: number;
  #sendingMs: number;
  #finish: () => void;

  constructor(plan: DrivePlan) {
    this.#plan = plan;
    this.#latency = new Latencies();
    this.#lateness = new Latencies();
    this.#latencies = new Float64Array(plan.due.length);
    this.#failures = { status: 0, connection: 0, timeout: 0, malformed: 0 };
    this.#free = [];
    this.#open = new Set();
    this.#waiting = [];
    this.#waitingFrom = 0;
    this.#waited = 0;
    this.#mostOpen = 0;
    this.#next = 0;
    this.#left = plan.due.length;
    this.#startMs = 0;
    this.#sendingMs = 0;
    this.#finish = () => {};
  }

  async run(): Promise<DriveResult> {
    const { due, connections, maxConnections } = this.#plan;
    const first = Array.from({ length: Math.min(connections, maxConnections) }, () => this.#connect());
    this.#free.push(...first);
    await Promise.all(first.map((connection) => connection.opened()));
    this.#startMs = performance.now();
    const check = setInterval(() => this.#giveUpOnLate(), TIMEOUT_CHECK_MS);
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
      this.#turn();
    });
    clearInterval(check);
    for (const connection of this.#open) connection.close();
    return {
      sent: due.length,
      latency: this.#latency.distribution(),
      latencies: this.#latencies,
      lateness: this.#lateness.distribution(),
      failures: this.#failures,
      waited: this.#waited,
      connections: this.#mostOpen,
      sendingMs: this.#sendingMs,
      scheduledMs: due[due.length - 1] ?? 0,
      startedAtMs: performance.timeOrigin + this.#startMs,
    };
  }

  /** Sends everything that is due, then comes back in time for the next. */
  #turn = (): void => {
    const { due } = this.#plan;
    while (this.#next < due.length) {
      const nowMs = performance.now() - this.#startMs;
      const aheadMs = due[this.#next]! - nowMs;
      if (aheadMs > SPIN_MS) {
        setTimeout(this.#turn, Math.floor(aheadMs - WAKE_MS));
        return;
      }
      if (aheadMs > 0) {
        setImmediate(this.#turn);
        return;
      }
      this.#lateness.record(-aheadMs * 1000);
      this.#sendingMs = nowMs;
      this.#dispatch(this.#next++);
    }
  };

  #dispatch(request: number): void {
    let connection = this.#free.pop();
    if (connection === undefined) {
      if (this.#open.size >= this.#plan.maxConnections) {
        this.#waiting.push(request);
        this.#waited++;
        return;
      }
      connection = this.#connect();
    }
    this.#send(connection, request);
  }

  #send(connection: Connection, request: number): void {
    const { requests } = this.#plan;
    connection.send(request, requests[request % requests.length]!);
  }

  #connect(): Connection {
    const connection = new Connection(this.#plan.host, this.#plan.port, this);
    this.#open.add(connection);
    if (this.#open.size > this.#mostOpen) this.#mostOpen = this.#open.size;
    return connection;
  }

  answered(connection: Connection, request: number, status: number, reusable: boolean): void {
    const us = (performance.now() - this.#startMs - this.#plan.due[request]!) * 1000;
    if (status >= 200 && status < 300) this.#settle(request, us);
    else this.#fail(request, 'status');
    if (!reusable) return;
    const waiting = this.#nextWaiting();
    if (waiting === undefined) this.#free.push(connection);
    else this.#send(connection, waiting);
  }

  lost(connection: Connection, request: number, failure: Failure): void {
    this.#open.delete(connection);
    const index = this.#free.indexOf(connection);
    if (index !== -1) this.#free.splice(index, 1);
    if (request !== -1) this.#fail(request, failure);
    // Whoever waited for a connection may open one now.
    const waiting = this.#nextWaiting();
    if (waiting !== undefined) this.#send(this.#connect(), waiting);
  }

  #nextWaiting(): number | undefined {
    const request = this.#waiting[this.#waitingFrom];
    if (request !== undefined) this.#waitingFrom++;
    return request;
  }

  #giveUpOnLate(): void {
    const latestMs = performance.now() - this.#plan.timeoutMs;
    for (const connection of [...this.#open]) {
      if (connection.request !== -1 && connection.sentMs < latestMs) connection.abandon('timeout');
    }
  }

  /** A failure must not make the figures better by being fast. */
  #fail(request: number, failure: Failure): void {
    this.#failures[failure]++;
    this.#settle(request, this.#plan.timeoutMs * 1000);
  }

  #settle(request: number, us: number): void {
    this.#latencies[request] = us;
    this.#latency.record(us);
    this.#left--;
    if (this.#left === 0) this.#finish();
  }
}
