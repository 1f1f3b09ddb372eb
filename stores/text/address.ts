/**
 * Web addresses, host names, file names and e-mail addresses, recognised at the start of a run of name characters.
 */
import {
  APOSTROPHE,
  BREAK,
  classOf,
  DIGIT,
  IGNORABLE,
  LETTER,
  LINE,
  MARK,
  QUOTE,
  SPACE,
  UNSPACED,
} from './char-class.ts';

/**
 * Last labels by which `name.label` is taken for a host or a file name without a scheme: the top-level domains that
 * people type, and endings of files. Endings that are English words stand in `WORDLIKE`.
 */
const ENDINGS = new Set(
  (
    'com org net edu gov mil int info biz name pro mobi app dev xyz shop store online site web blog tech cloud page club ' +
    'news live life world agency academy art bio design email games guide media music photo today wiki zone ' +
    'eu uk de fr es nl pl ru ua ca au nz jp cn tw hk kr br mx ar cl ch se dk fi cz gr hu ro bg ie pt tr il ae sa za ' +
    'sg ph th vn pk lk ir kz by lt lv ee si sk rs hr ai io tv fm gg ly cc ws рф su ' +
    'js ts jsx tsx mjs css html htm php asp aspx jsp cgi xml json yaml yml csv tsv txt md pdf doc docx xls xlsx ppt pptx ' +
    'odt rtf epub mobi jpg jpeg png gif svg bmp tif tiff webp ico mp3 mp4 avi mkv mov wav flac ogg zip rar gz tgz bz2 xz ' +
    'tar 7z iso exe dll msi apk deb rpm dmg jar bat ps1 py cpp hpp java log ini cfg conf sql db bak tmp'
  ).split(' '),
);
/** Taken for an ending in a query only, or after `www.`: in documents `end.It` is a missing space. */
const WORDLIKE = new Set('it is in me so to no be at as us am an do my go pm la co re id'.split(' '));

/** Whether `raw[start, end)`, a run of name characters, is a host or file name: labels joined by dots, a known ending. */
export function isDottedName(raw: string, start: number, end: number, inDocument: boolean): boolean {
  const lastDot = lastDotIn(raw, start, end);
  if (lastDot <= start || lastDot === end - 1 || raw.charCodeAt(start) === 0x2e) return false;
  for (let i = start; i < end; i++) {
    const unit = raw.charCodeAt(i);
    if (unit === 0x25 || unit === 0x2b) return false;
    if (unit === 0x2e && raw.charCodeAt(i + 1) === 0x2e) return false;
  }
  if (end - lastDot > 9) return false;
  const www = raw.slice(start, start + 4).toLowerCase() === 'www.';
  const ending = raw.slice(lastDot + 1, end);
  const folded = ending.toLowerCase();
  if (www) return lastDot > start + 3 || end - start > 6;
  if (inDocument && ending !== folded && ending !== ending.toUpperCase()) return false;
  if (isAllDigits(raw, start, lastDot) && folded.length < 3) return false;
  return ENDINGS.has(folded) || (!inDocument && WORDLIKE.has(folded) && lastDot - start >= 3);
}

/** The last dot of `raw[start, end)`, or -1. `lastIndexOf` would go on to the text's beginning. */
function lastDotIn(raw: string, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) {
    if (raw.charCodeAt(i) === 0x2e) return i;
  }
  return -1;
}

function isAllDigits(raw: string, start: number, end: number): boolean {
  for (let i = start; i < end; ) {
    const codePoint = raw.codePointAt(i) as number;
    if (codePoint !== 0x2e && classOf(codePoint) !== DIGIT) return false;
    i += codePoint > 0xffff ? 2 : 1;
  }
  return true;
}

/** Whether `raw[start, end)` is a scheme: ASCII letters, then letters, digits, `+`, `-`, `.`. */
export function isScheme(raw: string, start: number, end: number): boolean {
  if (start >= end || classOf(raw.charCodeAt(start)) !== LETTER) return false;
  for (let i = start; i < end; i++) {
    const unit = raw.charCodeAt(i);
    if (unit >= 128 || unit === 0x25 || unit === 0x5f) return false;
  }
  return true;
}

/** Where the domain of an e-mail address that starts at `at` ends (trailing dots and hyphens left out), or -1. */
export function domainEnd(raw: string, at: number): number {
  let end = scanName(raw, at);
  while (end > at && !isNameEnd(raw, end)) end--;
  const dot = lastDotIn(raw, at, end);
  if (dot <= at || end - dot < 3) return -1;
  for (let i = at; i < end; i++) {
    const unit = raw.charCodeAt(i);
    if (unit === 0x25 || unit === 0x2b || (unit === 0x2e && raw.charCodeAt(i + 1) === 0x2e)) return -1;
  }
  return end;
}

function isNameEnd(raw: string, end: number): boolean {
  const unit = raw.charCodeAt(end - 1);
  return unit !== 0x2e && unit !== 0x2d && unit !== 0x5f && unit !== 0x2b && unit !== 0x25;
}

/** The end of a run with its trailing `.`, `-`, `_`, `+`, `%` left out. */
export function trimName(raw: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && !isNameEnd(raw, trimmed)) trimmed--;
  return trimmed;
}

/** The end of the run of name characters at `start`: letters, digits, marks, `.`, `_`, `-`, `+`, `%`. */
export function scanName(raw: string, start: number): number {
  let i = start;
  while (i < raw.length) {
    const codePoint = raw.codePointAt(i) as number;
    const charClass = classOf(codePoint);
    if (charClass !== LETTER && charClass !== DIGIT && charClass !== MARK && charClass !== IGNORABLE) {
      if (codePoint !== 0x2e && codePoint !== 0x5f && codePoint !== 0x2d && codePoint !== 0x2b && codePoint !== 0x25) {
        break;
      }
    }
    i += codePoint > 0xffff ? 2 : 1;
  }
  return i;
}

/**
 * The end of an address or a field's value that runs from `start`: up to white space, a quote or an angle bracket
 * (with `stopAtParenthesis` also an unopened closing one), without the punctuation that belongs to the sentence.
 */
export function scanUntilSpace(raw: string, start: number, stopAtParenthesis: boolean): number {
  let open = 0;
  let i = start;
  while (i < raw.length) {
    const unit = raw.charCodeAt(i);
    const charClass = unit >= 0xd800 && unit <= 0xdfff ? UNSPACED : classOf(unit);
    if (charClass === SPACE || charClass === LINE || charClass === QUOTE) break;
    if (charClass === BREAK && unit >= 128) break;
    if (unit === 0x3c || unit === 0x3e || unit === 0x60) break;
    if (unit === 0x28) open++;
    if (unit === 0x29 && --open < 0) {
      if (stopAtParenthesis) break;
    }
    i++;
  }
  let end = i;
  while (end > start) {
    const unit = raw.charCodeAt(end - 1);
    if (unit === 0x29 && open < 0) open++;
    else if (unit >= 128 ? classOf(unit) !== APOSTROPHE : !TRAILING.has(unit)) break;
    end--;
  }
  return end;
}

/** `. , ; : ! ? ' ] } |` at the end of an address belong to the sentence around it. */
const TRAILING = new Set([0x2e, 0x2c, 0x3b, 0x3a, 0x21, 0x3f, 0x27, 0x5d, 0x7d, 0x7c]);
