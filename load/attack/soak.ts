import { setTimeout as wait } from 'node:timers/promises';
import { pick, seededRandom } from '../../services/figures/random.ts';
import { CLIENTS, type Tally } from './client.ts';

/** How many of each kind are at work at a time: enough to keep a service of two processes busy, and not the machine alone. */
const AT_A_TIME: Readonly<Record<string, number>> = {
  crafted: 2,
  fuzzed: 2,
  heavy: 4,
  'slow reader': 8,
  'slow writer': 8,
  pipeliner: 1,
  'many connections': 1,
  leaver: 1,
};

/** Between two clients of one slot. */
const PAUSE_MS = 20;

/** Has all kinds of clients at a service for a time, each kind in slots of its own, with random numbers of its own. */
export async function soak(
  port: number,
  seconds: number,
  seed: number,
  tally: Tally,
  isUp: () => boolean,
): Promise<void> {
  const untilMs = performance.now() + 1000 * seconds;
  const slots = Object.entries(AT_A_TIME).flatMap(([kind, count]) => Array<string>(count).fill(kind));
  await Promise.all(
    slots.map(async (kind, slot) => {
      const random = seededRandom(seed * 1_000 + slot);
      while (performance.now() < untilMs && isUp()) {
        await CLIENTS[kind]?.(port, random, tally);
        await wait(pick(random, [0.5, 1, 1.5]) * PAUSE_MS);
      }
    }),
  );
}
