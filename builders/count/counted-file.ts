import type { RecordCursor } from '../sort/record.ts';
import { type Run, RunReader, RunWriter } from '../sort/run.ts';
import { type HandedFile, ScratchFile } from '../sort/scratch-file.ts';
import type { CountCursor, CountedSource, SourceRole } from './counted-source.ts';

const SHAPE = { tagged: false, payload: false };
const READ_BYTES = 1 << 17;

/** What is known of a source besides its counts. */
export interface SourceDescription {
  readonly name: string;
  readonly role: SourceRole;
  readonly wordClass: string;
  readonly weight: number;
}

/** Counted n-grams on their way from one thread to another. */
export interface HandedCounts extends SourceDescription {
  readonly tokenCount: number;
  readonly sizes: readonly number[];
  readonly file: HandedFile;
  /** Where the run of each order begins and ends. */
  readonly runs: readonly Omit<Run, 'file'>[];
}

/** Counted n-grams in a scratch file: memory holds nothing of them. */
export class CountedFile implements CountedSource {
  readonly name: string;
  readonly role: SourceRole;
  readonly wordClass: string;
  readonly weight: number;
  readonly tokenCount: number;
  /** How many n-grams of each order there are: of order n at n - 1. */
  readonly sizes: readonly number[];
  readonly #file: ScratchFile;
  readonly #runs: readonly Run[];

  /** What a {@link CountedFileWriter} wrote. */
  constructor(
    { name, role, wordClass, weight }: SourceDescription,
    tokenCount: number,
    file: ScratchFile,
    runs: readonly Run[],
    sizes: readonly number[],
  ) {
    this.name = name;
    this.role = role;
    this.wordClass = wordClass;
    this.weight = weight;
    this.tokenCount = tokenCount;
    this.#file = file;
    this.#runs = runs;
    this.sizes = sizes;
  }

  /** Takes over what another thread of this process has counted. */
  static takeOver(handed: HandedCounts): CountedFile {
    const file = new ScratchFile(handed.file);
    const runs = handed.runs.map((run) => ({ ...run, file }));
    return new CountedFile(handed, handed.tokenCount, file, runs, handed.sizes);
  }

  /** Gives the counts to another thread, which takes them over; this one is closed. */
  handOver(): HandedCounts {
    const { name, role, wordClass, weight, tokenCount, sizes } = this;
    const runs = this.#runs.map(({ start, end }) => ({ start, end }));
    return { name, role, wordClass, weight, tokenCount, sizes, runs, file: this.#file.handOver() };
  }

  ngrams(order: 1 | 2 | 3): CountCursor {
    return new FileCursor(this.records(order));
  }

  /** The same as records whose values are the counts. */
  records(order: 1 | 2 | 3): RecordCursor {
    return new RunReader(this.#runs[order - 1]!, SHAPE, READ_BYTES);
  }

  /** Gives the scratch space back; cursors end their lives here. */
  close(): void {
    this.#file.close();
  }
}

/** Writes a {@link CountedFile}: the n-grams of order 1, then of 2, then of 3, each in byte order. */
export class CountedFileWriter {
  readonly #file: ScratchFile;
  readonly #runs: Run[];
  readonly #sizes: number[];
  #run: RunWriter;
  #size: number;

  /**
   * @param scratchFolder folder of the scratch space
   * @throws {BuildError} `BUILD_OUTPUT` when there is none
   */
  constructor(scratchFolder: string) {
    this.#file = new ScratchFile(scratchFolder);
    this.#runs = [];
    this.#sizes = [];
    this.#run = new RunWriter(this.#file, SHAPE);
    this.#size = 0;
  }

  /** Appends the record at which `record` stands. */
  add(record: RecordCursor): void {
    this.#run.add(record);
    this.#size++;
  }

  endOrder(): void {
    this.#runs.push(this.#run.finish());
    this.#sizes.push(this.#size);
    this.#run = new RunWriter(this.#file, SHAPE);
    this.#size = 0;
  }

  /** After the third order has ended. */
  finish(description: SourceDescription, tokenCount: number): CountedFile {
    return new CountedFile(description, tokenCount, this.#file, this.#runs, this.#sizes);
  }

  /** Releases the scratch space instead of finishing. */
  abort(): void {
    this.#file.close();
  }
}

/**
 * Writes the n-grams that `sorted` yields, for orders 1, 2 and 3, leaving out those below the order's threshold.
 *
 * @param scratchFolder folder of the scratch space
 */
export function writeCounted(
  description: SourceDescription,
  tokenCount: number,
  sorted: readonly RecordCursor[],
  minCounts: readonly number[],
  scratchFolder: string,
): CountedFile {
  const writer = new CountedFileWriter(scratchFolder);
  try {
    sorted.forEach((cursor, i) => {
      const least = minCounts[i] ?? 1;
      while (cursor.next()) if (cursor.value >= least) writer.add(cursor);
      writer.endOrder();
    });
    return writer.finish(description, tokenCount);
  } catch (error) {
    writer.abort();
    throw error;
  }
}

class FileCursor implements CountCursor {
  readonly #reader: RecordCursor;
  key: Uint8Array;
  keyEnd: number;
  count: number;

  constructor(reader: RecordCursor) {
    this.#reader = reader;
    this.key = reader.key;
    this.keyEnd = 0;
    this.count = 0;
  }

  next(): boolean {
    const reader = this.#reader;
    if (!reader.next()) return false;
    this.key = reader.key;
    this.keyEnd = reader.keyEnd;
    this.count = reader.value;
    return true;
  }
}
