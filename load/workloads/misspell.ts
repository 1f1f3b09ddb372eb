/**
 * Misspellings as fingers make them, by a fixed process: the query sets are small and mostly right, and a load run needs
 * any share of misspelled queries.
 *
 * One word of 4 letters or more is chosen, evenly, and one edit made at an even place beyond its first letter:
 *
 * | share | edit |
 * | --- | --- |
 * | 30 % | a letter for one beside it on a QWERTY keyboard |
 * | 25 % | a letter left out |
 * | 20 % | a letter too many: half of them doubled, half a neighbour on the keyboard |
 * | 20 % | two neighbouring letters exchanged |
 * | 5 %  | the space before the word left out, where it has one; else a letter left out |
 *
 * One misspelled query in five gets a second such edit, drawn anew. Shares roughly as in published counts of typing
 * errors (Damerau 1964 and later: four fifths a single edit); what matters here is the work they make.
 */
import { pick, pickIndex, type Random } from '../../services/figures/random.ts';

const MIN_LETTERS = 4;
const SECOND_EDIT = 0.2;
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** The query misspelled, or undefined where no word of it is long enough. */
export function misspell(query: string, random: Random): string | undefined {
  const once = edit(query, random);
  if (once === undefined || random() >= SECOND_EDIT) return once;
  return edit(once, random) ?? once;
}

function edit(query: string, random: Random): string | undefined {
  const words = query.split(' ');
  const candidates = words.flatMap((word, i) => (/^[a-z]+$/i.test(word) && word.length >= MIN_LETTERS ? [i] : []));
  if (candidates.length === 0) return undefined;
  const chosen = pick(random, candidates);
  const draw = random();
  if (draw >= 0.95 && chosen > 0) {
    words.splice(chosen - 1, 2, `${words[chosen - 1]}${words[chosen]}`);
  } else {
    words[chosen] = editWord(words[chosen] ?? '', draw, random);
  }
  return words.join(' ');
}

function editWord(word: string, draw: number, random: Random): string {
  const at = 1 + pickIndex(random, word.length - 1);
  const before = word.slice(0, at);
  const letter = word.charAt(at);
  const after = word.slice(at + 1);
  if (draw < 0.3) return before + neighbour(letter, random) + after;
  if (draw < 0.55) return before + after;
  if (draw < 0.75) return before + letter + (random() < 0.5 ? letter : neighbour(letter, random)) + after;
  if (draw < 0.95) return word.slice(0, at - 1) + letter + word.charAt(at - 1) + after;
  return before + after;
}

/** A letter beside the given one on its row of the keyboard. */
function neighbour(letter: string, random: Random): string {
  const row = ROWS.find((letters) => letters.includes(letter.toLowerCase()));
  if (row === undefined) return letter;
  const at = row.indexOf(letter.toLowerCase());
  const sides = [row.charAt(at - 1), row.charAt(at + 1)].filter((side) => side !== '');
  return pick(random, sides);
}
