/**
 * Queries that ask for as much work as their bytes can: what somebody would send who wants the service to be slow, within
 * the sizes that it accepts. Each is a shape of its own, so that the slowest can be named.
 */
import { pick, pickIndex, type Random } from '../../services/figures/random.ts';
import { misspell } from './misspell.ts';

/** A shape of hostile query. */
export interface HostileShape {
  readonly name: string;
  make(words: readonly string[], random: Random): string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** What is corrected at least, by contract; beyond, a query may pass through. */
const CHARACTERS = 1024;
const TOKENS = 128;

export const HOSTILE_SHAPES: readonly HostileShape[] = [
  {
    name: 'unknown words of 7',
    make: (words, random) =>
      fill(() => `${misspell(misspell(ofLength(words, 7, random), random) ?? 'abcdefg', random)}`),
  },
  {
    name: 'misspelled words of 12',
    make: (words, random) => fill(() => misspell(ofLength(words, 12, random), random) ?? ''),
  },
  { name: 'short known words', make: (words, random) => fill(() => ofLength(words, 3, random)) },
  { name: 'single letters', make: (_, random) => fill(() => pick(random, LETTERS)) },
  { name: 'random letters', make: (_, random) => fill(() => letters(4 + pickIndex(random, 8), random)) },
  { name: 'one word of words', make: (words, random) => repeat(() => ofLength(words, 5, random)) },
  { name: 'one word of one letter', make: (_, random) => pick(random, LETTERS).repeat(CHARACTERS) },
  { name: 'one word of random letters', make: (_, random) => letters(CHARACTERS, random) },
  { name: 'pieces of words', make: (words, random) => fill(() => pieces(ofLength(words, 8, random), random)) },
  {
    name: 'misspelled words around digits',
    make: (words, random) =>
      fill(() => [8, 7, 8].map((length) => misspell(ofLength(words, length, random), random) ?? '').join('5')),
  },
  {
    name: 'letters and digits in turn',
    make: (_, random) => fill(() => `${letters(3, random)}1${letters(3, random)}2x`),
  },
  {
    name: 'quotes and operators',
    make: (_, random) => repeat(() => pick(random, ['"', '(', ':', '-', 'a', ' OR ', '\\', '~2'])),
  },
  { name: 'combining marks', make: (words, random) => repeat(() => `${ofLength(words, 4, random)}\u0301\u0323\u0308`) },
  {
    name: 'words with hyphens',
    make: (words, random) =>
      fill(() => `${misspell(ofLength(words, 4, random), random)}-${misspell(ofLength(words, 5, random), random)}`),
  },
  {
    name: 'letters held down',
    make: (words, random) =>
      fill(() => ofLength(words, 6, random).replace(/[a-z]/g, (c) => (random() < 0.3 ? c.repeat(3) : c))),
  },
  { name: 'misspelled capitals', make: (words, random) => fill(() => capitals(ofLength(words, 7, random), random)) },
  {
    name: '16 KiB of known words and hyphens',
    make: (words, random) => repeat(() => `${pick(random, words)}-`, 16_000),
  },
  { name: '16 KiB of ligatures', make: () => '\ufdfa '.repeat(4000) },
  {
    name: '16 KiB of misspelled words',
    make: (words, random) => repeat(() => `${misspell(ofLength(words, 8, random), random)} `, 16_000),
  },
];

/** Tokens joined by spaces, up to the characters and tokens that the contract says are corrected. */
function fill(token: () => string): string {
  const tokens: string[] = [];
  let length = 0;
  while (tokens.length < TOKENS) {
    const next = token();
    length += next.length + 1;
    if (length > CHARACTERS) break;
    tokens.push(next);
  }
  return tokens.join(' ');
}

function repeat(part: () => string, length = CHARACTERS): string {
  let text = '';
  while (text.length < length) text += part();
  return text.slice(0, length);
}

function letters(length: number, random: Random): string {
  let text = '';
  for (let i = 0; i < length; i++) text += pick(random, LETTERS);
  return text;
}

function capitals(word: string, random: Random): string {
  return (misspell(word, random) ?? word).toUpperCase();
}

/** A word cut by a space. */
function pieces(word: string, random: Random): string {
  const at = 1 + pickIndex(random, word.length - 1);
  return `${word.slice(0, at)} ${word.slice(at)}`;
}

function ofLength(words: readonly string[], length: number, random: Random): string {
  for (let i = 0; i < 200; i++) {
    const word = pick(random, words);
    if (word.length === length) return word;
  }
  return 'headphone'.repeat(2).slice(0, length);
}
