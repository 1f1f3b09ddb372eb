/**
 * The rules of English as they were written in code before they became data: what `PhoneticKeys` by the rules of
 * `data/languages/en/language.json` must give for every word. After Philips' Metaphone (1990), coarser.
 */
import { MAX_KEY_LENGTH } from '../../stores/phonetic/keys.ts';

const A = 0x41;
const F = 0x46;
const H = 0x48;
const K = 0x4b;
const L = 0x4c;
const M = 0x4d;
const N = 0x4e;
const P = 0x50;
const R = 0x52;
const S = 0x53;
const T = 0x54;
const W = 0x57;
const X = 0x58;
const NONE = 0;

/** What a letter sounds like when nothing is special about its place; from a to z. Vowels and y have no sound here. */
const PLAIN: readonly number[] = [
  NONE,
  P,
  K,
  T,
  NONE,
  F,
  K,
  NONE,
  NONE,
  K,
  K,
  L,
  M,
  N,
  NONE,
  P,
  K,
  R,
  S,
  T,
  NONE,
  F,
  W,
  S,
  NONE,
  S,
];

const LETTER_A = 0x61;

/** Writes the key of the word `units[0, length)` into `out` and returns its length. */
export function englishKey(units: Uint16Array, length: number, out: Uint8Array): number {
  let count = 0;
  let isFirst = true;
  for (let i = 0; i < length && count < MAX_KEY_LENGTH; i++) {
    const unit = units[i]!;
    if (unit === 0x27 || unit === 0x2d) continue;
    const letter = unit - LETTER_A;
    if (letter < 0 || letter > 25) return 0;
    const sound = soundAt(units, length, i, isFirst);
    isFirst = false;
    if (sound === NONE) continue;
    if (sound === KS) {
      count = push(out, count, K);
      count = push(out, count, S);
    } else {
      count = push(out, count, sound);
    }
  }
  return count;
}

/** The two sounds of x. */
const KS = 1;

function push(out: Uint8Array, count: number, sound: number): number {
  if (count >= MAX_KEY_LENGTH || (count > 0 && out[count - 1] === sound)) return count;
  out[count] = sound;
  return count + 1;
}

function soundAt(units: Uint16Array, length: number, i: number, isFirst: boolean): number {
  const next = i + 1 < length ? units[i + 1]! : 0;
  const before = i > 0 ? units[i - 1]! : 0;
  switch (units[i]) {
    case 0x61: // a
    case 0x65: // e
    case 0x69: // i
    case 0x6f: // o
    case 0x75: // u
    case 0x79: // y
      return isFirst ? A : NONE;
    case 0x63: // c: soft before e, i, y, then cc is one sound (accessories); ch
      if (isFrontVowel(next)) return S;
      if (next === 0x63 && i + 2 < length && isFrontVowel(units[i + 2]!)) return NONE;
      return next === 0x68 ? X : K;
    case 0x73: // s
      return next === 0x68 ? X : S;
    case 0x74: // t: tion, tial, tious sound as sh; silent before ch
      if (next === 0x69 && i + 2 < length && (units[i + 2] === 0x6f || units[i + 2] === 0x61)) return X;
      return next === 0x63 && i + 2 < length && units[i + 2] === 0x68 ? NONE : T;
    case 0x67: // g: hard and soft are one; silent in gn at the beginning, and in gh but at the beginning
      if (next === 0x68) return i === 0 ? K : NONE;
      if (next === 0x6e && isFirst) return NONE;
      return K;
    case 0x64: // d: silent before a soft g
      return next === 0x67 && i + 2 < length && isFrontVowel(units[i + 2]!) ? NONE : T;
    case 0x68: // h: part of what stands before it, or silent, but at the beginning
      return isFirst ? H : NONE;
    case 0x6b: // k: silent in kn at the beginning
      return next === 0x6e && isFirst ? NONE : K;
    case 0x70: // p: ph as f; silent in ps, pn, pt at the beginning
      if (next === 0x68) return F;
      return isFirst && (next === 0x73 || next === 0x6e || next === 0x74) ? NONE : P;
    case 0x77: // w: a consonant before a vowel and in wh at the beginning; silent in wr
      return isVowel(next) || (isFirst && next === 0x68) ? W : NONE;
    case 0x78: // x
      return isFirst ? S : KS;
    case 0x62: // b: silent after m at the end
      return before === 0x6d && i === length - 1 ? NONE : P;
    default:
      return PLAIN[units[i]! - LETTER_A]!;
  }
}

function isFrontVowel(unit: number): boolean {
  return unit === 0x65 || unit === 0x69 || unit === 0x79;
}

function isVowel(unit: number): boolean {
  return unit === 0x61 || unit === 0x65 || unit === 0x69 || unit === 0x6f || unit === 0x75 || unit === 0x79;
}
