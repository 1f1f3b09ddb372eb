/** What is wrong with an input, told from the input and its right answer alone. */

import { wordsOf } from '../rows/comparable.ts';
import { alignWords } from './align.ts';

/** The kinds of error that are reported apart, in the order of the report. */
export const SLICES = [
  'one space missing',
  'all spaces missing',
  'one extra space',
  'other spacing',
  'one word respelled',
  'several words respelled',
  'mixed',
] as const;

/**
 * `one space missing`: one space of the right answer is gone, all else is as it should be (also when it was the only one);
 * `all spaces missing`: the right answer has three words or more and none of its spaces is there;
 * `one extra space`: one space too many; `other spacing`: only spaces differ, in any other way;
 * `one word respelled` and `several words respelled`: only words are changed, each into one word;
 * `mixed`: spaces and letters, or words added or dropped.
 */
export type Slice = (typeof SLICES)[number];

/** The slice of an input that needs correction; `right` is the right answer nearest to it. Both in comparable form. */
export function sliceOf(input: string, right: string): Slice {
  if (input.replaceAll(' ', '') === right.replaceAll(' ', '')) return spacingSlice(input, right);
  const changes = alignWords(input, right);
  const respelled = changes.every((change) => change.end - change.start === 1 && wordsOf(change.to).length === 1);
  if (!respelled) return 'mixed';
  return changes.length === 1 ? 'one word respelled' : 'several words respelled';
}

/** Of several right answers, all in comparable form, the one with the fewest changes from the input; the first of equals. */
export function nearestRight(input: string, rights: readonly string[]): string {
  let nearest = rights[0] ?? '';
  if (rights.length < 2) return nearest;
  let fewest = Number.POSITIVE_INFINITY;
  for (const right of rights) {
    const changes = alignWords(input, right).length;
    if (changes < fewest) {
      fewest = changes;
      nearest = right;
    }
  }
  return nearest;
}

function spacingSlice(input: string, right: string): Slice {
  const had = spaceOffsets(input);
  const wanted = spaceOffsets(right);
  let missing = 0;
  for (const offset of wanted) if (!had.has(offset)) missing++;
  let extra = 0;
  for (const offset of had) if (!wanted.has(offset)) extra++;
  if (extra === 0) {
    if (missing === 1) return 'one space missing';
    if (missing === wanted.size) return 'all spaces missing';
  }
  return missing === 0 && extra === 1 ? 'one extra space' : 'other spacing';
}

/** Where the spaces stand, as the number of other characters before each. */
function spaceOffsets(text: string): Set<number> {
  const offsets = new Set<number>();
  let others = 0;
  for (const character of text) {
    if (character === ' ') offsets.add(others);
    else others++;
  }
  return offsets;
}
