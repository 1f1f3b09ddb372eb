/** What an entry of the `vocabulary` collection says: a term that the dataset is to know beside its own, or not to know. */

/** How a term is to be known. */
export interface VocabularyStanding {
  /** Taken out: neither known when it is typed, nor proposed. */
  readonly isOut: boolean;
  /** A name of a person, place, company or product. */
  readonly isName: boolean;
  /** How often it occurs in a million words of text; `DEFAULT_PER_MILLION` unless it is said. */
  readonly perMillion: number;
}

/** That of a word like `kanken` or `toaster`: neither common nor rare. */
export const DEFAULT_PER_MILLION = 1;
const MOST_PER_MILLION = 100_000;

/** The standing that a value says, or undefined for one that says none: `out`, or a number, `name`, or both. */
export function parseStanding(value: string): VocabularyStanding | undefined {
  const words = value.split(' ').filter(Boolean);
  if (words.length === 1 && words[0] === 'out') return { isOut: true, isName: false, perMillion: 0 };
  const isName = words.includes('name');
  const numbers = words.filter((word) => word !== 'name');
  if (numbers.length > 1 || words.length - numbers.length > 1) return undefined;
  const perMillion = numbers[0] === undefined ? DEFAULT_PER_MILLION : Number(numbers[0]);
  if (!(perMillion > 0 && perMillion <= MOST_PER_MILLION)) return undefined;
  return { isOut: false, isName, perMillion };
}
