/**
 * Finds the keys within one or two edits of a word: walks the automaton of keys and the Levenshtein automaton of the word
 * together, and turns back where the second is dead. Characters are code points; keys that are no UTF-8 are not found.
 *
 * Hot path: buffers are kept from search to search; a search allocates nothing beyond the code points of its word.
 */

import { corrupt } from '../errors.ts';
import { BytesRef } from '../store.ts';
import { DEAD, distanceAt, nextState, startState } from './levenshtein.ts';
import type { NodeView } from './node.ts';
import type { FstStore } from './reader.ts';

/** What `#pending` says of a node whose own key, if it has one, was not given yet. */
const OWN_KEY = -1;
const MOST_EDITS = 2;

/** A search for similar keys. Made by `FstStore.fuzzy`; used for one word after another. */
export class FuzzySearch {
  /** The current key: valid until the next move. */
  readonly key: BytesRef;
  /** Edits between the word and the current key: 0, 1 or 2. */
  distance: number;
  /** Nodes read since the search was made. */
  visitedNodes: number;
  readonly #store: FstStore;
  readonly #view: NodeView;
  #word: Uint32Array;
  #wordLength: number;
  #edits: number;
  #ordinal: number;
  /** By bytes from the start on: node, next transition, ordinal of its first key. */
  #addresses: Uint32Array;
  #pending: Int32Array;
  #bases: Float64Array;
  /** By bytes too: state, characters read, and a character of which not all bytes have come, with how many are due. */
  #states: Int32Array;
  #characters: Int32Array;
  #partial: Int32Array;
  #due: Uint8Array;
  #depth: number;
  /** Depth of the node behind the fixed prefix: the search never climbs above it. */
  #floor: number;

  constructor(store: FstStore, view: NodeView) {
    this.key = new BytesRef();
    this.distance = 0;
    this.visitedNodes = 0;
    this.#store = store;
    this.#view = view;
    this.#word = new Uint32Array(64);
    this.#wordLength = 0;
    this.#edits = 0;
    this.#ordinal = -1;
    const levels = store.header.maxKeyBytes + 2;
    this.key.bytes = new Uint8Array(levels);
    this.#addresses = new Uint32Array(levels);
    this.#pending = new Int32Array(levels);
    this.#bases = new Float64Array(levels);
    this.#states = new Int32Array(levels);
    this.#characters = new Int32Array(levels);
    this.#partial = new Int32Array(levels);
    this.#due = new Uint8Array(levels);
    this.#depth = -1;
    this.#floor = 0;
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
   * @throws {RangeError} for other numbers of edits
   */
  start(word: string, edits: number, prefixLength = 0): void {
    if (!(edits >= 0 && edits <= MOST_EDITS)) throw new RangeError(`edits must be 0, 1 or 2, found ${edits}`);
    this.#setWord(word);
    this.#edits = edits;
    this.#depth = 0;
    this.#floor = 0;
    this.#addresses[0] = this.#store.header.root;
    this.#pending[0] = OWN_KEY;
    this.#bases[0] = 0;
    this.#states[0] = startState(0, this.#wordLength);
    this.#characters[0] = 0;
    this.#due[0] = 0;
    if (prefixLength > 0 && !this.#takePrefix(Math.min(prefixLength, this.#wordLength))) {
      this.#depth = -1;
      return;
    }
    this.#floor = this.#depth;
    // The prefix was matched; what remains is a search of its own, for the rest of the word.
    const taken = this.#characters[this.#depth]!;
    this.#word.copyWithin(0, taken, this.#wordLength);
    this.#wordLength -= taken;
    this.#characters[this.#depth] = 0;
    this.#states[this.#depth] = startState(edits, this.#wordLength);
  }

  /** Moves to the next similar key; false when there is none. */
  next(): boolean {
    const view = this.#view;
    while (this.#depth >= this.#floor) {
      const depth = this.#depth;
      if (!view.load(this.#addresses[depth]!)) throw this.#damaged(this.#addresses[depth]!);
      let index = this.#pending[depth]!;
      if (index === OWN_KEY) {
        this.visitedNodes++;
        index = 0;
        this.#pending[depth] = 0;
        if (view.final && this.#due[depth] === 0 && this.#accept(depth)) return true;
      }
      let descended = false;
      for (; index < view.count && !descended; index++) descended = this.#take(depth, index);
      if (descended) this.#pending[depth] = index;
      else this.#depth--;
    }
    return false;
  }

  #accept(depth: number): boolean {
    this.distance = distanceAt(this.#states[depth]!, this.#edits, this.#wordLength, this.#characters[depth]!);
    if (this.distance < 0) return false;
    this.key.end = depth;
    this.#ordinal = this.#bases[depth]!;
    return true;
  }

  /** Follows transition `index` of the loaded node unless nothing behind it can match. */
  #take(depth: number, index: number): boolean {
    const byte = this.#view.label(index);
    let due = this.#due[depth]!;
    let character = byte;
    if (due > 0) {
      if ((byte & 0xc0) !== 0x80) return false;
      character = (this.#partial[depth]! << 6) | (byte & 0x3f);
      due--;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return false;
      due = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      character = byte & (0x3f >> due);
    }
    let state = this.#states[depth]!;
    let characters = this.#characters[depth]!;
    if (due === 0) {
      state = nextState(state, this.#matches(character, characters), this.#edits, this.#wordLength, characters);
      if (state === DEAD) return false;
      characters++;
    }
    const target = this.#view.target(index);
    const next = depth + 1;
    if (target < 0 || next > this.#store.header.maxKeyBytes) throw this.#damaged(this.#view.address);
    this.key.bytes[depth] = byte;
    this.#addresses[next] = target;
    this.#pending[next] = OWN_KEY;
    this.#bases[next] = this.#bases[depth]! + this.#view.keysBefore(index);
    this.#states[next] = state;
    this.#characters[next] = characters;
    this.#partial[next] = character;
    this.#due[next] = due;
    this.#depth = next;
    return true;
  }

  /** Where in the window around `depth` the word has this character. */
  #matches(character: number, depth: number): number {
    const word = this.#word;
    const first = depth - this.#edits;
    const last = Math.min(this.#wordLength, depth + this.#edits + 2);
    let matches = 0;
    for (let i = Math.max(0, first); i < last; i++) if (word[i] === character) matches |= 1 << (i - first);
    return matches;
  }

  /** Follows the first characters of the word as they are. */
  #takePrefix(length: number): boolean {
    const edits = this.#edits;
    this.#edits = 0;
    let matched = true;
    while (matched && this.#characters[this.#depth]! < length) {
      const depth = this.#depth;
      if (!this.#view.load(this.#addresses[depth]!)) throw this.#damaged(this.#addresses[depth]!);
      matched = false;
      // With no edits the automaton lives only on the one right character; several may share its first bytes.
      for (let i = 0; i < this.#view.count && !matched; i++) matched = this.#isOnWord(depth, i) && this.#take(depth, i);
    }
    this.#edits = edits;
    return matched;
  }

  /** Whether transition `index` has the next byte of the word. */
  #isOnWord(depth: number, index: number): boolean {
    const character = this.#word[this.#characters[depth]!]!;
    const length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x1_0000 ? 3 : 4;
    const due = this.#due[depth]!;
    const byte = this.#view.label(index);
    if (length === 1) return byte === character;
    if (due > 0) return byte === (0x80 | ((character >> (6 * (due - 1))) & 0x3f));
    return byte === (((0xf00 >> length) & 0xff) | (character >> (6 * (length - 1))));
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

  #damaged(address: number): Error {
    const { path, header } = this.#store;
    return corrupt(path, header.sections.nodes.offset + address, 'a node', 'bytes that are none');
  }
}
