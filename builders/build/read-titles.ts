import { readFileSync } from 'node:fs';
import { decodeTitles, isTitlesFile, type TitleSet } from '../../stores/titles/format.ts';
import type { TitleSources } from '../assemble/titles.ts';
import type { BuildProgress } from '../progress.ts';
import { fileInput } from '../sources/input.ts';
import { readTitles } from '../sources/titles.ts';
import type { BuildPlan } from './plan.ts';

/**
 * Reads the titles that a plan names, lists of texts or files of titles; undefined where it names none.
 *
 * @throws {BuildError} `BUILD_INPUT`, as the reader does; {StoreError} for a damaged file of titles
 */
export async function readTitlesInput(plan: BuildPlan, progress: BuildProgress): Promise<TitleSources | undefined> {
  const { titles = [] } = plan;
  if (titles.length === 0) return undefined;
  const inputs = titles.map((file) => fileInput(file));
  progress.step(
    'titles',
    inputs.reduce((sum, { size }) => sum + (size ?? 0), 0),
    'bytes',
  );
  let done = 0;
  const rows: (readonly string[])[] = [];
  const sets: TitleSet[] = [];
  for (const [i, input] of inputs.entries()) {
    const ready = readyMade(titles[i]!);
    if (ready !== undefined) {
      sets.push(...ready);
      continue;
    }
    const options = {
      invalid: { skip: plan.skipInvalid, count: 0, first: '' },
      onBytes: (bytes: number) => {
        done += bytes;
        progress.update(done);
      },
      breathe: () => progress.breathe(),
    };
    await readTitles(input, { bytes: 0, sha256: '' }, options, (terms) => void rows.push(terms));
  }
  return { rows, sets, names: inputs.map(({ name }) => name) };
}

/** The sets of a file of titles as a dataset has it; undefined for a list of texts. */
function readyMade(path: string): TitleSet[] | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    // The reader of lists says what is wrong with it.
    return undefined;
  }
  return isTitlesFile(bytes) ? decodeTitles(bytes, path) : undefined;
}
