/**
 * Finds the keys within one or two edits of a word: walks the automaton of keys and the Levenshtein automaton of the word
 * together, and turns back where the second is dead. Characters are code points; keys that are not UTF-8 are not found.
 *
 * Hot path: each node is read once, its living children go onto a stack; buffers are kept from search to search.
 */

import { corrupt } from '../errors.ts';
import { BytesRef } from '../store.ts';
import { DEAD, distanceAt, isDeadEnd, nextState, startState } from './levenshtein.ts';
import type { NodeView } from './node.ts';
import type { OpenedFst } from './opened.ts';

const MOST_EDITS = 2;
/** For ASCII characters and words up to this length the places of each character fit into the bits of an integer. */
const ASCII = 128;
const MASKED_LENGTH = 29;
const FIRST_STACK = 256;
/** A node's own place on the stack: these numbers one after another. */
const ADDRESS = 0;
const STATE = 1;
/** Bytes of the key up to the node, and how many characters they hold. */
const DEPTH = 2;
const CHARACTERS = 3;
/** The last byte; a character of which not all bytes have come, and how many are due. */
const BYTE = 4;
const PARTIAL = 5;
const DUE = 6;
const FIELDS = 7;

/** A search for similar keys. Made by `FstStore.fuzzy`; used for one word after another. */
export class FuzzySearch {
  /** The current key: valid until the next move. */
  readonly key: BytesRef;
  /** Edits between the word and the current key: 0, 1 or 2. */
  distance: number;
  /** Nodes read since the search was made. */
  visitedNodes: number;
  readonly #store: OpenedFst;
  readonly #view: NodeView;
  #word: Uint32Array;
  #wordLength: number;
  /** Where the word has each ASCII character: bit i for place i. */
  readonly #masks: Int32Array;
  #edits: number;
  #ordinal: number;
  /** Nodes to be read, the next one on top, and the ordinal of the first key of each. */
  #stack: Int32Array;
  #bases: Float64Array;
  #height: number;

  constructor(store: OpenedFst, view: NodeView) {
    this.key = new BytesRef();
    this.key.bytes = new Uint8Array(store.header.maxKeyBytes + 1);
    this.distance = 0;
    this.visitedNodes = 0;
    this.#store = store;
    this.#view = view;
    this.#word = new Uint32Array(64);
    this.#wordLength = 0;
    this.#masks = new Int32Array(ASCII);
    this.#edits = 0;
    this.#ordinal = -1;
    this.#stack = new Int32Array(FIRST_STACK * FIELDS);
    this.#bases = new Float64Array(FIRST_STACK);
    this.#height = 0;
  }

  /** Value of the current key, as `find` answers it. */
  get value(): number {
    return this.#store.valueAt(this.#ordinal);
  }

  /** Ordinal of the current key; only where the file has ordinals. */
  get ordinal(): number {
    return this.#ordinal;
  }

  /**
   * Begins a search: `next` then gives, in byte order, the keys within `edits` of `word`.
   *
   * @param edits 0..2
   * @param prefixLength so many characters at the beginning must be the word's own. Default 0
   * @throws {RangeError} for other numbers of edits or of characters
   * @throws {StoreError} `STORE_CLOSED` after the store was closed
   */
  start(word: string, edits: number, prefixLength = 0): void {
    this.#store.checkOpen();
    if (!(Number.isInteger(edits) && edits >= 0 && edits <= MOST_EDITS)) {
      throw new RangeError(`edits must be 0, 1 or 2, found ${edits}`);
    }
    if (!(Number.isInteger(prefixLength) && prefixLength >= 0)) {
      throw new RangeError(`prefixLength must be an integer of 0 and more, found ${prefixLength}`);
    }
    this.#height = 0;
    this.#edits = edits;
    this.#setWord(word);
    let address = this.#store.header.root;
    let base = 0;
    let depth = 0;
    const prefix = prefixLength > 0 ? [...word].slice(0, prefixLength).join('') : '';
    // No key contains a lone surrogate; encoded it would be U+FFFD, which a key may contain.
    if (!prefix.isWellFormed()) return;
    for (const byte of Buffer.from(prefix, 'utf8')) {
      this.#load(address);
      const index = this.#view.find(byte);
      if (index < 0) return;
      address = this.#target(index, depth);
      base += this.#view.keysBefore(index);
      this.key.bytes[depth++] = byte;
    }
    if (prefixLength > 0) this.#dropPrefix(prefixLength);
    this.#setMasks();
    const byte = depth > 0 ? this.key.bytes[depth - 1]! : 0;
    this.#push(address, startState(edits, this.#wordLength), depth, 0, byte, 0, 0, base);
  }

  /**
   * Moves to the next similar key; false when there is none.
   *
   * @throws {StoreError} `STORE_CLOSED` after the store was closed
   */
  next(): boolean {
    this.#store.checkOpen();
    while (this.#height > 0) {
      const top = --this.#height;
      const stack = this.#stack;
      const at = top * FIELDS;
      const state = stack[at + STATE]!;
      const depth = stack[at + DEPTH]!;
      const characters = stack[at + CHARACTERS]!;
      const due = stack[at + DUE]!;
      const base = this.#bases[top]!;
      if (depth > 0) this.key.bytes[depth - 1] = stack[at + BYTE]!;
      this.#load(stack[at + ADDRESS]!);
      this.visitedNodes++;
      this.#pushChildren(state, depth, characters, stack[at + PARTIAL]!, due, base);
      if (!this.#view.final || due > 0) continue;
      this.distance = distanceAt(state, this.#edits, this.#wordLength, characters);
      if (this.distance < 0) continue;
      this.key.end = depth;
      this.#ordinal = base;
      return true;
    }
    return false;
  }

  /** Puts those children of the loaded node on the stack behind which something can match, the last one first. */
  #pushChildren(state: number, depth: number, characters: number, partial: number, due: number, base: number): void {
    const view = this.#view;
    const { count } = view;
    const from = this.#height;
    for (let index = 0; index < count; index++) {
      const byte = view.label(index);
      let dueNext = 0;
      let character = byte;
      if (due > 0) {
        if ((byte & 0xc0) !== 0x80 || isBeyondUtf8(due, partial, byte)) continue;
        character = (partial << 6) | (byte & 0x3f);
        dueNext = due - 1;
      } else if (byte >= ASCII) {
        if (byte < 0xc2 || byte > 0xf4) continue;
        dueNext = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        character = byte & (0x3f >> dueNext);
      }
      let stateNext = state;
      let charactersNext = characters;
      if (dueNext === 0) {
        const matches = this.#matches(character, characters);
        if (isDeadEnd(state, matches, this.#edits)) continue;
        stateNext = nextState(state, matches, this.#edits, this.#wordLength, characters);
        if (stateNext === DEAD) continue;
        charactersNext++;
      }
      const target = this.#target(index, depth);
      const before = base + view.keysBefore(index);
      this.#push(target, stateNext, depth + 1, charactersNext, byte, character, dueNext, before);
    }
    for (let low = from, high = this.#height - 1; low < high; low++, high--) this.#swap(low, high);
  }

  #push(
    address: number,
    state: number,
    depth: number,
    characters: number,
    byte: number,
    partial: number,
    due: number,
    base: number,
  ): void {
    if (this.#height === this.#bases.length) this.#grow();
    const stack = this.#stack;
    const at = this.#height * FIELDS;
    stack[at + ADDRESS] = address;
    stack[at + STATE] = state;
    stack[at + DEPTH] = depth;
    stack[at + CHARACTERS] = characters;
    stack[at + BYTE] = byte;
    stack[at + PARTIAL] = partial;
    stack[at + DUE] = due;
    this.#bases[this.#height++] = base;
  }

  #swap(low: number, high: number): void {
    const stack = this.#stack;
    for (let field = 0; field < FIELDS; field++) {
      const kept = stack[low * FIELDS + field]!;
      stack[low * FIELDS + field] = stack[high * FIELDS + field]!;
      stack[high * FIELDS + field] = kept;
    }
    const base = this.#bases[low]!;
    this.#bases[low] = this.#bases[high]!;
    this.#bases[high] = base;
  }

  #grow(): void {
    const stack = new Int32Array(2 * this.#stack.length);
    stack.set(this.#stack);
    this.#stack = stack;
    const bases = new Float64Array(2 * this.#bases.length);
    bases.set(this.#bases);
    this.#bases = bases;
  }

  /** Where in the window around `depth` the word has this character. */
  #matches(character: number, depth: number): number {
    const edits = this.#edits;
    if (character < ASCII && this.#wordLength <= MASKED_LENGTH) {
      return ((this.#masks[character]! << edits) >>> depth) & ((4 << (2 * edits)) - 1);
    }
    const word = this.#word;
    const first = depth - edits;
    const last = Math.min(this.#wordLength, depth + edits + 2);
    let matches = 0;
    for (let i = Math.max(0, first); i < last; i++) if (word[i] === character) matches |= 1 << (i - first);
    return matches;
  }

  #setWord(word: string): void {
    if (word.length > this.#word.length) this.#word = new Uint32Array(2 * word.length);
    let length = 0;
    for (let i = 0; i < word.length; i++) {
      const character = word.codePointAt(i)!;
      if (character > 0xffff) i++;
      this.#word[length++] = character;
    }
    this.#wordLength = length;
  }

  /** The prefix was matched; what remains is a search of its own, for the rest of the word. */
  #dropPrefix(length: number): void {
    const taken = Math.min(length, this.#wordLength);
    this.#word.copyWithin(0, taken, this.#wordLength);
    this.#wordLength -= taken;
  }

  #setMasks(): void {
    this.#masks.fill(0);
    const length = Math.min(this.#wordLength, MASKED_LENGTH);
    for (let i = 0; i < length; i++) {
      const character = this.#word[i]!;
      if (character < ASCII) this.#masks[character]! |= 1 << i;
    }
  }

  #load(address: number): void {
    if (!this.#view.load(address)) throw this.#damaged(address);
  }

  /** The node that transition `index` of the loaded node, `depth` bytes deep, leads to. */
  #target(index: number, depth: number): number {
    const target = this.#view.target(index);
    // Damaged nodes might lead in a circle; no way is longer than the longest key.
    if (target < 0 || depth >= this.#store.header.maxKeyBytes) throw this.#damaged(this.#view.address);
    return target;
  }

  #damaged(address: number): Error {
    const { path, header } = this.#store;
    return corrupt(path, header.sections.nodes.offset + address, 'a node', 'bytes that are none');
  }
}

/** Whether the second byte of a character makes it one that UTF-8 has not: too long a form, a surrogate, above U+10FFFF. */
function isBeyondUtf8(due: number, partial: number, byte: number): boolean {
  // With two bytes due, 0 and 13 are the lead of three bytes: that of four, read so far, is 16 and more.
  if (due === 2) return byte < 0xa0 ? partial === 0 : partial === 13;
  return due === 3 && (byte < 0x90 ? partial === 0 : partial === 4);
}
