/**
 * What a stretch of text is. Words are what spelling may touch; everything else is protected.
 *
 * `number`: digits with separators, units and signs (`24/7`, `3.5`, `6s`, `10mm`); `part-number`: letters and digits mixed
 * (`SKU-12A`, `rtx4090`); `quoted`: a quoted phrase with its quotes; `field`: `field:value`; `operator`: boolean and
 * wildcard syntax, only with `lucene`; `symbol`: emoji and other stretches without letters or digits.
 */
export type TokenClass =
  | 'word'
  | 'number'
  | 'part-number'
  | 'url'
  | 'email'
  | 'quoted'
  | 'field'
  | 'operator'
  | 'symbol';

/** How the syntax of a query is read: `plain`, where OR is a word and `-` a hyphen, or `lucene`. */
export type Syntax = 'plain' | 'lucene';

/** How a text is read: a document, or a query in one of the two syntaxes. */
export type ScanMode = 'document' | Syntax;

/** One token of a raw text. */
export interface Token {
  readonly class: TokenClass;
  /** Where it stands in the raw text: UTF-16 code units, [start, end). */
  readonly start: number;
  readonly end: number;
  /** Its normalised text: for a word, the key under which the stores know it. */
  readonly text: string;
  /** Whether a sentence or field boundary lies between this token and the one before: n-grams do not cross it. */
  readonly breakBefore: boolean;
}
