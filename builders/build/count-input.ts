import type { CountedFile } from '../count/counted-file.ts';
import type { SourceRole } from '../count/counted-source.ts';
import { NgramCounter } from '../count/ngram-counter.ts';
import { countDocument, countEntry, countGram, countQuery, ListedGrams, termsOf } from '../extract/extract.ts';
import type { BuildProgress } from '../progress.ts';
import { readDocuments } from '../sources/documents.ts';
import type { Input, InputDigest } from '../sources/input.ts';
import type { InvalidLines } from '../sources/lines.ts';
import { isPacked, readPackedNgrams } from '../sources/packed-ngrams.ts';
import { readQueries } from '../sources/queries.ts';
import { type Reformulation, Reformulations } from '../sources/reformulations.ts';
import { readWordList } from '../sources/word-lists.ts';
import { ZeroHits } from '../sources/zero-hits.ts';
import type { BuildPlan, InputPlan } from './plan.ts';

/** An input after counting. */
export interface CountedInput {
  readonly name: string;
  readonly plan: InputPlan<SourceRole>;
  readonly counted: CountedFile;
  readonly digest: Readonly<InputDigest>;
  /** Documents, queries or entries. */
  readonly records: number;
  /** Lines left out as invalid, and what was wrong with the first. */
  readonly skipped: number;
  readonly firstSkipped: string;
  /** What a query log tells of misspellings; nothing of other inputs. */
  readonly reformulations: readonly Reformulation[];
  readonly zeroHits: ReadonlyMap<string, number>;
}

/** What counting needs besides the input and its plan. */
export interface CountContext {
  readonly build: Pick<BuildPlan, 'memoryBytes' | 'minCounts' | 'skipInvalid'>;
  readonly scratchFolder: string;
  readonly progress: BuildProgress;
  /** Told the stored bytes of each chunk. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Reads one input and counts its n-grams.
 *
 * @param name unique within the build
 * @throws {BuildError} as the readers and the counter do; scratch space is given back then
 */
export async function countInput(
  input: Input,
  plan: InputPlan<SourceRole>,
  name: string,
  context: CountContext,
): Promise<CountedInput> {
  const { build, scratchFolder, progress } = context;
  const counter = new NgramCounter({ scratchFolder, memoryBytes: build.memoryBytes });
  const digest: InputDigest = { bytes: 0, sha256: '' };
  const invalid: InvalidLines = { skip: build.skipInvalid, count: 0, first: '' };
  const reformulations = new Reformulations();
  const zeroHits = new ZeroHits();
  const options = { ...plan, invalid, onBytes: context.onBytes, breathe: () => progress.breathe() };
  try {
    let records: number;
    switch (plan.role) {
      case 'documents':
        records = await readDocuments(input, digest, options, (texts) => countDocument(counter, texts));
        break;
      case 'queries':
        records = await readQueries(input, digest, options, (query, count, hits, visit) => {
          reformulations.add(query, hits, visit);
          zeroHits.add(query, count, hits);
          // What found nothing teaches nothing: it is where misspellings gather.
          if (hits !== 0 && count > 0) countQuery(counter, query, count);
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
    const minCounts = plan.role === 'documents' || plan.role === 'queries' ? build.minCounts : [1, 1, 1];
    const { role, wordClass, weight } = plan;
    const counted = counter.finish({ name, role, wordClass, weight }, minCounts);
    return {
      plan,
      name,
      counted,
      digest,
      records,
      skipped: invalid.count,
      firstSkipped: invalid.first,
      reformulations: reformulations.found(),
      zeroHits: zeroHits.found(),
    };
  } finally {
    counter.close();
  }
}
