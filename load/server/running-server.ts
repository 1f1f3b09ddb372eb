import { type ChildProcess, spawn } from 'node:child_process';
import { nodeOn } from './cpus.ts';

/** A server process that listens on the loopback interface. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** From the start of the process to the line that says it listens, milliseconds; undefined when it ran before. */
  readonly readyMs: number | undefined;
  /** Asks it to end, and sees to it. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** A compiled file and its arguments; it prints `ready on http://HOST:PORT` to stdout or stderr when it listens. */
  readonly args: readonly string[];
  readonly cpus: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Building a dataset first may take minutes. */
  readonly readyTimeoutMs?: number;
}

const READY = /ready on http:\/\/[^\s]*?:(\d+)/;
const READY_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 15_000;
/** Of what a server that does not start had to say. */
const KEPT_OUTPUT = 4000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server and waits until it says that it listens. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const [command, args] = nodeOn(options.cpus, options.args);
  const startedMs = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(() => running.delete(child));
  const port = await readyPort(child, options).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    await ended;
    throw error;
  });
  const readyMs = performance.now() - startedMs;
  return {
    host: '127.0.0.1',
    port,
    // taskset becomes the program that it starts: the process is the same.
    pid: child.pid ?? 0,
    readyMs,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function readyPort(child: ChildProcess, options: StartOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timeoutMs = options.readyTimeoutMs ?? READY_TIMEOUT_MS;
    const fail = (why: string) => reject(new Error(`starting node ${options.args.join(' ')}: ${why}\n${output}`));
    const timer = setTimeout(() => fail(`expected it to listen within ${timeoutMs} ms`), timeoutMs);
    const onText = (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT);
      const port = READY.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.setEncoding('utf8').on('data', onText);
    child.stderr?.setEncoding('utf8').on('data', onText);
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(`it ended with code ${code}`);
    });
  });
}
