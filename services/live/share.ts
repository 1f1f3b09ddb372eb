/** The state of the files in all processes: the one that watches them tells the others. */
import cluster from 'node:cluster';
import type { LiveDataState } from './live-data.ts';

interface Message {
  readonly emend: 'data';
  readonly state: LiveDataState;
}

/** In the supervisor. @returns what to call with every new state */
export function shareState(): (state: LiveDataState) => void {
  let message: Message | undefined;
  // A worker asks once it listens: what is sent to it before that is lost.
  cluster.on('message', (worker, raw: { readonly emend?: unknown } | null) => {
    if (raw?.emend === 'data-ask' && message !== undefined) worker.send(message);
  });
  return (state) => {
    message = { emend: 'data', state };
    for (const worker of Object.values(cluster.workers ?? {})) if (worker?.isConnected()) worker.send(message);
  };
}

const UNKNOWN: LiveDataState = {
  notReady: 'the supervisor has not told yet what became of the files of live data',
  files: [],
  error: null,
  imports: 0,
  failures: 0,
};

/** In a worker. @returns the last state that the supervisor told */
export function sharedState(): () => LiveDataState {
  let state: LiveDataState = UNKNOWN;
  process.on('message', (message: Partial<Message> | null) => {
    if (message?.emend === 'data' && message.state !== undefined) state = message.state;
  });
  process.send?.({ emend: 'data-ask' });
  return () => state;
}
