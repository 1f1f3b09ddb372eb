/** Files of JSON: one document, or one a line. Values keep where they stand. */
import { findJsonError } from '../../../../stores/bytes/json-error.ts';
import { childPointer, isObject, type JsonObject, shown } from '../../model/json-check.ts';
import type { RuleSource } from '../../model/rule.ts';
import type { RuleImport } from './rule-import.ts';
import { fileText, linesOf } from './text.ts';

/** A value and where it stands. */
export interface Placed<T = unknown> {
  readonly value: T;
  readonly place: RuleSource;
}

/** The text of a file, with errors of its bytes noted; undefined where there is none to read. */
export function readText(bytes: Uint8Array, into: RuleImport): string | undefined {
  const { text, problems } = fileText(bytes);
  for (const { line, message } of problems) into.error('ENCODING', line === 0 ? {} : { line }, message);
  return problems.some(({ line }) => line === 0) ? undefined : text;
}

/** The documents of a file of JSON: one, or one a line; none, with an error noted, where it is no JSON. */
export function readJson(bytes: Uint8Array, into: RuleImport): Placed[] {
  const text = readText(bytes, into);
  return text === undefined ? [] : parseJson(text, into);
}

/** As {@link readJson}, of text. */
export function parseJson(text: string, into: RuleImport): Placed[] {
  const whole = tryParse(text);
  if (whole !== undefined) return [{ value: whole.value, place: { pointer: '' } }];
  const lines = linesOf(text);
  const documents: Placed[] = [];
  const full = lines.filter((line) => line.trim() !== '');
  const first = tryParse(full[0] ?? '');
  if (full.length < 2 || first === undefined || !isObject(first.value)) {
    const error = findJsonError(text);
    const where = error && { line: error.line };
    into.error(
      'SYNTAX',
      where ?? {},
      `no JSON: expected ${error?.expected ?? 'a value'}, column ${error?.column ?? 1}`,
    );
    return [];
  }
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = tryParse(line);
    const place = { line: i + 1, pointer: '' };
    if (parsed !== undefined) documents.push({ value: parsed.value, place });
    else {
      const error = findJsonError(line);
      into.error('SYNTAX', place, `no JSON: expected ${error?.expected ?? 'a value'}, column ${error?.column ?? 1}`);
    }
  }
  return documents;
}

/** The place of a member or an element. */
export function within(place: RuleSource, ...steps: readonly (string | number)[]): RuleSource {
  return {
    ...place,
    pointer: steps.reduce<string>((pointer, step) => childPointer(pointer, step), place.pointer ?? ''),
  };
}

/** The elements of an array or, where one alone may stand for it, that one. */
export function oneOrMany(value: unknown, place: RuleSource): Placed[] {
  if (!Array.isArray(value)) return [{ value, place }];
  return value.map((element, i) => ({ value: element, place: within(place, i) }));
}

/** A member that is text; undefined where it is absent, or no text. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a list of texts; undefined where it is not. */
export function textsOf(object: JsonObject, name: string): readonly string[] | undefined {
  const value = object[name];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return undefined;
  return value as string[];
}

/** `expected WHAT, found ...`. */
export function expected(what: string, value: unknown): string {
  return `expected ${what}, found ${shown(value)}`;
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
