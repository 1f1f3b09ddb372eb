import cluster from 'node:cluster';
import type { Exposition } from '../http/figures.ts';
import type { Metrics } from '../http/metrics.ts';

/**
 * The figures of all worker processes as one: a worker that is asked for `/metrics` asks the supervisor, which asks
 * every worker and hands the snapshots over; the one that was asked adds them up. The supervisor itself thus never
 * loads the metrics library.
 *
 * Messages: worker `ask` -> supervisor; supervisor `collect` -> workers; worker `snapshot` -> supervisor;
 * supervisor `snapshots` -> the one that asked.
 */
type Message =
  | { readonly emend: 'ask'; readonly id: number }
  | { readonly emend: 'collect'; readonly round: number }
  | { readonly emend: 'snapshot'; readonly round: number; readonly metrics: object[] }
  | { readonly emend: 'snapshots'; readonly id: number; readonly all: object[][] };

/** How long the supervisor waits for a worker's snapshot; one that is busier than that is left out. */
const COLLECT_MS = 1_000;

/** How long a worker waits for the supervisor; then it shows its own figures. */
const ASK_MS = 3_000;

/** In the supervisor: answers the workers' questions from now on. */
export function answerMetrics(): void {
  let lastRound = 0;
  const rounds = new Map<number, { missing: number; all: object[][]; finish(): void }>();

  cluster.on('message', (worker, raw: unknown) => {
    const message = asMessage(raw);
    if (message?.emend === 'snapshot') {
      const round = rounds.get(message.round);
      if (round === undefined) return;
      round.all.push(message.metrics);
      round.missing -= 1;
      if (round.missing === 0) round.finish();
    }
    if (message?.emend === 'ask') {
      lastRound += 1;
      const number = lastRound;
      const asked = Object.values(cluster.workers ?? {}).filter((peer) => peer?.isConnected());
      const all: object[][] = [];
      const finish = () => {
        clearTimeout(timer);
        if (rounds.delete(number)) worker.send({ emend: 'snapshots', id: message.id, all }, ignore);
      };
      const timer = setTimeout(finish, COLLECT_MS);
      rounds.set(number, { missing: asked.length, all, finish });
      for (const peer of asked) peer?.send({ emend: 'collect', round: number }, ignore);
    }
  });
}

/**
 * In a worker: hands out the figures of this process when the supervisor collects them.
 *
 * @returns what answers `/metrics` with the figures of all workers
 */
export function clusterExposition(own: Metrics): () => Promise<Exposition> {
  let lastId = 0;
  const waiting = new Map<number, (all: object[][]) => void>();

  process.on('message', (raw: unknown) => {
    const message = asMessage(raw);
    if (message?.emend === 'snapshots') waiting.get(message.id)?.(message.all);
    if (message?.emend !== 'collect') return;
    const { round } = message;
    // Where the library cannot be loaded this process is left out.
    own.snapshot().then((metrics) => tell({ emend: 'snapshot', round, metrics }), ignore);
  });

  return async () => {
    lastId += 1;
    const id = lastId;
    const all = await new Promise<object[][]>((resolve) => {
      const timer = setTimeout(() => resolve([]), ASK_MS);
      waiting.set(id, (snapshots) => {
        clearTimeout(timer);
        resolve(snapshots);
      });
      tell({ emend: 'ask', id });
    });
    waiting.delete(id);
    if (all.length === 0) return own.exposition();
    const { aggregate } = await import('../http/prometheus.ts');
    return aggregate(all);
  };
}

function tell(message: Message): void {
  if (process.connected) process.send?.(message, undefined, undefined, ignore);
}

/** Ignores the failure to send to a process that is ending; without this the sender would fail. */
function ignore(): void {}

function asMessage(raw: unknown): Message | undefined {
  return typeof raw === 'object' && raw !== null && 'emend' in raw ? (raw as Message) : undefined;
}
