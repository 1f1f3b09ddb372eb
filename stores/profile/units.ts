/** `units.json`: the units of a language, and how they are written after a number. FORMAT.md beside this file describes every member. */
import { existsSync, readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { openStrict, type StrictFormat, type StrictValue } from '../json/strict-value.ts';

export const UNITS_FILE = 'units.json';

/** Raised when a reader of the version before could misread the units. */
export const UNITS_FORMAT_VERSION = 1;

const UNITS_FORMAT: StrictFormat = {
  format: 'emend-units',
  formatVersion: UNITS_FORMAT_VERSION,
  what: 'a table of units',
  remedy: 'correct the file, or restore it from a copy',
  versionRemedy: 'install the program anew',
};

/** A way to write a unit. */
export interface UnitSpelling {
  readonly unit: string;
  /** The unit of its kind, and what it is of that. */
  readonly normal: string;
  readonly multiplier: number;
  /** Whether it is one only right after the digits: `500g`. */
  readonly glued: boolean;
  /** Whether it is one, where it stands apart, only after a fraction: `1/2 in`. */
  readonly fraction: boolean;
  /** Numbers that it goes with: from, to, a multiple of, and whether without decimals. */
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly whole: boolean;
  /** Terms beside which it is none. */
  readonly notAfter: readonly string[];
  readonly notBefore: readonly string[];
}

/** The units of a language. */
export interface Units {
  /** By what is written, terms joined by single spaces: the first that fits counts. */
  readonly spellings: ReadonlyMap<string, readonly UnitSpelling[]>;
  /** Terms of the longest. */
  readonly longest: number;
}

/** Of a language without such a file. */
export const NO_UNITS: Units = Object.freeze({ spellings: new Map(), longest: 0 });

/**
 * Reads the units of a language, none if there is no file.
 *
 * @throws {StoreError} as {@link decodeUnits} does; `STORE_IO` when the file cannot be read
 */
export function readUnits(path: string): Units {
  if (!existsSync(path)) return NO_UNITS;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StoreError('STORE_IO', `${path}: reading units failed; restore the file`, { cause });
  }
  return decodeUnits(text, path);
}

/**
 * Reads the text of the file strictly.
 *
 * @param file for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for any other mistake
 */
export function decodeUnits(text: string, file: string): Units {
  const root = openStrict(text, file, UNITS_FORMAT).members(['format', 'formatVersion', 'kinds']);
  const spellings = new Map<string, UnitSpelling[]>();
  let longest = 0;
  for (const kind of root.kinds.list()) {
    const { normal, units } = kind.members(['normal', 'units']);
    for (const entry of units.list()) {
      const { unit, multiplier, spellings: written } = entry.members(['unit', 'multiplier', 'spellings']);
      const base = { unit: unit.text(), normal: normal.text(), multiplier: multiplier.numberIn(1e-15, 1e15) };
      for (const value of written.list()) {
        const spelling = readSpelling(value, base);
        const known = spellings.get(spelling.text);
        if (known === undefined) spellings.set(spelling.text, [spelling]);
        else known.push(spelling);
        longest = Math.max(longest, spelling.text.split(' ').length);
      }
    }
  }
  return { spellings, longest };
}

const LIMITS = ['glued', 'fraction', 'least', 'most', 'step', 'whole', 'notAfter', 'notBefore'] as const;

function readSpelling(
  value: StrictValue,
  base: Pick<UnitSpelling, 'unit' | 'normal' | 'multiplier'>,
): UnitSpelling & { readonly text: string } {
  const plain = value.isText();
  const { text, ...limits } = plain ? { text: value } : value.members(['text'], LIMITS);
  const { glued, fraction, least, most, step, whole, notAfter, notBefore } = limits as Partial<
    Record<(typeof LIMITS)[number], StrictValue>
  >;
  return {
    ...base,
    text: text.textLike(/^[^\s\d]+(?: [^\s\d]+)*$/, 'terms without digits, joined by single spaces'),
    glued: glued?.isTrue() ?? false,
    fraction: fraction?.isTrue() ?? false,
    least: least?.numberIn(0, 1e15) ?? 0,
    most: most?.numberIn(0, 1e15) ?? Number.POSITIVE_INFINITY,
    step: step?.numberIn(0, 1e15) ?? 0,
    whole: whole?.isTrue() ?? false,
    notAfter: notAfter?.list().map((term) => term.text()) ?? [],
    notBefore: notBefore?.list().map((term) => term.text()) ?? [],
  };
}
