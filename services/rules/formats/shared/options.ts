/** Options of a format: what `--option NAME=VALUE` may say. */
import { FormatError } from './errors.ts';

export interface FormatOption {
  readonly name: string;
  /** `flag`: true or false; `text`: anything; else one of these. */
  readonly values: 'flag' | 'text' | readonly string[];
  /** As it would be given. */
  readonly usual: string;
  readonly help: string;
}

/** Options as given, over what is usual. */
export class FormatOptions {
  readonly #values: ReadonlyMap<string, string>;

  /** @throws {FormatError} `FORMAT_OPTION` for an option or a value that the format does not have */
  constructor(options: readonly FormatOption[], given: Readonly<Record<string, string>> = {}, format = '') {
    for (const [name, value] of Object.entries(given)) {
      const option = options.find((one) => one.name === name);
      if (option === undefined) {
        const names = options.map((one) => one.name).join(', ') || 'none';
        throw new FormatError('FORMAT_OPTION', `${format}: unknown option "${name}"; expected ${names}`);
      }
      const allowed = option.values === 'flag' ? ['true', 'false'] : option.values;
      if (allowed !== 'text' && !allowed.includes(value)) {
        throw new FormatError(
          'FORMAT_OPTION',
          `${format}: ${name}: expected ${allowed.join(' or ')}, found "${value}"`,
        );
      }
    }
    this.#values = new Map(options.map(({ name, usual }) => [name, given[name] ?? usual]));
  }

  text(name: string): string {
    return this.#values.get(name) ?? '';
  }

  flag(name: string): boolean {
    return this.text(name) === 'true';
  }
}
