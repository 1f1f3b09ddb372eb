/** JSON documents that may stand over several lines, or several on lines of their own. */
import { InvalidLine } from '../errors.ts';
import type { LogReader } from './reader.ts';

/** The longest document; analytics come in pages that are far smaller. */
const MOST_CHARACTERS = 64 << 20;

/** Joins lines to documents: one ends with the brace or bracket that closes its first. Memory: one document. */
export class JsonDocuments implements LogReader {
  readonly #take: (document: unknown) => void;
  #lines: string[];
  #characters: number;
  #depth: number;

  /** @param take given each document; throws {@link InvalidLine} for one that it cannot use */
  constructor(take: (document: unknown) => void) {
    this.#take = take;
    this.#lines = [];
    this.#characters = 0;
    this.#depth = 0;
  }

  record(text: string): void {
    if (this.#lines.length === 0 && !/^\s*[[{]/.test(text)) {
      throw new InvalidLine(`expected a JSON object or list, found ${JSON.stringify(text.slice(0, 60))}`);
    }
    this.#lines.push(text);
    this.#characters += text.length;
    // A line has no open text at its end: JSON escapes line ends.
    this.#depth += depthOf(text);
    if (this.#depth <= 0) this.#finish();
    else if (this.#characters > MOST_CHARACTERS) {
      this.#clear();
      throw new InvalidLine(
        `expected a document of at most ${MOST_CHARACTERS} characters, found more; cut it into pages`,
      );
    }
  }

  end(): void {
    if (this.#lines.length === 0) return;
    this.#clear();
    throw new InvalidLine('expected the end of a JSON document, found the end of the file; fetch it again');
  }

  #finish(): void {
    const text = this.#lines.join('\n');
    this.#clear();
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (error) {
      throw new InvalidLine(
        `expected a JSON document, found ${error instanceof Error ? error.message : 'something else'}`,
      );
    }
    this.#take(document);
  }

  #clear(): void {
    this.#lines = [];
    this.#characters = 0;
    this.#depth = 0;
  }
}

/** How many more braces and brackets a line opens than it closes. */
function depthOf(text: string): number {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isText) {
      if (code === 0x5c) i++;
      else if (code === 0x22) isText = false;
    } else if (code === 0x22) isText = true;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return depth;
}
