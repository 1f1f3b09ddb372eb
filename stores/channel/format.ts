/**
 * The trained error model: costs, in nats, of typing one group of letters where another was meant. A text file, a line a
 * group: `meant<TAB>typed<TAB>cost`, sorted; `^` stands for a word's edge; either side may be empty (a letter left out or
 * put in).
 */

/** Longest group on either side, in code units: `EDGE` included. */
export const MAX_GROUP = 3;
/** A word's edge, as a letter of its own. */
export const EDGE = '^';

export interface GroupCost {
  readonly meant: string;
  readonly typed: string;
  /** -ln P(typed | meant), 0 or more. */
  readonly cost: number;
}

/** The lines of a channel file, costs with two decimals. */
export function encodeChannel(costs: readonly GroupCost[]): string {
  return costs.map(({ meant, typed, cost }) => `${meant}\t${typed}\t${cost.toFixed(2)}\n`).join('');
}

/** Reads a channel file's text; lines that are not three fields with a number are skipped. */
export function decodeChannel(text: string): GroupCost[] {
  const costs: GroupCost[] = [];
  for (const line of text.split('\n')) {
    const [meant, typed, cost] = line.split('\t');
    if (meant === undefined || typed === undefined || cost === undefined) continue;
    costs.push({ meant, typed, cost: Number(cost) });
  }
  return costs;
}
