/**
 * A symmetric-delete index, the other way to find similar words: under every word with up to `edits` letters left out
 * stand the words it comes from. What it finds is verified. In Maps and arrays: the fastest form, and the largest.
 */

import { heapBytesOf } from '../measure.ts';
import { osaWithin } from './osa.ts';

export class DeletionIndex {
  /** Heap that the index takes. */
  readonly memoryBytes: number;
  readonly #words: readonly string[];
  readonly #edits: number;
  readonly #prefix: number;
  readonly #index: Map<string, number[]>;

  constructor(words: readonly string[], edits: number, prefix: number) {
    this.#words = words;
    this.#edits = edits;
    this.#prefix = prefix;
    const { made, heapBytes } = heapBytesOf(() => {
      const index = new Map<string, number[]>();
      words.forEach((word, id) => {
        for (const key of this.#deletions(word)) {
          const list = index.get(key);
          if (list === undefined) index.set(key, [id]);
          else list.push(id);
        }
      });
      return index;
    });
    this.#index = made;
    this.memoryBytes = heapBytes;
  }

  /** How many words are within the edits of `word`. */
  search(word: string): number {
    const seen = new Set<number>();
    let found = 0;
    for (const key of this.#deletions(word)) {
      for (const id of this.#index.get(key) ?? []) {
        if (seen.has(id)) continue;
        seen.add(id);
        if (osaWithin(word, this.#words[id]!, this.#edits) >= 0) found++;
      }
    }
    return found;
  }

  #deletions(word: string): Set<string> {
    const start = word.slice(0, this.#prefix);
    const keys = new Set([start]);
    let last = [start];
    for (let edit = 0; edit < this.#edits; edit++) {
      const next: string[] = [];
      for (const key of last) {
        for (let i = 0; i < key.length; i++) {
          const shorter = key.slice(0, i) + key.slice(i + 1);
          if (keys.has(shorter)) continue;
          keys.add(shorter);
          next.push(shorter);
        }
      }
      last = next;
    }
    return keys;
  }
}
