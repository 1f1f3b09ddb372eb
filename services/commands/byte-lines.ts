/** A stream of bytes cut at line ends, whatever pieces it comes in. */

/**
 * The lines of one piece after the other, without their LF: for each piece that ends at least one line an array of them, so
 * that a caller can answer what has come before it waits for more. The last array may be of a line that no LF ends.
 * Holds one piece and the line it cuts.
 */
export async function* byteLines(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer[]> {
  // Pieces of a line that has not ended yet.
  let begun: Buffer[] = [];
  for await (const piece of stream) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
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
