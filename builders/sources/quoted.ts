/** Takes a record's text, without its end, and the number of the line on which it begins. */
export type RecordHandler = (bytes: Buffer, start: number, end: number, line: number) => void;

/** A quote that is not closed within so many lines, or bytes, is taken for a stray one. */
const MOST_LINES = 1000;
const MOST_BYTES = 1 << 20;

const LF = 0x0a;
const QUOTE = 0x22;

/**
 * Joins the lines of CSV records (RFC 4180): a line end within quotes belongs to the text. A quote opens only where a cell
 * begins.
 */
export class QuotedRecords {
  readonly #delimiter: number;
  readonly #deliver: RecordHandler;
  readonly #refuse: (what: string, line: number) => void;
  /** Lines of a record whose quote is still open, and the number of the first. */
  #held: Buffer[];
  #heldBytes: number;
  #firstLine: number;
  #isOpen: boolean;

  /** @param refuse called for a quote that is never closed */
  constructor(delimiter: string, deliver: RecordHandler, refuse: (what: string, line: number) => void) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#deliver = deliver;
    this.#refuse = refuse;
    this.#held = [];
    this.#heldBytes = 0;
    this.#firstLine = 0;
    this.#isOpen = false;
  }

  add(bytes: Buffer, start: number, end: number, line: number): void {
    this.#isOpen = this.#isOpenAfter(bytes, start, end);
    if (!this.#isOpen && this.#held.length === 0) {
      this.#deliver(bytes, start, end, line);
      return;
    }
    if (this.#held.length === 0) this.#firstLine = line;
    this.#held.push(Buffer.from(bytes.subarray(start, end)));
    this.#heldBytes += end - start + 1;
    if (!this.#isOpen) {
      const record = this.#joined();
      this.#deliver(record, 0, record.length, this.#firstLine);
      this.#clear();
    } else if (this.#held.length >= MOST_LINES || this.#heldBytes > MOST_BYTES) {
      this.#giveUp();
    }
  }

  end(): void {
    while (this.#held.length > 0) this.#giveUp();
  }

  /** Refuses the line that opened the quote and reads those behind it anew. */
  #giveUp(): void {
    const [, ...rest] = this.#held;
    const line = this.#firstLine;
    this.#clear();
    this.#refuse('expected a closing quote, found none in the lines that follow', line);
    rest.forEach((bytes, i) => {
      this.add(bytes, 0, bytes.length, line + 1 + i);
    });
  }

  #clear(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#isOpen = false;
  }

  #joined(): Buffer {
    const parts = this.#held.flatMap((bytes, i) => (i === 0 ? [bytes] : [Buffer.of(LF), bytes]));
    return Buffer.concat(parts);
  }

  /** Whether a quote is open at the end of a line, when `#isOpen` says it for its beginning. */
  #isOpenAfter(bytes: Buffer, start: number, end: number): boolean {
    if (!this.#isOpen && bytes.subarray(start, end).indexOf(QUOTE) < 0) return false;
    let isOpen = this.#isOpen;
    let isCellStart = !isOpen;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (isOpen) {
        if (byte !== QUOTE) continue;
        if (bytes[i + 1] === QUOTE && i + 1 < end) i++;
        else isOpen = false;
      } else if (byte === QUOTE && isCellStart) {
        isOpen = true;
        isCellStart = false;
      } else {
        isCellStart = byte === this.#delimiter;
      }
    }
    return isOpen;
  }
}
