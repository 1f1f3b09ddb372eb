/**
 * Where a value stands in a JSON text, so that it can be replaced without writing the rest anew: numbers keep their digits,
 * members their order, and white space stays. The texts were parsed before: what is read here is well-formed JSON.
 */

/** A stretch of a text, `[start, end)`. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The keys that a JSON pointer (RFC 6901) names; undefined for a text that is none.
 */
export function pointerKeys(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The span of the value at `keys`; undefined where there is none. Of members of one name the last counts, as for a parser. */
export function findValue(text: string, keys: readonly string[]): JsonSpan | undefined {
  let at = skipSpace(text, 0);
  for (const key of keys) {
    const inner = text[at] === '{' ? memberAt(text, at, key) : text[at] === '[' ? elementAt(text, at, key) : undefined;
    if (inner === undefined) return undefined;
    at = inner;
  }
  return { start: at, end: valueEnd(text, at) };
}

/** The text with a value in place of a span. */
export function replaceSpan(text: string, { start, end }: JsonSpan, value: string): string {
  return text.slice(0, start) + value + text.slice(end);
}

/**
 * The text of an object with the member `key` set: in its place where it is there, else behind all others.
 *
 * @param span of the object
 * @param value JSON text
 */
export function setMember(text: string, span: JsonSpan, key: string, value: string): string {
  const at = memberAt(text, span.start, key);
  if (at !== undefined) return replaceSpan(text, { start: at, end: valueEnd(text, at) }, value);
  const close = span.end - 1;
  const isEmpty = skipSpace(text, span.start + 1) === close;
  return replaceSpan(text, { start: close, end: close }, `${isEmpty ? '' : ','}${JSON.stringify(key)}:${value}`);
}

function memberAt(text: string, open: number, wanted: string): number | undefined {
  let found: number | undefined;
  for (let at = skipSpace(text, open + 1); text[at] === '"'; ) {
    const nameEnd = stringEnd(text, at);
    const value = skipSpace(text, skipSpace(text, nameEnd) + 1);
    if (JSON.parse(text.slice(at, nameEnd)) === wanted) found = value;
    at = skipSpace(text, valueEnd(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

function elementAt(text: string, open: number, wanted: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(wanted)) return undefined;
  let at = skipSpace(text, open + 1);
  for (let left = Number(wanted); at < text.length && text[at] !== ']'; left--) {
    if (left === 0) return at;
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  let at = start;
  if (first !== '{' && first !== '[') {
    while (at < text.length && !',]} \t\r\n'.includes(text[at] ?? '')) at++;
    return at;
  }
  for (let depth = 0; at < text.length; ) {
    const char = text[at];
    if (char === '"') {
      at = stringEnd(text, at);
      continue;
    }
    at++;
    if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) break;
  }
  return at;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at++;
  return at;
}
