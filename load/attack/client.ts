/** Clients that behave badly, each on sockets of its own. */
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { pickIndex, type Random } from '../../services/figures/random.ts';
import { crafted, fuzzed, get, heavyBody, post } from './requests.ts';

/** An answer, or the end of a connection, must come within this. */
const HANG_MS = 15_000;
/** With nothing more to come for so long, what has come is the answer. */
const QUIET_MS = 150;

/** What the attack has seen. */
export class Tally {
  /** Requests sent, by kind of client. */
  readonly sent = new Map<string, number>();
  /** Answers by status; `reset` and `closed` for connections that ended without one. */
  readonly answers = new Map<string, number>();
  /** Codes of 5xx answers. */
  readonly failures = new Map<string, number>();
  hangs = 0;
  /** What hung, the first few of them. */
  readonly hung: string[] = [];

  add(counts: Map<string, number>, name: string, count = 1): void {
    counts.set(name, (counts.get(name) ?? 0) + count);
  }

  /** Takes in all that came back over one connection. */
  answered(raw: string, ended: 'closed' | 'reset' | 'quiet'): void {
    const statuses = [...raw.matchAll(/(?:^|\n|[}>\]])HTTP\/1\.1 (\d{3})/g)].map(([, status = '']) => status);
    for (const status of statuses) this.add(this.answers, status);
    if (statuses.length === 0 && ended !== 'quiet') this.add(this.answers, ended);
    for (const [, status = '', code] of raw.matchAll(/HTTP\/1\.1 (5\d\d)[\s\S]*?(?:"code":"([\w-]+)"|$)/g)) {
      this.add(this.failures, `${status} ${code ?? 'without a code'}`);
    }
    const inner = raw.match(/"code":"internal-error"/g)?.length ?? 0;
    const outer = [...raw.matchAll(/HTTP\/1\.1 500/g)].length;
    if (inner > outer) this.add(this.failures, 'internal-error within a batch', inner - outer);
  }
}

/** Sends bytes and waits for what comes back. Of a large answer only the head and the tail are looked at. */
export function exchange(port: number, bytes: Buffer, tally: Tally, kind: string): Promise<void> {
  tally.add(tally.sent, kind);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let raw = '';
    let isDone = false;
    const done = (ended: 'closed' | 'reset' | 'quiet' | 'hung') => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      socket.destroy();
      if (ended === 'hung') {
        tally.hangs++;
        if (tally.hung.length < 5) tally.hung.push(`${kind}: ${bytes.toString('latin1', 0, 120)}`);
      } else tally.answered(raw, ended);
      resolve();
    };
    const timer = setTimeout(() => done('hung'), HANG_MS);
    socket.on('data', (chunk) => {
      if (raw.length < 4_000_000) raw += chunk.toString('latin1');
      socket.setTimeout(raw.includes('\r\n\r\n') ? QUIET_MS : HANG_MS);
    });
    // It keeps the connection and has said all that it says.
    socket.on('timeout', () => {
      if (raw !== '') done('quiet');
    });
    socket.on('error', () => done('reset'));
    socket.on('close', () => done('closed'));
    socket.write(bytes);
    // Half of what is fuzzed is a request without its end; a server may wait for the rest as long as it says it does.
    if (kind === 'fuzzed') socket.end();
  });
}

/** A kind of client: what one of them does from its first byte until it has gone. */
export type Client = (port: number, random: Random, tally: Tally) => Promise<void>;

let nextCrafted = 0;

export const CLIENTS: Readonly<Record<string, Client>> = {
  crafted: (port, _random, tally) => exchange(port, withEnd(crafted(nextCrafted++)), tally, 'crafted'),
  fuzzed: (port, random, tally) => exchange(port, fuzzed(random), tally, 'fuzzed'),
  heavy: (port, random, tally) => exchange(port, post(heavyBody(random)), tally, 'heavy'),
  'slow reader': slowReader,
  'slow writer': slowWriter,
  pipeliner,
  'many connections': manyConnections,
  leaver,
};

/** Asks the server to close, so that the end of the answer shows. */
function withEnd(bytes: Buffer): Buffer {
  const at = bytes.indexOf('\r\n\r\n');
  return at === -1
    ? bytes
    : Buffer.concat([bytes.subarray(0, at), Buffer.from('\r\nConnection: close'), bytes.subarray(at)]);
}

/** Asks for much and reads a little now and then, or nothing at all. */
async function slowReader(port: number, random: Random, tally: Tally): Promise<void> {
  tally.add(tally.sent, 'slow reader');
  const socket = quietSocket(port);
  socket.pause();
  socket.write(post(heavyBody(random)));
  const reads = random() < 0.5;
  const untilMs = performance.now() + 2_000 + random() * 18_000;
  while (performance.now() < untilMs && !socket.destroyed) {
    await wait(100);
    if (reads) socket.read(1024);
  }
  socket.destroy();
}

/** Sends a valid request a few bytes at a time. */
async function slowWriter(port: number, random: Random, tally: Tally): Promise<void> {
  tally.add(tally.sent, 'slow writer');
  const socket = quietSocket(port);
  socket.resume();
  const bytes = post(`{"q":"${'a'.repeat(200 + pickIndex(random, 20_000))}"}`);
  for (let at = 0; at < bytes.length && at < 2_000 && !socket.destroyed; at += 7) {
    socket.write(bytes.subarray(at, at + 7));
    await wait(10 + random() * 60);
  }
  socket.destroy();
}

/** Sends many requests at once over one connection and reads what comes. */
async function pipeliner(port: number, random: Random, tally: Tally): Promise<void> {
  const isHeavy = random() < 0.3;
  const count = isHeavy ? 8 : 1 + pickIndex(random, 2_000);
  const one = isHeavy ? post(heavyBody(random)) : get('/rewrite?q=wireles+hedphones');
  tally.add(tally.sent, 'pipeliner', count - 1);
  await exchange(port, Buffer.concat(Array<Buffer>(count).fill(one)), tally, 'pipeliner');
}

/** Opens very many connections, uses a few, and leaves them. */
async function manyConnections(port: number, random: Random, tally: Tally): Promise<void> {
  const count = 200 + pickIndex(random, 1_300);
  tally.add(tally.sent, 'many connections', count);
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = quietSocket(port);
    socket.resume();
    if (i % 10 === 0) socket.write(get('/livez'));
    sockets.push(socket);
    if (i % 50 === 49) await wait(5);
  }
  await wait(1_000 + random() * 4_000);
  for (const socket of sockets) socket.destroy();
}

/** Asks for much and leaves before the answer. */
async function leaver(port: number, random: Random, tally: Tally): Promise<void> {
  tally.add(tally.sent, 'leaver');
  const socket = quietSocket(port);
  const bytes = post(heavyBody(random));
  socket.write(random() < 0.5 ? bytes : bytes.subarray(0, pickIndex(random, bytes.length)));
  await wait(random() * 200);
  socket.destroy();
}

function quietSocket(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}
