/** `emend store get` and `scan`: entries of a store file as lines. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareBytes } from '../../../stores/bytes/compare.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { openStore } from '../../../stores/open.ts';
import { BytesRef, MISS, type Store } from '../../../stores/store.ts';
import { type CommandIo, UsageError } from '../../command.ts';
import { ByteOutput, lineEnd, lineStart } from './lines.ts';

const TAB = 0x09;
const LF = 0x0a;
const EMPTY = new Uint8Array(0);

/** Runs `emend store get`. */
export async function get(args: string[], io: CommandIo): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [path, ...keys] = positionals;
  if (path === undefined) throw new UsageError('get needs a store FILE');
  const store = openStore(resolve(io.cwd, path));
  try {
    const answers = new Answers(store, io.stdout);
    for (const key of keys.map(encodeUtf8)) answers.add(key, 0, key.length);
    if (keys.length === 0) {
      for await (const chunk of io.stdin) {
        answers.read(typeof chunk === 'string' ? encodeUtf8(chunk) : chunk);
        await answers.output.flush();
      }
      answers.end();
    }
    await answers.output.flush();
  } finally {
    store.close();
  }
  return 0;
}

/** Runs `emend store scan`. */
export async function scan(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { from: { type: 'string' }, prefix: { type: 'string' }, limit: { type: 'string' } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('scan needs one store FILE');
  const prefix = encodeUtf8(values.prefix ?? '');
  const from = encodeUtf8(values.from ?? '');
  const start = compareBytes(prefix, 0, prefix.length, from, 0, from.length) > 0 ? prefix : from;
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('--limit', values.limit);
  const store = openStore(resolve(io.cwd, path));
  try {
    const output = new ByteOutput(io.stdout);
    const cursor = store.cursor();
    if (start.length > 0) cursor.seek(start, 0, start.length);
    for (let count = 0; count < limit && cursor.next(); count++) {
      const { key } = cursor;
      if (!startsWith(key, prefix)) break;
      output.push(key.bytes, key.start, key.end);
      if (store.valueKind !== 'none') output.pushByte(TAB);
      if (store.valueKind === 'uint') output.pushText(String(cursor.value));
      if (store.valueKind === 'bytes') output.pushText(hexOf(cursor.valueBytes));
      output.pushByte(LF);
      if (output.full) await output.flush();
    }
    await output.flush();
  } finally {
    store.close();
  }
  return 0;
}

/** A whole number from the command line. */
export function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new UsageError(`${option} takes a whole number, found ${text}`);
}

/** Answers keys, one line each. */
class Answers {
  readonly output: ByteOutput;
  readonly #store: Store;
  readonly #value = new BytesRef();
  /** What came of a line whose end has not come. */
  #carry: Uint8Array;
  #isFirst: boolean;

  constructor(store: Store, stdout: NodeJS.WritableStream) {
    this.output = new ByteOutput(stdout);
    this.#store = store;
    this.#carry = EMPTY;
    this.#isFirst = true;
  }

  add(key: Uint8Array, start: number, end: number): void {
    const { output } = this;
    const value = this.#store.find(key, start, end);
    output.push(key, start, end);
    output.pushByte(TAB);
    if (value !== MISS) {
      if (this.#store.valueKind === 'bytes') {
        this.#store.findBytes(key, start, end, this.#value);
        output.pushText(hexOf(this.#value));
      } else {
        output.pushText(String(value));
      }
    }
    output.pushByte(LF);
  }

  /** Answers the lines that end in `chunk`. */
  read(chunk: Uint8Array): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      this.#addLine(bytes, start, end);
      start = end + 1;
    }
    this.#carry = bytes.slice(start);
  }

  /** Answers a last line without its LF. */
  end(): void {
    const { length } = this.#carry;
    // A byte order mark alone is not a line.
    if (lineStart(this.#carry, 0, length, this.#isFirst) < length) this.#addLine(this.#carry, 0, length);
  }

  /** What `emend store make` would use as a key. */
  #addLine(bytes: Uint8Array, from: number, to: number): void {
    const start = lineStart(bytes, from, to, this.#isFirst);
    this.#isFirst = false;
    this.add(bytes, start, lineEnd(bytes, start, to));
  }
}

function startsWith(key: BytesRef, prefix: Uint8Array): boolean {
  if (key.end - key.start < prefix.length) return false;
  return compareBytes(key.bytes, key.start, key.start + prefix.length, prefix, 0, prefix.length) === 0;
}

function hexOf(value: BytesRef): string {
  return Buffer.from(value.bytes.subarray(value.start, value.end)).toString('hex');
}
