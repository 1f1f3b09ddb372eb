/** A stream of bytes cut at line ends, whatever pieces it comes in. */

/**
 * The lines of one piece after the other, without their LF: for each piece that ends at least one line an array of them, so
 * that a caller can answer what has come before it waits for more. The last array may be of a line that no LF ends.
 * A byte order mark before the first line is left out. Holds one piece and the line it cuts.
 */
export async function* byteLines(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer[]> {
  // Pieces of a line that has not ended yet.
  let begun: Buffer[] = [];
  for await (const bytes of withoutMark(stream)) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      const rest = bytes.subarray(start, end);
      lines.push(begun.length === 0 ? rest : Buffer.concat([...begun, rest]));
      begun = [];
      start = end + 1;
    }
    if (start < bytes.length) begun.push(bytes.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [Buffer.concat(begun)];
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The pieces of a stream without a byte order mark, which may itself come in pieces. */
async function* withoutMark(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  // What has come while it could still be a mark; undefined once that is known.
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of stream) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (head === undefined) {
      yield bytes;
      continue;
    }
    head = Buffer.concat([head, bytes]);
    const length = Math.min(head.length, MARK.length);
    const isLike = MARK.compare(head, 0, length, 0, length) === 0;
    if (isLike && length < MARK.length) continue;
    yield isLike ? head.subarray(MARK.length) : head;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}
