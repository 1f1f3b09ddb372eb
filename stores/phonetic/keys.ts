import { type PhoneticRule, type PhoneticRules, WORD_END, WORD_START } from './rules.ts';

/** The longest key: words with equal keys of this length are distinguished by their letters. */
export const MAX_KEY_LENGTH = 10;
/** Shorter keys are shared by too many words to be useful. */
export const MIN_KEY_LENGTH = 3;

/** Values of `#kinds` for a code unit besides the numbers of letters, which begin at `LETTER`. */
const FOREIGN = 0;
const IGNORED = 1;
const LETTER = 2;

/** Classes of what stands behind a letter: the end of the word, what no rule names, and the units that rules name. */
const END_CLASS = 0;
const OTHER_CLASS = 1;
const NAMED_CLASS = 2;

/** A rule of which the next unit and whether the letter is the first one are settled. */
interface OpenRule {
  readonly after: readonly string[] | undefined;
  /** What must stand behind the next unit, `$` for the end; a context is met when one of these is. */
  readonly further: readonly string[] | undefined;
  readonly sounds: string;
}

/**
 * Writes what words sound like, in a few letters, by the rules of a language: words that are spelled by ear have the key of
 * the word that was meant, however many letters they differ in (`reciptical`, receptacle; `milwoki`, Milwaukee).
 *
 * The same sound twice in a row counts once, also with silent letters between (`restaint`, resistant).
 *
 * Hot path: `write` looks up one decision by letter, place and next unit; only where a rule looks further do strings of units
 * have to be compared. Compiling takes about a millisecond for 26 letters.
 */
export class PhoneticKeys {
  readonly version: number;
  /** By code unit: foreign, ignored, or a letter's number. Units beyond are foreign. */
  readonly #kinds: Uint16Array;
  /** By code unit: its class as a next unit. Units beyond are of `OTHER_CLASS`. */
  readonly #classes: Uint16Array;
  readonly #classCount: number;
  /**
   * By letter, whether it is the first (0) or not (1), and class of the next unit: the number of its sounds, or, below 0, -1 less
   * the number of the first rule that is still to be tried.
   */
  readonly #decisions: Int32Array;
  /** Sounds by their number: `[start, end)` in `#sounds`. */
  readonly #soundStarts: Int32Array;
  readonly #sounds: Uint8Array;
  /**
   * Open rules, list after list. By rule: the end of its list, the number of its sounds, its contexts `[start, end)` before and behind.
   * A context is `[start, end)` in `#contexts`, with 0 for the beginning or the end of the word.
   */
  readonly #rules: Int32Array;
  readonly #contextStarts: Int32Array;
  readonly #contexts: Uint16Array;

  constructor(rules: PhoneticRules) {
    this.version = rules.version;
    const compiled = compile(rules);
    this.#kinds = compiled.kinds;
    this.#classes = compiled.classes;
    this.#classCount = compiled.classCount;
    this.#decisions = Int32Array.from(compiled.decisions);
    this.#soundStarts = Int32Array.from(compiled.soundStarts);
    this.#sounds = Uint8Array.from(compiled.sounds);
    this.#rules = Int32Array.from(compiled.rules);
    this.#contextStarts = Int32Array.from(compiled.contextStarts);
    this.#contexts = Uint16Array.from(compiled.contexts);
  }

  /**
   * Writes the key of the word `units[0, length)` into `out` (upper-case ASCII) and returns its length, at most
   * `MAX_KEY_LENGTH`; 0 for a word with characters that the rules do not know. Allocates nothing.
   */
  write(units: Uint16Array, length: number, out: Uint8Array): number {
    const kinds = this.#kinds;
    const classes = this.#classes;
    const soundStarts = this.#soundStarts;
    let count = 0;
    let later = 0;
    for (let i = 0; i < length && count < MAX_KEY_LENGTH; i++) {
      const unit = units[i]!;
      const kind = unit < kinds.length ? kinds[unit]! : FOREIGN;
      if (kind === IGNORED) continue;
      if (kind === FOREIGN) return 0;
      const next = i + 1 < length ? units[i + 1]! : -1;
      const nextClass = next < 0 ? END_CLASS : next < classes.length ? classes[next]! : OTHER_CLASS;
      let sounds = this.#decisions[((kind - LETTER) * 2 + later) * this.#classCount + nextClass]!;
      if (sounds < 0) sounds = this.#settle(-1 - sounds, units, length, i);
      later = 1;
      for (let s = soundStarts[sounds]!, end = soundStarts[sounds + 1]!; s < end && count < MAX_KEY_LENGTH; s++) {
        const sound = this.#sounds[s]!;
        if (count === 0 || out[count - 1] !== sound) out[count++] = sound;
      }
    }
    return count;
  }

  /** The sounds of the first of the open rules from `rule` on that fits the letter at `i`. */
  #settle(rule: number, units: Uint16Array, length: number, i: number): number {
    const rules = this.#rules;
    const end = rules[rule * RULE_FIELDS]!;
    for (; rule < end; rule++) {
      const at = rule * RULE_FIELDS;
      const isAfter = this.#fits(rules[at + 2]!, rules[at + 3]!, units, length, i, -1);
      if (isAfter && this.#fits(rules[at + 4]!, rules[at + 5]!, units, length, i + 1, 1)) return rules[at + 1]!;
    }
    return 0;
  }

  /** Whether one of some contexts stands beside `i`, read from there on in steps of 1 or -1. None at all fit everywhere. */
  #fits(from: number, to: number, units: Uint16Array, length: number, i: number, step: number): boolean {
    if (from === to) return true;
    for (let context = from; context < to; context++) {
      let at = this.#contextStarts[context]!;
      const end = this.#contextStarts[context + 1]!;
      let place = i + step;
      while (at < end) {
        const unit = place >= 0 && place < length ? units[place]! : 0;
        if (unit !== this.#contexts[at]) break;
        at++;
        place += step;
      }
      if (at === end) return true;
    }
    return false;
  }
}

const RULE_FIELDS = 6;

interface Compiled {
  readonly kinds: Uint16Array;
  readonly classes: Uint16Array;
  readonly classCount: number;
  readonly decisions: number[];
  readonly soundStarts: number[];
  readonly sounds: number[];
  readonly rules: number[];
  readonly contextStarts: number[];
  readonly contexts: number[];
}

function compile({ ignored, letters }: PhoneticRules): Compiled {
  const named = [...namedBehind(Object.values(letters).flat())].filter((unit) => unit !== WORD_END).sort();
  const compiled: Compiled = {
    kinds: new Uint16Array(spanOf([...Object.keys(letters), ...ignored])),
    classes: new Uint16Array(spanOf(named)).fill(OTHER_CLASS),
    classCount: NAMED_CLASS + named.length,
    decisions: [],
    soundStarts: [0, 0],
    sounds: [],
    rules: [],
    contextStarts: [0],
    contexts: [],
  };
  for (const unit of ignored) compiled.kinds[unit.charCodeAt(0)] = IGNORED;
  named.forEach((unit, i) => {
    compiled.classes[unit.charCodeAt(0)] = NAMED_CLASS + i;
  });
  // Number 0 is silence.
  const soundNumbers = new Map([['', 0]]);
  const numberOf = (sounds: string): number => {
    const known = soundNumbers.get(sounds);
    if (known !== undefined) return known;
    soundNumbers.set(sounds, soundNumbers.size);
    compiled.sounds.push(...unitsOf(sounds));
    compiled.soundStarts.push(compiled.sounds.length);
    return soundNumbers.size - 1;
  };
  const decide = (rules: readonly PhoneticRule[], isFirst: boolean, next: string | undefined): number => {
    const open = openRules(rules, isFirst, next);
    const [decided] = open;
    const isDecided = decided === undefined || (decided.after === undefined && decided.further === undefined);
    return isDecided ? numberOf(decided?.sounds ?? '') : -1 - addOpen(compiled, open, numberOf);
  };
  Object.entries(letters).forEach(([letter, rules], i) => {
    compiled.kinds[letter.charCodeAt(0)] = LETTER + i;
    const own = namedBehind(rules);
    for (const isFirst of [true, false]) {
      const elsewhere = decide(rules, isFirst, undefined);
      for (const next of [WORD_END, undefined, ...named]) {
        compiled.decisions.push(next !== undefined && own.has(next) ? decide(rules, isFirst, next) : elsewhere);
      }
    }
  });
  return compiled;
}

/** What rules name as the unit behind a letter, the end of the word among it. */
function namedBehind(rules: readonly PhoneticRule[]): Set<string> {
  return new Set(rules.flatMap(({ before = [] }) => before.map(firstOf)));
}

/** The rules that may decide where the next unit is `next`, or none that any rule names, as far as the first that surely does. */
function openRules(rules: readonly PhoneticRule[], isFirst: boolean, next: string | undefined): OpenRule[] {
  const open: OpenRule[] = [];
  for (const { first, after, before, sounds } of rules) {
    if (first && !isFirst) continue;
    const begun = before?.filter((context) => firstOf(context) === next).map((context) => context.slice(1));
    if (begun?.length === 0) continue;
    const further = begun?.includes('') ? undefined : begun;
    open.push({ after, further, sounds });
    if (after === undefined && further === undefined) break;
  }
  return open;
}

/** Adds a list of open rules and answers the number of its first. */
function addOpen(compiled: Compiled, open: readonly OpenRule[], numberOf: (sounds: string) => number): number {
  const begin = compiled.rules.length / RULE_FIELDS;
  const addContexts = (contexts: readonly number[][]): [from: number, to: number] => {
    const from = compiled.contextStarts.length - 1;
    for (const context of contexts) {
      compiled.contexts.push(...context);
      compiled.contextStarts.push(compiled.contexts.length);
    }
    return [from, compiled.contextStarts.length - 1];
  };
  for (const { after = [], further = [], sounds } of open) {
    // What stands before is compared from the letter backwards.
    const before = addContexts(after.map((context) => contextUnits(context, WORD_START).reverse()));
    const behind = addContexts(further.map((context) => contextUnits(context, WORD_END)));
    compiled.rules.push(begin + open.length, numberOf(sounds), ...before, ...behind);
  }
  return begin;
}

function firstOf(context: string): string {
  return context[0]!;
}

/** The units of a context, 0 for the beginning or the end of the word. */
function contextUnits(context: string, boundary: string): number[] {
  return unitsOf(context).map((unit) => (unit === boundary.charCodeAt(0) ? 0 : unit));
}

function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

/** The length of a table by code unit that has room for some units. */
function spanOf(units: readonly string[]): number {
  return units.reduce((span, unit) => Math.max(span, unit.charCodeAt(0) + 1), 0);
}
