import { baseUrl } from './already-running.ts';

/** The figures of a server's /metrics: `name{labels}` -> value. */
export type Figures = ReadonlyMap<string, number>;

/** Asks a server for its figures. Reading them also starts its event loop delays anew. Empty where it has none. */
export async function readFigures(server: { readonly host: string; readonly port: number }): Promise<Figures> {
  const response = await fetch(`${baseUrl(server)}/metrics`);
  const text = await response.text();
  return response.ok ? parseFigures(text) : new Map();
}

/** Reads the text format of Prometheus as far as names, labels and values go. */
export function parseFigures(text: string): Figures {
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    figures.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return figures;
}

/** How much a counter grew; with a prefix, all that begin so together. */
export function growth(before: Figures, after: Figures, prefix: string): number {
  let sum = 0;
  for (const [name, value] of after) {
    if (name.startsWith(prefix)) sum += value - (before.get(name) ?? 0);
  }
  return sum;
}

/** How much each counter of a family grew, by the value of one label. */
export function growthBy(before: Figures, after: Figures, family: string, label: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, value] of after) {
    const of = name.startsWith(`${family}{`) ? new RegExp(`${label}="([^"]*)"`).exec(name)?.[1] : undefined;
    if (of !== undefined) sums.set(of, (sums.get(of) ?? 0) + value - (before.get(name) ?? 0));
  }
  return sums;
}
