/** Properties of a rule of Querqy: `@name: value` and `@{ ... }@`. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import { parseLenientJson } from './lenient-json.ts';

/** What a rule's lines of properties say, gathered line by line. */
export class PropertyLines {
  readonly #members = new Map<string, JsonValue>();
  #open: { readonly line: number; readonly lines: string[] } | undefined;

  /** Whether a block has been opened and not closed: all that follows belongs to it. */
  get open(): boolean {
    return this.#open !== undefined;
  }

  /** The line on which the open block began. */
  get openedAt(): number {
    return this.#open?.line ?? 0;
  }

  get members(): Readonly<Record<string, JsonValue>> {
    return Object.fromEntries(this.#members);
  }

  /** Takes a line. @returns what is wrong, and what to warn of */
  add(text: string, line: number): { readonly wrong?: string; readonly warning?: string } {
    if (this.#open === undefined && !text.startsWith('@{')) return this.#read(`{${text.slice(1)}}`);
    const block = this.#open ?? { line, lines: [] };
    const rest = this.#open === undefined ? text.slice(1) : text;
    const closes = rest.endsWith('}@') && !rest.endsWith('\\}@');
    block.lines.push(closes ? rest.slice(0, -1) : rest);
    this.#open = closes ? undefined : block;
    return closes ? this.#read(block.lines.join('\n')) : {};
  }

  #read(json: string): { readonly wrong?: string; readonly warning?: string } {
    const read = parseLenientJson(json);
    if ('wrong' in read) return { wrong: `properties: ${read.wrong}` };
    for (const [name, value] of Object.entries(read.value)) {
      if (this.#members.has(name)) return { wrong: `properties: the name "${name}" stands twice` };
      this.#members.set(name, value);
    }
    return read.trailingComma ? { warning: 'properties: a comma behind the last member, which Querqy may refuse' } : {};
  }
}
