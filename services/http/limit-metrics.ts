import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConnectionCounts, WorkCounts } from './figures.ts';

/** The figures of the limits on connections, asked for whenever they are read. */
export function watchConnections(registers: Registry[], read: () => ConnectionCounts): void {
  gauge(registers, 'http_connections', 'Open connections', () => read().open);
  gauge(registers, 'http_unsent_bytes', 'Bytes of answers that clients have still to read', () => read().unsentBytes);
  new Counter({
    name: 'http_connections_closed_total',
    help: 'Connections closed: one too many (limit), not read in time (unread), too many requests at once (pipelined)',
    labelNames: ['why'],
    registers,
    collect() {
      // They are counted elsewhere; a counter can only be set by starting anew.
      this.reset();
      for (const [why, count] of Object.entries(read().closed)) this.inc({ why }, count);
    },
  });
}

/** The figures of the limits on work. */
export function watchWork(registers: Registry[], read: () => WorkCounts): void {
  gauge(registers, 'rewrite_in_hand', 'Requests that wait for their turn or are worked on', () => read().inHand);
  gauge(registers, 'http_body_bytes', 'Bytes of large request bodies that are held', () => read().bodyBytes);
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
