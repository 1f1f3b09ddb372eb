/**
 * What a command of the `emend` program is given. The same shape as `services/command.ts`, which builders may not
 * import; structural typing makes the two interchangeable.
 */
export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream;
  /** Data goes here. */
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  /** Progress and errors go here; progress only when it is a terminal. */
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths in the arguments are relative to. */
  readonly cwd: string;
}

/** The arguments ask for something the command does not do: one line on stderr and exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
