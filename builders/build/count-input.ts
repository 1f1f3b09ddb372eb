import type { CountedFile, SourceDescription } from '../count/counted-file.ts';
import type { SourceRole } from '../count/counted-source.ts';
import { NgramCounter } from '../count/ngram-counter.ts';
import { countDocument, countEntry, countGram, countQuery, ListedGrams, termsOf } from '../extract/extract.ts';
import type { SessionRepeats } from '../extract/session-repeats.ts';
import { type WrittenForm, WrittenForms } from '../extract/written-forms.ts';
import type { BuildProgress } from '../progress.ts';
import { readDocuments } from '../sources/documents.ts';
import type { Input, InputDigest } from '../sources/input.ts';
import type { InvalidLines } from '../sources/lines.ts';
import { isPacked, readPackedNgrams } from '../sources/packed-ngrams.ts';
import { readQueries } from '../sources/queries.ts';
import { readWordList } from '../sources/word-lists.ts';
import { type BuildPlan, DEFAULT_MIN_SESSIONS, type InputPlan, isCounted } from './plan.ts';
import type { QueryLog } from './query-log.ts';

/** The word class of the owner's documents: how those of the bundle write words says nothing of the owner's brands. */
const OWN_DOCUMENTS = 'documents';

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
  /** How the owner's documents write words that have capitals inside. */
  readonly forms?: readonly WrittenForm[];
  /** Lines left out as invalid, and what was wrong with the first. */
  readonly skipped: number;
  readonly firstSkipped: string;
}

/** What reading needs besides the input and its plan. */
export interface CountContext {
  readonly build: Pick<BuildPlan, 'memoryBytes' | 'minCounts' | 'skipInvalid'>;
  readonly scratchFolder: string;
  readonly progress: BuildProgress;
  /** Called with what was ignored in an input. */
  readonly warn: (message: string) => void;
  /** Called with the stored bytes of each chunk. */
  readonly onBytes: (bytes: number) => void;
}

/** What counting a query log needs besides. */
export interface LogContext extends CountContext {
  readonly build: BuildPlan;
  /** What all query logs say together. */
  readonly log: QueryLog;
  /** What sessions typed again, of all logs. */
  readonly repeats: SessionRepeats;
  /** The counter of a log that continues in other files, by {@link logOf}: taken from here and put back. */
  readonly open: Map<string, NgramCounter>;
  /** Whether the log continues after this input. */
  readonly goesOn: boolean;
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

/** Whether an input is a query log. */
export function isLog(input: InputPlan): input is InputPlan<'queries'> {
  return input.role === 'queries';
}

/** An input that is counted by itself: all but query logs. */
export type LoneInput = InputPlan<Exclude<SourceRole, 'queries'>>;

/** Whether an input is counted by itself. */
export function isLone(input: InputPlan): input is LoneInput {
  return isCounted(input) && !isLog(input);
}

/**
 * Reads one input, which is no query log, and counts its n-grams.
 *
 * @param name unique within the build
 * @throws {BuildError} as the readers and the counter do
 */
export async function countInput(
  input: Input,
  plan: LoneInput,
  name: string,
  context: CountContext,
): Promise<CountedInput> {
  const { build, scratchFolder } = context;
  const counter = new NgramCounter({ scratchFolder, memoryBytes: build.memoryBytes });
  const reading = beginReading(plan, context);
  try {
    const forms = plan.role === 'documents' && plan.wordClass === OWN_DOCUMENTS ? new WrittenForms() : undefined;
    const records = await countRecords(input, plan, counter, reading, forms);
    const { tokenCount } = counter;
    const counted = counter.finish(describe(plan, name), plan.role === 'documents' ? build.minCounts : [1, 1, 1]);
    const written = forms === undefined ? {} : { forms: forms.list() };
    return { ...endReading(plan, name, reading), tokenCount, counted, records, ...written };
  } finally {
    counter.close();
  }
}

/**
 * Reads one file of a query log and counts its n-grams with those of the files before it.
 *
 * @param name unique within the build
 * @throws {BuildError} as the reader and the counter do; the scratch space of open counters is the caller's
 */
export async function countLog(
  input: Input,
  plan: InputPlan<'queries'>,
  name: string,
  context: LogContext,
): Promise<CountedInput> {
  const { build, scratchFolder, log, repeats, open, goesOn } = context;
  const key = logOf(plan)!;
  const counter = open.get(key) ?? new NgramCounter({ scratchFolder, memoryBytes: build.memoryBytes });
  open.set(key, counter);
  const tokensBefore = counter.tokenCount;
  const reading = beginReading(plan, context);
  const records = await readQueries(input, reading.digest, reading.options, (query, count, hits, visit) => {
    log.add(query, count, hits, visit, plan.weight);
    // Queries that found nothing are mostly misspellings: nothing is learned from them.
    if (hits === 0 || count === 0) return;
    if (minSessionsOf(plan, build) > 1) repeats.countQuery(counter, query, count, visit.session);
    else countQuery(counter, query, count);
  });
  const tokenCount = counter.tokenCount - tokensBefore;
  let counted: CountedFile | undefined;
  if (!goesOn) {
    open.delete(key);
    counted = counter.finish(describe(plan, name), build.minCounts);
  }
  return { ...endReading(plan, name, reading), tokenCount, counted, records };
}

type Reading = ReturnType<typeof beginReading>;

function beginReading(plan: InputPlan<SourceRole>, { build, progress, warn, onBytes }: CountContext) {
  const digest: InputDigest = { bytes: 0, sha256: '' };
  const invalid: InvalidLines = { skip: build.skipInvalid, count: 0, first: '' };
  return { digest, options: { ...plan, invalid, warn, onBytes, breathe: () => progress.breathe() } };
}

function endReading(plan: InputPlan<SourceRole>, name: string, { digest, options }: Reading) {
  const { count: skipped, first: firstSkipped } = options.invalid;
  return { plan, name, digest, skipped, firstSkipped };
}

function describe({ role, wordClass, weight }: InputPlan<SourceRole>, name: string): SourceDescription {
  return { name, role, wordClass, weight };
}

/** @returns documents or entries */
async function countRecords(
  input: Input,
  plan: LoneInput,
  counter: NgramCounter,
  { digest, options }: Reading,
  forms?: WrittenForms,
): Promise<number> {
  switch (plan.role) {
    case 'documents':
      return readDocuments(input, digest, options, (texts) => countDocument(counter, texts, forms));
    case 'words':
      return readWordList(input, digest, options, (entry, count) => {
        countEntry(counter, entry, count);
      });
    case 'ngrams': {
      if (!isPacked(input.name)) {
        return readWordList(input, digest, options, (entry, count) => {
          countGram(counter, entry, count);
        });
      }
      let grams = new ListedGrams(counter, []);
      return readPackedNgrams(
        input,
        digest,
        options,
        (words) => {
          grams = new ListedGrams(counter, termsOf(words));
        },
        (a, b, c, count) => grams.count(a, b, c, count),
      );
    }
  }
}
