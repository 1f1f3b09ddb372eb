import type { CountedFile } from '../count/counted-file.ts';
import type { SourceRole } from '../count/counted-source.ts';
import { NgramCounter } from '../count/ngram-counter.ts';
import { countDocument, countEntry, countGram, countQuery, ListedGrams, termsOf } from '../extract/extract.ts';
import type { SessionRepeats } from '../extract/session-repeats.ts';
import type { BuildProgress } from '../progress.ts';
import { readDocuments } from '../sources/documents.ts';
import type { Input, InputDigest } from '../sources/input.ts';
import type { InvalidLines } from '../sources/lines.ts';
import { isPacked, readPackedNgrams } from '../sources/packed-ngrams.ts';
import { readQueries } from '../sources/queries.ts';
import { readWordList } from '../sources/word-lists.ts';
import { type BuildPlan, DEFAULT_MIN_SESSIONS, type InputPlan } from './plan.ts';
import type { QueryLog } from './query-log.ts';

/** An input after counting. */
export interface CountedInput {
  readonly name: string;
  readonly plan: InputPlan<SourceRole>;
  /** Terms in it. */
  readonly tokenCount: number;
  /** Its n-grams; those of a query log of several files are with the one that was read last. */
  counted: CountedFile | undefined;
  readonly digest: Readonly<InputDigest>;
  /** Documents, queries or entries. */
  readonly records: number;
  /** Lines left out as invalid, and what was wrong with the first. */
  readonly skipped: number;
  readonly firstSkipped: string;
}

/** What counting needs besides the input and its plan. */
export interface CountContext {
  readonly build: BuildPlan;
  readonly scratchFolder: string;
  readonly progress: BuildProgress;
  /** What all query logs say together. */
  readonly log: QueryLog;
  /** What sessions typed again, of all logs. */
  readonly repeats: SessionRepeats;
  /** The counter of a log that continues in other files, by {@link logOf}: taken from here and put back. */
  readonly open: Map<string, NgramCounter>;
  /** Called with what was ignored in an input. */
  readonly warn: (message: string) => void;
  /** Whether the log continues after this input. */
  readonly goesOn: boolean;
  /** Told the stored bytes of each chunk. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * The log that an input belongs to, undefined for other inputs: files of one log are counted as one, so that it makes no
 * difference how a log is divided into files.
 */
export function logOf({ role, wordClass, weight, minSessions }: InputPlan): string | undefined {
  return role === 'queries' ? `${weight} ${minSessions ?? ''} ${wordClass}` : undefined;
}

/** How many sessions must contain an n-gram of an input; 1 for all inputs but query logs. */
export function minSessionsOf(input: InputPlan, build: BuildPlan): number {
  return input.role === 'queries' ? (input.minSessions ?? build.minSessions ?? DEFAULT_MIN_SESSIONS) : 1;
}

/**
 * Reads one input and counts its n-grams.
 *
 * @param name unique within the build
 * @throws {BuildError} as the readers and the counter do; the scratch space of open counters is the caller's
 */
export async function countInput(
  input: Input,
  plan: InputPlan<SourceRole>,
  name: string,
  context: CountContext,
): Promise<CountedInput> {
  const { build, scratchFolder, progress } = context;
  const log = logOf(plan) ?? '';
  const counter = context.open.get(log) ?? new NgramCounter({ scratchFolder, memoryBytes: build.memoryBytes });
  context.open.set(log, counter);
  const tokensBefore = counter.tokenCount;
  const digest: InputDigest = { bytes: 0, sha256: '' };
  const invalid: InvalidLines = { skip: build.skipInvalid, count: 0, first: '' };
  const { warn, onBytes } = context;
  const options = { ...plan, invalid, warn, onBytes, breathe: () => progress.breathe() };
  let records: number;
  switch (plan.role) {
    case 'documents':
      records = await readDocuments(input, digest, options, (texts) => countDocument(counter, texts));
      break;
    case 'queries':
      records = await readQueries(input, digest, options, (query, count, hits, visit) => {
        context.log.add(query, count, hits, visit, plan.weight);
        // Queries that found nothing are mostly misspellings: nothing is learned from them.
        if (hits === 0 || count === 0) return;
        if (minSessionsOf(plan, build) > 1) context.repeats.countQuery(counter, query, count, visit.session);
        else countQuery(counter, query, count);
      });
      break;
    case 'words':
      records = await readWordList(input, digest, options, (entry, count) => {
        countEntry(counter, entry, count);
      });
      break;
    case 'ngrams': {
      if (isPacked(input.name)) {
        let grams = new ListedGrams(counter, []);
        records = await readPackedNgrams(
          input,
          digest,
          options,
          (words) => {
            grams = new ListedGrams(counter, termsOf(words));
          },
          (a, b, c, count) => grams.count(a, b, c, count),
        );
        break;
      }
      records = await readWordList(input, digest, options, (entry, count) => {
        countGram(counter, entry, count);
      });
      break;
    }
  }
  const tokenCount = counter.tokenCount - tokensBefore;
  let counted: CountedFile | undefined;
  if (!context.goesOn) {
    const minCounts = plan.role === 'documents' || plan.role === 'queries' ? build.minCounts : [1, 1, 1];
    const { role, wordClass, weight } = plan;
    context.open.delete(log);
    counted = counter.finish({ name, role, wordClass, weight }, minCounts);
  }
  const { count: skipped, first: firstSkipped } = invalid;
  return { plan, name, tokenCount, counted, digest, records, skipped, firstSkipped };
}
