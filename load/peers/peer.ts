/** What is measured beside what: a program that corrects queries, in one or several settings. */

/** Where a run finds and puts things. */
export interface Workshop {
  /** Everything that is made or fetched; nothing of it is in the tree. */
  readonly dir: string;
  /** The plain files of the dataset: see export-material.ts. */
  readonly material: string;
  readonly dataset: string;
}

/** A command that speaks as answer-lines.ts says. */
export type Command = readonly [string, ...string[]];

/** One way to set a peer up. */
export interface Variant {
  /** Its settings, for a person. */
  readonly settings: string;
  /** Makes what it needs (an index, a dictionary) where it is not there yet, and says how to start it. */
  prepare(workshop: Workshop): Command | Promise<Command>;
}

/** A program beside which Emend is measured. */
export interface Peer {
  /** Whether it is measured as a server process where memory is concerned. */
  readonly isServer?: true;
  readonly name: string;
  /** Why it cannot be run here and how to get what it needs; undefined where it can. */
  missing(workshop: Workshop): string | undefined;
  /** The one measured by default: the best by net gain on rows that are not reported, as `--choose` shows. */
  readonly chosen: Variant;
  /** As whoever installs it gets it: its own words, its defaults; undefined where that is the one chosen. */
  readonly asItComes?: Variant;
  /** The settings that `--choose` compares. */
  readonly variants: readonly Variant[];
}
