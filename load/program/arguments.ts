import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The values of the options of a program that takes no positional arguments. */
export type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: false }>
>['values'];

/**
 * Reads the command line of one of the smaller programs of this folder. With `--help` it prints the help and ends the
 * process with 0; what it cannot read it tells in a line and ends with 2.
 *
 * @param name what the line on stderr begins with
 */
export function programArguments<const O extends Options>(name: string, help: string, options: O): Values<O> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    process.exit(0);
  }
  try {
    return parseArgs({ args, options, allowPositionals: false }).values as Values<O>;
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/**
 * A number above 0 given to an option.
 *
 * Ends the process with 2 and a line on stderr where it is none.
 */
export function positiveNumber(name: string, option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`${name}: ${option}: expected a number above 0, found "${text}"\n`);
  process.exit(2);
}
