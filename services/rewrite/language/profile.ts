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
  /** What new words are made with at their beginning, be it a word of its own or not. */
  readonly prefixes: readonly string[];
  /** Endings that a known word may take and stay known. */
  readonly neutralEndings: readonly string[];
  /** The letter that grammar puts at the end of words: one more or one less is seldom a slip. */
  readonly finalInflection: string;
  /**
   * Writes what the word `units[0, length)` sounds like into `out` and returns the length: the keys of the dataset's
   * phonetic index. 0 for what has no sound in the language.
   */
  readonly phoneticKey: (units: Uint16Array, length: number, out: Uint8Array) => number;
}
