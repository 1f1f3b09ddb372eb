/**
 * From raw text to tokens: the face of this folder. FORMAT.md describes every class of token with examples.
 */
import { Scanner } from './scanner.ts';
import type { Syntax, Token } from './token.ts';

/**
 * The tokens of a query, in order; offsets are UTF-16 code units of `raw`.
 *
 * Never throws, whatever the text; linear in its length. White space and plain punctuation lie between tokens.
 */
export function tokenise(raw: string, options: { readonly syntax: Syntax }): Token[] {
  return new Scanner(raw, options.syntax).scan();
}

/**
 * The tokens of a document's text: as in a query, but quotation marks, colons, `#`, `@` and signs are only punctuation,
 * so there are no tokens of class `quoted`, `field`, `operator` or `symbol`.
 */
export function tokeniseDocument(text: string): Token[] {
  return new Scanner(text, 'document').scan();
}
