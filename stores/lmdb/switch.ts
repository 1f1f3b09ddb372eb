/** Which of two sources answers, and how the other one's answers compare. */
import { isDeepStrictEqual } from 'node:util';

/**
 * Where answers come from: `memory`, what the program has in memory as before; `lmdb`, the live collection; `shadow`, one of
 * them, while the other is asked too and compared.
 */
export type SourceMode = 'memory' | 'lmdb' | 'shadow';

/** An answer of one source that is not the other's. */
export interface SourceDifference {
  /** What was asked: a key, a member, a position, or `size`. */
  readonly asked: unknown;
  readonly memory: unknown;
  /** The live collection's answer, or the error that it threw. */
  readonly lmdb: unknown;
}

/** Counts since the start. */
export interface SourceFigures {
  readonly mode: SourceMode;
  readonly answersFrom: 'memory' | 'lmdb';
  readonly lookUps: number;
  /** Look-ups of which both answers were compared, and those that differed, errors among them. */
  readonly compared: number;
  readonly differences: number;
  /** The latest differences, at most `KEPT_DIFFERENCES`. */
  readonly samples: readonly SourceDifference[];
}

const KEPT_DIFFERENCES = 20;

/** Decides and counts for one collection. */
export class SourceSwitch {
  #mode: SourceMode = 'memory';
  #answersFrom: 'memory' | 'lmdb' = 'memory';
  #lookUps = 0;
  #compared = 0;
  #differences = 0;
  readonly #samples: SourceDifference[] = [];
  readonly #onDifference: (difference: SourceDifference) => void;

  constructor(onDifference: (difference: SourceDifference) => void = () => {}) {
    this.#onDifference = onDifference;
  }

  /**
   * Switches, from the next look-up on.
   *
   * @param answersFrom in `shadow` the one that answers; the other cannot do any harm, whatever it does. Default `memory`
   */
  switchTo(mode: SourceMode, answersFrom: 'memory' | 'lmdb' = 'memory'): void {
    this.#mode = mode;
    this.#answersFrom = mode === 'shadow' ? answersFrom : mode;
  }

  /** Whether walks go over the live collection. */
  get isLive(): boolean {
    return this.#answersFrom === 'lmdb';
  }

  figures(): SourceFigures {
    return {
      mode: this.#mode,
      answersFrom: this.#answersFrom,
      lookUps: this.#lookUps,
      compared: this.#compared,
      differences: this.#differences,
      samples: [...this.#samples],
    };
  }

  /** One look-up: `memory` and `live` answer it; each is called at most once, and not at all where nobody wants it. */
  ask<T>(asked: unknown, memory: () => T, live: () => T): T {
    this.#lookUps++;
    if (this.#mode !== 'shadow') return this.isLive ? live() : memory();
    const [answering, other] = this.isLive ? [live, memory] : [memory, live];
    const answer = answering();
    let second: unknown;
    let isSame = false;
    try {
      second = other();
      isSame = isDeepStrictEqual(answer, second);
    } catch (error) {
      second = error;
    }
    this.#compared++;
    if (!isSame)
      this.#note(this.isLive ? { asked, memory: second, lmdb: answer } : { asked, memory: answer, lmdb: second });
    return answer;
  }

  #note(difference: SourceDifference): void {
    this.#differences++;
    if (this.#samples.length === KEPT_DIFFERENCES) this.#samples.shift();
    this.#samples.push(difference);
    this.#onDifference(difference);
  }
}
