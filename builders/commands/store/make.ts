/** `emend store make`: one store file from lines of keys, or of keys and integers. */

import { isUtf8 } from 'node:buffer';
import { type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ValueKind } from '../../../stores/store.ts';
import { BlocksWriter } from '../../blocks/writer.ts';
import { interruptible } from '../../build/interrupt.ts';
import { type CommandIo, UsageError } from '../../command.ts';
import { BuildError, reasonOf } from '../../errors.ts';
import { FstWriter } from '../../fst/writer.ts';
import { Breath } from '../../progress.ts';
import { ScoresWriter } from '../../scores/writer.ts';
import { ExternalSorter } from '../../sort/external-sorter.ts';
import type { StoreSummary, StoreWriter } from '../../store-writer.ts';
import { type LeftOut, readLines } from './lines.ts';

const TAB = 0x09;
/** So many repeated keys are named before the rest are only counted. */
const NAMED_DUPLICATES = 10;
/** Keys written between two checks for a request to end. */
const BREATH_KEYS = 1 << 12;

interface MakeOptions {
  readonly kind: 'fst' | 'blocks' | 'scores';
  readonly input: string;
  readonly output: string;
  readonly ordinals: boolean;
  /** Most memory for the writer of an FST; its default when undefined. */
  readonly memoryMiB: number | undefined;
}

/** Runs `emend store make`. */
export async function make(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      kind: { type: 'string', default: 'fst' },
      in: { type: 'string' },
      out: { type: 'string' },
      ordinals: { type: 'boolean', default: false },
      memory: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 0) throw new UsageError(`make takes options only, found ${positionals[0]}`);
  if (values.in === undefined || values.out === undefined) throw new UsageError('make needs --in FILE and --out FILE');
  if (values.kind !== 'fst' && values.kind !== 'blocks' && values.kind !== 'scores') {
    throw new UsageError(`--kind must be fst, blocks or scores, found ${values.kind}`);
  }
  if (values.ordinals && values.kind !== 'fst') throw new UsageError('--ordinals goes with --kind fst');
  if (values.memory !== undefined && values.kind !== 'fst') throw new UsageError('--memory goes with --kind fst');
  const memoryMiB = values.memory === undefined ? undefined : Number(values.memory);
  if (memoryMiB !== undefined && !(memoryMiB >= 1)) {
    throw new UsageError(`--memory must be a number of MiB, 1 or more, found ${values.memory}`);
  }
  const output = resolve(io.cwd, values.out);
  checkOutput(output, values.in === '-' ? undefined : resolve(io.cwd, values.in));
  const { kind, ordinals } = values;
  const options: MakeOptions = { kind, input: values.in, output, ordinals, memoryMiB };
  const summary = await interruptible((signal) => makeStore(options, io, new Breath(signal)));
  if (values.json) {
    io.stdout.write(`${JSON.stringify({ path: values.out, kind: values.kind, ...summary })}\n`);
  } else {
    const each = summary.keyCount === 0 ? '' : `, ${(summary.fileBytes / summary.keyCount).toFixed(2)} bytes a key`;
    io.stdout.write(`${values.out}: ${summary.keyCount} keys, ${summary.fileBytes} bytes${each}\n`);
  }
  const { byteOrderMark, carriageReturns } = summary.leftOut;
  const told = [
    ...(byteOrderMark ? ['a byte order mark'] : []),
    ...(carriageReturns > 0 ? [`carriage returns at the end of ${carriageReturns} lines`] : []),
  ];
  if (told.length > 0) io.stderr.write(`emend store make: left out of the keys: ${told.join(', ')}\n`);
  return 0;
}

/** Finds out before anything is read what would fail or be lost at the end. */
function checkOutput(output: string, input: string | undefined): void {
  let found: Stats | undefined;
  try {
    found = statSync(output, { throwIfNoEntry: false });
  } catch (cause) {
    throw new BuildError('BUILD_OUTPUT', `${output}: making a store: ${reasonOf(cause)}`, { cause });
  }
  if (found === undefined) return;
  if (found.isDirectory()) {
    throw new BuildError('BUILD_OUTPUT', `${output}: making a store: expected the path of a file, found a folder`);
  }
  const read = input === undefined ? undefined : statSync(input, { throwIfNoEntry: false });
  if (read?.ino === found.ino && read.dev === found.dev) {
    throw new UsageError('--in and --out are one file: the store would replace its input; name another file');
  }
}

async function makeStore(
  options: MakeOptions,
  io: CommandIo,
  breath: Breath,
): Promise<StoreSummary & { readonly leftOut: LeftOut }> {
  const duplicates = new Duplicates(options.input);
  const sorter = new ExternalSorter({
    scratchFolder: dirname(options.output),
    tagged: true,
    duplicates: (key, keyEnd, firstLine, line) => duplicates.add(key, keyEnd, firstLine, line),
  });
  let writer: StoreWriter | undefined;
  try {
    const lines = new LineParser(options.input, sorter);
    const leftOut = await readLines(
      options.input,
      io,
      (bytes, start, end, line) => lines.add(bytes, start, end, line),
      () => breath.breathe(),
    );
    writer = openWriter(options, lines.valueKind);
    const sorted = sorter.finish();
    for (let count = 1; sorted.next(); count++) {
      if (!duplicates.found) writer.add(sorted.key, 0, sorted.keyEnd, sorted.value);
      if (count % BREATH_KEYS === 0) await breath.breathe();
    }
    duplicates.check();
    return { ...writer.finish(), leftOut };
  } finally {
    writer?.abort();
    sorter.close();
  }
}

function openWriter({ kind, input, output, ordinals, memoryMiB }: MakeOptions, valueKind: ValueKind): StoreWriter {
  switch (kind) {
    case 'fst':
      return new FstWriter(output, {
        valueKind,
        ordinals,
        ...(memoryMiB === undefined ? {} : { memoryBytes: memoryMiB * 2 ** 20 }),
      });
    case 'blocks':
      return new BlocksWriter(output, { valueKind });
    case 'scores':
      if (valueKind === 'uint') return new ScoresWriter(output);
      throw new BuildError(
        'BUILD_INPUT',
        `${input}: making a score table: expected a value on each line, found keys alone`,
      );
  }
}

/** Reads lines into a sorter and holds them to one form. */
class LineParser {
  readonly #name: string;
  readonly #sorter: ExternalSorter;
  /** The first line of each form, 0 when there was none. */
  #firstWithValue: number;
  #firstWithout: number;

  constructor(name: string, sorter: ExternalSorter) {
    this.#name = name;
    this.#sorter = sorter;
    this.#firstWithValue = 0;
    this.#firstWithout = 0;
  }

  get valueKind(): ValueKind {
    return this.#firstWithValue > 0 ? 'uint' : 'none';
  }

  add(bytes: Uint8Array, start: number, end: number, line: number): void {
    const tab = tabIn(bytes, start, end);
    const keyEnd = tab < 0 ? end : tab;
    if (tab < 0) this.#firstWithout ||= line;
    else this.#firstWithValue ||= line;
    if (this.#firstWithValue > 0 && this.#firstWithout > 0) throw this.#mixed();
    if (!isText(bytes, start, keyEnd)) {
      throw this.#error('BUILD_INPUT', line, 'expected a key in UTF-8, found other bytes; convert the file');
    }
    this.#sorter.add(bytes, start, keyEnd, tab < 0 ? 1 : this.#value(bytes, tab + 1, end, line), line);
  }

  #value(bytes: Uint8Array, start: number, end: number, line: number): number {
    let value = 0;
    for (let i = start; i < end; i++) {
      const digit = bytes[i]! - 0x30;
      if (!(digit >= 0 && digit <= 9)) throw this.#notANumber(bytes, start, end, line);
      // Past 2^53 the sum may round, but never back below it.
      value = value * 10 + digit;
      if (value > Number.MAX_SAFE_INTEGER) {
        const found = show(bytes, start, end);
        throw this.#error('BUILD_VALUE', line, `expected a value of at most 9007199254740991 (2^53-1), found ${found}`);
      }
    }
    if (start === end) throw this.#notANumber(bytes, start, end, line);
    return value;
  }

  #notANumber(bytes: Uint8Array, start: number, end: number, line: number): BuildError {
    const found = show(bytes, start, end);
    return this.#error('BUILD_VALUE', line, `expected an unsigned integer after the tab, found ${found}`);
  }

  #mixed(): BuildError {
    return new BuildError(
      'BUILD_INPUT',
      `${this.#name}: making a store: line ${this.#firstWithValue} has a value and line ${this.#firstWithout} has none; give all lines one form`,
    );
  }

  #error(code: 'BUILD_INPUT' | 'BUILD_VALUE', line: number, what: string): BuildError {
    return new BuildError(code, `${this.#name}: making a store: line ${line}: ${what}`);
  }
}

/** Gathers repeated keys, so that one run names several. */
class Duplicates {
  readonly #name: string;
  readonly #named: string[];
  #count: number;

  constructor(name: string) {
    this.#name = name;
    this.#named = [];
    this.#count = 0;
  }

  get found(): boolean {
    return this.#count > 0;
  }

  add(key: Uint8Array, keyEnd: number, firstLine: number, line: number): void {
    this.#count++;
    if (this.#named.length < NAMED_DUPLICATES) {
      this.#named.push(`lines ${firstLine} and ${line} both have ${show(key, 0, keyEnd)}`);
    }
  }

  /** @throws {BuildError} `BUILD_DUPLICATE_KEY` when a key was repeated */
  check(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#named.length;
    const rest = more > 0 ? `; and ${more} more` : '';
    throw new BuildError(
      'BUILD_DUPLICATE_KEY',
      `${this.#name}: making a store: keys are given twice: ${this.#named.join('; ')}${rest}; merge them`,
    );
  }
}

function tabIn(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === TAB) return i;
  return -1;
}

/** Whether the bytes are UTF-8; ASCII, which is most, is seen without a call. */
function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! >= 0x80) return isUtf8(bytes.subarray(start, end));
  return true;
}

function show(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.subarray(start, Math.min(end, start + 60))).toString('utf8');
  return JSON.stringify(end - start > 60 ? `${text}...` : text);
}
