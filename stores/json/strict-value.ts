import { StoreError } from '../errors.ts';

/**
 * A value of a small JSON file, read strictly: what is missing, unknown, of another type or out of range is a `StoreError`
 * `DATASET_INVALID` that names the file, the member, what was expected and what was found.
 */
export class StrictValue {
  readonly #value: unknown;
  readonly #where: string;
  readonly #source: Source;

  /**
   * @param value as `JSON.parse` gives it
   * @param file for messages
   * @param remedy what to do about a value that is wrong, such as `restore the file or tune again`
   */
  constructor(value: unknown, file: string, remedy: string, where = '') {
    this.#value = value;
    this.#where = where;
    this.#source = { file, remedy };
  }

  /** Refuses the value. @param found shown in place of the value */
  fail(expected: string, found: unknown = this.#value): never {
    const shown = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80);
    const { file, remedy } = this.#source;
    const where = this.#where === '' ? 'the whole' : this.#where;
    throw new StoreError('DATASET_INVALID', `${file}: ${where}: expected ${expected}, found ${shown}; ${remedy}`);
  }

  /** The members of an object that has these, may have the optional ones, and has no others. */
  members<Name extends string, Optional extends string = never>(
    names: readonly Name[],
    optional: readonly Optional[] = [],
  ): Record<Name, StrictValue> & Partial<Record<Optional, StrictValue>> {
    const value = this.#object();
    const known: readonly string[] = [...names, ...optional];
    const extra = Object.keys(value).find((name) => !known.includes(name));
    if (extra !== undefined) return this.fail(known.join(', '), extra);
    const missing = names.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return this.#at(missing, undefined).fail('a value');
    const members = known
      .filter((name) => Object.hasOwn(value, name))
      .map((name) => [name, this.#at(name, value[name])]);
    return Object.fromEntries(members) as Record<Name, StrictValue> & Partial<Record<Optional, StrictValue>>;
  }

  /** The members of an object by whatever names it has. */
  entries(): [name: string, value: StrictValue][] {
    return Object.entries(this.#object()).map(([name, value]) => [name, this.#at(name, value)]);
  }

  /** The items of a list. @param length how many there must be, where that is known */
  list(length?: number): StrictValue[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.fail('a list');
    if (length !== undefined && value.length !== length) return this.fail(`${length} items`, value.length);
    const { file, remedy } = this.#source;
    return value.map((item, i) => new StrictValue(item, file, remedy, `${this.#where}[${i}]`));
  }

  /** An object whose members are all read alike. */
  record<T>(read: (value: StrictValue) => T): Record<string, T> {
    return Object.fromEntries(this.entries().map(([name, value]) => [name, read(value)]));
  }

  /** A finite number. */
  number(): number {
    return typeof this.#value === 'number' && Number.isFinite(this.#value) ? this.#value : this.fail('a number');
  }

  /** A finite number from `low` to `high`. */
  numberIn(low: number, high: number): number {
    const value = this.#value;
    return typeof value === 'number' && value >= low && value <= high
      ? value
      : this.fail(`a number from ${low} to ${high}`);
  }

  /** A whole number from `low` to `high`. */
  integerIn(low: number, high: number): number {
    const value = this.#value;
    return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
      ? (value as number)
      : this.fail(`a whole number from ${low} to ${high}`);
  }

  text(): string {
    return typeof this.#value === 'string' ? this.#value : this.fail('a text');
  }

  /** A text of a form. @param expected the form in words */
  textLike(form: RegExp, expected: string): string {
    const value = this.text();
    return form.test(value) ? value : this.fail(expected);
  }

  /** One of some texts. */
  oneOf<T extends string>(known: readonly T[]): T {
    const value = this.text();
    return known.find((one) => one === value) ?? this.fail(`one of ${known.join(', ')}`);
  }

  isNull(): boolean {
    return this.#value === null;
  }

  isTrue(): boolean {
    return this.#value === true;
  }

  isText(): boolean {
    return typeof this.#value === 'string';
  }

  #object(): Record<string, unknown> {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail('an object');
    return value as Record<string, unknown>;
  }

  #at(name: string, value: unknown): StrictValue {
    const { file, remedy } = this.#source;
    return new StrictValue(value, file, remedy, this.#where === '' ? name : `${this.#where}.${name}`);
  }
}

interface Source {
  readonly file: string;
  readonly remedy: string;
}

/** What a small JSON file of ours says of itself, and what to tell people whose file says something else. */
export interface StrictFormat {
  readonly format: string;
  readonly formatVersion: number;
  /** What such a file holds, with its article, such as `a model`. */
  readonly what: string;
  readonly remedy: string;
  /** What to do about a file of another version. */
  readonly versionRemedy: string;
}

/**
 * Reads the text of a small JSON file of ours as far as its format and version; its other members are the caller's.
 *
 * @param file for messages
 * @throws {StoreError} `STORE_FOREIGN` for JSON of something else, `STORE_VERSION` for another format version,
 *   `DATASET_INVALID` for what is no JSON
 */
export function openStrict(text: string, file: string, format: StrictFormat): StrictValue {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return new StrictValue(text.slice(0, 20), file, format.remedy).fail('JSON');
  }
  const { format: name, formatVersion } = (typeof root === 'object' && root !== null ? root : {}) as Named;
  if (name !== format.format) {
    throw new StoreError(
      'STORE_FOREIGN',
      `${file}: expected "format": "${format.format}", found another; this is not ${format.what}`,
    );
  }
  if (formatVersion !== format.formatVersion) {
    const found = formatVersion === undefined ? 'none' : JSON.stringify(formatVersion);
    throw new StoreError(
      'STORE_VERSION',
      `${file}: expected format version ${format.formatVersion} of ${format.what}, found ${found}; ${format.versionRemedy}`,
    );
  }
  return new StrictValue(root, file, format.remedy);
}

interface Named {
  readonly format?: unknown;
  readonly formatVersion?: unknown;
}
