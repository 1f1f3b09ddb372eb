import { readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { decodeChannel, EDGE, type GroupCost, MAX_GROUP } from './format.ts';

/** Cost of an edit that the training never saw, for each letter on either side. */
const UNSEEN_COST = 7.5;
/** Letters kept on each side of where two words differ: context for groups. */
const CONTEXT = MAX_GROUP - 1;

/**
 * -ln P(typed | meant) by trained groups of letters. The words' shared beginning and end cost nothing and are cut off but
 * for two letters of context, so the work depends on how far they differ, not on their length.
 */
export class GroupChannel {
  readonly #costs: Map<string, Map<string, number>>;

  constructor(costs: readonly GroupCost[]) {
    this.#costs = new Map();
    for (const { meant, typed, cost } of costs) {
      const ofMeant = this.#costs.get(meant) ?? new Map<string, number>();
      this.#costs.set(meant, ofMeant.set(typed, cost));
    }
  }

  /** The cost of the cheapest way to cut both words into groups, in nats. */
  cost(typedWord: string, meantWord: string): number {
    let typed = EDGE + typedWord + EDGE;
    let meant = EDGE + meantWord + EDGE;
    const shorter = Math.min(typed.length, meant.length);
    let start = 0;
    while (start < shorter && typed[start] === meant[start]) start++;
    if (start === typed.length && start === meant.length) return 0;
    let end = 0;
    while (end < shorter - start && typed[typed.length - 1 - end] === meant[meant.length - 1 - end]) end++;
    const from = Math.max(0, start - CONTEXT);
    const cut = Math.max(0, end - CONTEXT);
    typed = typed.slice(from, typed.length - cut);
    meant = meant.slice(from, meant.length - cut);
    return this.#cheapest(typed, meant);
  }

  #cheapest(typed: string, meant: string): number {
    const width = meant.length + 1;
    const table = new Float64Array((typed.length + 1) * width).fill(Number.POSITIVE_INFINITY);
    table[0] = 0;
    for (let i = 0; i <= typed.length; i++) {
      for (let j = 0; j <= meant.length; j++) {
        const here = table[i * width + j]!;
        if (here === Number.POSITIVE_INFINITY) continue;
        for (let m = 0; m <= MAX_GROUP && j + m <= meant.length; m++) {
          const ofMeant = this.#costs.get(meant.slice(j, j + m));
          for (let t = 0; t <= MAX_GROUP && i + t <= typed.length; t++) {
            if (m + t === 0) continue;
            const cost = here + groupCost(ofMeant, typed, i, t, meant, j, m);
            const at = (i + t) * width + j + m;
            if (cost < table[at]!) table[at] = cost;
          }
        }
      }
    }
    return table[table.length - 1]!;
  }
}

function groupCost(
  ofMeant: ReadonlyMap<string, number> | undefined,
  typed: string,
  i: number,
  t: number,
  meant: string,
  j: number,
  m: number,
): number {
  if (t === 1 && m === 1 && typed[i] === meant[j]) return 0;
  const trained = ofMeant?.get(typed.slice(i, i + t));
  if (trained !== undefined) return trained;
  return t <= 1 && m <= 1 ? UNSEEN_COST : Number.POSITIVE_INFINITY;
}

/**
 * Opens an error model's file.
 *
 * @throws {StoreError} `STORE_NOT_FOUND`, or as `decodeChannel`
 */
export function openChannel(path: string): GroupChannel {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StoreError('STORE_NOT_FOUND', `${path}: the error model cannot be read; build the dataset again`, {
      cause,
    });
  }
  return new GroupChannel(decodeChannel(text, path));
}
