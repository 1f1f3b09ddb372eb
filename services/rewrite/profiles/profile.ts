/** What the pipeline must know of a language beyond its dataset. */
export interface LanguageProfile {
  readonly language: string;
  /** Scripts whose words may be corrected; others pass through. Names as `scriptOf` gives them. */
  readonly scripts: readonly string[];
  readonly vowels: string;
  /** Rows of the commonest keyboard, top to bottom, each shifted right by half a key. */
  readonly keyboardRows: readonly string[];
  /** Words of a single letter. */
  readonly singleLetterWords: readonly string[];
  /** Endings that a known word may take and stay known. */
  readonly neutralEndings: readonly string[];
}
