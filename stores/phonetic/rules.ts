import type { StrictValue } from '../json/strict-value.ts';
import { normaliseTerm } from '../text/normalise.ts';

/** What words of a language sound like, letter by letter. FORMAT.md describes every member. */
export interface PhoneticRules {
  /** Raised whenever a word's key changes, because datasets contain keys. */
  readonly version: number;
  /** Characters to ignore, such as apostrophes. */
  readonly ignored: string;
  /** By letter, its rules; the first that fits its place decides. A word with any other character has no key. */
  readonly letters: Readonly<Record<string, readonly PhoneticRule[]>>;
}

/** The sounds of a letter in one kind of place. An absent condition always holds. */
export interface PhoneticRule {
  /** No letter stands before it; ignored characters may. */
  readonly first?: true;
  /** What stands right before it: one of these; `^` is the beginning of the word. */
  readonly after?: readonly string[];
  /** What stands right behind it: one of these; `$` is the end of the word. */
  readonly before?: readonly string[];
  /** Upper-case letters A to Z, one a sound; none for a silent letter. */
  readonly sounds: string;
}

/** The beginning of a word before its first letter, and the end behind its last, in the contexts of rules. */
export const WORD_START = '^';
export const WORD_END = '$';

/** Longest context that a rule may name, and most sounds of a letter. */
const MAX_CONTEXT = 8;
const MAX_SOUNDS = 4;

/** The rules as written in the file: a letter with one sound everywhere is written as that sound alone. */
export function phoneticJson({ version, ignored, letters }: PhoneticRules): object {
  const written = Object.entries(letters).map(([letter, rules]) => {
    const [only, ...more] = rules;
    const isPlain = only !== undefined && more.length === 0 && !only.first && !only.after && !only.before;
    return [
      letter,
      isPlain ? only.sounds : rules.map(({ first, after, before, sounds }) => ({ first, after, before, sounds })),
    ];
  });
  return { version, ignored, letters: Object.fromEntries(written) };
}

/** Reads the rules. @throws {StoreError} `DATASET_INVALID` for whatever is missing, unknown or malformed */
export function readPhoneticRules(value: StrictValue): PhoneticRules {
  const { version, ignored, letters } = value.members(['version', 'ignored', 'letters']);
  const rules = letters.entries().map(([letter, one]): [string, PhoneticRule[]] => {
    if (letter.length !== 1 || letter === WORD_START || letter === WORD_END || normaliseTerm(letter) !== letter) {
      return one.fail('rules of one letter in the form of terms, lower case, of one UTF-16 code unit', letter);
    }
    if (one.isText()) return [letter, [{ sounds: readSounds(one) }]];
    const list = one.list();
    return list.length === 0 ? one.fail('rules') : [letter, list.map(readRule)];
  });
  if (rules.length === 0) return letters.fail('rules of letters');
  return {
    version: version.integerIn(1, 1_000_000),
    ignored: ignored.text(),
    letters: Object.fromEntries(rules),
  };
}

function readRule(value: StrictValue): PhoneticRule {
  const { first, after, before, sounds } = value.members(['sounds'], ['first', 'after', 'before']);
  if (first !== undefined && !first.isTrue()) return first.fail('true');
  return {
    ...(first === undefined ? {} : { first: true }),
    ...(after === undefined ? {} : { after: readContexts(after, /^(?:\^?[^^$]+|\^)$/) }),
    ...(before === undefined ? {} : { before: readContexts(before, /^(?:[^^$]+\$?|\$)$/) }),
    sounds: readSounds(sounds),
  };
}

function readContexts(value: StrictValue, form: RegExp): string[] {
  const contexts = value
    .list()
    .map((context) =>
      context.textLike(
        form,
        `characters, with ${WORD_START} at most at the beginning of "after" and ${WORD_END} at the end of "before"`,
      ),
    );
  if (contexts.length === 0 || contexts.some(({ length }) => length > MAX_CONTEXT)) {
    return value.fail(`one context or more of at most ${MAX_CONTEXT} characters`);
  }
  return contexts;
}

function readSounds(value: StrictValue): string {
  return value.textLike(/^[A-Z]*$/, 'letters A to Z').length <= MAX_SOUNDS
    ? value.text()
    : value.fail(`at most ${MAX_SOUNDS} sounds`);
}
