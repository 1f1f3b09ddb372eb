import { compareBytes } from '../../stores/bytes/compare.ts';
import { MergeCursor } from '../sort/merge.ts';
import { type RecordCursor, withRoom } from '../sort/record.ts';
import { type CountedFile, CountedFileWriter } from './counted-file.ts';

/** A source of counts and its threshold. */
export interface Audience {
  readonly counted: CountedFile;
  /**
   * How many sessions must contain an n-gram for it to be kept in this source if no other source has it. 1 or less: the whole
   * source is kept, and so are its n-grams in other sources.
   */
  readonly minSessions: number;
}

/** What {@link withholdRare} needs besides the sources. */
export interface WithholdOptions {
  /** The part of the counts from sessions that had the n-gram before; undefined if there is none. */
  readonly repeats: CountedFile | undefined;
  readonly scratchFolder: string;
  /** Called with the number of records read so far; its result is awaited every few thousand records. */
  readonly progress: (done: number) => Promise<void> | undefined;
}

/** What is left of the sources with a threshold, in their order, and how many n-grams of each order were left out. */
export interface Withheld {
  readonly kept: readonly CountedFile[];
  readonly leftOut: readonly [number, number, number];
}

const BREATH_RECORDS = 1 << 14;
/** The marks of numbers and sentences say nothing about people. */
const LAST_MARK = 0x03;

/**
 * Leaves out n-grams that too few people typed and that no other source contains: names, addresses and whatever else only one
 * person has reason to type. One pass over the sorted counts of all sources; memory: some buffers a source.
 *
 * @returns new sources; the caller closes both
 */
export async function withholdRare(sources: readonly Audience[], options: WithholdOptions): Promise<Withheld> {
  const { repeats, scratchFolder, progress } = options;
  const writers = sources.map(({ minSessions }) =>
    minSessions > 1 ? new CountedFileWriter(scratchFolder) : undefined,
  );
  const leftOut: [number, number, number] = [0, 0, 0];
  try {
    let done = 0;
    let breatheAt = BREATH_RECORDS;
    for (const order of [1, 2, 3] as const) {
      const cursors = sources.map(({ counted }, i) => new Tagged(counted.records(order), i));
      if (repeats !== undefined) cursors.push(new Tagged(repeats.records(order), sources.length));
      for (const gram = new Grams(cursors); gram.next(); ) {
        const sessions = sessionsOf(gram, sources);
        let isLeftOut = false;
        for (let i = 0; i < gram.sourceCount; i++) {
          const source = gram.sources[i]!;
          const writer = writers[source];
          if (writer === undefined) continue;
          gram.value = gram.counts[i]!;
          if (sessions >= sources[source]!.minSessions) writer.add(gram);
          else isLeftOut = true;
        }
        if (isLeftOut) leftOut[order - 1]!++;
        done += gram.sourceCount;
        if (done >= breatheAt) {
          breatheAt = done + BREATH_RECORDS;
          await progress(done);
        }
      }
      for (const writer of writers) writer?.endOrder();
    }
    const kept = sources.flatMap(({ counted }, i) => writers[i]?.finish(counted, counted.tokenCount) ?? []);
    return { kept, leftOut };
  } catch (error) {
    for (const writer of writers) writer?.abort();
    throw error;
  }
}

/** The number of sessions that contain an n-gram; infinity if another source contains it. */
function sessionsOf(gram: Grams, sources: readonly Audience[]): number {
  if (gram.keyEnd === 1 && gram.key[0]! <= LAST_MARK) return Number.POSITIVE_INFINITY;
  let sessions = 0;
  for (let i = 0; i < gram.sourceCount; i++) {
    const source = sources[gram.sources[i]!];
    if (source === undefined) sessions -= gram.counts[i]!;
    else if (source.minSessions > 1) sessions += gram.counts[i]!;
    else return Number.POSITIVE_INFINITY;
  }
  return sessions;
}

/** A cursor whose records name their source. */
class Tagged implements RecordCursor {
  readonly #records: RecordCursor;
  readonly tag: number;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  readonly payload: Uint8Array;
  readonly payloadEnd: number;

  constructor(records: RecordCursor, tag: number) {
    this.#records = records;
    this.tag = tag;
    this.key = records.key;
    this.keyEnd = 0;
    this.value = 0;
    this.payload = records.payload;
    this.payloadEnd = 0;
  }

  next(): boolean {
    const records = this.#records;
    if (!records.next()) return false;
    this.key = records.key;
    this.keyEnd = records.keyEnd;
    this.value = records.value;
    return true;
  }
}

/** Walks the distinct n-grams of merged sources, each with the sources that contain it and their counts. */
class Grams implements RecordCursor {
  readonly #merged: MergeCursor;
  #hasNext: boolean;
  key: Uint8Array;
  keyEnd: number;
  /** Set by whoever writes the record. */
  value: number;
  readonly tag = 0;
  readonly payload = new Uint8Array(0);
  readonly payloadEnd = 0;
  /** The first `sourceCount` are of the current n-gram. */
  readonly sources: Int32Array;
  readonly counts: Float64Array;
  sourceCount: number;

  constructor(cursors: readonly RecordCursor[]) {
    this.#merged = new MergeCursor(cursors);
    this.#hasNext = this.#merged.next();
    this.key = new Uint8Array(256);
    this.keyEnd = 0;
    this.value = 0;
    this.sources = new Int32Array(cursors.length);
    this.counts = new Float64Array(cursors.length);
    this.sourceCount = 0;
  }

  next(): boolean {
    if (!this.#hasNext) return false;
    const merged = this.#merged;
    this.key = withRoom(this.key, 0, merged.keyEnd);
    for (let i = 0; i < merged.keyEnd; i++) this.key[i] = merged.key[i]!;
    this.keyEnd = merged.keyEnd;
    this.sourceCount = 0;
    do {
      this.sources[this.sourceCount] = merged.tag;
      this.counts[this.sourceCount++] = merged.value;
      this.#hasNext = merged.next();
    } while (this.#hasNext && compareBytes(this.key, 0, this.keyEnd, merged.key, 0, merged.keyEnd) === 0);
    return true;
  }
}
