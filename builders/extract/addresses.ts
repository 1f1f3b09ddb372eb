/** An at sign of any width with its surroundings: an e-mail address, even a misspelled one. */
const ADDRESS = /[^\s@＠﹫]*\s?[@＠﹫][\s@＠﹫]?[^\s@＠﹫]*/gu;

/** Whether a text may contain an e-mail address. */
export function mayHoldAddress(text: string): boolean {
  return text.includes('@') || text.includes('＠') || text.includes('﹫');
}

/** Where a text may contain e-mail addresses: starts and ends in turn, in code units, ascending. */
export function addressSpans(text: string): number[] {
  if (!mayHoldAddress(text)) return [];
  return [...text.matchAll(ADDRESS)].flatMap((match) => [match.index, match.index + match[0].length]);
}
