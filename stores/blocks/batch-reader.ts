import type { BlockLoader, LoadedBlock } from './block-loader.ts';
import type { ByteSource } from './source.ts';

/** Blocks with no more than this between them are read together: what lies between costs less than another read. */
const GAP_BYTES = 8192;

/** Most bytes of one read, so that reads of one batch run beside one another. */
const RUN_BYTES = 1 << 18;

/** A block to be read. */
export interface WantedBlock {
  readonly ordinal: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads blocks without blocking: neighbours with one read, the reads of a batch in parallel, and no block twice at a
 * time, however many batches want it.
 */
export class BatchReader {
  readonly #source: ByteSource;
  readonly #loader: BlockLoader;
  readonly #underWay: Map<number, Promise<Map<number, LoadedBlock>>>;
  #closed: boolean;

  constructor(source: ByteSource, loader: BlockLoader) {
    this.#source = source;
    this.#loader = loader;
    this.#underWay = new Map();
    this.#closed = false;
  }

  /**
   * Reads the blocks, by ordinal. They also go into the cache, but what is returned does not depend on it.
   *
   * @throws {StoreError} (the promise rejects) `STORE_IO`, `STORE_CORRUPT`
   */
  async read(wanted: readonly WantedBlock[]): Promise<Map<number, LoadedBlock>> {
    const missing = wanted.filter(({ ordinal }) => !this.#underWay.has(ordinal));
    for (const run of runsOf(missing)) this.#start(run);
    const reads = new Set(wanted.map(({ ordinal }) => this.#underWay.get(ordinal)));
    const blocks = new Map<number, LoadedBlock>();
    for (const read of await Promise.all(reads)) {
      for (const [ordinal, block] of read ?? []) blocks.set(ordinal, block);
    }
    return blocks;
  }

  /** What arrives from now on is no longer put into the cache. */
  close(): void {
    this.#closed = true;
  }

  #start(run: readonly WantedBlock[]): void {
    const read = this.#readRun(run).finally(() => {
      for (const { ordinal } of run) this.#underWay.delete(ordinal);
    });
    for (const { ordinal } of run) this.#underWay.set(ordinal, read);
  }

  async #readRun(run: readonly WantedBlock[]): Promise<Map<number, LoadedBlock>> {
    const first = run[0]?.offset ?? 0;
    const last = run[run.length - 1];
    const length = last === undefined ? 0 : last.offset + last.length - first;
    const bytes = new Uint8Array(length);
    await this.#source.readAsync(bytes, 0, length, first);
    this.#loader.countRead(length);
    const blocks = new Map<number, LoadedBlock>();
    for (const { ordinal, offset, length: size } of run) {
      blocks.set(ordinal, this.#loader.admit(ordinal, bytes, offset - first, size, offset, !this.#closed));
    }
    return blocks;
  }
}

/** The blocks in the order of the file, cut into runs to be read at once. */
function runsOf(wanted: readonly WantedBlock[]): WantedBlock[][] {
  const runs: WantedBlock[][] = [];
  let runStart = 0;
  let runEnd = 0;
  for (const block of wanted.toSorted((a, b) => a.offset - b.offset)) {
    const end = block.offset + block.length;
    const current = runs[runs.length - 1];
    if (current !== undefined && block.offset - runEnd <= GAP_BYTES && end - runStart <= RUN_BYTES) current.push(block);
    else {
      runs.push([block]);
      runStart = block.offset;
    }
    runEnd = end;
  }
  return runs;
}
