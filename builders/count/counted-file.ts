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
  /** How many n-grams of each order there are after pruning: of order n at n - 1. */
  readonly sizes: readonly number[];
  readonly #file: ScratchFile;
  readonly #runs: readonly Run[];

  private constructor(
    description: SourceDescription,
    tokenCount: number,
    sizes: readonly number[],
    file: ScratchFile,
    runs: readonly Run[],
  ) {
    this.name = description.name;
    this.role = description.role;
    this.wordClass = description.wordClass;
    this.weight = description.weight;
    this.tokenCount = tokenCount;
    this.sizes = sizes;
    this.#file = file;
    this.#runs = runs;
  }

  /**
   * Writes the n-grams that `sorted` yields, for orders 1, 2 and 3, leaving out those below the order's threshold.
   *
   * @param scratchFolder where the space is taken from
   */
  static write(
    description: SourceDescription,
    tokenCount: number,
    sorted: readonly RecordCursor[],
    minCounts: readonly number[],
    scratchFolder: string,
  ): CountedFile {
    const file = new ScratchFile(scratchFolder);
    const sizes: number[] = [];
    const runs: Run[] = [];
    for (let i = 0; i < sorted.length; i++) {
      const writer = new RunWriter(file, SHAPE);
      sizes.push(writeAtLeast(minCounts[i] ?? 1, sorted[i]!, writer));
      runs.push(writer.finish());
    }
    return new CountedFile(description, tokenCount, sizes, file, runs);
  }

  /** Takes over what another thread of this process has counted. */
  static takeOver(handed: HandedCounts): CountedFile {
    const file = new ScratchFile(handed.file);
    const runs = handed.runs.map((run) => ({ ...run, file }));
    return new CountedFile(handed, handed.tokenCount, handed.sizes, file, runs);
  }

  /** Gives the counts to another thread, which takes them over; this one is closed. */
  handOver(): HandedCounts {
    const { name, role, wordClass, weight, tokenCount, sizes } = this;
    const runs = this.#runs.map(({ start, end }) => ({ start, end }));
    return { name, role, wordClass, weight, tokenCount, sizes, runs, file: this.#file.handOver() };
  }

  ngrams(order: 1 | 2 | 3): CountCursor {
    return new FileCursor(new RunReader(this.#runs[order - 1]!, SHAPE, READ_BYTES));
  }

  /** Gives the scratch space back; cursors end their lives here. */
  close(): void {
    this.#file.close();
  }
}

/** Writes the records whose value is `least` or more, and returns how many they were. */
function writeAtLeast(least: number, cursor: RecordCursor, writer: RunWriter): number {
  let size = 0;
  while (cursor.next()) {
    if (cursor.value < least) continue;
    writer.add(cursor);
    size++;
  }
  return size;
}

class FileCursor implements CountCursor {
  readonly #reader: RunReader;
  key: Uint8Array;
  keyEnd: number;
  count: number;

  constructor(reader: RunReader) {
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
