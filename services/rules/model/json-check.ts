/** Reading values of unknown JSON: what is wrong is noted with its JSON pointer, and reading goes on. */
import type { ModelProblemCode, PointerProblem } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Bounds of a number; both inclusive. */
export interface NumberBounds {
  readonly least?: number;
  readonly most?: number;
  readonly integer?: boolean;
}

/** Longest text that a message repeats, code units. */
const SHOWN = 60;

/** Each method gives the value, or undefined with a problem noted. */
export class JsonCheck {
  readonly problems: PointerProblem[] = [];

  /** Notes a problem. */
  wrong(pointer: string, message: string, code: ModelProblemCode = 'bad-shape'): undefined {
    this.problems.push({ pointer, code, message });
    return undefined;
  }

  /** @param members all that it may have; absent: any */
  object(value: unknown, pointer: string, members?: readonly string[]): JsonObject | undefined {
    if (!isObject(value)) return this.#expected('an object', value, pointer);
    if (members !== undefined) {
      for (const name in value) {
        if (!members.includes(name) && Object.hasOwn(value, name)) {
          const expected = members.length === 0 ? 'none' : members.join(', ');
          this.wrong(childPointer(pointer, name), `unknown member; expected ${expected}`, 'unknown-member');
        }
      }
    }
    return value;
  }

  array(value: unknown, pointer: string): readonly unknown[] | undefined {
    return Array.isArray(value) ? value : this.#expected('an array', value, pointer);
  }

  /** Text without lone surrogates. @param least code units that it has at least @param ifEmpty what an empty one is then */
  text(value: unknown, pointer: string, least = 0, ifEmpty: ModelProblemCode = 'empty-text'): string | undefined {
    if (typeof value !== 'string') return this.#expected('text', value, pointer);
    if (value.length < least) return this.wrong(pointer, 'expected text, found the empty text', ifEmpty);
    if (!value.isWellFormed()) return this.wrong(pointer, 'expected Unicode text, found a lone surrogate');
    return value;
  }

  number(value: unknown, pointer: string, bounds: NumberBounds = {}): number | undefined {
    const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, integer = false } = bounds;
    const what = `${integer ? 'an integer' : 'a number'}${rangeOf(least, most)}`;
    if (typeof value !== 'number' || !Number.isFinite(value)) return this.#expected(what, value, pointer);
    const fits = value >= least && value <= most && (!integer || Number.isSafeInteger(value));
    return fits ? value : this.wrong(pointer, `expected ${what}, found ${shown(value)}`, 'bad-number');
  }

  flag(value: unknown, pointer: string): boolean | undefined {
    return typeof value === 'boolean' ? value : this.#expected('true or false', value, pointer);
  }

  choice<T extends string>(value: unknown, pointer: string, choices: readonly T[]): T | undefined {
    return choices.find((one) => one === value) ?? this.#expected(`one of ${choices.join(', ')}`, value, pointer);
  }

  /** Each element as `read` gives it; those with problems are left out. */
  list<T>(value: unknown, pointer: string, read: (value: unknown, pointer: string) => T | undefined): T[] | undefined {
    const elements = this.array(value, pointer);
    if (elements === undefined) return undefined;
    const all: T[] = [];
    for (const [i, element] of elements.entries()) {
      const one = read(element, childPointer(pointer, i));
      if (one !== undefined) all.push(one);
    }
    return all;
  }

  /** A list of texts. */
  texts(value: unknown, pointer: string, least = 0): string[] | undefined {
    return this.list(value, pointer, (element, at) => this.text(element, at, least));
  }

  /** What `read` gives of a member, or undefined where it is absent. */
  member<T>(
    object: JsonObject,
    name: string,
    pointer: string,
    read: (value: unknown, pointer: string) => T | undefined,
  ): T | undefined {
    return object[name] === undefined ? undefined : read(object[name], childPointer(pointer, name));
  }

  #expected(what: string, value: unknown, pointer: string): undefined {
    return this.wrong(pointer, `expected ${what}, found ${shown(value)}`);
  }
}

/** Whether a value is an object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The pointer of a member or an element. */
export function childPointer(pointer: string, step: string | number): string {
  if (typeof step === 'number') return `${pointer}/${step}`;
  return `${pointer}/${/[~/]/.test(step) ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step}`;
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 3)}...`;
}

/** An object without the members that are undefined. */
export function compact<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(members)) {
    const value = members[name as keyof T];
    if (value !== undefined) out[name] = value;
  }
  return out as T;
}

function rangeOf(least: number, most: number): string {
  if (least === Number.NEGATIVE_INFINITY) return most === Number.POSITIVE_INFINITY ? '' : ` of at most ${most}`;
  return most === Number.POSITIVE_INFINITY ? ` of at least ${least}` : ` of ${least} to ${most}`;
}
