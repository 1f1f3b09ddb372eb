import type { Logger as Pino } from 'pino';
import type { Logger } from './logger.ts';

/** Levels of the log, the least serious first, each with the number that it has in a line. */
const LEVELS: Readonly<Record<string, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Number.POSITIVE_INFINITY,
};

/** A logger that can also say what it stopped of. */
export interface ServiceLogger extends Logger {
  fatal(fields: object, message: string): void;
  /** Loads `pino`, which writes the lines from then on. It stays as it is where that cannot be loaded. */
  load(): Promise<void>;
}

/**
 * Creates the log of this process, in lines of JSON. It needs nothing that is not here: what tells of a failure must not have to be
 * found first. `pino` takes over once it is loaded; that takes 8 ms, too many for a start. Writing a line never throws.
 *
 * @param level the least serious line to write
 */
export function createLogger(level: string, stdout: NodeJS.WritableStream): ServiceLogger {
  let loaded: Pino | undefined;
  const least = LEVELS[level] ?? 0;
  const isLevelEnabled = (asked: string) => (LEVELS[asked] ?? 0) >= least;
  const line = (of: 'debug' | 'info' | 'warn' | 'error' | 'fatal') => (fields: object, message: string) => {
    if (!isLevelEnabled(of)) return;
    try {
      if (loaded === undefined) stdout.write(plainLine(LEVELS[of] ?? 0, fields, message));
      else loaded[of](fields, message);
    } catch {
      // Nobody is left to tell.
    }
  };
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('fatal'),
    isLevelEnabled,
    async load() {
      try {
        const { pino } = await import('pino');
        loaded = pino({ level, base: { pid: process.pid } }, stdout);
      } catch (error) {
        line('warn')({ err: error }, 'pino could not be loaded; lines are written without it');
      }
    },
  };
}

/** A line as `pino` would write it. */
function plainLine(level: number, fields: object, message: string): string {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? plainError(value) : value,
  ]);
  const head = { level, time: Date.now(), pid: process.pid };
  return `${JSON.stringify({ ...head, ...Object.fromEntries(plain), msg: message })}\n`;
}

function plainError(error: Error): object {
  const { name, message, stack } = error;
  return { type: name, message, stack, ...('code' in error ? { code: error.code } : {}) };
}
