import { END_ID, FIRST_TERM_ID, NUMBER_ID, START_ID } from '../../stores/lexicon/format.ts';
import { NUMBER, SENTENCE_END, SENTENCE_START } from '../count/counted-source.ts';
import { encodeTexts } from './encoded-texts.ts';

/**
 * Ids of terms by the bytes of their texts, the marks of counting among them.
 *
 * Hot path of assembling: millions of n-grams are looked up word by word. Over a Map of strings, each word would be
 * decoded first, and that took a third of a build.
 */
export class TermIds {
  readonly #bytes: Uint8Array;
  /** Where the text of id i begins; it ends where the next one begins. */
  readonly #starts: Uint32Array;
  /** Ids by hash, 0 in an empty slot: id 0 is no term. */
  readonly #slots: Uint32Array;

  /** @param texts by id; the reserved ids have none */
  constructor(texts: readonly string[]) {
    const { bytes, starts } = encodeTexts(texts);
    this.#bytes = bytes;
    this.#starts = starts;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * texts.length + 2)));
    for (let id = FIRST_TERM_ID; id < texts.length; id++) {
      let slot = hash(bytes, starts[id]!, starts[id + 1]!) & (this.#slots.length - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = id;
    }
  }

  /** The id of the term whose text is `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (end - start === 1) {
      const mark = MARKS[bytes[start]!];
      if (mark !== undefined) return mark;
    }
    let slot = hash(bytes, start, end) & (this.#slots.length - 1);
    for (let id = this.#slots[slot]!; id !== 0; id = this.#slots[slot]!) {
      if (this.#equals(id, bytes, start, end)) return id;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return -1;
  }

  /** Whether term `id` has the text `bytes[start, end)`; never so for a mark. */
  is(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    return this.#equals(id, bytes, start, end);
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[id]!;
    if (this.#starts[id + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) {
      if (this.#bytes[from + i - start] !== bytes[i]) return false;
    }
    return true;
  }
}

const MARKS: readonly (number | undefined)[] = (() => {
  const marks: (number | undefined)[] = [];
  marks[NUMBER.charCodeAt(0)] = NUMBER_ID;
  marks[SENTENCE_START.charCodeAt(0)] = START_ID;
  marks[SENTENCE_END.charCodeAt(0)] = END_ID;
  return marks;
})();

/** FNV-1a, its weak low bits stirred. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let i = start; i < end; i++) value = Math.imul(value ^ bytes[i]!, 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
