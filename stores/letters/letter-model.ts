import { readFileSync } from 'node:fs';
import { unreadable } from '../errors.ts';
import { decodeLetters, EDGE_LETTER, LETTER_CONTEXT, LETTER_STEP, type LetterTable, OTHER_LETTER } from './format.ts';

/**
 * How likely a string is as a word of the language, by its letters alone: what tells a name that no list holds from a
 * slip of the keyboard. Some 0.7 MB, off the heap.
 */
export class LetterModel {
  /** Bytes held, off the heap. */
  readonly bytes: number;
  readonly #codes = new Uint8Array(1 << 16).fill(OTHER_LETTER);
  readonly #size: number;
  readonly #costs: Uint8Array;

  constructor(table: LetterTable) {
    table.letters.forEach((letter, i) => {
      this.#codes[letter] = i + OTHER_LETTER + 1;
    });
    this.#size = table.letters.length + OTHER_LETTER + 1;
    this.#costs = table.costs;
    this.bytes = this.#codes.length + table.costs.length;
  }

  /** Cost of a word's spelling, in nats, its end included: 0 or more, at most 12.75 a letter. One look-up a letter. */
  cost(text: string): number {
    const size = this.#size;
    const contexts = size ** LETTER_CONTEXT;
    let context = 0;
    for (let i = 0; i < LETTER_CONTEXT; i++) context = context * size + EDGE_LETTER;
    let steps = 0;
    for (let i = 0; i <= text.length; i++) {
      const code = i === text.length ? EDGE_LETTER : this.#codes[text.charCodeAt(i)]!;
      const at = context * size + code;
      steps += this.#costs[at]!;
      context = at % contexts;
    }
    return steps * LETTER_STEP;
  }
}

/**
 * Opens a letter model's file.
 *
 * @param read its bytes, where they were read already
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, and what {@link decodeLetters} throws
 */
export function openLetters(path: string, read?: Uint8Array): LetterModel {
  let bytes: Uint8Array;
  try {
    bytes = read ?? readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading the letter model', cause);
  }
  return new LetterModel(decodeLetters(bytes, path));
}
