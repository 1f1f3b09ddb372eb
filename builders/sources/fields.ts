import { InvalidLine } from '../errors.ts';

/**
 * The cells of a CSV record (RFC 4180), which may have line ends within quotes.
 *
 * @throws {InvalidLine} when a quote is not closed
 */
export function splitCsv(line: string, delimiter = ','): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let text = '';
      for (;;) {
        const quote = line.indexOf('"', at + 1);
        if (quote < 0) throw new InvalidLine('expected a closing quote, found the end of the line');
        text += line.slice(at + 1, quote);
        at = quote + 1;
        if (line[at] !== '"') break;
        text += '"';
      }
      const comma = line.indexOf(delimiter, at);
      cells.push(text + line.slice(at, comma < 0 ? line.length : comma));
      at = comma;
    } else {
      const comma = line.indexOf(delimiter, at);
      cells.push(line.slice(at, comma < 0 ? line.length : comma));
      at = comma;
    }
    if (at < 0) return cells;
    at++;
  }
}

/**
 * A line's JSON object.
 *
 * @throws {InvalidLine} when it is no JSON, or JSON of another kind
 */
export function parseJsonObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new InvalidLine(`expected a JSON object, found ${error instanceof Error ? error.message : 'something else'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidLine(`expected a JSON object, found ${Array.isArray(value) ? 'an array' : String(value)}`);
  }
  return value as Record<string, unknown>;
}

/**
 * Adds the texts under a path of property names to `out`: strings, numbers, and all of an array. Absent: none.
 *
 * @returns whether there is such a path, to texts or to something empty (null, an empty array)
 */
export function collectTexts(value: unknown, path: readonly string[], from: number, out: string[]): boolean {
  if (Array.isArray(value)) {
    let isMet = value.length === 0;
    for (const item of value) if (collectTexts(item, path, from, out)) isMet = true;
    return isMet;
  }
  if (from < path.length) {
    const name = path[from]!;
    if (value === null) return true;
    if (typeof value !== 'object' || !Object.hasOwn(value, name)) return false;
    return collectTexts((value as Record<string, unknown>)[name], path, from + 1, out);
  }
  if (typeof value === 'string') out.push(value);
  else if (typeof value === 'number') out.push(String(value));
  else return value === null;
  return true;
}

/**
 * A count as inputs write it: a whole number from 0.
 *
 * @param scale multiplies the count, which is then rounded: with it, fractions such as frequencies can be counts
 * @throws {InvalidLine} for anything else, also beyond 2^53-1, and for more than nothing that would be rounded to it
 */
export function parseCount(text: string, scale?: number): number {
  const trimmed = text.trim();
  const isNumber = scale === undefined ? /^\d{1,16}$/.test(trimmed) : /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed);
  const given = isNumber ? Number(trimmed) : Number.NaN;
  const count = scale === undefined ? given : Math.round(given * scale);
  if (Number.isSafeInteger(count) && (count > 0 || given === 0)) return count;
  const found = trimmed === '' ? 'nothing' : `"${trimmed.slice(0, 40)}"`;
  if (count === 0) {
    throw new InvalidLine(
      `expected a count of 1 or more when multiplied by ${scale}, found ${found}; raise --count-scale`,
    );
  }
  const isFraction = scale === undefined && /^(\d*\.\d+|\d+)(e[-+]?\d+)?$/i.test(trimmed) && Number(trimmed) < 2 ** 53;
  const advice = isFraction
    ? '; multiply by a number with --count-scale N'
    : /\d/.test(trimmed)
      ? '; write it with digits alone'
      : '';
  throw new InvalidLine(`expected a count, a whole number up to 2^53-1, found ${found}${advice}`);
}

/** Whether a cell could be a count. */
export function looksLikeCount(text: string): boolean {
  return /^\s*\d{1,16}\s*$/.test(text);
}
