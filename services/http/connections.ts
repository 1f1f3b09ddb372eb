import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { ConnectionCounts } from './figures.ts';

/** How often unsent bytes are looked over: what clients that do not read may gather meanwhile is bounded by the work it takes to make. */
const SWEEP_MS = 250;

/** Requests that a client may send before the answer to its first; one that sends more is closed. */
const MOST_PIPELINED = 32;

/**
 * How long an idle connection stays open while draining: a client that uses it meanwhile gets its answer, and is told there to go
 * elsewhere with the next. Closing at once would reset whatever request was on its way.
 */
export const LINGER_MS = 250;

/** What bounds the connections of a server. */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxUnsentTotalBytes: number;
  readonly sendTimeoutMs: number;
}

const CONNECTION = Symbol('connection');

/** Null where it was one too many: whatever else it sends is not answered. */
type KnownSocket = Socket & { [CONNECTION]?: Connection | null };

/**
 * The connections of a server: one request of each is worked on at a time; there are no more than so many; and those whose
 * clients do not read are closed.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #refusal: string;
  /** The oldest first. */
  readonly #open: Set<Connection>;
  readonly #closed = { limit: 0, unread: 0, pipelined: 0 };
  #accepted = 0;
  #unsentBytes = 0;
  #drainingSinceMs = 0;

  /**
   * @param refusal the response, head and all, to a connection that is one too many
   * @param event of the server that brings the sockets that requests come on
   */
  constructor(
    server: Server,
    limits: ConnectionLimits,
    refusal: string,
    event: 'connection' | 'secureConnection' = 'connection',
  ) {
    this.#limits = limits;
    this.#refusal = refusal;
    this.#open = new Set();
    server.on(event, (socket: Socket) => this.#add(socket));
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    server.once('close', () => {
      if (this.#open.size === 0) clearInterval(sweep);
    });
  }

  /** Connections since the start. */
  get accepted(): number {
    return this.#accepted;
  }

  counts(): ConnectionCounts {
    return { open: this.#open.size, unsentBytes: this.#unsentBytes, closed: { ...this.#closed } };
  }

  /**
   * Has requests handled one at a time: one that comes before the answer to the last has left waits for it.
   *
   * Hot path: a property of the socket, and one listener that was made with the connection.
   */
  inTurn(handle: RequestListener): RequestListener {
    return (request, response) => {
      const connection = (request.socket as KnownSocket)[CONNECTION];
      if (connection === null) return;
      if (connection === undefined) handle(request, response);
      else if (connection.current === undefined) connection.begin(request, response, handle);
      else if (connection.waiting.length < MOST_PIPELINED) connection.waiting.push({ request, response, handle });
      else this.#close(connection, 'pipelined');
    };
  }

  /** From now on no idle connection is closed before it has had time to use what it was told. */
  startDraining(): void {
    this.#drainingSinceMs = performance.now();
  }

  /** Closes the connections on which nothing has come, and nothing waits to be sent, for {@link LINGER_MS}. */
  closeIdle(): void {
    const nowMs = performance.now();
    for (const connection of this.#open) {
      if (!connection.isIdle) continue;
      const { bytesRead } = connection.socket;
      if (bytesRead !== connection.readBytes) {
        connection.readBytes = bytesRead;
        connection.usedMs = nowMs;
      }
      if (nowMs - Math.max(connection.usedMs, this.#drainingSinceMs) >= LINGER_MS) connection.socket.destroy();
    }
  }

  #add(socket: Socket): void {
    this.#accepted++;
    if (this.#open.size >= this.#limits.maxConnections && !this.#makeRoom()) {
      this.#closed.limit++;
      (socket as KnownSocket)[CONNECTION] = null;
      socket.end(this.#refusal, () => socket.destroy());
      return;
    }
    const connection = new Connection(socket);
    (socket as KnownSocket)[CONNECTION] = connection;
    this.#open.add(connection);
    socket.once('close', () => this.#open.delete(connection));
  }

  /** Closes the connection that has been idle longest, or else the one that is longest in sending. @returns whether there was one */
  #makeRoom(): boolean {
    const least =
      this.#longest((connection) => connection.isIdle) ?? this.#longest((connection) => connection.isSending);
    if (least === undefined) return false;
    this.#close(least, 'limit');
    return true;
  }

  #longest(counts: (connection: Connection) => boolean): Connection | undefined {
    let longest: Connection | undefined;
    for (const connection of this.#open) {
      if ((longest === undefined || connection.usedMs < longest.usedMs) && counts(connection)) longest = connection;
    }
    return longest;
  }

  #close(connection: Connection, why: keyof ConnectionCounts['closed']): void {
    // Several of its requests may have come at once.
    if (!this.#open.delete(connection)) return;
    this.#closed[why]++;
    connection.waiting.length = 0;
    connection.socket.destroy();
  }

  /** Closes clients that take too long to read, and, where all together have too much to read, those that began first. */
  #sweep(): void {
    const nowMs = performance.now();
    let total = 0;
    const reading: Connection[] = [];
    for (const connection of this.#open) {
      const unsent = connection.unsentBytes;
      if (unsent === 0) {
        connection.unsentSinceMs = 0;
        continue;
      }
      if (connection.unsentSinceMs === 0) connection.unsentSinceMs = nowMs;
      if (nowMs - connection.unsentSinceMs > this.#limits.sendTimeoutMs) this.#close(connection, 'unread');
      else {
        total += unsent;
        reading.push(connection);
      }
    }
    if (total > this.#limits.maxUnsentTotalBytes) {
      reading.sort((a, b) => a.unsentSinceMs - b.unsentSinceMs);
      for (const connection of reading) {
        if (total <= this.#limits.maxUnsentTotalBytes) break;
        total -= connection.unsentBytes;
        this.#close(connection, 'unread');
      }
    }
    this.#unsentBytes = total;
  }
}

interface WaitingRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly handle: RequestListener;
}

class Connection {
  readonly socket: Socket;
  /** The request under way and its response. */
  request: IncomingMessage | undefined;
  current: ServerResponse | undefined;
  /** Requests that came before it had left. */
  readonly waiting: WaitingRequest[];
  /** When it was opened, or its last response left. */
  usedMs: number;
  /** When the last sweep that found nothing to send was followed by one that did; 0: there is nothing. */
  unsentSinceMs: number;
  /** Bytes that had come when it was last looked over. */
  readBytes: number;
  readonly #onLeft: () => void;

  constructor(socket: Socket) {
    this.socket = socket;
    this.request = undefined;
    this.current = undefined;
    this.waiting = [];
    this.usedMs = performance.now();
    this.unsentSinceMs = 0;
    this.readBytes = 0;
    this.#onLeft = () => this.#left();
  }

  /** Whether no request is under way that has been read as far as its body. */
  get isIdle(): boolean {
    return this.current === undefined;
  }

  /** Whether its client has still to send the rest of a body. */
  get isSending(): boolean {
    return this.request?.complete === false;
  }

  get unsentBytes(): number {
    return this.current === undefined ? 0 : this.current.writableLength;
  }

  begin(request: IncomingMessage, response: ServerResponse, handle: RequestListener): void {
    this.request = request;
    this.current = response;
    response.on('close', this.#onLeft);
    handle(request, response);
  }

  #left(): void {
    this.request = undefined;
    this.current = undefined;
    this.unsentSinceMs = 0;
    this.usedMs = performance.now();
    const next = this.waiting.shift();
    if (next === undefined) return;
    if (this.socket.destroyed) this.waiting.length = 0;
    else this.begin(next.request, next.response, next.handle);
  }
}
