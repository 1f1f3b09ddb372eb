/**
 * The query syntax of Lucene and its kin: what is an operator. Each function answers where the operator that starts at
 * `at` ends, or -1, and looks at each code unit a bounded number of times however the query is made.
 */
import { classOf, LINE, SPACE } from './char-class.ts';

/** `AND`, `OR`, `NOT` as a whole word. */
export function isBooleanWord(raw: string, start: number, end: number): boolean {
  const length = end - start;
  if (length === 2) return raw.charCodeAt(start) === 0x4f && raw.charCodeAt(start + 1) === 0x52;
  if (length !== 3) return false;
  const word = raw.slice(start, end);
  return word === 'AND' || word === 'NOT';
}

/** `&&`, `||`, a parenthesis, a prefix `+`, `-`, `!`, a suffix `~2` or `^1.5`. */
export function operatorEnd(raw: string, at: number): number {
  const unit = raw.charCodeAt(at);
  if (unit === 0x28 || unit === 0x29) return at + 1;
  if (unit === 0x26 || unit === 0x7c) return raw.charCodeAt(at + 1) === unit ? at + 2 : -1;
  if (unit === 0x2b || unit === 0x2d || unit === 0x21) return isPrefixPosition(raw, at) ? at + 1 : -1;
  if (unit === 0x7e || unit === 0x5e) {
    if (at === 0 || isSpace(raw.charCodeAt(at - 1))) return -1;
    let end = at + 1;
    while (end < raw.length && isDecimal(raw.charCodeAt(end))) end++;
    return end;
  }
  return -1;
}

/** A range `[a TO b]`, `{a TO b}`, `[a TO b}`: no bracket inside. */
export function rangeEnd(raw: string, at: number): number {
  let hasTo = false;
  for (let i = at + 1; i < raw.length; i++) {
    const unit = raw.charCodeAt(i);
    if (unit === 0x5b || unit === 0x7b) return -1;
    if (unit === 0x5d || unit === 0x7d) return hasTo ? i + 1 : -1;
    if (unit === 0x54 && raw.charCodeAt(i + 1) === 0x4f && isSpace(raw.charCodeAt(i - 1))) {
      if (isSpace(raw.charCodeAt(i + 2))) hasTo = true;
    }
  }
  return -1;
}

/** A regular expression `/.../` that starts where a term may and ends where one may. */
export function regexEnd(raw: string, at: number): number {
  if (!isPrefixPosition(raw, at) && raw.charCodeAt(at - 1) !== 0x3a) return -1;
  for (let i = at + 1; i < raw.length; i++) {
    const unit = raw.charCodeAt(i);
    if (unit === 0x5c) i++;
    else if (unit === 0x2f) {
      const after = raw.charCodeAt(i + 1);
      const ends = i + 1 === raw.length || isSpace(after) || after === 0x29 || after === 0x7e || after === 0x5e;
      return ends && i > at + 1 ? i + 1 : -1;
    }
  }
  return -1;
}

/** A term that holds a wildcard `*`, `?` or an escape `\`: its end, or minus the end less one when it holds none. */
export function wildcardEnd(raw: string, at: number): number {
  let found = false;
  let i = at;
  for (; i < raw.length; i++) {
    const unit = raw.charCodeAt(i);
    if (unit === 0x5c) {
      found = true;
      if (i + 1 < raw.length) i++;
    } else if (unit === 0x2a || unit === 0x3f) found = true;
    else if (isSpace(unit) || DELIMITERS.has(unit)) break;
  }
  return found ? Math.min(i, raw.length) : -i - 1;
}

/** `( ) [ ] { } " ^ ~ :` end a term. */
const DELIMITERS = new Set([0x28, 0x29, 0x5b, 0x5d, 0x7b, 0x7d, 0x22, 0x5e, 0x7e, 0x3a]);

/**
 * For each opening parenthesis the index of the closing one, 0 where there is none; quotes and escapes hide them.
 */
export function matchParentheses(raw: string): Uint32Array {
  const close = new Uint32Array(raw.length);
  const open: number[] = [];
  let inQuotes = false;
  for (let i = 0; i < raw.length; i++) {
    const unit = raw.charCodeAt(i);
    if (unit === 0x5c) i++;
    else if (unit === 0x22) inQuotes = !inQuotes;
    else if (inQuotes) continue;
    else if (unit === 0x28) open.push(i);
    else if (unit === 0x29) {
      const start = open.pop();
      if (start !== undefined) close[start] = i;
    }
  }
  return close;
}

function isPrefixPosition(raw: string, at: number): boolean {
  if (at + 1 >= raw.length || isSpace(raw.charCodeAt(at + 1))) return false;
  if (at === 0) return true;
  const before = raw.charCodeAt(at - 1);
  return isSpace(before) || before === 0x28 || before === 0x2b || before === 0x2d || before === 0x21;
}

function isSpace(unit: number): boolean {
  const charClass = classOf(unit);
  return charClass === SPACE || charClass === LINE;
}

function isDecimal(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2e;
}
