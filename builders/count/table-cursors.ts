import { BuildError } from '../errors.ts';
import { type RecordCursor, withRoom } from '../sort/record.ts';
import { type GramTable, MAX_WORDS, type SortedGrams } from './gram-table.ts';
import type { WordTable } from './word-table.ts';

const SPACE = 0x20;
const NO_PAYLOAD = new Uint8Array(0);

/** Walks the words of a table that were counted, in byte order. */
export class WordCursor implements RecordCursor {
  readonly #table: WordTable;
  readonly #ids: Uint32Array;
  #position: number;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  readonly tag = 0;
  readonly payload = NO_PAYLOAD;
  readonly payloadEnd = 0;

  constructor(table: WordTable, sortedIds: Uint32Array) {
    this.#table = table;
    this.#ids = sortedIds;
    this.#position = 0;
    this.key = new Uint8Array(256);
    this.keyEnd = 0;
    this.value = 0;
  }

  /** @throws {BuildError} `BUILD_VALUE` when a count passes 2^53-1 */
  next(): boolean {
    while (this.#position < this.#ids.length) {
      const id = this.#ids[this.#position++]!;
      this.value = this.#table.counts[id]!;
      // Words that stand in n-grams of a list only have no count of their own.
      if (this.value === 0) continue;
      this.keyEnd = 0;
      appendWord(this, this.#table, id);
      checkCount(this);
      return true;
    }
    return false;
  }
}

/**
 * Walks the n-grams of a table in byte order of their keys, words joined by spaces.
 *
 * The order of the words' ranks is that order: no word holds a byte up to the space, so where a word is the beginning
 * of another, its space sorts before whatever the other goes on with. Marks, below the space, are one byte alone.
 */
export class GramCursor implements RecordCursor {
  readonly #order: 2 | 3;
  readonly #grams: SortedGrams;
  readonly #words: WordTable;
  readonly #ids: Uint32Array;
  #position: number;
  #first: number;
  /** Where the first word and its space end in the key: it stays while n-grams begin with it. */
  #firstEnd: number;
  key: Uint8Array;
  keyEnd: number;
  value: number;
  readonly tag = 0;
  readonly payload = NO_PAYLOAD;
  readonly payloadEnd = 0;

  /** @param sortedIds the ids of all words in byte order @param ranks the place of each id among them */
  constructor(table: GramTable, words: WordTable, sortedIds: Uint32Array, ranks: Uint32Array) {
    this.#order = table.order;
    this.#grams = table.sorted(ranks, sortedIds.length);
    this.#words = words;
    this.#ids = sortedIds;
    this.#position = 0;
    this.#first = -1;
    this.#firstEnd = 0;
    this.key = new Uint8Array(256);
    this.keyEnd = 0;
    this.value = 0;
  }

  /** @throws {BuildError} `BUILD_VALUE` when a count passes 2^53-1 */
  next(): boolean {
    const { starts, rests, counts } = this.#grams;
    const position = this.#position++;
    if (position >= counts.length) return false;
    if (this.#first < 0 || position >= starts[this.#first + 1]!) {
      do this.#first++;
      while (position >= starts[this.#first + 1]!);
      this.keyEnd = 0;
      this.#append(this.#first);
      this.key[this.keyEnd++] = SPACE;
      this.#firstEnd = this.keyEnd;
    }
    this.keyEnd = this.#firstEnd;
    const rest = rests[position]!;
    if (this.#order === 2) {
      this.#append(rest);
    } else {
      const second = Math.floor(rest / MAX_WORDS);
      this.#append(second);
      this.key[this.keyEnd++] = SPACE;
      this.#append(rest - second * MAX_WORDS);
    }
    this.value = counts[position]!;
    checkCount(this);
    return true;
  }

  #append(rank: number): void {
    appendWord(this, this.#words, this.#ids[rank]!);
  }
}

/** Appends a word to a cursor's key, leaving room for a space. */
function appendWord(cursor: WordCursor | GramCursor, table: WordTable, id: number): void {
  const { bytes, starts } = table.words;
  const end = starts[id + 1]!;
  let to = cursor.keyEnd;
  const key = withRoom(cursor.key, to, to + end - starts[id]! + 1);
  for (let i = starts[id]!; i < end; i++) key[to++] = bytes[i]!;
  cursor.key = key;
  cursor.keyEnd = to;
}

function checkCount(cursor: WordCursor | GramCursor): void {
  if (cursor.value <= Number.MAX_SAFE_INTEGER) return;
  const shown = Buffer.from(cursor.key.subarray(0, Math.min(cursor.keyEnd, 60))).toString();
  throw new BuildError('BUILD_VALUE', `counting "${shown}": the count passes 2^53-1; scale the counts down`);
}
