/**
 * Filters over the properties of rules, in a small part of JsonPath: `$[?(@.tenant == 'x' && @.level > 2)]`.
 *
 * A path is `@.name`, `@['name']` or `@.name.inner`. A comparison is one of `== != < <= > >=` with a number, a text in single or double
 * quotes, true, false or null; `path in [a, b]`, `path nin [a, b]`; `path contains a`, of a list or a text; or a path alone, which holds
 * where it is there. `&&`, `||`, `!` and parentheses join them. Nothing else of JsonPath is read: no steps from element to element, no regular
 * expressions, no functions, so that a filter takes time in proportion to its length.
 */
import type { Json } from './rule-engine.ts';

/** Longest filter, in code units, and how deep it may be nested. */
export const MAX_FILTER_UNITS = 1000;
const MAX_NESTING = 32;

/** Whether properties pass. */
export type PropertyFilter = (properties: Readonly<Record<string, Json>>) => boolean;

/** What is wrong with a filter. */
export class FilterError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FilterError';
  }
}

const TOKEN =
  /\s*(?:(==|!=|<=|>=|<|>|&&|\|\||!|\(|\)|\[|\]|,)|(@(?:\.[\p{L}_][\p{L}\p{N}_-]*|\['[^'\\]*'\]|\["[^"\\]*"\])*)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(in|nin|contains|true|false|null)(?![\p{L}\p{N}_]))/uy;

interface Token {
  readonly kind: 'sign' | 'path' | 'value' | 'word' | 'end';
  readonly text: string;
  readonly value: Json;
}

/** @throws {FilterError} for anything that is no filter */
export function parseFilter(text: string): PropertyFilter {
  if (text.length > MAX_FILTER_UNITS)
    throw new FilterError(`a filter of ${text.length} code units; at most ${MAX_FILTER_UNITS}`);
  const inner = /^\s*\$\s*\[\s*\?\s*\(([\s\S]*)\)\s*\]\s*$/.exec(text)?.[1];
  if (inner === undefined) throw new FilterError('a filter is "$[?(...)]", for example $[?(@.tenant == \'x\')]');
  return new Parser(tokensOf(inner)).filter();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new FilterError(`cannot be read from "${text.slice(at).trim().slice(0, 30)}" on`);
    at = TOKEN.lastIndex;
    const [, sign, path, number, single, double, word] = match;
    const quoted = single ?? double;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, value: null });
    else if (path !== undefined) tokens.push({ kind: 'path', text: path, value: null });
    else if (number !== undefined) tokens.push({ kind: 'value', text: number, value: Number(number) });
    else if (quoted !== undefined) tokens.push({ kind: 'value', text: quoted, value: quoted.replace(/\\(.)/g, '$1') });
    else if (word === 'true' || word === 'false') tokens.push({ kind: 'value', text: word, value: word === 'true' });
    else if (word === 'null') tokens.push({ kind: 'value', text: word, value: null });
    else tokens.push({ kind: 'word', text: word!, value: null });
  }
  return tokens;
}

const END: Token = { kind: 'end', text: 'the end', value: null };

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  filter(): PropertyFilter {
    const filter = this.#either();
    if (this.#next !== END) throw new FilterError(`expected && or ||, found "${this.#next.text}"`);
    return filter;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #takes(sign: string): boolean {
    if (this.#next.kind === 'value' || this.#next.text !== sign) return false;
    this.#at++;
    return true;
  }

  #either(): PropertyFilter {
    const parts = [this.#both()];
    while (this.#takes('||')) parts.push(this.#both());
    return parts.length === 1 ? parts[0]! : (properties) => parts.some((part) => part(properties));
  }

  #both(): PropertyFilter {
    const parts = [this.#one()];
    while (this.#takes('&&')) parts.push(this.#one());
    return parts.length === 1 ? parts[0]! : (properties) => parts.every((part) => part(properties));
  }

  #one(): PropertyFilter {
    if (++this.#depth > MAX_NESTING) throw new FilterError(`nested more than ${MAX_NESTING} deep`);
    try {
      if (this.#takes('!')) {
        const inner = this.#one();
        return (properties) => !inner(properties);
      }
      if (!this.#takes('(')) return this.#comparison();
      const inner = this.#either();
      if (!this.#takes(')')) throw new FilterError(`expected ")", found "${this.#next.text}"`);
      return inner;
    } finally {
      this.#depth--;
    }
  }

  #comparison(): PropertyFilter {
    const { kind, text } = this.#next;
    if (kind !== 'path') throw new FilterError(`expected a path such as @.name, found "${text}"`);
    this.#at++;
    const names = [...text.matchAll(/\.([^.[\]]+)|\['([^']*)'\]|\["([^"]*)"\]/g)].map(
      ([, a, b, c]) => a ?? b ?? c ?? '',
    );
    const of = (properties: Readonly<Record<string, Json>>): Json | undefined => valueAt(properties, names);
    for (const [sign, holds] of COMPARISONS) {
      if (!this.#takes(sign)) continue;
      const right = this.#value();
      return (properties) => holds(of(properties), right);
    }
    if (this.#takes('contains')) {
      const right = this.#value();
      return (properties) => containsValue(of(properties), right);
    }
    const isIn = this.#takes('in');
    if (!isIn && !this.#takes('nin')) return (properties) => of(properties) !== undefined;
    const values = this.#list();
    return (properties) => {
      const left = of(properties);
      return values.some((value) => value === left) === isIn;
    };
  }

  #value(): Json {
    const { kind, text, value } = this.#next;
    if (kind !== 'value') throw new FilterError(`expected a number, a text, true, false or null, found "${text}"`);
    this.#at++;
    return value;
  }

  #list(): Json[] {
    if (!this.#takes('[')) throw new FilterError(`expected a list such as [1, 2], found "${this.#next.text}"`);
    const values = [this.#value()];
    while (this.#takes(',')) values.push(this.#value());
    if (!this.#takes(']')) throw new FilterError(`expected "]", found "${this.#next.text}"`);
    return values;
  }
}

/** Longer signs first. Only numbers with numbers and texts with texts have an order. */
const COMPARISONS: readonly (readonly [string, (left: Json | undefined, right: Json) => boolean])[] = [
  ['==', (left, right) => left === right],
  ['!=', (left, right) => left !== right],
  ['<=', (left, right) => isOrdered(left, right) && left! <= right!],
  ['>=', (left, right) => isOrdered(left, right) && left! >= right!],
  ['<', (left, right) => isOrdered(left, right) && left! < right!],
  ['>', (left, right) => isOrdered(left, right) && left! > right!],
];

function isOrdered(left: Json | undefined, right: Json): boolean {
  return typeof left === typeof right && (typeof left === 'number' || typeof left === 'string');
}

function containsValue(left: Json | undefined, right: Json): boolean {
  if (Array.isArray(left)) return left.includes(right);
  return typeof left === 'string' && typeof right === 'string' && left.includes(right);
}

function valueAt(properties: Readonly<Record<string, Json>>, names: readonly string[]): Json | undefined {
  let value: Json | undefined = properties as Json;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, Json>>)[name];
  }
  return value;
}

const SORT = /^\s*(\S+)\s+(asc|desc)\s*$/i;

/** The property and the direction that a `sort` names; undefined for anything else. */
export function parseSort(text: string): { readonly property: string; readonly isFalling: boolean } | undefined {
  const [, property, direction] = SORT.exec(text) ?? [];
  return property === undefined ? undefined : { property, isFalling: direction!.toLowerCase() === 'desc' };
}
