/** A peer's process: asked a list of queries, it gives back outputs, times and what memory it holds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { readCpuMs } from '../server/process-cpu.ts';
import { readMemory } from '../server/process-memory.ts';
import type { PeerReady } from './answer-lines.ts';
import type { Command } from './peer.ts';

/** One answered query. */
export interface PeerAnswer {
  readonly output: string;
  readonly tookMs: number;
}

/** Of what a process that ends too early had to say, the last characters kept. */
const KEPT_OUTPUT = 2000;

/** Queries sent before their answers are read: enough for the pipe never to run dry, and far from filling it. */
const IN_FLIGHT = 64;

/** Reads an answer line. */
export function parseAnswerLine(line: string): PeerAnswer {
  const tab = line.lastIndexOf('\t');
  const tookUs = Number(line.slice(tab + 1));
  if (tab < 0 || !(tookUs >= 0)) throw new Error(`expected output<TAB>microseconds, found "${line}"`);
  return { output: line.slice(0, tab), tookMs: tookUs / 1000 };
}

export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #errors = '';
  #ready: PeerReady = { version: '' };

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null || child.stderr === null) throw new Error('expected a process with pipes');
    this.#reader = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_OUTPUT);
    });
    // What is wrong shows where its lines end.
    child.on('error', (error) => {
      this.#errors += error.message;
    });
    child.stdin?.on('error', () => {});
  }

  /** Starts a peer and waits until it can be asked. */
  static async start([command, ...args]: Command): Promise<PeerProcess> {
    const peer = new PeerProcess(spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] }));
    for (;;) {
      const line = await peer.#line();
      if (!line.startsWith('ready\t')) continue;
      peer.#ready = JSON.parse(line.slice('ready\t'.length)) as PeerReady;
      return peer;
    }
  }

  get version(): string {
    return this.#ready.version;
  }

  /** The answers, in order. */
  async ask(queries: readonly string[]): Promise<PeerAnswer[]> {
    const answers: PeerAnswer[] = [];
    let sent = 0;
    const send = () => {
      this.#child.stdin?.write(`${queries[sent++]?.replace(/[\r\n]/g, ' ')}\n`);
    };
    while (sent < Math.min(IN_FLIGHT, queries.length)) send();
    while (answers.length < queries.length) {
      answers.push(parseAnswerLine(await this.#line()));
      if (sent < queries.length) send();
    }
    return answers;
  }

  /** Resident memory now, bytes: mapped files that were read are in it. */
  memoryBytes(): number | undefined {
    const memory = readMemory(this.#pid);
    return memory && memory.anonymous + memory.file;
  }

  /** Processor time that it has used so far, all threads, milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined {
    return readCpuMs(this.#pid);
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve();
      else this.#child.once('close', () => resolve());
    });
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }

  get #pid(): number {
    return this.#ready.pid ?? this.#child.pid ?? 0;
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#child.spawnargs.slice(0, 4).join(' ')} ... ended:\n${this.#errors}`);
    return value;
  }
}
