/**
 * Which parts of a query are put to a peer that knows words alone: unbroken runs of words of letters. Numbers, part numbers and
 * what has punctuation in it stay as they were, as whoever put such a peer behind a search box would see to.
 */

const PLAIN = /^[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*['’]?$/u;

/** Whether a piece of a query between spaces is a word of letters, apostrophes among them. */
export function isPlainWord(piece: string): boolean {
  return PLAIN.test(piece);
}

/**
 * The query with each unbroken run of plain words put through `correct`, lower-cased, and all else as it was. Pieces are
 * joined by single spaces.
 */
export function correctRuns(query: string, correct: (words: string[]) => string): string {
  const out: string[] = [];
  let run: string[] = [];
  const flush = () => {
    if (run.length > 0) out.push(correct(run));
    run = [];
  };
  for (const piece of query.split(/\s+/u)) {
    if (piece === '') continue;
    if (isPlainWord(piece)) run.push(piece.toLowerCase());
    else {
      flush();
      out.push(piece);
    }
  }
  flush();
  return out.join(' ');
}
