/** Patterns with placeholders, as Algolia (`{facet:brand} shoes`) and Typesense (`{brand} shoes`) write them. */
import { parseSequenceText } from '../../model/sequence-text.ts';
import { squeeze } from './synonyms.ts';

const PLACEHOLDER = /\\([{}\\])|\{([^{}]*)\}|([\\*{}])/g;

/** A pattern as the text of a sequence. @param prefix what stands before a placeholder's name */
export function sequenceOfPattern(pattern: string, prefix: string): string {
  return squeeze(pattern).replace(PLACEHOLDER, (whole, escaped?: string, name?: string, sign?: string) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (name?.startsWith(prefix)) return `{${name.slice(prefix.length)}}`;
    return sign === undefined ? whole.replace(/[{}*\\]/g, '\\$&') : `\\${sign}`;
  });
}

/** A text of an action: placeholders alone are changed. */
export function actionText(text: string, prefix: string): string {
  return prefix === '' ? text : text.replaceAll(`{${prefix}`, '{');
}

/** The text of a sequence as a pattern; undefined where it has a wildcard. */
export function patternOfSequence(text: string, prefix: string): string | undefined {
  const terms = parseSequenceText(text);
  if (typeof terms === 'string' || terms.some(({ kind }) => kind === 'prefix' || kind === 'suffix')) return undefined;
  return terms
    .map((term) => (term.kind === 'placeholder' ? `{${prefix}${term.text}}` : term.text.replace(/[{}\\]/g, '\\$&')))
    .join(' ');
}

/** The names of a sequence's placeholders. */
export function placeholdersOf(text: string): string[] {
  const terms = parseSequenceText(text);
  return typeof terms === 'string' ? [] : terms.filter(({ kind }) => kind === 'placeholder').map((term) => term.text);
}
