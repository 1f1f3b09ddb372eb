import { readDocuments } from '../sources/documents.ts';
import { fileInput, type Input, type InputDigest, streamInput } from '../sources/input.ts';
import type { ReadLinesOptions } from '../sources/lines.ts';
import { isPacked, readPackedNgrams } from '../sources/packed-ngrams.ts';
import { readPairs } from '../sources/pairs.ts';
import { readQueries } from '../sources/queries.ts';
import { readWordList } from '../sources/word-lists.ts';
import type { BuildPlan, InputPlan } from './plan.ts';

/** Records of an input that are shown. */
const SHOWN = 3;
/** Letters of a record that are shown to people. */
const SHOWN_LENGTH = 160;

/** Ends the reading of an input. */
class Enough extends Error {}

/** What can be known about an input without reading all of it. */
interface Understood {
  readonly file: string;
  readonly role: string;
  readonly class: string;
  readonly weight: number;
  /** The first records, as they would be counted. */
  readonly records: unknown[];
  readonly warnings: string[];
}

/**
 * Describes what a build would do: its settings, and the first records of each input.
 *
 * @param out the folder of the dataset, if given
 * @returns lines for people, or one of JSON
 * @throws {BuildError} `BUILD_INPUT`, as the build would for these records
 */
export async function dryRun(
  plan: BuildPlan,
  out: string | undefined,
  stdin: NodeJS.ReadableStream,
  asJson: boolean,
): Promise<string> {
  const inputs: Understood[] = [];
  for (const input of plan.inputs) {
    const source = input.file === '-' ? streamInput(stdin) : fileInput(input.file, input.label);
    inputs.push(await understood(source, input, plan.skipInvalid));
  }
  const { minCounts, engines, channel, skipInvalid, allowEmpty, memoryBytes, vectors, titles = [] } = plan;
  const settings = {
    minCounts,
    engines,
    channel,
    vectors: vectors ?? null,
    titles,
    skipInvalid,
    allowEmpty,
    memoryBytes,
  };
  if (asJson) return `${JSON.stringify({ dryRun: true, out: out ?? null, ...settings, inputs })}\n`;
  const lines = inputs.flatMap(({ file, role, class: wordClass, weight, records, warnings }) => [
    `${file}: ${role} of class ${wordClass}, weight ${weight}`,
    ...warnings.map((warning) => `  note: ${warning}`),
    ...records.map((record) => `  ${shortened(JSON.stringify(record))}`),
    ...(records.length === 0 ? ['  no record'] : []),
  ]);
  const said = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `${lines.join('\n')}\n\nout: ${out ?? 'not given'}\n${said.join('\n')}\nnothing was built\n`;
}

async function understood(source: Input, plan: InputPlan, skip: boolean): Promise<Understood> {
  const records: unknown[] = [];
  const warnings: string[] = [];
  const take = (record: unknown) => {
    records.push(record);
    if (records.length === SHOWN) throw new Enough();
  };
  const invalid = { skip, count: 0, first: '' };
  const options = { ...plan, invalid, warn: (message: string) => void warnings.push(message) };
  try {
    await readRecords(source, plan, options, take);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  if (invalid.count > 0) warnings.push(`left out: ${invalid.first}`);
  return { file: source.label, role: plan.role, class: plan.wordClass, weight: plan.weight, records, warnings };
}

async function readRecords(
  source: Input,
  plan: InputPlan,
  options: InputPlan & ReadLinesOptions & { readonly warn: (message: string) => void },
  take: (record: unknown) => void,
): Promise<void> {
  const digest: InputDigest = { bytes: 0, sha256: '' };
  switch (plan.role) {
    case 'documents':
      await readDocuments(source, digest, options, (texts) => take([...texts]));
      return;
    case 'queries':
      await readQueries(source, digest, options, (query, count, hits, { session, timeMs, clicks }) => {
        const time = Number.isNaN(timeMs) ? null : new Date(timeMs).toISOString();
        take({ query, count, hits: known(hits), clicks: known(clicks), session: session || null, time });
      });
      return;
    case 'pairs':
    case 'misspellings':
      await readPairs(source, digest, options, (wrong, right, count) => take({ wrong, right, count }));
      return;
    default: {
      if (plan.role === 'ngrams' && isPacked(source.name)) {
        let words: readonly string[] = [];
        const takeWords = (found: readonly string[]) => {
          words = found;
        };
        await readPackedNgrams(source, digest, options, takeWords, (a, b, c, count) => {
          const ranks = c < 0 ? [a, b] : [a, b, c];
          take({ entry: ranks.map((rank) => words[rank]).join(' '), count });
        });
        return;
      }
      await readWordList(source, digest, options, (entry, count) => take({ entry, count }));
    }
  }
}

function known(count: number): number | null {
  return count < 0 ? null : count;
}

function shortened(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}
