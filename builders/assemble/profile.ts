/** What building a dataset must know of its language. What the running side must know is its own profile's matter. */
export interface BuilderProfile {
  readonly language: string;
  /** Endings that dictionaries list words with by the ten thousand, and that are neutral when they are typed. */
  readonly listedEndings: readonly string[];
}

export const ENGLISH_BUILDER: BuilderProfile = Object.freeze({ language: 'en', listedEndings: ["'s"] });
