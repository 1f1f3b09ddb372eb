/**
 * A glued run: letters and digits with what joins them (`3.5`, `don't`, `SKU-12A`, `24-inch`), taken apart into pieces
 * at its hyphens and put together again as words, numbers and part numbers.
 */
import { APOSTROPHE, classAt, classOf, DIGIT, IGNORABLE, isHyphen, LETTER, MARK } from './char-class.ts';
import { normalise } from './normalise.ts';

/** Units, ordinals and magnitudes that may stick to a number and leave it a number. */
const UNITS = new Set(
  (
    'a ah am amp amps b bar bit bits c cal cc ch cl cm cm2 cm3 cu cfm ct cv d day days db dbi deg dl dm dpi eur ' +
    'f feet fl floz foot fps ft ft2 ft3 ftlb g ga gal gallon gallons gb gbps gbs ghz gib gm gms gpm gr gram ' +
    'grams gs gsm h hp hr hrs hz in inch inches j k kb kbps kcal kg kgs khz kib km kmh kn kpa kph kv kva kvar ' +
    'kw kwh l lb lbs lm lt ltr lux m m2 m3 ma mah mb mbps mg mhz mi mib mil mils min mins month months ml mm ' +
    'mm2 mn mp mpa mpg mph ms mv mw n nd nm ns ounce ounces oz p pack packs pc pcs pin pk pm ply ppi ppm pr psi ' +
    'pt pts px qt rd rpm s sec secs sf shp sq sqft sqm st t tb tbs tbsp th tib ton tons tsp u us usd v va vac ' +
    'vdc vol volt volts w watt watts week weeks wh wt x xl y yard yards yd yds year years yr yrs z µg µm µl μg ' +
    'μm μl μf uf ω мм см м км кг г мг л мл шт гб мб тб вт квт в а ом руб'
  ).split(' '),
);

/** Letters of the longest unit. */
export const MOST_UNIT_LETTERS = 8;

/** Whether `text`, in lower case, may stick to a number and leave it a number: a unit, an ordinal's ending, a magnitude. */
export function isUnit(text: string): boolean {
  return UNITS.has(text);
}

/** One piece of a run: `[start, end)`, and what it is made of. */
export interface Piece {
  start: number;
  end: number;
  hasLetter: boolean;
  hasDigit: boolean;
  /** All of it ASCII without capitals: the text of its token is the slice itself. */
  plain: boolean;
}

/** A piece with nothing in it, for `scanPiece` to fill. */
export function newPiece(): Piece {
  return { start: 0, end: 0, hasLetter: false, hasDigit: false, plain: true };
}

/**
 * Fills `piece` with the piece at `start`: letters and digits with their marks; an apostrophe between letters or after a
 * digit; `. , / :` (in Arabic digits `٫ ٬`) and `×` between digits; `°` after a digit. Each code unit is looked at once.
 */
export function scanPiece(raw: string, start: number, piece: Piece): void {
  piece.start = start;
  piece.hasLetter = false;
  piece.hasDigit = false;
  piece.plain = true;
  let lastClass = 0;
  let i = start;
  while (i < raw.length) {
    let unit = raw.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) unit = raw.codePointAt(i) as number;
    const charClass = classOf(unit);
    if (charClass === LETTER) {
      piece.hasLetter = true;
      lastClass = LETTER;
      if (unit < 0x61) piece.plain = false;
    } else if (charClass === DIGIT) {
      piece.hasDigit = true;
      lastClass = DIGIT;
    } else if (charClass !== MARK && charClass !== IGNORABLE) {
      if (!joins(unit, charClass, lastClass, raw, i)) break;
      if (unit === 0x60) piece.plain = false;
    }
    if (unit >= 0x80) piece.plain = false;
    i += unit > 0xffff ? 2 : 1;
  }
  piece.end = i;
}

function joins(unit: number, charClass: number, lastClass: number, raw: string, at: number): boolean {
  if (unit === 0xb0) return lastClass === DIGIT;
  if (at + 1 >= raw.length) return false;
  const next = classAt(raw, at + 1);
  if (charClass === APOSTROPHE) {
    if (lastClass === LETTER) return next === LETTER;
    // The Catalan middle dot and Hebrew marks join letters only; minutes and feet are of the other kind.
    return lastClass === DIGIT && unit !== 0xb7 && (next === DIGIT || next === LETTER);
  }
  if (lastClass !== DIGIT || next !== DIGIT) return false;
  if (unit === 0x2e || unit === 0x2c || unit === 0x2f || unit === 0x3a || unit === 0xd7 || unit === 0x2044) return true;
  return unit === 0x66b || unit === 0x66c;
}

/**
 * The end of a number with what sticks to its end: `50%`, `50+`, `90℃`, `10㎜`, `5'`, `6"` (only with `inches`), `20€`.
 */
export function scanNumberTail(raw: string, end: number, inches: boolean): number {
  const unit = raw.charCodeAt(end);
  const next = classAt(raw, end + 1);
  const free = next !== LETTER && next !== DIGIT;
  if (unit === 0x25 || (unit >= 0x80 && (isPercent(unit) || isUnitSign(unit)))) return end + 1;
  if (unit === 0x2b) return free ? end + 1 : end;
  if (unit === 0x27 || unit === 0x2032) {
    if (raw.charCodeAt(end + 1) === unit) return inches && classAt(raw, end + 2) !== LETTER ? end + 2 : end;
    return free ? end + 1 : end;
  }
  if (unit === 0x22 || unit === 0x2033 || unit === 0x201d) return inches && free ? end + 1 : end;
  if (isCurrency(unit)) return next !== DIGIT ? end + 1 : end;
  return end;
}

/** Per mille and per ten thousand, and these and percent as Arabic writes them. */
function isPercent(unit: number): boolean {
  return unit === 0x66a || (unit >= 0x609 && unit <= 0x60a) || (unit >= 0x2030 && unit <= 0x2031);
}

/** Units in one character: ℃, ℉, and those that East Asia writes into a square (㎜, ㎏, ㎡). */
function isUnitSign(unit: number): boolean {
  return unit === 0x2103 || unit === 0x2109 || (unit >= 0x3371 && unit <= 0x337a) || (unit >= 0x3380 && unit <= 0x33df);
}

/** Whether a code unit is a currency sign that may stand before or after a number. */
export function isCurrency(unit: number): boolean {
  return unit === 0x24 || (unit >= 0xa2 && unit <= 0xa5) || (unit >= 0x20a0 && unit <= 0x20c0);
}

/** The end of a name that ends in signs, `c++`, `c#`, `notepad++`, or `end` when there are none. */
export function scanNameSigns(raw: string, end: number): number {
  const unit = raw.charCodeAt(end);
  let after = end;
  if (unit === 0x23) after = end + 1;
  else if (unit === 0x2b && raw.charCodeAt(end + 1) === 0x2b) after = end + 2;
  if (after === end) return end;
  const next = classAt(raw, after);
  return next === LETTER || next === DIGIT || raw.charCodeAt(after) === raw.charCodeAt(after - 1) ? end : after;
}

/** Whether a piece with digits is a number, perhaps with a unit (`10mm`) or measures (`2x4`), rather than a part number. */
export function isNumeric(raw: string, piece: Piece): boolean {
  if (!piece.hasDigit) return false;
  if (!piece.hasLetter) return true;
  let lettersFrom = -1;
  let letters = 0;
  for (let i = piece.start; i < piece.end; ) {
    let codePoint = raw.charCodeAt(i);
    if (codePoint >= 0xd800 && codePoint < 0xdc00) codePoint = raw.codePointAt(i) as number;
    const charClass = classOf(codePoint);
    if (charClass === LETTER) {
      if (lettersFrom < 0) lettersFrom = i;
      letters++;
    } else if (charClass === DIGIT && lettersFrom >= 0) {
      if (letters !== 1 || lettersFrom === piece.start || !isTimes(raw, lettersFrom, i)) return false;
      lettersFrom = -1;
      letters = 0;
    }
    if (letters > MOST_UNIT_LETTERS) return false;
    i += codePoint > 0xffff ? 2 : 1;
  }
  if (lettersFrom === piece.start) return false;
  if (lettersFrom < 0) return true;
  const unit = raw.slice(lettersFrom, piece.end);
  if (piece.plain) return UNITS.has(unit);
  return UNITS.has(unit.toLowerCase()) || UNITS.has(normalise(unit));
}

/** Whether the letter `raw[start, end)` is an x in any of its forms: `2x4`. */
function isTimes(raw: string, start: number, end: number): boolean {
  if (end - start === 1 && raw.charCodeAt(start) < 0x80) return (raw.charCodeAt(start) | 0x20) === 0x78;
  return normalise(raw.slice(start, end)) === 'x';
}

/** Whether a hyphen stands at `at` with a letter or digit right after it. */
export function isJoiningHyphen(raw: string, at: number): boolean {
  if (at + 1 >= raw.length || !isHyphen(raw.charCodeAt(at))) return false;
  const next = classAt(raw, at + 1);
  return next === LETTER || next === DIGIT;
}

/** Whether `raw[start, end)`, a word, is a single letter with its marks. */
export function isOneLetter(raw: string, start: number, end: number): boolean {
  const first = raw.codePointAt(start) as number;
  for (let i = start + (first > 0xffff ? 2 : 1); i < end; ) {
    const codePoint = raw.codePointAt(i) as number;
    const charClass = classOf(codePoint);
    if (charClass !== MARK && charClass !== IGNORABLE) return false;
    i += codePoint > 0xffff ? 2 : 1;
  }
  return true;
}
