import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** How often connections that have become idle are closed while draining. */
const SWEEP_MS = 50;

/**
 * Stops a server without cutting anyone off: no new connections, idle ones closed, requests under way answered.
 *
 * @param timeoutMs how long requests under way may take; then their connections are cut
 * @returns whether all of them were answered in time
 */
export async function drain(server: Server, timeoutMs: number): Promise<boolean> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // Keep-alive connections become idle one by one as their last answers leave.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
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
