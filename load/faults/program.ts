import { type ChildProcess, spawn } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** How the program is run. */
export interface Conditions {
  /** Programs before it that make the conditions, such as `prlimit --nofile=30`. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where standard output goes, instead of a pipe: a file descriptor. */
  readonly stdout?: number;
  readonly node?: readonly string[];
}

/** How the program ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A user who owns nothing here. */
export const NOBODY: readonly string[] = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** The program beside this one: where tests compile both into a folder of their own, that one. */
const EMEND = fileURLToPath(new URL('../../services/emend.js', import.meta.url));

const HANGS_MS = 20_000;
const ANSWER_MS = 5_000;
const KEPT = 20_000;

/** Words of the tiny datasets, misspelled, and what is meant. */
export const PROBE = { path: '/rewrite?q=wireles+hedphones', wanted: 'wireless headphones' };

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) killAll(child);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Kills a program and what it started: programs that make its conditions leave it behind. */
function killAll({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** The program that was started, and what it said so far. */
export class Running {
  readonly child: ChildProcess;
  readonly ending: Promise<Ending>;
  #out = '';
  #err = '';

  constructor(args: readonly string[], { under = [], env = {}, cwd, stdout, node = [] }: Conditions = {}) {
    const [command = '', ...rest] = [...under, process.execPath, ...node, EMEND, ...args];
    this.child = spawn(command, rest, {
      stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
      // A group of its own, to be killed as one.
      detached: true,
      env: { PATH: process.env['PATH'], ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    running.add(this.child);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out = (this.#out + text).slice(-KEPT);
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err = (this.#err + text).slice(-KEPT);
    });
    this.ending = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ code: null, signal: null, out: '', err: String(error) }));
      this.child.once('close', (code, signal) => {
        running.delete(this.child);
        resolve({ code, signal, out: this.#out, err: this.#err });
      });
    });
  }

  get err(): string {
    return this.#err;
  }

  get out(): string {
    return this.#out;
  }

  /** The port once it listens; undefined when it ends or says nothing instead. */
  async port(): Promise<number | undefined> {
    const until = performance.now() + HANGS_MS;
    let isOver = false;
    void this.ending.then(() => {
      isOver = true;
    });
    while (!isOver && performance.now() < until) {
      const port = /ready on http:\/\/[^\s]*?:(\d+)/.exec(this.#err)?.[1];
      if (port !== undefined) return Number(port);
      await wait(5);
    }
    return undefined;
  }

  /** How it ends; undefined when it does not within 20 s, and is killed. */
  async end(): Promise<Ending | undefined> {
    const ending = await Promise.race([this.ending, wait(HANGS_MS)]);
    if (ending === undefined) killAll(this.child);
    return ending ?? undefined;
  }
}

/** Runs a command to its end. */
export async function runProgram(args: readonly string[], conditions: Conditions = {}): Promise<Ending | undefined> {
  return new Running(args, conditions).end();
}

/** What an ending with an error amounts to; `mention` is what its line has to name. */
export function told(ending: Ending | undefined, mention: string): string {
  if (ending === undefined) return 'hangs';
  if (ending.signal !== null) return `crashes: ${ending.signal}`;
  if (ending.code === 0) return 'says nothing';
  if (/^ {4}at /m.test(ending.err)) return 'shows a stack';
  const line = ending.err.split('\n').findLast((text) => text.startsWith('emend')) ?? '';
  return line.includes(mention)
    ? 'told'
    : `says nothing of ${mention}: ${ending.err.slice(-300).replaceAll(/\s+/g, ' ')}`;
}

/** What one answer of the running service amounts to. */
export async function answerOf(port: number, path = PROBE.path): Promise<string> {
  const response = await ask(port, path);
  if (response === undefined) return 'hangs';
  if (response.status >= 500)
    return response.type.startsWith('application/problem+json') ? 'problem' : 'no problem document';
  if (response.status !== 200) return `status ${response.status}`;
  const { rewritten } = JSON.parse(response.text) as { rewritten: string };
  return rewritten === PROBE.wanted ? 'right' : 'wrong answer';
}

/** A response; undefined when there is none within 5 s. */
export function ask(port: number, path: string): Promise<{ status: number; type: string; text: string } | undefined> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: ANSWER_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      );
      response.once('error', () => resolve(undefined));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}

/** Starts a service over a dataset, and answers what comes of it: `right`, or how it ended. */
export async function startOutcome(
  args: readonly string[],
  mention: string,
  conditions: Conditions = {},
): Promise<string> {
  const service = new Running(['serve', '--port', '0', ...args], conditions);
  const port = await service.port();
  if (port === undefined) return told(await service.end(), mention);
  const answer = await answerOf(port);
  service.child.kill('SIGTERM');
  const ending = await service.end();
  if (ending === undefined) return 'hangs when stopped';
  return ending.code === 0 ? answer : `${answer}, then exit code ${ending.code}`;
}
