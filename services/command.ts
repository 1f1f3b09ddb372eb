/**
 * What a command of the `emend` program is given. Commands touch `process` nowhere, so tests run them in place.
 *
 * A command is a module that exports {@link CommandModule.run}; `services/emend.ts` loads it when it is named.
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

/** What the program lends to commands of the running side, which may not import the builders. */
export interface CommandDeps {
  /**
   * Builds the bundled dataset when it is not there yet, with progress on `io.stderr`.
   *
   * @param cacheDir the folder in which to build it, relative to `io.cwd`; null for the program's own, or where that cannot
   *   be written the user's cache folder
   * @returns the absolute path of the dataset version's folder
   * @throws {BuildError} when it cannot be built
   */
  ensureBundled(io: CommandIo, cacheDir: string | null): Promise<string>;

  /**
   * Opens a folder in which a dataset version takes shape.
   *
   * @param target absolute path at which it is to appear: free, or an empty folder
   * @throws {BuildError} when the target is something else or cannot be written to
   */
  stageDataset(target: string): Promise<DatasetStaging>;
}

/** A dataset version in the making: it appears in its place whole or not at all. */
export interface DatasetStaging {
  /** Where to write its files. */
  readonly dir: string;
  /** Syncs what was written and puts it in its place. */
  commit(): void;
  /** Removes what was written, unless it was put in its place. Safe at any time. */
  discard(): void;
}

/** The face of a module under `services/commands/` or `builders/commands/`. */
export interface CommandModule {
  /**
   * Runs the command on the arguments after its name.
   *
   * @returns the exit code: 0 done, 1 failed, 2 misused
   */
  run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number>;
}

/** The arguments ask for something the command does not do: one line on stderr and exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
