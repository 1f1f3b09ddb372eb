/**
 * Numbers with a unit: `6 ft`, `1 1/2 inch`, `5kg`, `24"`. Only where it is sure that a unit is meant: a model (`300m`), a network (`5g`), a
 * resolution (`4k`) or one of two numbers in a row (`9 6 v`) yields none.
 */
import type { UnitSpelling, Units } from '../../../stores/profile/units.ts';
import type { Quantity } from '../answer.ts';
import { confidenceOf, isBeside, rawSpan, type TermRow } from './term-row.ts';

/** How often a number beside a unit of the table is a quantity: load/README.md says how that was judged. */
const PRECISION = 0.99;

const ZERO = 0x30;
const NINE = 0x39;

/** A number at the beginning of a term. */
interface ReadNumber {
  readonly value: number;
  readonly isFraction: boolean;
  readonly hasDecimals: boolean;
  /** Where the term goes on behind it. */
  readonly end: number;
}

/** The quantities of a row of terms. Cheap for a row without a term that begins with a digit. */
export function quantitiesIn(row: TermRow, units: Units): Quantity[] {
  const found: Quantity[] = [];
  if (units.longest === 0) return found;
  const { terms } = row;
  for (let at = 0; at < terms.length; at++) {
    if (!isDigit(terms[at]!.charCodeAt(0))) continue;
    const next = readQuantity(row, at, units, found);
    if (next > at) at = next - 1;
  }
  return found;
}

/** Reads a quantity that begins with term `first`. @returns the term after it, or `first` for none */
function readQuantity(row: TermRow, first: number, units: Units, found: Quantity[]): number {
  const { terms } = row;
  const number = readNumber(terms[first]!);
  if (number === undefined) return first;
  let { value, isFraction } = number;
  let last = first;
  if (first > 0 && isPlainNumber(terms[first - 1]!) && isBeside(row, first - 1)) return first;
  // One and a half, as two terms.
  if (number.end === terms[first]!.length && !isFraction && !number.hasDecimals && isBeside(row, first)) {
    const fraction = readNumber(terms[first + 1] ?? '');
    if (fraction?.isFraction === true && fraction.value < 1) {
      value += fraction.value;
      isFraction = true;
      last = first + 1;
    }
  }
  const { end } = last === first ? number : readNumber(terms[last]!)!;
  const read = { ...number, value, isFraction };
  const glued = terms[last]!.slice(end);
  if (glued !== '') {
    const feet = feetAndInches(glued, value);
    const spelling =
      feet === undefined ? fitting(row, units, glued, read, first, last + 1, true) : firstOf(units, 'ft');
    if (spelling === undefined) return first;
    return add(row, found, first, last + 1, feet ?? value, spelling);
  }
  let text = '';
  for (let to = last + 1; to <= Math.min(terms.length - 1, last + units.longest) && isBeside(row, to - 1); to++) {
    text += (text === '' ? '' : ' ') + terms[to]!;
    const spelling = fitting(row, units, text, read, first, to + 1, false);
    if (spelling !== undefined) return add(row, found, first, to + 1, value, spelling);
  }
  return first;
}

function add(row: TermRow, found: Quantity[], from: number, to: number, value: number, spelling: UnitSpelling): number {
  const { unit, normal, multiplier } = spelling;
  found.push({
    ...rawSpan(row, from, to),
    value,
    unit,
    normal: { value: rounded(value * multiplier), unit: normal },
    confidence: PRECISION * confidenceOf(row, from, to),
  });
  return to;
}

/** The spelling that a number goes with here. */
function fitting(
  { terms }: TermRow,
  units: Units,
  text: string,
  number: ReadNumber,
  from: number,
  to: number,
  isGlued: boolean,
): UnitSpelling | undefined {
  const written = isGlued && text.startsWith('-') ? text.slice(1) : text;
  return units.spellings.get(written)?.find((spelling) => {
    const { least, most, step, whole, notAfter, notBefore, glued, fraction } = spelling;
    if (glued && !isGlued) return false;
    if (fraction && !number.isFraction) return false;
    if (number.value < least || number.value > most) return false;
    if ((whole && number.hasDecimals) || (step > 0 && number.value % step !== 0)) return false;
    return !notAfter.includes(terms[from - 1] ?? '') && !notBefore.includes(terms[to] ?? '');
  });
}

function firstOf(units: Units, text: string): UnitSpelling | undefined {
  return units.spellings.get(text)?.[0];
}

/** Feet of `5'6"`, whose feet were read; undefined for anything else. */
function feetAndInches(rest: string, feet: number): number | undefined {
  if (!rest.startsWith("'") || rest.length < 2) return undefined;
  const inches = readNumber(rest.slice(1));
  if (inches === undefined || inches.value >= 12) return undefined;
  const end = rest.slice(1 + inches.end);
  return end === '"' || end === '' || end === "''" ? feet + inches.value / 12 : undefined;
}

function isPlainNumber(term: string): boolean {
  const number = readNumber(term);
  return number !== undefined && number.end === term.length;
}

/** Reads `12`, `1,000`, `2.5`, `1/2` and `1-1/2`. */
function readNumber(term: string): ReadNumber | undefined {
  let end = digitsFrom(term, 0);
  if (end === 0) return undefined;
  let digits = term.slice(0, end);
  // Thousands, three digits each.
  while (term[end] === ',' && digitsFrom(term, end + 1) === end + 4) {
    digits += term.slice(end + 1, end + 4);
    end += 4;
  }
  const whole = Number(digits);
  if (term[end] === '.' && digitsFrom(term, end + 1) > end + 1) {
    const stop = digitsFrom(term, end + 1);
    return { value: Number(`${digits}${term.slice(end, stop)}`), isFraction: false, hasDecimals: true, end: stop };
  }
  if (term[end] === '/') return readFraction(term, 0, 0);
  if (term[end] === '-' && digitsFrom(term, end + 1) > end + 1) return readFraction(term, end + 1, whole);
  return { value: whole, isFraction: false, hasDecimals: false, end };
}

function readFraction(term: string, start: number, whole: number): ReadNumber | undefined {
  const slash = digitsFrom(term, start);
  const end = digitsFrom(term, slash + 1);
  if (term[slash] !== '/' || end === slash + 1) return undefined;
  const over = Number(term.slice(start, slash));
  const under = Number(term.slice(slash + 1, end));
  // 24/7 and dates are none.
  if (under < 2 || under > 64 || over >= under) return undefined;
  return { value: whole + over / under, isFraction: true, hasDecimals: false, end };
}

function digitsFrom(term: string, start: number): number {
  let end = start;
  while (end < term.length && isDigit(term.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Without the noise of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
