import { closeSync, openSync, writeSync } from 'node:fs';
import { pickIndex, type Random, seededRandom } from '../../services/figures/random.ts';

/** How much text to make. */
export interface CorpusSize {
  readonly tokens: number;
  readonly seed: number;
}

/** Words of a line: a title, a short description. */
const MIN_LINE = 6;
const MAX_LINE = 14;
/** How often a word is followed by one of its own few companions rather than by any word. */
const COLLOCATION = 0.4;
const COMPANIONS = 24;
const CHUNK_CHARACTERS = 1 << 20;

/**
 * Writes text with the statistics that decide the size of an n-gram store: words by Zipf's law, so that most of the
 * vocabulary is rare and half of the pairs are seen once; and companions, so that the rest is seen again and again.
 *
 * Every word of `words` occurs at least once, in the order of the list: its start is frequent, its end rare.
 */
export function writeCorpus(path: string, words: readonly string[], size: CorpusSize): void {
  const random = seededRandom(size.seed);
  const file = openSync(path, 'w');
  try {
    let text = '';
    let tokens = 0;
    let unseen = 0;
    while (tokens < size.tokens || unseen < words.length) {
      const length = MIN_LINE + pickIndex(random, MAX_LINE - MIN_LINE + 1);
      let at = -1;
      for (let i = 0; i < length; i++) {
        // One word of a line in turn, the others by chance, until all have had theirs.
        at = i === 0 && unseen < words.length ? unseen++ : nextWord(at, words.length, random);
        text += i === 0 ? words[at] : ` ${words[at]}`;
      }
      text += '\n';
      tokens += length;
      if (text.length >= CHUNK_CHARACTERS) {
        writeSync(file, text);
        text = '';
      }
    }
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

function nextWord(previous: number, count: number, random: Random): number {
  if (previous < 0 || random() >= COLLOCATION) return zipf(count, random);
  // A companion is a fixed word for each previous word and number, drawn by rank among few.
  const companion = zipf(COMPANIONS, random);
  const mixed = Math.imul(Math.imul(previous + 1, 0x9e3779b1) ^ Math.imul(companion + 1, 0x85ebca6b), 0xc2b2ae35);
  return zipfAt(((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296, count);
}

function zipf(count: number, random: Random): number {
  return zipfAt(random(), count);
}

/** A rank 0..count-1 with a probability of about 1 / rank: the inverse of its distribution. */
function zipfAt(uniform: number, count: number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** uniform) - 1);
}
