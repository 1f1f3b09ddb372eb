/**
 * Several texts in one TSV field, joined by bars. A bar inside a text is escaped with a backslash. Other backslashes
 * stand for themselves, except where that would be read otherwise: right before a bar or at the end of a text they are
 * doubled, so that every list comes back as it was.
 */

/** Joins `texts` by bars. An empty list and a list of one empty text both give the empty field. */
export function joinBars(texts: readonly string[]): string {
  let joined = '';
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] ?? '';
    // Nearly all texts hold neither: no regular expression for them.
    const plain = !text.includes('|') && !text.endsWith('\\');
    if (i > 0) joined += '|';
    joined += plain ? text : text.replace(/(\\*)(\||$)/g, (_, slashes: string, end: string) => escaped(slashes, end));
  }
  return joined;
}

function escaped(slashes: string, end: string): string {
  return end === '|' ? `${slashes}${slashes}\\|` : `${slashes}${slashes}`;
}

/** The texts that {@link joinBars} joined. */
export function splitBars(field: string): string[] {
  if (field === '') return [];
  const texts: string[] = [];
  let text = '';
  let slashes = 0;
  for (const character of field) {
    if (character === '\\') {
      slashes++;
      continue;
    }
    if (character === '|') {
      text += '\\'.repeat(slashes >> 1);
      if (slashes % 2 === 1) text += '|';
      else {
        texts.push(text);
        text = '';
      }
    } else text += '\\'.repeat(slashes) + character;
    slashes = 0;
  }
  texts.push(text + '\\'.repeat(slashes >> 1));
  return texts;
}
