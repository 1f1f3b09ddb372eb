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
  const [head, ...lines] = text.split('\n');
  const [magic, version] = head!.split('\t');
  if (magic !== CHANNEL_MAGIC) {
    throw new StoreError('STORE_FOREIGN', `${path}: not an error model (expected "${CHANNEL_MAGIC}" at its start)`);
  }
  if (version !== String(CHANNEL_VERSION)) {
    throw new StoreError(
      'STORE_VERSION',
      `${path}: error model format ${version}, this program reads ${CHANNEL_VERSION}; build the dataset again`,
    );
  }
  if (lines.pop() !== '') throw corruptLine(path, lines.length + 2, 'a line break at the end');
  return lines.map((line, i) => {
    const [meant, typed, cost, ...rest] = line.split('\t');
    if (meant === undefined || typed === undefined || rest.length > 0 || !COST.test(cost ?? '')) {
      throw corruptLine(path, i + 2, 'two groups of letters and a cost');
    }
    return { meant, typed, cost: Number(cost) };
  });
}

function corruptLine(path: string, line: number, expected: string): StoreError {
  return new StoreError('STORE_CORRUPT', `${path}:${line}: expected ${expected}; build the dataset again`);
}
