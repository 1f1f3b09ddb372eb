import { type Random, seededRandom } from '../../services/figures/random.ts';

/** How many letters a letter depends on. */
const ORDER = 3;
const MIN_LETTERS = 4;
const MAX_LETTERS = 12;
const END = '.';
/** Draws for each word wanted: most are of the list or were made before. */
const MAX_TRIES = 1000;

/**
 * Makes words that look like words: each letter is drawn as it follows the three before it in a real list. So they share
 * beginnings, endings and deletions with one another and with real words about as new names do, which random letters
 * would not.
 *
 * @returns `count` distinct words, none of them in the list
 * @throws {Error} when the list is too short to make so many
 */
export function pseudoWords(words: readonly string[], count: number, seed: number): string[] {
  const followers = new Map<string, string>();
  for (const word of words) {
    const padded = `${'^'.repeat(ORDER)}${word}${END}`;
    for (let i = ORDER; i < padded.length; i++) {
      const context = padded.slice(i - ORDER, i);
      followers.set(context, (followers.get(context) ?? '') + padded.charAt(i));
    }
  }
  const random = seededRandom(seed);
  const known = new Set(words);
  const made: string[] = [];
  for (let tries = 0; made.length < count; tries++) {
    if (tries > count * MAX_TRIES) {
      throw new Error(
        `making ${count} words: the list of ${words.length} gives only ${made.length}; give a longer one`,
      );
    }
    const word = pseudoWord(followers, random);
    if (word.length < MIN_LETTERS || known.has(word)) continue;
    known.add(word);
    made.push(word);
  }
  return made;
}

function pseudoWord(followers: ReadonlyMap<string, string>, random: Random): string {
  let word = '';
  let context = '^'.repeat(ORDER);
  while (word.length < MAX_LETTERS) {
    const letters = followers.get(context) ?? END;
    const letter = letters.charAt(Math.floor(random() * letters.length));
    if (letter === END) break;
    word += letter;
    context = context.slice(1) + letter;
  }
  return word;
}
