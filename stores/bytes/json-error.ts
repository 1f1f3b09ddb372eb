/** Where JSON text is wrong: what `JSON.parse` says of it differs from version to version, and often names no place. */

/** Deeper nesting is told as an error where it begins. */
const MAX_DEPTH = 10_000;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** What is wrong and where, both from 1; undefined for text that is JSON. */
export function findJsonError(text: string): { line: number; column: number; expected: string } | undefined {
  const scan = new Scan(text);
  const expected = scan.document();
  if (expected === undefined) return undefined;
  const before = text.slice(0, scan.at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected };
}

/** Each method returns what was expected where it stopped, or undefined when all was well. */
class Scan {
  at = 0;
  readonly #text: string;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): string | undefined {
    const wrong = this.#value();
    if (wrong !== undefined) return wrong;
    this.#space();
    return this.at === this.#text.length ? undefined : 'the end of the file';
  }

  #value(): string | undefined {
    this.#space();
    const first = this.#text[this.at];
    if (first === '{' || first === '[') {
      if (++this.#depth > MAX_DEPTH) return `at most ${MAX_DEPTH} levels`;
      this.at++;
      const wrong = first === '{' ? this.#members() : this.#elements();
      this.#depth--;
      return wrong;
    }
    if (first === '"') return this.#string();
    for (const word of ['true', 'false', 'null']) {
      if (this.#text.startsWith(word, this.at)) {
        this.at += word.length;
        return undefined;
      }
    }
    return this.#take(NUMBER) ? undefined : 'a value';
  }

  #members(): string | undefined {
    this.#space();
    if (this.#is('}')) return undefined;
    for (;;) {
      this.#space();
      if (this.#text[this.at] !== '"') return 'a name in double quotes';
      const wrong = this.#string();
      if (wrong !== undefined) return wrong;
      this.#space();
      if (!this.#is(':')) return '":"';
      const wrongValue = this.#value();
      if (wrongValue !== undefined) return wrongValue;
      this.#space();
      if (this.#is('}')) return undefined;
      if (!this.#is(',')) return '"," or "}"';
    }
  }

  #elements(): string | undefined {
    this.#space();
    if (this.#is(']')) return undefined;
    for (;;) {
      const wrong = this.#value();
      if (wrong !== undefined) return wrong;
      this.#space();
      if (this.#is(']')) return undefined;
      if (!this.#is(',')) return '"," or "]"';
    }
  }

  #string(): string | undefined {
    this.at++;
    for (;;) {
      while (this.#isPlain(this.#text.charCodeAt(this.at))) this.at++;
      if (this.#is('"')) return undefined;
      if (this.#text[this.at] !== '\\') return 'a closing quote';
      if (!this.#take(ESCAPE)) return 'an escape such as \\n or \\u00e9';
    }
  }

  /** Whether a character may stand in a string as it is; NaN is the end of the text. */
  #isPlain(unit: number): boolean {
    return unit >= 0x20 && unit !== 0x22 && unit !== 0x5c;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return false;
    this.at += found.length;
    return true;
  }

  #is(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  #space(): void {
    while (this.at < this.#text.length && ' \t\r\n'.includes(this.#text[this.at] as string)) this.at++;
  }
}
