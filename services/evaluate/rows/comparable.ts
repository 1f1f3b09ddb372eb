/** How two texts are compared when an answer is judged. */

const SINGLE_QUOTES = /[\u2018\u2019\u201a\u201b\u02bc\u2032]/g;
const DOUBLE_QUOTES = /[\u201c\u201d\u201e\u201f\u2033]/g;
const NOT_ASCII = /[^\x20-\x7e]/;

/**
 * The form of `text` under which two texts count as the same: lower-cased, NFC, straight quotes, white space collapsed
 * and trimmed. Two texts are equal to an evaluation exactly when their comparable forms are.
 */
export function comparable(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase().replace(/ {2,}/g, ' ').trim();
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      // Lower-casing can leave a letter and a mark that compose: U+0130 becomes i and U+0307.
      .normalize('NFC')
      .replace(SINGLE_QUOTES, "'")
      .replace(DOUBLE_QUOTES, '"')
      .replace(/\s+/gu, ' ')
      .trim()
  );
}

/** The words of a comparable form. */
export function wordsOf(form: string): string[] {
  return form === '' ? [] : form.split(' ');
}
