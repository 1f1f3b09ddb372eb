/** How far a long run is, on a terminal only. */

/** How often the line is written anew, in milliseconds. */
const EVERY_MS = 200;

/** One line on stderr that counts up; writes nothing when stderr is not a terminal. */
export class Progress {
  readonly #stream: NodeJS.WritableStream & { isTTY?: boolean };
  readonly #label: string;
  readonly #total: number;
  readonly #start = Date.now();
  #done = 0;
  #shown = 0;

  constructor(stream: NodeJS.WritableStream & { isTTY?: boolean }, label: string, total: number) {
    this.#stream = stream;
    this.#label = label;
    this.#total = total;
  }

  /** Counts one more. */
  step(): void {
    this.#done++;
    if (!this.#stream.isTTY) return;
    const now = Date.now();
    if (now - this.#shown < EVERY_MS) return;
    this.#shown = now;
    const rate = (1000 * this.#done) / Math.max(1, now - this.#start);
    const leftS = Math.ceil((this.#total - this.#done) / rate);
    this.#stream.write(
      `\r\u001b[K${this.#label} ${this.#done} of ${this.#total}, ${rate.toFixed(0)}/s, ${leftS} s left`,
    );
  }

  /** Clears the line. */
  end(): void {
    if (this.#stream.isTTY && this.#shown > 0) this.#stream.write('\r\u001b[K');
  }
}
