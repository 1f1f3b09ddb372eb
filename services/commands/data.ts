/** `emend data`: looks into live collections and changes them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Collections } from '../../stores/lmdb/collections.ts';
import { COLLECTION_OWNERS, type CollectionInfo } from '../../stores/lmdb/format.ts';
import { hasCollections } from '../../stores/lmdb/migrate.ts';
import type { JsonValue } from '../../stores/lmdb/values.ts';
import { type CommandIo, UsageError } from '../command.ts';
import { type DataFormat, parseDataName, readDataFile } from '../live/data-file.ts';
import { type FileImport, importFile } from '../live/import-file.ts';
import { differences, entriesOf, exported } from '../live/show.ts';
import { MS_A_DAY } from '../live/update.ts';
import { isRuleCollection } from '../rules/collections.ts';
import { openRulesFolder } from '../rules/open-folder.ts';
import { type DataOptions, parseDataArguments } from './data/arguments.ts';
import { deleteEntries, setEntry } from './data/change.ts';
import { watchCollections } from './data/watch.ts';
import { Output } from './output.ts';

const HELP = `Looks into live collections and changes them: lists, sets and maps of JSON values. Every process follows a change.

  emend data import prices prices.json
  emend data get prices kanken

Usage: emend data import NAME FILE       replaces a collection by a .json, .jsonl or .txt file; "-" reads stdin (--format)
       emend data export NAME            prints a collection in a form that import reads back
       emend data list                   prints every collection: kind, owner, entries, bytes, last change
       emend data get NAME KEY...        prints values: key, tab, value as JSON; nothing after the tab for none
       emend data set NAME KEY VALUE     writes a value (JSON; what is not JSON is text) into a map, or at a position of a
                                         list, where "end" adds one
       emend data set NAME MEMBER        adds a member to a set
       emend data delete NAME KEY...     removes entries, or with --all the collection
       emend data undo NAME              undoes the last change of a collection; once more makes it again
       emend data diff NAME FILE         prints what import would change: "-" goes, "+" comes, "~" changes
       emend data watch [NAME]           prints changes as they happen, as JSON, one a line
       emend data own NAME OWNER         gives a collection to commands, files or sync, which alone may write it then
       emend data verify                 reads everything and checks it
       emend data compact                gives the space of free pages back; everyone goes over to the new file

Options:
  --rules DIR      folder of the collections, the rules among them (EMEND_RULES_DIR, or ./rules)
  --kind KIND      list, set or map: what an import or the first "set" makes; else what the file says: a JSON object is a
                   map, text a set, all else a list
  --format FORMAT  json, jsonl or txt; for import and diff else by the file's name, for export json
  --text           for set: the value is text, also when it is JSON
  --json-keys      keys are JSON: members of a set that are numbers, true, false or null
  --all            for delete: the whole collection
  --changes N      for watch: ends after so many changes
  --keep-removed-days N
                   for compact: drops what is kept of entries that were removed longer ago, for hosts that sync; 30
  --json           print the outcome as one line of JSON
  -h, --help       this text

Rules are changed with "emend rules", which knows their form.
`;

/** Runs `emend data`. @returns the exit code: 0 done, 1 failed */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const options = parseDataArguments(args, io);
  if (options === undefined) {
    io.stdout.write(HELP);
    return 0;
  }
  if (options.action === 'compact' && !hasCollections(options.folder)) return missing(options, io);
  const changes = ['import', 'set', 'delete', 'undo', 'own', 'compact'].includes(options.action);
  if (['import', 'set', 'delete'].includes(options.action) && isRuleCollection(options.name)) {
    throw new UsageError(`"${options.name}" holds rules; change it with "emend rules"`);
  }
  if (!changes && options.action !== 'watch' && !hasCollections(options.folder)) {
    if (options.action === 'list') return 0;
    return missing(options, io);
  }
  if (options.action === 'watch') return await watchCollections(options, io);
  const collections = openRulesFolder(options.folder, { readOnly: !changes });
  try {
    return await ACTIONS[options.action](collections, options, io);
  } finally {
    collections.close();
  }
}

type Action = (collections: Collections, options: DataOptions, io: CommandIo) => Promise<number> | number;

const ACTIONS: Record<string, Action> & Record<DataOptions['action'], Action> = {
  async import(collections, options, io) {
    const { name } = options;
    const before = collections.info(name)?.keyCount ?? 0;
    const { bytes, ...what } = await fileOf(options, io);
    const summary = importFile(collections, bytes, { ...what, by: 'commands' });
    const entries = `${summary.keyCount} entries instead of ${before}, ${summary.changed} changed`;
    return tell(options, io, { collection: name, ...summary, before }, [`${name}: ${entries}, in ${options.folder}`]);
  },

  async export(collections, options, io) {
    const info = collections.info(options.name);
    if (info === undefined) return missing(options, io);
    const format = options.format ?? (isRuleCollection(options.name) ? 'txt' : 'json');
    const output = new Output(io.stdout);
    for (const piece of exported(collections, options.name, info, format)) {
      output.add(piece);
      // Not awaited in between: a walk is of one state only within one turn.
      if (output.closed) break;
    }
    await output.flush();
    output.release();
    return 0;
  },

  list(collections, options, io) {
    const rows = collections.names().map((name) => ({ name, ...(collections.info(name) as CollectionInfo) }));
    const lines = rows.map(({ name, kind, owner, keyCount, bytes, changedMs, source }) =>
      [name, kind, owner, keyCount, bytes, new Date(changedMs).toISOString(), source].join('\t').trimEnd(),
    );
    return tell(options, io, { folder: options.folder, ...collections.usage(), collections: rows }, lines);
  },

  get(collections, options, io) {
    const info = collections.info(options.name);
    if (info === undefined) return missing(options, io);
    const found = options.keys.map((key) => [key, lookUp(collections, options.name, info, key)] as const);
    const lines = found.map(([key, value]) => `${String(key)}\t${value === undefined ? '' : JSON.stringify(value)}`);
    return tell(
      options,
      io,
      { collection: options.name, entries: found.map(([key, value = null]) => ({ key, value })) },
      lines,
    );
  },

  set: (collections, options, io) => tellChange(options, io, setEntry(collections, options)),

  delete(collections, options, io) {
    if (collections.info(options.name) === undefined) return missing(options, io);
    return tellChange(options, io, deleteEntries(collections, options));
  },

  undo(collections, options, io) {
    const summary = collections.write.undo(options.name);
    if (summary !== undefined) return tellChange(options, io, summary);
    io.stderr.write(
      `emend data: ${options.name}: there is no change that can be undone; import what was there before\n`,
    );
    return 1;
  },

  own(collections, options, io) {
    const owner = COLLECTION_OWNERS.find((one) => one === options.keys[0]);
    if (owner === undefined) throw new UsageError(`own needs one of ${COLLECTION_OWNERS.join(', ')}`);
    return tellChange(options, io, collections.write.own(options.name, owner));
  },

  async diff(collections, options, io) {
    const { bytes, format, file, kind } = await fileOf(options, io);
    const info = collections.info(options.name);
    const data = readDataFile(bytes, format, file, kind);
    const found = [...differences(collections, options.name, info, data)];
    const lines = found.map(({ key, there, here }) => {
      if (here === undefined) return `- ${key}\t${JSON.stringify(there)}`;
      return there === undefined
        ? `+ ${key}\t${JSON.stringify(here)}`
        : `~ ${key}\t${JSON.stringify(there)}\t${JSON.stringify(here)}`;
    });
    return tell(options, io, { collection: options.name, differences: found }, lines);
  },

  watch: () => 0,

  verify(collections, options, io) {
    collections.verify();
    const rows = collections.names();
    const entries = rows.reduce((sum, name) => sum + (collections.info(name)?.keyCount ?? 0), 0);
    const text = `${options.folder}: whole, ${rows.length} collections, ${entries} entries`;
    return tell(options, io, { folder: options.folder, collections: rows.length, entries, ...collections.usage() }, [
      text,
    ]);
  },

  compact(collections, options, io) {
    const { beforeBytes, afterBytes, dropped } = collections.compact({
      removedBeforeMs: Date.now() - options.keepRemovedDays * MS_A_DAY,
    });
    const text = `${options.folder}: ${afterBytes} bytes instead of ${beforeBytes}, ${dropped} records of removed entries dropped`;
    return tell(options, io, { folder: options.folder, beforeBytes, afterBytes, dropped }, [text]);
  },
};

async function fileOf(options: DataOptions, io: CommandIo): Promise<Omit<FileImport, 'by'> & { bytes: Uint8Array }> {
  const [given] = options.keys as string[];
  if (given === undefined) throw new UsageError(`${options.action} needs a FILE, or "-" for stdin`);
  const said = parseDataName(given);
  const format: DataFormat | undefined = options.format ?? said?.format ?? formatOf(given);
  if (format === undefined) throw new UsageError(`what is in "${given}"? name its --format: json, jsonl or txt`);
  const bytes = given === '-' ? await readAll(io.stdin) : readFileSync(resolve(io.cwd, given));
  const file = given === '-' ? 'stdin' : given;
  return { name: options.name, format, kind: options.kind ?? said?.kind, file, bytes };
}

function formatOf(file: string): DataFormat | undefined {
  return (['json', 'jsonl', 'txt'] as const).find((format) => file.endsWith(`.${format}`));
}

function lookUp(collections: Collections, name: string, info: CollectionInfo, key: unknown): JsonValue | undefined {
  switch (info.kind) {
    case 'list':
      return /^-?\d+$/.test(String(key)) ? collections.list(name).at(Number(key)) : undefined;
    case 'set':
      return collections.set(name).has(key as string) ? true : undefined;
    case 'map':
      return collections.map(name).get(String(key));
    default:
      for (const entry of entriesOf(collections, name, info)) if (entry.key === key) return entry.value;
      return undefined;
  }
}

function tellChange(
  options: DataOptions,
  io: CommandIo,
  summary: { generation: number; changed: number; keyCount: number },
): number {
  const { changed, keyCount } = summary;
  const text = `${options.name}: ${changed} changed, ${keyCount} entries, in ${options.folder}`;
  return tell(options, io, { collection: options.name, ...summary }, [text]);
}

function tell(options: DataOptions, io: CommandIo, value: unknown, lines: readonly string[]): number {
  if (options.json) io.stdout.write(`${JSON.stringify(value)}\n`);
  else if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

function missing(options: DataOptions, io: CommandIo): number {
  io.stderr.write(
    options.name === ''
      ? `emend data: ${options.folder}: there are no collections; import something first\n`
      : `emend data: ${options.folder}: there is no collection "${options.name}"; "emend data list" prints those that there are\n`,
  );
  return 1;
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array | string));
  return Buffer.concat(chunks);
}
