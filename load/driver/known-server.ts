import type { Server } from 'node:http';
import { Worker } from 'node:worker_threads';

/** What the server is known to do: the truth that a driver's figures are held against. */
export interface KnownServerOptions {
  /** Each answer waits that long; none with 0. */
  readonly delayMs: number;
  /** The whole server stands still that long, every `everyMs`, first after `everyMs`; never with 0. */
  readonly stallMs: number;
  readonly everyMs: number;
  /** Every n-th answer is a 503; none with 0. */
  readonly failEvery: number;
}

/** A running server of known behaviour. */
export interface KnownServer {
  readonly port: number;
  /** When it stood still, as times of day in milliseconds with fractions: from and until. */
  stalls(): Promise<readonly (readonly [number, number])[]>;
  close(): Promise<void>;
}

/** Starts the server in a thread of its own, so that its stalls are not the driver's. */
export async function startKnownServer(options: Partial<KnownServerOptions> = {}): Promise<KnownServer> {
  const whole: KnownServerOptions = { delayMs: 0, stallMs: 0, everyMs: 1000, failEvery: 0, ...options };
  // As text, so that it runs compiled and under a test runner alike: a thread can not load a TypeScript file.
  const worker = new Worker(`(${serve.toString()})(require)`, { eval: true, workerData: whole });
  const next = () => new Promise<unknown>((resolve) => worker.once('message', resolve));
  const port = (await next()) as number;
  return {
    port,
    async stalls() {
      worker.postMessage('stalls');
      return (await next()) as [number, number][];
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** The thread's part. Uses nothing from outside itself. */
function serve(load: NodeJS.Require): void {
  const { createServer } = load('node:http') as typeof import('node:http');
  const { parentPort, workerData } = load('node:worker_threads') as typeof import('node:worker_threads');
  const { delayMs, stallMs, everyMs, failEvery } = workerData as KnownServerOptions;
  const stalls: [number, number][] = [];
  let answers = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    answers++;
    const status = failEvery > 0 && answers % failEvery === 0 ? 503 : 200;
    const answer = () => {
      response.writeHead(status, { 'Content-Length': 2 });
      response.end('{}');
    };
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
  const now = () => performance.timeOrigin + performance.now();
  if (stallMs > 0) {
    setInterval(() => {
      const from = now();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
      stalls.push([from, now()]);
    }, everyMs);
  }
  parentPort?.on('message', () => parentPort.postMessage(stalls));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    parentPort?.postMessage(typeof address === 'object' ? address?.port : 0);
  });
}
