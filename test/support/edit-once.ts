/** The edits of optimal string alignment: a letter put in, left out, put for another, or two swapped. */
export const EDIT_KINDS = ['insert', 'remove', 'replace', 'swap'] as const;

/** The text after one edit at the place `at`. `put` is the letter of an `insert` or a `replace`. */
export function editOnce(text: string, kind: (typeof EDIT_KINDS)[number], at: number, put: string): string {
  const [before, after] = [text.slice(0, at), text.slice(at)];
  if (kind === 'insert') return before + put + after;
  if (kind === 'remove') return before + after.slice(1);
  if (kind === 'replace') return before + put + after.slice(1);
  return before + after.slice(1, 2) + after.slice(0, 1) + after.slice(2);
}
