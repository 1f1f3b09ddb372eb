/** Bytes of a file to text: gzip by content, byte-order mark off, strict UTF-8, LF and CRLF. */
import { gunzipSync } from 'node:zlib';
import { decodeUtf8, isUtf8 } from '../../../../stores/bytes/utf8.ts';

/** Most bytes that a compressed file may become. */
const MAX_BYTES = 1 << 30;

/** What is wrong with the bytes: a line from 1, or 0 for the whole file. */
export interface TextProblem {
  readonly line: number;
  readonly message: string;
}

/** Text, with the lines that are not UTF-8 left empty and named. */
export interface FileText {
  readonly text: string;
  readonly problems: readonly TextProblem[];
}

/** The text of a file. */
export function fileText(bytes: Uint8Array): FileText {
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      plain = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
    } catch (error) {
      return { text: '', problems: [{ line: 0, message: `gzip: ${error instanceof Error ? error.message : error}` }] };
    }
  }
  const start = plain[0] === 0xef && plain[1] === 0xbb && plain[2] === 0xbf ? 3 : 0;
  const body = plain.subarray(start);
  if (isUtf8(body)) return { text: decodeUtf8(body), problems: [] };
  return salvaged(body);
}

/** Lines without their ends; the piece behind the last line end is a line unless it is empty. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function salvaged(bytes: Uint8Array): FileText {
  const problems: TextProblem[] = [];
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(from, end);
    if (isUtf8(line)) lines.push(decodeUtf8(line));
    else {
      problems.push({ line: lines.length + 1, message: 'this is not UTF-8; save the file as UTF-8' });
      lines.push('');
    }
    from = end + 1;
  }
  return { text: lines.join('\n'), problems };
}
