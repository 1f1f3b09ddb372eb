/** The letter model: how likely strings are as words, learned from the vocabulary. */

import { join } from 'node:path';
import {
  EDGE_LETTER,
  encodeLetters,
  LETTER_CONTEXT,
  LETTER_STEP,
  type LetterTable,
  MAX_LETTERS,
  OTHER_LETTER,
} from '../../stores/letters/format.ts';
import { FIRST_TERM_ID, TermFlag } from '../../stores/lexicon/format.ts';
import { writeFile } from '../write-file.ts';
import type { AssembledFile } from './assembled-file.ts';
import type { Vocabulary } from './vocabulary.ts';

const LETTERS_FILE = 'letters.bin';
/** Words of dictionaries and name lists below which all terms are learned from. */
const ENOUGH_WORDS = 10_000;

/** Writes the letter model of a vocabulary: of the words that lists vouch for, where these are enough. */
export function writeLetters(vocabulary: Vocabulary, outDir: string): AssembledFile {
  const { texts, flags } = vocabulary;
  const terms = texts.slice(FIRST_TERM_ID);
  const listed = terms.filter((_, i) => (flags[i + FIRST_TERM_ID]! & (TermFlag.dictionary | TermFlag.name)) !== 0);
  const words = listed.length >= ENOUGH_WORDS ? listed : terms;
  const bytes = encodeLetters(learnLetters(words));
  writeFile(join(outDir, LETTERS_FILE), bytes);
  return {
    name: 'letters',
    file: LETTERS_FILE,
    kind: 'letters',
    entries: words.length,
    bytes: bytes.length,
    parameters: { context: LETTER_CONTEXT },
  };
}

/**
 * Letter costs learned from words, each counted once: new words are made like the words there are, not like the commonest
 * of them. Longer contexts are interpolated with shorter ones by how many letters were seen to follow (Witten and Bell
 * 1991). One pass over the letters.
 */
export function learnLetters(words: readonly string[]): LetterTable {
  const letters = commonestUnits(words);
  const codes = new Uint8Array(1 << 16).fill(OTHER_LETTER);
  letters.forEach((letter, i) => {
    codes[letter] = i + OTHER_LETTER + 1;
  });
  const size = letters.length + OTHER_LETTER + 1;
  const contexts = size ** LETTER_CONTEXT;
  const counts = new Uint32Array(contexts * size);
  for (const word of words) {
    let context = 0;
    for (let i = 0; i < LETTER_CONTEXT; i++) context = context * size + EDGE_LETTER;
    for (let i = 0; i <= word.length; i++) {
      const at = context * size + (i === word.length ? EDGE_LETTER : codes[word.charCodeAt(i)]!);
      counts[at]!++;
      context = at % contexts;
    }
  }
  const probabilities = interpolate(counts, size, LETTER_CONTEXT);
  return {
    letters,
    costs: Uint8Array.from(probabilities, (p) => Math.min(255, Math.round(-Math.log(p) / LETTER_STEP))),
  };
}

/** The commonest code units, by falling count, then by number. */
function commonestUnits(words: readonly string[]): number[] {
  const counts = new Uint32Array(1 << 16);
  for (const word of words) for (let i = 0; i < word.length; i++) counts[word.charCodeAt(i)]!++;
  const seen: number[] = [];
  counts.forEach((count, unit) => {
    if (count > 0) seen.push(unit);
  });
  return seen.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, MAX_LETTERS);
}

/** P(letter | context) for every context of `order` letters. */
function interpolate(counts: Uint32Array, size: number, order: number): Float64Array {
  const shorterCount = counts.length / size;
  const shorter =
    order === 0
      ? new Float64Array(size).fill(1 / size)
      : interpolate(withoutFirst(counts, shorterCount), size, order - 1);
  const probabilities = new Float64Array(counts.length);
  for (let row = 0; row < counts.length; row += size) {
    let total = 0;
    let kinds = 0;
    for (let code = 0; code < size; code++) {
      total += counts[row + code]!;
      if (counts[row + code]! > 0) kinds++;
    }
    for (let code = 0; code < size; code++) {
      const less = shorter[(row + code) % shorter.length]!;
      probabilities[row + code] = total === 0 ? less : (counts[row + code]! + kinds * less) / (total + kinds);
    }
  }
  return probabilities;
}

/** The counts of contexts shorter by their first letter. */
function withoutFirst(counts: Uint32Array, length: number): Uint32Array {
  const summed = new Uint32Array(length);
  for (let at = 0; at < counts.length; at++) summed[at % length]! += counts[at]!;
  return summed;
}
