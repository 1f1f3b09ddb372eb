import { tokeniseDocument } from '../../stores/text/tokenise.ts';
import { LEAST_TITLE_TERMS, MOST_TITLE_TERMS } from '../../stores/titles/format.ts';
import type { Input, InputDigest } from './input.ts';
import { type ReadLinesOptions, readLines } from './lines.ts';

/**
 * Reads titles, one a line: what works, people, places, products are called. Those of less than two or more than four terms, and those
 * with something in them that is no word are passed over.
 *
 * @param take given the terms of each
 * @returns how many lines were titles
 * @throws {BuildError} `BUILD_INPUT` as {@link readLines}
 */
export async function readTitles(
  input: Input,
  digest: InputDigest,
  options: ReadLinesOptions,
  take: (terms: readonly string[]) => void,
): Promise<number> {
  let count = 0;
  await readLines(input, digest, options, (bytes, start, end) => {
    const tokens = tokeniseDocument(bytes.toString('utf8', start, end));
    if (tokens.length < LEAST_TITLE_TERMS || tokens.length > MOST_TITLE_TERMS) return;
    if (tokens.some((token) => token.class !== 'word')) return;
    count++;
    take(tokens.map((token) => token.text));
  });
  return count;
}
