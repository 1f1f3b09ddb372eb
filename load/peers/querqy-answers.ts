/** What querqy-core makes of a query, in the form that is compared (`engine-reading.ts`). */
import type { Expanded } from './engine-reading.ts';

interface Node {
  readonly term?: string;
  readonly typed?: boolean;
  readonly weight?: number;
  readonly raw?: string;
  readonly any?: readonly Node[];
  readonly all?: readonly Node[];
}

/** A line that the program writes. */
export interface QuerqyAnswer {
  readonly query: string;
  readonly search: Node;
  readonly filters: readonly Node[];
  readonly up: readonly { readonly factor: number; readonly of: Node }[];
  readonly down: readonly { readonly factor: number; readonly of: Node }[];
  readonly decorations: readonly string[];
}

/** The same as `EngineReading.expanded`. */
export function expandedOf({ search, filters, up, down, decorations }: QuerqyAnswer): Expanded {
  // A deleted term's synonyms stay in querqy-core; in Emend they go with the term.
  const left = (search.all ?? []).filter(({ any = [] }) => any.some(({ typed }) => typed === true));
  const terms = left.map(({ any = [] }) => {
    const typed = new Set(any.filter((one) => one.typed === true).map(textOf));
    // It keeps a synonym that says what was typed.
    const others = any.filter((one) => one.typed !== true && !typed.has(textOf(one)));
    return [...new Set([...typed, ...others.map((one) => `${textOf(one)}^${weightOf(one) ?? 1}`)])].sort();
  });
  const more = [
    ...filters.map((one) => `filter ${textOf(one)}`),
    ...up.map(({ factor, of }) => `up ${textOf(of)} ${factor}`),
    ...down.map(({ factor, of }) => `down ${textOf(of)} ${factor}`),
    ...decorations.map((one) => `decorate  ${one}`),
  ];
  return { terms, more: [...new Set(more)].sort() };
}

function weightOf(node: Node): number | undefined {
  return node.weight ?? [...(node.all ?? []), ...(node.any ?? [])].map(weightOf).find((weight) => weight !== undefined);
}

function textOf({ term, raw, any = [], all = [] }: Node): string {
  return term ?? raw ?? [...any, ...all].map(textOf).join(' ');
}
