/** What each benchmark is given. */
export interface BenchOptions {
  /** Folder of the corpus: laid out as `data/languages/en`. */
  readonly corpus: string;
  /** A folder for files, removed in the end. */
  readonly scratch: string;
  /** Numbers of keys to run at, where a benchmark generates its keys. */
  readonly keyCounts: readonly number[];
  /** Where to write plots; none when undefined. */
  readonly plotFolder: string | undefined;
  /** A built dataset whose n-grams can be walked, or undefined: then one is built where it is needed. */
  readonly dataset: string | undefined;
  /** A Python that has the libraries of others, or undefined: they are left out then. */
  readonly python: string | undefined;
  print(text: string): void;
  /** Gives the Markdown of one section: printed, and put into README.md where that is asked for. */
  report(section: string, markdown: string): void;
}
