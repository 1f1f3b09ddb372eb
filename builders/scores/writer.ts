import { encodeFixed, fixedWidthOf } from '../../stores/blocks/block-format.ts';
import { crc32 } from '../../stores/bytes/checksum.ts';
import { compareBytes } from '../../stores/bytes/compare.ts';
import { copyBytes } from '../../stores/bytes/copy.ts';
import { fuseFingerprint } from '../../stores/filters/fuse-layout.ts';
import {
  encodeScoresHeader,
  FINGERPRINT_BYTES,
  MAX_SCORE_BYTES,
  SCORES_FALSE_POSITIVE_RATE,
} from '../../stores/scores/format.ts';
import { FileOutput, type Output } from '../blocks/output.ts';
import { BuildError } from '../errors.ts';
import { buildFuseTable } from '../filters/fuse-builder.ts';
import { HashList } from '../filters/hash-list.ts';
import type { StoreSummary, StoreWriter } from '../store-writer.ts';
import { temporaryPath } from '../temporary-path.ts';

/** The largest value: 48 bits. */
const MAX_SCORE = 2 ** (8 * MAX_SCORE_BYTES) - 1;

/** Values a chunk while they are gathered. */
const CHUNK = 1 << 20;

/**
 * Writes a score table (stores/scores/format.ts). Keys must rise as for every writer, although the table does not keep
 * them: that is how a key given twice is found out. Holds eight bytes a key for the values; the hashes go to
 * a temporary file beyond four million.
 */
export class ScoresWriter implements StoreWriter {
  readonly valueKind = 'uint';
  readonly #output: Output;
  readonly #hashes: HashList;
  readonly #values: Float64Array[];
  #largest: number;
  #previous: Uint8Array;
  /** -1 before the first key. */
  #previousEnd: number;
  #state: 'open' | 'finished' | 'aborted';

  /** @throws {BuildError} `BUILD_OUTPUT` when the file cannot be made */
  constructor(target: string | Output) {
    this.#output = typeof target === 'string' ? new FileOutput(target) : target;
    this.#hashes = new HashList(typeof target === 'string' ? temporaryPath(target) : undefined);
    this.#values = [];
    this.#largest = 0;
    this.#previous = new Uint8Array(64);
    this.#previousEnd = -1;
    this.#state = 'open';
  }

  add(key: Uint8Array, start: number, end: number, value: number): void {
    this.#checkState();
    this.#checkOrder(key, start, end);
    if (!(Number.isSafeInteger(value) && value >= 0 && value <= MAX_SCORE)) {
      throw new BuildError(
        'BUILD_VALUE',
        `${this.#output.path}: a score of ${value}, expected a whole number in 0..${MAX_SCORE}`,
      );
    }
    const index = this.#hashes.count;
    if (index % CHUNK === 0) this.#values.push(new Float64Array(CHUNK));
    this.#values[this.#values.length - 1]![index % CHUNK] = value;
    this.#largest = Math.max(this.#largest, value);
    this.#hashes.add(key, start, end);
  }

  addBytes(): void {
    throw new BuildError('BUILD_VALUE', `${this.#output.path}: a byte string in a table of scores`);
  }

  finish(): StoreSummary {
    this.#checkState();
    const valueBytes = fixedWidthOf(this.#largest);
    const table = buildFuseTable(this.#hashes, FINGERPRINT_BYTES + valueBytes, (a, b, out, at, index) => {
      const fingerprint = fuseFingerprint(a, b);
      out[at] = fingerprint >>> 16;
      out[at + 1] = fingerprint >>> 24;
      const value = this.#values[Math.floor(index / CHUNK)]![index % CHUNK]!;
      encodeFixed(value, valueBytes, out, at + FINGERPRINT_BYTES);
    });
    const keyCount = this.#hashes.count;
    this.#output.append(
      encodeScoresHeader({ valueBytes, keyCount, tableBytes: table.length, tableChecksum: crc32(table) }),
    );
    this.#output.append(table);
    this.#output.finish();
    this.#hashes.close();
    this.#state = 'finished';
    const parameters = { valueBytes, falsePositiveRate: SCORES_FALSE_POSITIVE_RATE };
    return { keyCount, fileBytes: this.#output.position, parameters };
  }

  abort(): void {
    if (this.#state !== 'open') return;
    this.#state = 'aborted';
    this.#output.abort();
    this.#hashes.close();
  }

  #checkOrder(key: Uint8Array, start: number, end: number): void {
    if (this.#previousEnd >= 0) {
      const order = compareBytes(this.#previous, 0, this.#previousEnd, key, start, end);
      if (order >= 0) {
        const [before, now] = [show(this.#previous, 0, this.#previousEnd), show(key, start, end)];
        const code = order === 0 ? 'BUILD_DUPLICATE_KEY' : 'BUILD_KEY_ORDER';
        throw new BuildError(
          code,
          `${this.#output.path}: key ${now} after ${before}; give each key once, in the order of bytes`,
        );
      }
    }
    if (this.#previous.length < end - start) this.#previous = new Uint8Array(2 * (end - start));
    copyBytes(key, start, end, this.#previous, 0);
    this.#previousEnd = end - start;
  }

  #checkState(): void {
    if (this.#state === 'open') return;
    throw new BuildError('BUILD_OUTPUT', `${this.#output.path}: written to after the file was ${this.#state}`);
  }
}

function show(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(Buffer.from(bytes.subarray(start, end)).toString('utf8'));
}
