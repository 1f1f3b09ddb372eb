/** Full-width and small forms of ASCII and currency signs, as East Asian keyboards type them: `５０％`, `ｃ＃`. */

const FIRST_FORM = 0xfe50;
const LAST_FORM = 0xffe6;
/**
 * Where anything is to be folded: a sign, a letter, a digit, or a comma or colon between digits. A text in Latin letters alone
 * is passed at once; a loop over code units takes three times as long over others.
 */
const HAS_FORMS =
  /[\ufe50-\ufe54\ufe56-\ufe58\ufe5b-\ufe6b\uff02-\uff07\uff0a\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uff5e\uffe0-\uffe6]|[0-9\uff10-\uff19][\uff0c\uff1a][0-9\uff10-\uff19]/;
const EACH = /[\ufe50-\uffe6]/g;
/**
 * What stays wide: these are common in Chinese text and break a sentence as they are, where a colon of the usual width would
 * make a field. Between digits comma and colon make a number (`１０：３０`).
 */
const STAY_WIDE = '！（）；？﹕';
const WIDE_COMMA = 0xff0c;
const WIDE_COLON = 0xff1a;

/** The usual form of each code unit from `FIRST_FORM` on; 0 if it has none. */
const FORMS = Uint16Array.from({ length: LAST_FORM - FIRST_FORM + 1 }, (_, i) => {
  const wide = String.fromCharCode(FIRST_FORM + i);
  const isForm = i < 0x20 || (i >= 0xff01 - FIRST_FORM && i <= 0xff5e - FIRST_FORM) || i >= 0xffe0 - FIRST_FORM;
  const form = isForm && !STAY_WIDE.includes(wide) ? wide.normalize('NFKC') : '';
  return form.length === 1 && form !== wide ? form.charCodeAt(0) : 0;
});

/**
 * The text with those forms in their usual width, so that a scanner knows one form of each sign. Offsets stay: every form is
 * one code unit for another. Allocates only where something is changed.
 */
export function foldWidth(raw: string): string {
  if (!HAS_FORMS.test(raw)) return raw;
  return raw.replace(EACH, (wide, at: number) => String.fromCharCode(narrow(wide.charCodeAt(0), at, raw)));
}

function narrow(unit: number, at: number, raw: string): number {
  const form = unit <= LAST_FORM ? (FORMS[unit - FIRST_FORM] as number) : 0;
  if (form === 0) return unit;
  if (unit !== WIDE_COMMA && unit !== WIDE_COLON) return form;
  return isDigit(raw.charCodeAt(at - 1)) && isDigit(raw.charCodeAt(at + 1)) ? form : unit;
}

/** 0-9 in either width. */
function isDigit(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0xff10 && unit <= 0xff19);
}
