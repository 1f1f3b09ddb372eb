import { BuildError } from '../errors.ts';
import { CombineCursor, type DuplicateHook } from './combine.ts';
import { MergeCursor } from './merge.ts';
import type { RecordCursor, RecordShape } from './record.ts';
import { RecordBuffer } from './record-buffer.ts';
import { type Run, RunReader, RunWriter } from './run.ts';
import { ScratchFile } from './scratch-file.ts';

/** Runs merged at once. More would make their read buffers small, fewer would cost passes over the data. */
const DEFAULT_FAN_IN = 64;

const MIN_READ_BYTES = 1 << 14;
const MAX_READ_BYTES = 1 << 20;

/** How an {@link ExternalSorter} works. */
export interface SortOptions {
  /** Folder for what does not fit in memory, best on the disk that the result goes to; made when it is not there. */
  readonly scratchFolder: string;
  /** Bytes of records held before they are written out: 1 MiB and more makes sense, 64 MiB by default. */
  readonly memoryBytes?: number;
  /** Keep equal keys as they are, in the order of arrival (the default); sum their values; or be told of them. */
  readonly duplicates?: 'keep' | 'sum' | DuplicateHook;
  /** Records carry a tag. Costs 8 bytes a record in memory. */
  readonly tagged?: boolean;
  /** Records carry a byte string. */
  readonly payload?: boolean;
  /** Runs merged at once, 2 and more. For tests. */
  readonly fanIn?: number;
}

/**
 * Sorts any number of records by the unsigned byte order of their keys, in bounded memory: what passes the budget is
 * sorted, written out as a run and merged in the end. What fits is never written.
 *
 *     const sorter = new ExternalSorter({ scratchFolder, duplicates: 'sum' });
 *     try {
 *       sorter.add(key, 0, key.length, 1);
 *       for (const cursor = sorter.finish(); cursor.next(); ) use(cursor.key, cursor.keyEnd, cursor.value);
 *     } finally {
 *       sorter.close();
 *     }
 *
 * Scratch space is given back by `close`, and by the system however the process ends.
 */
export class ExternalSorter {
  readonly #shape: RecordShape;
  readonly #buffer: RecordBuffer;
  readonly #scratchFolder: string;
  readonly #memoryBytes: number;
  readonly #duplicates: 'keep' | 'sum' | DuplicateHook;
  readonly #fanIn: number;
  #runs: Run[];
  #file: ScratchFile | undefined;
  #recordCount: number;
  #finished: boolean;

  constructor(options: SortOptions) {
    this.#shape = { tagged: options.tagged ?? false, payload: options.payload ?? false };
    this.#buffer = new RecordBuffer(this.#shape);
    this.#scratchFolder = options.scratchFolder;
    this.#memoryBytes = options.memoryBytes ?? 64 << 20;
    this.#duplicates = options.duplicates ?? 'keep';
    this.#fanIn = Math.max(2, options.fanIn ?? DEFAULT_FAN_IN);
    this.#runs = [];
    this.#file = undefined;
    this.#recordCount = 0;
    this.#finished = false;
  }

  /** Records added so far, duplicates included. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** Runs written out so far. */
  get runCount(): number {
    return this.#runs.length;
  }

  /**
   * Adds a record with the key `key[start, end)`, which is copied.
   *
   * @param value an integer in 0..2^53-1
   * @param tag the same; kept only in a tagged sort
   * @throws {BuildError} `BUILD_OUTPUT` when scratch space runs out, `BUILD_LIMIT` for a key of 4 GiB
   */
  add(key: Uint8Array, start: number, end: number, value: number, tag = 0): void {
    this.#makeRoom(end - start, 0);
    this.#buffer.add(key, start, end, value, tag);
    if (this.#shape.payload) this.#buffer.addPayload(key, start, start);
  }

  /** Adds a record with a byte string, `payload[payloadStart, payloadEnd)`, in a sort made with `payload`. */
  addBytes(
    key: Uint8Array,
    start: number,
    end: number,
    payload: Uint8Array,
    payloadStart: number,
    payloadEnd: number,
    value = 0,
    tag = 0,
  ): void {
    this.#makeRoom(end - start, payloadEnd - payloadStart);
    this.#buffer.add(key, start, end, value, tag);
    this.#buffer.addPayload(payload, payloadStart, payloadEnd);
  }

  /** Adds all that `source` still yields as one run, without sorting again: its keys must rise, equal ones allowed. */
  addSorted(source: RecordCursor): void {
    if (this.#buffer.count > 0) this.#spill(this.#combined(this.#buffer.sorted()));
    this.#spill(source);
  }

  /** Ends the input and answers a cursor before the first record, usable once, until `close`. */
  finish(): RecordCursor {
    if (this.#finished) throw new Error('a sort can be finished only once');
    this.#finished = true;
    const hook = typeof this.#duplicates === 'function' ? this.#duplicates : undefined;
    let sorted: RecordCursor;
    if (this.#runs.length === 0) {
      sorted = this.#buffer.sorted();
    } else {
      if (this.#buffer.count > 0) this.#spill(this.#combined(this.#buffer.sorted()));
      while (this.#runs.length > this.#fanIn) this.#mergePass();
      sorted = this.#merged(this.#runs);
    }
    return this.#duplicates === 'keep' ? sorted : new CombineCursor(sorted, hook);
  }

  /** Gives scratch space back; cursors end their lives here. Safe at any time, and again. */
  close(): void {
    this.#finished = true;
    this.#runs = [];
    this.#file?.close();
    this.#file = undefined;
  }

  #makeRoom(keyLength: number, payloadLength: number): void {
    if (this.#finished) throw new Error('the sort is finished: it takes no more records');
    this.#recordCount++;
    const buffer = this.#buffer;
    if (buffer.usedBytes < this.#memoryBytes && buffer.hasRoom(keyLength, payloadLength)) return;
    if (buffer.count > 0) this.#spill(this.#combined(buffer.sorted()));
    if (buffer.hasRoom(keyLength, payloadLength)) return;
    throw new BuildError('BUILD_LIMIT', `sorting: a record of ${keyLength + payloadLength} bytes; the most is 4 GiB`);
  }

  /** Sums where sums are wanted, so that runs hold each key once; duplicates for a hook are kept to the end. */
  #combined(sorted: RecordCursor): RecordCursor {
    return this.#duplicates === 'sum' ? new CombineCursor(sorted) : sorted;
  }

  #spill(sorted: RecordCursor): void {
    this.#file ??= new ScratchFile(this.#scratchFolder);
    this.#runs.push(writeRun(this.#file, this.#shape, sorted));
    this.#buffer.clear();
  }

  /** Merges neighbouring runs, `fanIn` at a time, into a file of their own. */
  #mergePass(): void {
    const file = new ScratchFile(this.#scratchFolder);
    const merged: Run[] = [];
    try {
      for (let i = 0; i < this.#runs.length; i += this.#fanIn) {
        const group = this.#combined(this.#merged(this.#runs.slice(i, i + this.#fanIn)));
        merged.push(writeRun(file, this.#shape, group));
      }
    } catch (error) {
      file.close();
      throw error;
    }
    this.#file?.close();
    this.#file = file;
    this.#runs = merged;
  }

  #merged(runs: readonly Run[]): RecordCursor {
    const share = Math.floor(this.#memoryBytes / runs.length);
    const readBytes = Math.min(MAX_READ_BYTES, Math.max(MIN_READ_BYTES, share));
    return new MergeCursor(runs.map((run) => new RunReader(run, this.#shape, readBytes)));
  }
}

function writeRun(file: ScratchFile, shape: RecordShape, sorted: RecordCursor): Run {
  const writer = new RunWriter(file, shape);
  while (sorted.next()) writer.add(sorted);
  return writer.finish();
}
