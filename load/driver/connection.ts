import { connect, type Socket } from 'node:net';

/** Why a request has no answer that counts. A closed set: the report has a column for each. */
export const FAILURES = ['status', 'connection', 'timeout', 'malformed'] as const;

export type Failure = (typeof FAILURES)[number];

/** Who is told what became of requests. */
export interface ConnectionOwner {
  /** A request was answered; `reusable`: the connection is free for the next one. */
  answered(connection: Connection, request: number, status: number, reusable: boolean): void;
  /** The connection is gone; `request` is -1 when none was under way. */
  lost(connection: Connection, request: number, failure: Failure): void;
}

/** Responses are read into this one buffer: they are looked at at once and never kept. */
const READ_BYTES = 256 * 1024;
const readBuffer = Buffer.allocUnsafe(READ_BYTES);

/** A response head beyond this is not one of ours. */
const MAX_HEAD_BYTES = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d+)/i;
const CLOSES = /\r\nconnection:[ \t]*close/i;

/**
 * A kept connection that carries one request at a time.
 *
 * Over a bare socket, because a client library spends more on a request than the server does, and then measures itself.
 * Knows as much of HTTP/1.1 as a server with `Content-Length` needs; an answer in chunks counts as malformed.
 */
export class Connection {
  /** The request under way, or -1. */
  request: number;
  /** When it was written, on the clock of `performance.now()`. */
  sentMs: number;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  /** The part of a head that came without its end. */
  #head: Buffer | undefined;
  /** Bytes of the body still to come; -1 before the head is whole. */
  #bodyLeft: number;
  #status: number;
  #closing: boolean;
  #ended: boolean;

  constructor(host: string, port: number, owner: ConnectionOwner) {
    this.request = -1;
    this.sentMs = 0;
    this.#owner = owner;
    this.#head = undefined;
    this.#bodyLeft = -1;
    this.#status = 0;
    this.#closing = false;
    this.#ended = false;
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (count) => {
          this.#read(readBuffer.subarray(0, count));
          return true;
        },
      },
    });
    this.#socket.on('error', () => this.#end('connection'));
    this.#socket.on('close', () => this.#end('connection'));
  }

  /** Settles when the connection stands, or failed to. */
  opened(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('close', () => resolve());
    });
  }

  /** Writes a request; the connection must be free. */
  send(request: number, bytes: Buffer): void {
    this.request = request;
    this.sentMs = performance.now();
    this.#socket.write(bytes);
  }

  /** Gives up on the request under way and on the connection. */
  abandon(failure: Failure): void {
    this.#end(failure);
  }

  /** Closes a free connection without telling its owner. */
  close(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    const start = this.#bodyLeft === -1 ? this.#readHead(chunk) : 0;
    if (start === -1) return;
    this.#bodyLeft -= chunk.length - start;
    if (this.#bodyLeft < 0) this.#end('malformed');
    else if (this.#bodyLeft === 0) this.#finish();
  }

  /** Where in the chunk the body begins, or -1 when there is nothing more to read in it. */
  #readHead(chunk: Buffer): number {
    const bytes = this.#head === undefined ? chunk : Buffer.concat([this.#head, chunk]);
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1 && this.request !== -1 && bytes.length <= MAX_HEAD_BYTES) {
      this.#head = Buffer.from(bytes);
      return -1;
    }
    const head = bytes.toString('latin1', 0, headEnd + 2);
    const length = CONTENT_LENGTH.exec(head)?.[1];
    // An answer that nobody asked for is as wrong as one that is none.
    if (this.request === -1 || headEnd === -1 || length === undefined || !head.startsWith('HTTP/1.1 ')) {
      this.#end('malformed');
      return -1;
    }
    this.#status = Number(head.slice(9, 12));
    this.#closing = CLOSES.test(head);
    this.#bodyLeft = Number(length);
    const start = headEnd + HEAD_END.length - (bytes.length - chunk.length);
    this.#head = undefined;
    return start;
  }

  #finish(): void {
    const { request } = this;
    this.request = -1;
    this.#bodyLeft = -1;
    // A connection that is about to close carries nothing more: it goes before its owner can use it again.
    if (this.#closing) this.#end('connection');
    this.#owner.answered(this, request, this.#status, !this.#closing);
  }

  #end(failure: Failure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    const { request } = this;
    this.request = -1;
    this.#owner.lost(this, request, failure);
  }
}
