/** Bodies up to this size are always read: what connections there may be bounds them. */
const FREE_BYTES = 16 * 1024;

/** The bytes of request bodies that a process holds at a time, from their first byte until their request has been answered. */
export class Bodies {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Accounts for a body that has grown.
   *
   * @param countedBytes what was counted for it before
   * @returns what is counted for it now, or -1 where there is no room for it
   */
  grow(countedBytes: number, bytes: number): number {
    if (bytes <= FREE_BYTES) return 0;
    const more = bytes - countedBytes;
    if (this.#heldBytes + more > this.#maxBytes) return -1;
    this.#heldBytes += more;
    return bytes;
  }

  release(countedBytes: number): void {
    this.#heldBytes -= countedBytes;
  }
}

/** The bytes of one body as they arrive, in one piece at the end. */
export class Gathered {
  #bytes: Buffer | undefined;
  #length = 0;
  #isOwn = false;

  get length(): number {
    return this.#length;
  }

  /** A body of one piece is not copied. Pieces of a byte each would hold far more than they contain, so others are put together. */
  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (this.#bytes === undefined) this.#bytes = piece;
    else {
      if (!this.#isOwn || this.#bytes.length < length) {
        const grown = Buffer.allocUnsafe(Math.max(2 * length, 4096));
        this.#bytes.copy(grown, 0, 0, this.#length);
        this.#bytes = grown;
        this.#isOwn = true;
      }
      piece.copy(this.#bytes, this.#length);
    }
    this.#length = length;
  }

  clear(): void {
    this.#bytes = undefined;
    this.#length = 0;
    this.#isOwn = false;
  }

  bytes(): Buffer {
    return this.#bytes === undefined ? Buffer.alloc(0) : this.#bytes.subarray(0, this.#length);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * Whether JSON text may be a request of so many values. Told before it is parsed, because an object of 80,000 members takes 0.1 s and
 * many times its bytes. 1 to 2 ms a MiB.
 *
 * @param most commas in it, and brackets
 * @returns what it has too many of
 */
export function tooMany(json: Uint8Array, most: number): 'values' | 'brackets' | undefined {
  let commas = 0;
  let brackets = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!;
    if (byte === QUOTE) {
      for (i++; i < json.length && json[i] !== QUOTE; i++) if (json[i] === BACKSLASH) i++;
    } else if (byte === COMMA) {
      if (++commas > most) return 'values';
    } else if ((byte === OPEN_ARRAY || byte === OPEN_OBJECT) && ++brackets > most) return 'brackets';
  }
  return undefined;
}
