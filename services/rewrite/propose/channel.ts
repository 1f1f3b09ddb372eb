import type { LanguageProfile } from '../language/profile.ts';
import type { ProposalCosts } from './costs.ts';

/** What can go wrong with a letter, as `countEdits` counts it. */
export const EDIT_TYPES = [
  'substitution',
  'adjacentKey',
  'vowelForVowel',
  'insertion',
  'deletion',
  'doubledInserted',
  'doubledDeleted',
  'transposition',
  'firstLetter',
  'lastLetter',
  'finalS',
  'diacritic',
  'apostrophe',
] as const;

/** What a letter for a letter is, by their kinship. */
const SUBSTITUTION_TYPES = ['substitution', 'adjacentKey', 'vowelForVowel'] as const;

const APOSTROPHE = 0x27;
/** Letters from here on may carry marks; up to there the table of bases reaches: the Latin of Europe. */
const FIRST_MARKED = 0xc0;
const LAST_MARKED = 0x24f;

/** Longest words that the channel aligns, in code units. */
const MAX_LENGTH = 64;
const WIDTH = MAX_LENGTH + 1;

/**
 * The error model: the cost of typing one word when another was meant, -ln P(typed | meant) in nats, by the cheapest
 * alignment. Adjacent keys, vowels for vowels and transposed letters cost less than other slips.
 *
 * A letter that is what was meant is never touched. So of a letter typed twice the first is the one too many, at the cost
 * of any letter: `doubledLetter` counts only from the third on. The ranker's weights are trained on costs as they are.
 */
export class Channel {
  readonly #prices: ProposalCosts;
  readonly #inflection: string;
  /** By code unit, the number of a letter of the language's keyboard or vowels, from 1; 0 and beyond the end for all others. */
  readonly #letters: Uint8Array;
  readonly #letterCount: number;
  /** 1 adjacent on the keyboard, 2 both vowels; by the numbers of a pair of letters. */
  readonly #kinship: Uint8Array;
  /** What a letter typed for another costs; by the numbers of a pair of letters. */
  readonly #substitutions: Float64Array;
  /** What the beginnings of both words cost, `WIDTH` for each of the typed word's; and what leaving out each meant letter does. */
  readonly #costs: Float64Array;
  readonly #omissions: Float64Array;
  /** The words that `countEdits` is given, as code units. */
  readonly #typedUnits: Uint16Array;
  readonly #meantUnits: Uint16Array;

  constructor(costs: ProposalCosts, profile: LanguageProfile) {
    this.#prices = costs;
    this.#inflection = profile.finalInflection;
    const letters = lettersOf(profile);
    this.#letterCount = letters.length + 1;
    this.#letters = letterNumbers(letters);
    this.#kinship = letterKinship(profile, this.#letters, this.#letterCount);
    this.#substitutions = Float64Array.from(this.#kinship, (kin) => costs[SUBSTITUTION_TYPES[kin] ?? 'substitution']);
    this.#typedUnits = new Uint16Array(MAX_LENGTH);
    this.#meantUnits = new Uint16Array(MAX_LENGTH);
    this.#costs = new Float64Array(WIDTH * WIDTH);
    this.#omissions = new Float64Array(WIDTH);
  }

  /**
   * The cost of the edits alone, without `errorCost`. Infinity for words beyond 64 code units.
   *
   * O(product of the lengths up to the ending that they share); allocates nothing.
   */
  editCost(typed: Uint16Array, typedLength: number, meant: Uint16Array, meantLength: number): number {
    if (typedLength > MAX_LENGTH || meantLength > MAX_LENGTH) return Number.POSITIVE_INFINITY;
    // Letters that are what was meant are never touched: a shared ending costs what stands before it.
    let rowCount = typedLength;
    let columnCount = meantLength;
    while (rowCount > 0 && columnCount > 0 && typed[rowCount - 1] === meant[columnCount - 1]) {
      rowCount--;
      columnCount--;
    }
    const { firstLetter, transposition } = this.#prices;
    const costs = this.#costs;
    const omissions = this.#omissions;
    costs[0] = 0;
    for (let j = 1; j <= columnCount; j++) {
      omissions[j] = this.#omitted(meant, j - 1);
      costs[j] = costs[j - 1]! + omissions[j]!;
    }
    for (let i = 1; i <= rowCount; i++) {
      const row = i * WIDTH;
      const above = row - WIDTH;
      const unit = typed[i - 1]!;
      const unitBefore = i > 1 ? typed[i - 2]! : -1;
      const addition = this.#added(typed, i - 1);
      costs[row] = costs[above]! + addition;
      for (let j = 1; j <= columnCount; j++) {
        const target = meant[j - 1]!;
        let cost = costs[above + j - 1]!;
        if (unit !== target) {
          cost += this.#substituted(unit, target);
          if (i === 1 && j === 1) cost += firstLetter;
          const added = costs[above + j]! + addition;
          if (added < cost) cost = added;
          const omitted = costs[row + j - 1]! + omissions[j]!;
          if (omitted < cost) cost = omitted;
          if (unitBefore === target && j > 1 && unit === meant[j - 2]) {
            const swapped = costs[above - WIDTH + j - 2]! + transposition + (i === 2 && j === 2 ? firstLetter / 2 : 0);
            if (swapped < cost) cost = swapped;
          }
        }
        costs[row + j] = cost;
      }
    }
    return costs[rowCount * WIDTH + columnCount]!;
  }

  /**
   * Counts the edits of the cheapest alignment by type into `out`, from index `first` on in the order of `EDIT_TYPES`.
   *
   * @returns the cost of the alignment, as `editCost`
   */
  countEdits(typed: string, meant: string, out: Float64Array, first: number): number {
    const typedUnits = toUnits(typed, this.#typedUnits);
    const meantUnits = toUnits(meant, this.#meantUnits);
    const total = this.editCost(typedUnits, typed.length, meantUnits, meant.length);
    if (total === Number.POSITIVE_INFINITY) return 50;
    const count = (type: (typeof EDIT_TYPES)[number]) => {
      out[first + EDIT_TYPES.indexOf(type)]!++;
    };
    const costs = this.#costs;
    let i = typed.length;
    let j = meant.length;
    while (i > 0 || j > 0) {
      if (i > 0 && j > 0 && typedUnits[i - 1] === meantUnits[j - 1]) {
        i--;
        j--;
        continue;
      }
      const at = i * WIDTH + j;
      const cost = costs[at]!;
      if (i <= 1 && j <= 1) count('firstLetter');
      if (i === typed.length && j === meant.length) count('lastLetter');
      const swapped =
        i > 1 && j > 1 && typedUnits[i - 1] === meantUnits[j - 2] && typedUnits[i - 2] === meantUnits[j - 1];
      if (i > 0 && near(cost, costs[at - WIDTH]! + this.#added(typedUnits, i - 1))) {
        const doubled = i > 1 && typedUnits[i - 1] === typedUnits[i - 2];
        count(doubled ? 'doubledInserted' : typedUnits[i - 1] === APOSTROPHE ? 'apostrophe' : 'insertion');
        if (i === typed.length && this.#isInflected(typed)) count('finalS');
        i--;
      } else if (j > 0 && near(cost, costs[at - 1]! + this.#omitted(meantUnits, j - 1))) {
        const doubled = j > 1 && meantUnits[j - 1] === meantUnits[j - 2];
        count(doubled ? 'doubledDeleted' : meantUnits[j - 1] === APOSTROPHE ? 'apostrophe' : 'deletion');
        if (j === meant.length && this.#isInflected(meant)) count('finalS');
        j--;
      } else if (
        swapped &&
        cost < costs[at - WIDTH - 1]! + this.#substituted(typedUnits[i - 1]!, meantUnits[j - 1]!) - 1e-9
      ) {
        count('transposition');
        i -= 2;
        j -= 2;
      } else {
        count(this.#substitutionType(typedUnits[i - 1]!, meantUnits[j - 1]!));
        i--;
        j--;
      }
    }
    return total;
  }

  #isInflected(word: string): boolean {
    return this.#inflection !== '' && word.endsWith(this.#inflection);
  }

  #substitutionType(typed: number, meant: number): (typeof EDIT_TYPES)[number] {
    if (haveOneBase(typed, meant)) return 'diacritic';
    return SUBSTITUTION_TYPES[this.#kinship[this.#pairOf(typed, meant)]!] ?? 'substitution';
  }

  #substituted(typed: number, meant: number): number {
    if (haveOneBase(typed, meant)) return this.#prices.diacritic;
    return this.#substitutions[this.#pairOf(typed, meant)]!;
  }

  /** The number of a pair of letters; all pairs with a letter that the language does not have share one number. */
  #pairOf(typed: number, meant: number): number {
    const letters = this.#letters;
    if (typed >= letters.length || meant >= letters.length) return 0;
    return letters[typed]! * this.#letterCount + letters[meant]!;
  }

  /** A letter typed that was not meant. */
  #added(typed: Uint16Array, at: number): number {
    const p = this.#prices;
    if (at > 0 && typed[at] === typed[at - 1]) return p.doubledLetter;
    if (typed[at] === APOSTROPHE) return p.apostrophe;
    return p.insertion + (at === 0 ? p.firstLetter : 0);
  }

  /** A letter meant that was not typed. */
  #omitted(meant: Uint16Array, at: number): number {
    const p = this.#prices;
    if (at > 0 && meant[at] === meant[at - 1]) return p.doubledLetter;
    if (meant[at] === APOSTROPHE) return p.apostrophe;
    return p.deletion + (at === 0 ? p.firstLetter : 0);
  }
}

/** The letters under the marks of `FIRST_MARKED` to `LAST_MARKED`, and themselves where there are none. */
const BASES = Uint16Array.from({ length: LAST_MARKED - FIRST_MARKED + 1 }, (_, i) =>
  String.fromCharCode(FIRST_MARKED + i)
    .normalize('NFD')
    .charCodeAt(0),
);

/** Whether two different letters are one but for their marks: `é` and `e`. */
function haveOneBase(a: number, b: number): boolean {
  return (a >= FIRST_MARKED || b >= FIRST_MARKED) && baseOf(a) === baseOf(b);
}

function baseOf(unit: number): number {
  return unit >= FIRST_MARKED && unit <= LAST_MARKED ? BASES[unit - FIRST_MARKED]! : unit;
}

/** Writes the code units of a text into `out`, as many as it has room for. */
function toUnits(text: string, out: Uint16Array): Uint16Array {
  const length = Math.min(text.length, out.length);
  for (let i = 0; i < length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

/** The letters of the language's keyboard and its vowels, each once. */
function lettersOf({ keyboardRows, vowels }: LanguageProfile): string[] {
  return [...new Set([...keyboardRows.join(''), ...vowels])].slice(0, MAX_LETTERS);
}

/** More than any keyboard has. */
const MAX_LETTERS = 255;

function letterNumbers(letters: readonly string[]): Uint8Array {
  const numbers = new Uint8Array(letters.reduce((span, letter) => Math.max(span, letter.charCodeAt(0) + 1), 0));
  letters.forEach((letter, i) => {
    numbers[letter.charCodeAt(0)] = i + 1;
  });
  return numbers;
}

function letterKinship(profile: LanguageProfile, letters: Uint8Array, letterCount: number): Uint8Array {
  const kinship = new Uint8Array(letterCount * letterCount);
  const set = (a: string, b: string, kin: number) => {
    const i = letters[a.charCodeAt(0)]!;
    const j = letters[b.charCodeAt(0)]!;
    // Letters that the language does not have are related to none.
    if (i === 0 || j === 0) return;
    kinship[i * letterCount + j] = kin;
    kinship[j * letterCount + i] = kin;
  };
  const keys = profile.keyboardRows.flatMap((row, y) => [...row].map((key, x) => ({ key, x: x + y / 2, y })));
  for (const a of keys) {
    for (const b of keys) {
      if (a !== b && Math.abs(a.y - b.y) <= 1 && Math.abs(a.x - b.x) <= 1) set(a.key, b.key, 1);
    }
  }
  for (const a of profile.vowels) for (const b of profile.vowels) if (a !== b) set(a, b, 2);
  return kinship;
}
