import { Readable, Writable } from 'node:stream';
import type { CommandDeps, CommandIo } from '../../services/command.ts';

/** A {@link CommandIo} that keeps what a command writes. */
export interface CapturedIo extends CommandIo {
  out(): string;
  err(): string;
}

/** An io whose standard input holds `stdin` and whose outputs are kept in memory. */
export function captureIo(options: { stdin?: string; env?: Record<string, string>; cwd?: string } = {}): CapturedIo {
  const stdout = sink();
  const stderr = sink();
  return {
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    out: stdout.text,
    err: stderr.text,
  };
}

function sink(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** For commands that need nothing of the building side: whatever they ask it for fails. */
export const NO_DEPS: CommandDeps = {
  ensureBundled: () => Promise.reject(new Error('no dataset is built here')),
  stageDataset: () => Promise.reject(new Error('no dataset is built here')),
};
