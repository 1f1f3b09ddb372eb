import { StoreError } from '../errors.ts';

/**
 * A value of a small JSON file, read strictly: anything missing, unknown, of another type or out of range is a `StoreError`
 * `DATASET_INVALID` that names the file, the member, what was expected and what was found.
 */
export class StrictValue {
  readonly #value: unknown;
  readonly #source: Source;
  /** Its parent and its name there: the path is made only for an error. */
  readonly #parent: StrictValue | undefined;
  readonly #name: string | number;

  /**
   * @param value as `JSON.parse` gives it
   * @param source for messages
   */
  constructor(value: unknown, source: Source, parent?: StrictValue, name: string | number = '') {
    this.#value = value;
    this.#source = source;
    this.#parent = parent;
    this.#name = name;
  }

  /** Refuses the value. @param found shown in place of the value */
  fail(expected: string, found: unknown = this.#value): never {
    const shown = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80);
    const { file, remedy } = this.#source;
    const where = this.#parent === undefined ? 'the whole' : this.#where();
    throw new StoreError('DATASET_INVALID', `${file}: ${where}: expected ${expected}, found ${shown}; ${remedy}`);
  }

  /** The members of an object, which must have these, may have the optional ones, and has no others. */
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
    const members: Record<string, StrictValue> = {};
    for (const name of known) if (Object.hasOwn(value, name)) members[name] = this.#at(name, value[name]);
    return members as Record<Name, StrictValue> & Partial<Record<Optional, StrictValue>>;
  }

  /** The members of an object, of any names. */
  entries(): [name: string, value: StrictValue][] {
    return Object.entries(this.#object()).map(([name, value]) => [name, this.#at(name, value)]);
  }

  /** The items of a list. @param length the required number of items, if known */
  list(length?: number): StrictValue[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.fail('a list');
    if (length !== undefined && value.length !== length) return this.fail(`${length} items`, value.length);
    return value.map((item, i) => this.#at(i, item));
  }

  /** The items of a list of finite numbers, for long ones: the numbers need no objects of their own. */
  numbers(length?: number): number[] {
    const value = this.#value;
    const isPlain = Array.isArray(value) && value.length === (length ?? value.length) && value.every(Number.isFinite);
    return isPlain ? (value as number[]) : this.list(length).map((item) => item.number());
  }

  /** An object whose members are all read in the same way. */
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

  #at(name: string | number, value: unknown): StrictValue {
    return new StrictValue(value, this.#source, this, name);
  }

  #where(): string {
    const parent = this.#parent;
    const holder = parent === undefined || parent.#parent === undefined ? '' : parent.#where();
    if (typeof this.#name === 'number') return `${holder}[${this.#name}]`;
    return holder === '' ? this.#name : `${holder}.${this.#name}`;
  }
}

/** Where values come from, for messages. */
export interface Source {
  readonly file: string;
  /** What to do about a value that is wrong, such as `restore the file or tune again`. */
  readonly remedy: string;
}

/** What a small JSON file states about itself, and the remedies in messages about other files. */
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
 *   `DATASET_INVALID` for text that is not JSON
 */
export function openStrict(text: string, file: string, format: StrictFormat): StrictValue {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return new StrictValue(text.slice(0, 20), { file, remedy: format.remedy }).fail('JSON');
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
  return new StrictValue(root, { file, remedy: format.remedy });
}

interface Named {
  readonly format?: unknown;
  readonly formatVersion?: unknown;
}
