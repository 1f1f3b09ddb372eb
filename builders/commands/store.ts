/** `emend store`: makes, reads and verifies single store files. */

import type { CommandIo } from '../command.ts';
import { UsageError } from '../command.ts';

const HELP = `Makes, reads and verifies single look-up stores.

  emend store make --kind fst --in words.tsv --out words.fst
  emend store get words.fst hello wrold

Usage: emend store make [--kind fst|blocks|scores] --in FILE --out FILE [--ordinals] [--memory MIB] [--json]
       emend store inspect FILE [--json]
       emend store get FILE [KEY...]
       emend store scan FILE [--from KEY] [--prefix KEY] [--limit N]
       emend store verify FILE [--json]
       emend store advise FILE [--queries FILE] [--sample N] [--filter-rate R] [--json]
       emend store dot FILE [--limit N]

make     from lines "key<TAB>unsigned integer", or of keys alone, which make a set. Sorted or not, plain or gzipped, "-"
         for standard input. Keys are the bytes before the tab as they are, but a byte order mark at the beginning and a
         carriage return before a line end are left out, which is told; the empty key is legal. A key given twice,
         both line forms mixed, invalid UTF-8 or a value over 2^53-1 is an error with its line numbers.
         --out       a file, replaced when it is there; not a folder, nor the input
         --kind      fst (default): exact, ordered, all in memory; blocks: on disk behind a filter and a cache;
                     scores: values without the keys, where one absent key in 65,536 may pass for a present one
         --ordinals  fst: a set that also gives the ordinal of each key
         --memory    fst: limit of the writer's memory in MiB, a quarter of it to find equal nodes (default 4096); keys
                     that need more are an error
inspect  prints what the file contains and how its bytes are used
get      prints "key<TAB>value" for each key, given as an argument or as a line of standard input: 1 for a hit in a store
         without values, hexadecimal digits for byte strings, nothing after the tab for a miss
scan     prints entries in byte order, as make reads them; from a key on, with a prefix, at most N
verify   reads and checks everything
advise   measures block files of several shapes on a sample of a store, or of lines as make reads them, and recommends one.
         --queries      keys as they will be looked up, one a line; by default half of the look-ups ask for altered keys
         --sample       how many keys to measure on (default 200000)
         --filter-rate  share of absent keys that the filter may pass (default 0.01)
dot      prints an FST as a graph for Graphviz, at most N nodes (default 500)
`;

type SubCommand = (args: string[], io: CommandIo) => Promise<number>;

/** The code of each is loaded when it is named. */
const SUB_COMMANDS: Readonly<Record<string, () => Promise<SubCommand>>> = Object.freeze({
  make: async () => (await import('./store/make.ts')).make,
  inspect: async () => (await import('./store/inspect.ts')).inspect,
  get: async () => (await import('./store/look-up.ts')).get,
  scan: async () => (await import('./store/look-up.ts')).scan,
  verify: async () => (await import('./store/inspect.ts')).verify,
  advise: async () => (await import('./store/advise.ts')).adviseStore,
  dot: async () => (await import('./store/dot.ts')).dot,
});

/**
 * Runs `emend store ...` on the arguments after `store`.
 *
 * @returns the exit code: 0 done, 1 failed, 2 misused
 * @throws {UsageError} for arguments it does not know
 * @throws {BuildError|StoreError} when an input cannot be read or a store is damaged
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  // Keys that look like options stand after "--", so only what comes before it asks for help.
  const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (
    name === '--help' ||
    name === '-h' ||
    (name !== undefined && (options.includes('--help') || options.includes('-h')))
  ) {
    io.stdout.write(HELP);
    return 0;
  }
  const load = name !== undefined && Object.hasOwn(SUB_COMMANDS, name) ? SUB_COMMANDS[name] : undefined;
  if (load === undefined) {
    throw new UsageError(`expected one of ${Object.keys(SUB_COMMANDS).join(', ')}, found ${name ?? 'nothing'}`);
  }
  return (await load())(rest, io);
}
