import type { CommandDeps, CommandIo, CommandModule } from './command.ts';

/** One row of the command table. */
export interface CommandEntry {
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Whether it goes on when the reader of its output has gone, or its output cannot be written: a service does. */
  readonly outlivesReader?: boolean;
  /** Loads the module: nothing of a command is read before it is named. */
  load(): Promise<CommandModule>;
}

/** What {@link dispatch} needs to know of the program. */
export interface Program {
  readonly commands: readonly CommandEntry[];
  readonly deps: CommandDeps;
  version(): string;
}

/**
 * Runs the command that the arguments name; whatever it throws becomes one line on stderr.
 *
 * @returns the exit code: 0 done, 1 failed, 2 misused
 */
export async function dispatch(args: readonly string[], io: CommandIo, program: Program): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    io.stderr.write(helpText(program.commands));
    return 2;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    io.stdout.write(helpText(program.commands));
    return 0;
  }
  if (name === '--version' || name === '-V') {
    io.stdout.write(`${program.version()}\n`);
    return 0;
  }
  // `emend help build` reads as `emend build --help`.
  const wanted = name === 'help' ? (rest[0] ?? '') : name;
  const commandArgs = name === 'help' ? ['--help'] : rest;
  const entry = program.commands.find((command) => command.name === wanted);
  if (entry === undefined) {
    io.stderr.write(`emend: unknown command "${printable(wanted)}"${hint(wanted, program.commands)}\n`);
    return 2;
  }
  try {
    const command = await entry.load();
    return await command.run(commandArgs, io, program.deps);
  } catch (error) {
    if (isMisuse(error)) {
      io.stderr.write(`emend ${wanted}: ${firstLine(error)}; see "emend ${wanted} --help"\n`);
      return 2;
    }
    io.stderr.write(`emend ${wanted}: ${firstLine(error)}\n`);
    if (io.env['EMEND_DEBUG'] && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`);
    return 1;
  }
}

/** The text of `emend --help`. */
export function helpText(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map((command) => command.name.length), 0);
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    'Emend corrects search queries: spelling, spaces and your own rules, each edit with a confidence and evidence.',
    '',
    '  emend rewrite wireles hedphones      one query',
    '  emend serve --port 8080              over HTTP',
    '',
    'Usage: emend COMMAND [OPTION...]',
    '',
    'Commands:',
    ...rows,
    '',
    '"emend COMMAND --help" lists the options of a command. "emend --version" prints the version.',
    'Exit codes: 0 done, 1 failed, 2 misused. EMEND_DEBUG=1 adds the stack trace to an error.',
    '',
  ].join('\n');
}

/** A mistake in the arguments or the configuration rather than in carrying them out. */
function isMisuse(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  const code = String(error.code);
  return code === 'USAGE' || code.startsWith('CONFIG_') || code.startsWith('ERR_PARSE_ARGS_');
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return (message.split('\n', 1)[0] ?? '').replace(/\.$/, '');
}

function printable(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** The nearest command by the letters that differ, when it is near. */
function hint(name: string, commands: readonly CommandEntry[]): string {
  let best = '';
  let least = 3;
  for (const command of commands) {
    const distance = editDistance(name.slice(0, 40).toLowerCase(), command.name);
    if (distance < least) {
      least = distance;
      best = command.name;
    }
  }
  return best === '' ? '; "emend --help" lists them' : `; did you mean "${best}"? "emend --help" lists them`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
