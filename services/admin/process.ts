/**
 * Runs the admin port in a process of its own: compiling rules and checking drafts take the time of no query, and a folder of
 * collections is open for reading in one process and for writing in another, as LMDB wants it.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { AdminSettings } from './settings.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** How long it may take to end once it is told to. */
const STOP_MS = 5_000;

/** To the process. */
export interface AdminOrder {
  readonly settings: AdminSettings;
  /** Absolute paths. */
  readonly rules: string;
  readonly dataset: string;
  readonly config: Config;
}

/** From the process. */
export interface AdminMessage {
  readonly listening?: number;
  readonly failed?: string;
}

export interface AdminProcessOptions {
  readonly order: AdminOrder;
  /** One line about a process that ended or comes back. */
  report(line: string): void;
  /** The process's program. Default: the compiled module beside this one. */
  readonly program?: string;
}

/** The admin port at work. */
export interface RunningAdmin {
  readonly port: number;
  /** Settles when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the process, and starts it again where it ends.
 *
 * @throws {Error} where it does not come to listen the first time
 */
export async function startAdminProcess(options: AdminProcessOptions): Promise<RunningAdmin> {
  const program = options.program ?? compiledProgram();
  let { order } = options;
  let isStopping = false;
  let pauseMs = FIRST_PAUSE_MS;
  let retry: NodeJS.Timeout | undefined;
  let child = fork(program, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const port = await listening(child, order);
  // One that comes back takes the port that was told.
  order = { ...order, settings: { ...order.settings, port } };
  const watch = (): void => {
    child.once('exit', (code, signal) => {
      if (isStopping) return;
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      options.report(`the process of the admin port ended (${how}); starting another in ${pauseMs} ms`);
      retry = setTimeout(again, pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    });
  };
  const again = (): void => {
    child = fork(program, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    watch();
    listening(child, order).then(
      () => {
        pauseMs = FIRST_PAUSE_MS;
      },
      (error: Error) => options.report(error.message),
    );
  };
  watch();
  return {
    port,
    async stop() {
      isStopping = true;
      clearTimeout(retry);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      // It ends when nobody is left to speak to.
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(limit);
    },
  };
}

function listening(child: ReturnType<typeof fork>, order: AdminOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: AdminMessage) => {
      if (message.listening !== undefined) resolve(message.listening);
      else if (message.failed !== undefined) reject(new Error(message.failed));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`starting the admin port: its process ended with ${signal ?? `exit code ${code}`}`)),
    );
    child.send(order, (error) => {
      if (error) reject(error);
    });
  });
}

/** The compiled module. */
function compiledProgram(): string {
  // From dist/services/admin and from the bundle's chunks alike.
  const path = fileURLToPath(new URL('../admin/admin-main.js', import.meta.url));
  if (existsSync(path)) return path;
  throw new Error(`starting the admin port: there is no ${path}; run "npm run build"`);
}
