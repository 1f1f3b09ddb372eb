/**
 * JSON as Querqy's properties take it: names without quotes, single quotes, leading zeros, control characters in strings. A name twice
 * is an error; a comma behind the last member is taken, with a warning.
 */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';

/** What stands in a text, or what is wrong with it. */
export type LenientJson =
  | { readonly value: Readonly<Record<string, JsonValue>>; readonly trailingComma: boolean }
  | { readonly wrong: string };

const NAME = /[\p{L}_$][\p{L}\p{N}_$.-]*/uy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/y;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const MAX_DEPTH = 100;

/** Reads an object. */
export function parseLenientJson(text: string): LenientJson {
  const reader = new Reader(text);
  try {
    return { value: reader.document(), trailingComma: reader.trailingComma };
  } catch (error) {
    if (error instanceof Wrong) return { wrong: error.message };
    throw error;
  }
}

class Wrong extends Error {}

class Reader {
  trailingComma = false;
  #at = 0;
  #depth = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Record<string, JsonValue> {
    this.#space();
    if (this.#text[this.#at] !== '{') throw this.#wrong('"{"');
    const value = this.#object();
    this.#space();
    if (this.#at < this.#text.length) throw this.#wrong('the end');
    return value;
  }

  #value(): JsonValue {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"' || first === "'") return this.#string();
    const number = this.#take(NUMBER);
    if (number !== undefined) return Number(number);
    const word = this.#take(NAME);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    throw this.#wrong('a value', (word ?? '').length);
  }

  #object(): Record<string, JsonValue> {
    this.#open();
    const names = new Set<string>();
    const members: [string, JsonValue][] = [];
    for (;;) {
      this.#space();
      if (this.#is('}')) break;
      const name = this.#name();
      if (names.has(name)) throw new Wrong(`the name "${name}" stands twice`);
      names.add(name);
      this.#space();
      if (!this.#is(':')) throw this.#wrong('":"');
      members.push([name, this.#value()]);
      if (this.#next('}')) break;
    }
    this.#depth--;
    return Object.fromEntries(members);
  }

  #array(): JsonValue[] {
    this.#open();
    const elements: JsonValue[] = [];
    for (;;) {
      this.#space();
      if (this.#is(']')) break;
      elements.push(this.#value());
      if (this.#next(']')) break;
    }
    this.#depth--;
    return elements;
  }

  #open(): void {
    this.#at++;
    if (++this.#depth > MAX_DEPTH) throw new Wrong(`expected at most ${MAX_DEPTH} levels`);
  }

  /** After a member: whether the end was read; else a comma was. */
  #next(end: string): boolean {
    this.#space();
    if (this.#is(end)) return true;
    if (!this.#is(',')) throw this.#wrong(`"," or "${end}"`);
    this.#space();
    if (this.#text[this.#at] === end) this.trailingComma = true;
    return false;
  }

  #name(): string {
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") return this.#string();
    const name = this.#take(NAME);
    if (name === undefined) throw this.#wrong('a name');
    return name;
  }

  #string(): string {
    const quote = this.#text[this.#at++];
    let out = '';
    while (this.#at < this.#text.length) {
      const sign = this.#text[this.#at] as string;
      if (sign === quote) {
        this.#at++;
        return out;
      }
      if (sign === '\\') {
        ESCAPE.lastIndex = this.#at;
        const found = ESCAPE.exec(this.#text);
        if (found === null) break;
        this.#at += found[0].length;
        const [, code, letter = ''] = found;
        out += code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
      } else {
        out += sign;
        this.#at++;
      }
    }
    throw this.#wrong('a closing quote');
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #is(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #wrong(expected: string, back = 0): Wrong {
    const found = this.#text.slice(this.#at - back, this.#at - back + 20);
    return new Wrong(`expected ${expected}, found ${found === '' ? 'the end' : JSON.stringify(found)}`);
  }
}
