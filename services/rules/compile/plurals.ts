/**
 * The other number of an English noun, for sequences that ask for it. By rule and by a list of exceptions; what is no noun gets forms
 * that nobody types, which cost an entry each.
 */

/** Singular and plural where the rules below would err. */
const IRREGULAR: readonly (readonly [singular: string, plural: string])[] = [
  ['man', 'men'],
  ['woman', 'women'],
  ['child', 'children'],
  ['person', 'people'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['goose', 'geese'],
  ['mouse', 'mice'],
  ['louse', 'lice'],
  ['ox', 'oxen'],
  ['knife', 'knives'],
  ['wife', 'wives'],
  ['life', 'lives'],
  ['leaf', 'leaves'],
  ['loaf', 'loaves'],
  ['half', 'halves'],
  ['shelf', 'shelves'],
  ['wolf', 'wolves'],
  ['calf', 'calves'],
  ['scarf', 'scarves'],
  ['thief', 'thieves'],
  ['elf', 'elves'],
  ['potato', 'potatoes'],
  ['tomato', 'tomatoes'],
  ['hero', 'heroes'],
  ['echo', 'echoes'],
  ['shoe', 'shoes'],
  ['axis', 'axes'],
  ['crisis', 'crises'],
  ['basis', 'bases'],
  ['analysis', 'analyses'],
  ['movie', 'movies'],
  ['cookie', 'cookies'],
  ['tie', 'ties'],
  ['pie', 'pies'],
  ['lens', 'lenses'],
  ['bus', 'buses'],
  ['gas', 'gases'],
  ['quiz', 'quizzes'],
];

/** The same in both numbers. */
const UNCHANGING = new Set(['sheep', 'fish', 'deer', 'series', 'species', 'aircraft', 'scissors', 'jeans', 'news']);

const PLURALS = new Map(IRREGULAR);
const SINGULARS = new Map(IRREGULAR.map(([singular, plural]) => [plural, singular]));

/** The singular and the plural that `term` may be a form of, `term` itself first. */
export function numbersOf(term: string): string[] {
  if (UNCHANGING.has(term) || term.length < 3) return [term];
  const singulars = singularsOf(term);
  const forms = new Set([term, ...singulars]);
  if (singulars.length === 0) forms.add(pluralOf(term));
  return [...forms];
}

function pluralOf(term: string): string {
  const known = PLURALS.get(term);
  if (known !== undefined) return known;
  if (/[^aeiou]y$/.test(term)) return `${term.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(term) ? `${term}es` : `${term}s`;
}

/** What `term` may be the plural of; none for a singular. */
function singularsOf(term: string): string[] {
  const known = SINGULARS.get(term);
  if (known !== undefined) return [known];
  if (PLURALS.has(term) || !term.endsWith('s') || /(?:ss|us|is)$/.test(term)) return [];
  if (/[^aeiou]ies$/.test(term) && term.length > 4) return [`${term.slice(0, -3)}y`];
  // "boxes" is of "box", "houses" and "sizes" of "house" and "size": both are let in where the letters do not tell.
  if (/(?:ss|x|ch|sh)es$/.test(term)) return [term.slice(0, -2)];
  if (/(?:s|z)es$/.test(term)) return [term.slice(0, -1), term.slice(0, -2)];
  return [term.slice(0, -1)];
}
