/** Writing much data to a stream: in large pieces, never faster than the reader takes them. */

/** How many characters are gathered before they are written: the size of a pipe's buffer. */
const PIECE_CHARACTERS = 65_536;

/** Data on its way to one stream. Once the reader has gone, all that follows is dropped and `closed` is true. */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  #text = '';
  #closed = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    // A reader that closes early, as `head` does, shows as a failed write.
    stream.on('error', ignore);
  }

  /** Whether the reader has closed its end: nothing more need be made. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether so much has been gathered that `flush` should be awaited before more is added. */
  get full(): boolean {
    return this.#text.length >= PIECE_CHARACTERS;
  }

  /** Adds text; cheap, writes nothing yet. */
  add(text: string): void {
    this.#text += text;
  }

  /**
   * Writes what was gathered, and then `bytes`; resolves when the stream has taken them.
   *
   * @throws the stream's error, unless it says that the reader has gone
   */
  async flush(bytes?: Uint8Array): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#write(text);
    if (bytes !== undefined) await this.#write(bytes);
  }

  #write(data: string | Uint8Array): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#stream.write(data, (error?: NodeJS.ErrnoException | null) => {
        if (error === null || error === undefined) resolve();
        else if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') {
          this.#closed = true;
          resolve();
        } else reject(error);
      });
    });
  }

  /** Lets go of the stream, which stays open. */
  release(): void {
    this.#stream.removeListener('error', ignore);
  }
}

function ignore(): void {}
