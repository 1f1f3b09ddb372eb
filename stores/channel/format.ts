/**
 * The trained error model: costs, in nats, of typing one group of letters where another was meant. A text file: a first
 * line `emend-channel<TAB>1`, then a line a group, `meant<TAB>typed<TAB>cost`, sorted; `^` stands for a word's edge; either
 * side may be empty (a letter left out or put in).
 */

import { StoreError } from '../errors.ts';

const CHANNEL_MAGIC = 'emend-channel';
export const CHANNEL_VERSION = 1;

/** Longest group on either side, in code units: `EDGE` included. */
export const MAX_GROUP = 3;
/** A word's edge, as a letter of its own. */
export const EDGE = '^';

/** Cost of an edit that the training never saw, for each letter on either side. */
export const UNSEEN_COST = 7.5;

export interface GroupCost {
  readonly meant: string;
  readonly typed: string;
  /** -ln P(typed | meant), 0 or more. */
  readonly cost: number;
}

/** A cost as it is written; `Number` alone would take blanks for 0. */
const COST = /^\d+(\.\d+)?$/;

/** The lines of a channel file, costs with two decimals. */
export function encodeChannel(costs: readonly GroupCost[]): string {
  const lines = costs.map(({ meant, typed, cost }) => `${meant}\t${typed}\t${cost.toFixed(2)}\n`);
  return `${CHANNEL_MAGIC}\t${CHANNEL_VERSION}\n${lines.join('')}`;
}

/**
 * Reads a channel file's text; `path` is for messages.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION`, `STORE_CORRUPT`
 */
export function decodeChannel(text: string, path: string): GroupCost[] {
  const headEnd = text.indexOf('\n');
  const [magic, version] = text.slice(0, headEnd < 0 ? text.length : headEnd).split('\t');
  if (magic !== CHANNEL_MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: not an error model (expected "${CHANNEL_MAGIC}" at its start)`);
  }
  if (version !== String(CHANNEL_VERSION)) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: error model format ${version}, this program reads ${CHANNEL_VERSION}; build the dataset again`,
    );
  }
  const costs: GroupCost[] = [];
  if (headEnd < 0) throw corruptLine(path, 2, 'a line break at the end');
  // By hand rather than by `split`: thousands of lines, read at every start by code that is not compiled yet.
  for (let at = headEnd + 1; at < text.length; ) {
    const end = text.indexOf('\n', at);
    if (end < 0) throw corruptLine(path, costs.length + 2, 'a line break at the end');
    const typedAt = text.indexOf('\t', at) + 1;
    const costAt = text.indexOf('\t', typedAt) + 1;
    // A third column that is more than a cost is none.
    const cost = text.slice(costAt, end);
    if (typedAt === 0 || costAt === 0 || costAt > end || !COST.test(cost)) {
      throw corruptLine(path, costs.length + 2, 'two groups of letters and a cost');
    }
    costs.push({ meant: text.slice(at, typedAt - 1), typed: text.slice(typedAt, costAt - 1), cost: Number(cost) });
    at = end + 1;
  }
  return costs;
}

function corruptLine(path: string, line: number, expected: string): StoreError {
  return new StoreError('STORE_CORRUPT', `${path}:${line}: expected ${expected}; build the dataset again`);
}
