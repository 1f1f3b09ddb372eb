import { compareBytes } from '../../stores/bytes/compare.ts';
import { BuildError } from '../errors.ts';
import { type RecordCursor, withRoom } from './record.ts';

/**
 * Told of each record whose key was there already: the key is `key[0, keyEnd)`, with the tags of the first record that
 * had it and of this one. It may throw; when it returns, the later record is left out.
 */
export type DuplicateHook = (key: Uint8Array, keyEnd: number, firstTag: number, tag: number) => void;

/** Makes one record of each group of equal keys in a sorted cursor: values summed, or the first with a hook for the others. */
export class CombineCursor implements RecordCursor {
  readonly #source: RecordCursor;
  readonly #hook: DuplicateHook | undefined;
  #hasNext: boolean | undefined;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  tag: number;
  payload: Uint8Array;
  payloadEnd: number;

  /** @param hook where it is not given, values are summed */
  constructor(source: RecordCursor, hook?: DuplicateHook) {
    this.#source = source;
    this.#hook = hook;
    this.#hasNext = undefined;
    this.key = new Uint8Array(256);
    this.keyEnd = 0;
    this.value = 0;
    this.tag = 0;
    this.payload = new Uint8Array(0);
    this.payloadEnd = 0;
  }

  /** @throws {BuildError} `BUILD_VALUE` when a sum passes 2^53-1; whatever the hook throws */
  next(): boolean {
    const source = this.#source;
    this.#hasNext ??= source.next();
    if (!this.#hasNext) return false;
    this.#copy();
    for (;;) {
      this.#hasNext = source.next();
      if (!this.#hasNext || compareBytes(this.key, 0, this.keyEnd, source.key, 0, source.keyEnd) !== 0) return true;
      if (this.#hook !== undefined) {
        this.#hook(this.key, this.keyEnd, this.tag, source.tag);
      } else {
        this.value += source.value;
        if (this.value > Number.MAX_SAFE_INTEGER) throw tooLarge(this.key, this.keyEnd);
      }
    }
  }

  #copy(): void {
    const { key, keyEnd, payload, payloadEnd } = this.#source;
    this.key = withRoom(this.key, 0, keyEnd);
    for (let i = 0; i < keyEnd; i++) this.key[i] = key[i]!;
    this.keyEnd = keyEnd;
    this.value = this.#source.value;
    this.tag = this.#source.tag;
    if (payloadEnd > 0) {
      this.payload = withRoom(this.payload, 0, payloadEnd);
      this.payload.set(payload.subarray(0, payloadEnd));
    }
    this.payloadEnd = payloadEnd;
  }
}

function tooLarge(key: Uint8Array, keyEnd: number): BuildError {
  const shown = Buffer.from(key.subarray(0, Math.min(keyEnd, 60))).toString();
  return new BuildError(
    'BUILD_VALUE',
    `summing the counts of "${shown}": the sum passes 2^53-1; scale the counts down`,
  );
}
