import type { Server } from 'node:http';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Connections } from './connections.ts';
import { connectionsOf } from './server.ts';

/** Turns of the event loop in which connections that wait are accepted before the server stops listening. */
const MOST_TURNS = 1_000;

/** How often connections that have become idle are closed while draining. */
const SWEEP_MS = 50;

/**
 * Stops a server without cutting anyone off: no new connections, idle ones closed after a moment, requests under way answered to
 * their last byte.
 *
 * @param server made by `createHttpServer`
 * @param timeoutMs how long requests under way may take; then their connections are cut
 * @returns whether all of them were answered in time
 */
export async function drain(server: Server, timeoutMs: number): Promise<boolean> {
  const connections = connectionsOf(server);
  connections.startDraining();
  await acceptWaiting(connections);
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // Keep-alive connections become idle one by one as their last answers leave. After a stall the timer comes first, and only then what
  // clients have sent meanwhile: they are looked at when that has been read.
  const sweep = setInterval(() => setImmediate(() => server.closeIdleConnections()), SWEEP_MS);
  const limit = new AbortController();
  try {
    const answered = await Promise.race([
      closed.then(() => true),
      wait(timeoutMs, false, { signal: limit.signal }).catch(() => false),
    ]);
    if (!answered) server.closeAllConnections();
    await closed;
    return answered;
  } finally {
    clearInterval(sweep);
    limit.abort();
  }
}

/** Takes the connections that stand in line, one in each turn of the event loop: where it stops listening they would be reset. */
async function acceptWaiting(connections: Connections): Promise<void> {
  for (let turns = 0, quiet = 0; turns < MOST_TURNS && quiet < 2; turns++) {
    const { accepted } = connections;
    await nextTurn();
    quiet = connections.accepted === accepted ? quiet + 1 : 0;
  }
}
