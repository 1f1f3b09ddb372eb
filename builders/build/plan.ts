import type { SourceRole } from '../count/counted-source.ts';
import type { InputFormat } from '../sources/format.ts';
import type { ColumnNames } from '../sources/query-columns.ts';
import type { CountUnit } from '../sources/word-lists.ts';
import type { LanguageData } from './language-folder.ts';

/** The engine of a store file. */
export type Engine = 'fst' | 'blocks' | 'scores';

/** The stores of a dataset whose engine can be chosen. */
export const STORE_NAMES = ['terms', 'ngrams', 'deletes1', 'deletes2', 'phonetic', 'misspellings'] as const;

export type StoreName = (typeof STORE_NAMES)[number];

/**
 * What an input is for: to be counted; to teach the error model, and what it lists to be known; or only to be known as
 * misspellings.
 */
export type InputRole = SourceRole | 'pairs' | 'misspellings';

/** One input of a build, checked. */
export interface InputPlan<Role extends InputRole = InputRole> {
  readonly role: Role;
  /** An absolute path, or `-` for standard input. */
  readonly file: string;
  /** As messages name it. */
  readonly label: string;
  /** Documents: which texts of a record; empty for all. */
  readonly fields: readonly string[];
  readonly format?: InputFormat;
  /** Documents in TSV or CSV: the first line names the fields. */
  readonly header?: boolean;
  /** Query logs: columns by meaning, if their names do not tell. */
  readonly named?: ColumnNames;
  /** Query logs: as `BuildPlan.minSessions`, for this one only; 1 for a list that someone has reviewed. */
  readonly minSessions?: number;
  /** Multiplies counts, which are then rounded, so that fractions can be counts. */
  readonly countScale?: number;
  /** Word and n-gram lists: columns of the entry and its count, from 1. */
  readonly columns?: readonly number[];
  readonly unit?: CountUnit;
  /** Word and n-gram lists: what an entry without a number counts. */
  readonly defaultCount?: number;
  readonly wordClass: string;
  /** 0 and more: what the source's counts weigh in the mixture. */
  readonly weight: number;
}

/** Whether an input is counted; else it is a list of what was typed for what. */
export function isCounted(input: InputPlan): input is InputPlan<SourceRole> {
  return input.role !== 'pairs' && input.role !== 'misspellings';
}

/** What is to be built, from what and how. */
export interface BuildPlan {
  /** What is known of the language that the inputs are in. */
  readonly language: LanguageData;
  readonly inputs: readonly InputPlan[];
  /** Vectors of words to go with the dataset: an absolute path. */
  readonly vectors?: string;
  /** Lists of titles: absolute paths. */
  readonly titles?: readonly string[];
  /** Documents and queries: n-grams of order 1, 2 and 3 seen less often are left out. */
  readonly minCounts: readonly number[];
  /**
   * How many sessions must contain a word, pair or triple that only query logs contain, or how often it must occur if the log
   * names no sessions; `DEFAULT_MIN_SESSIONS` by default.
   */
  readonly minSessions?: number;
  readonly engines: Readonly<Partial<Record<StoreName, Engine>>>;
  /** Path of the error model to begin with; null to begin with nothing. */
  readonly channel: string | null;
  /** Leave lines out that cannot be used, and count them, instead of stopping. */
  readonly skipInvalid: boolean;
  /** Accept inputs without a record or without a term instead of stopping. */
  readonly allowEmpty?: boolean;
  /** Bytes of tables held while counting: decides speed, never the result. */
  readonly memoryBytes: number;
}

/**
 * Every word counts: a word of the owner's documents is known, however rare. Every pair counts too: breadth of pairs
 * decides how well a query is read. Of triples two thirds are seen once, and hardly ever again.
 */
export const DEFAULT_MIN_COUNTS: readonly number[] = [1, 1, 2];

/**
 * What only one person typed may be a name or an address, or planted, and says little about what others type. Two, as for
 * everything learned from a log; services whose users are strangers to one another may want ten.
 */
export const DEFAULT_MIN_SESSIONS = 2;

/** Enough for some eight million different n-grams at a time. */
export const DEFAULT_MEMORY_BYTES = 256 << 20;

export const MIN_MEMORY_BYTES = 1 << 20;
export const MAX_MEMORY_BYTES = 2 ** 33;
