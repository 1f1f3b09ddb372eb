/** `emend tune`: fits what is sure, offered and left alone to the owner's own queries. */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeModel, type ModelSource } from '../../stores/dataset/model.ts';
import { type Dataset, openDataset } from '../../stores/dataset/open.ts';
import { type CommandDeps, type CommandIo, UsageError } from '../command.ts';
import { readSheet } from '../evaluate/by-hand/sheet.ts';
import { readEvalSet } from '../evaluate/rows/eval-rows.ts';
import { readQueries } from '../evaluate/rows/query-list.ts';
import { writeWhole } from '../evaluate/rows/text-file.ts';
import { sample } from '../figures/random.ts';
import { renderTables } from '../figures/table.ts';
import { createRewriter } from '../rewrite/pipeline.ts';
import { keptNetwork } from '../rewrite/rank/network.ts';
import { sourceOf, toModel, writeVersion } from '../tune/keep.ts';
import { gather } from '../tune/readings/gather.ts';
import { FOLDS } from '../tune/rows/folds.ts';
import {
  fromCorrect,
  fromPairs,
  fromSheet,
  type LabelledSet,
  pickRows,
  withMisspellings,
} from '../tune/rows/labelled.ts';
import { ablations, leaveOneSetOut, type StudyOptions } from '../tune/study/study.ts';
import { studyTables, tuneTables } from '../tune/study/tables.ts';
import { type TuneResult, tune } from '../tune/tune.ts';
import { tunedOf, weightsByName } from '../tune/tuned.ts';
import { partsOf } from '../tuned-parameters.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import { configure, REWRITER_FLAGS, wholeNumber } from './rewriter-flags.ts';

const HELP = `\
Fits the weights of readings, the confidence and the threshold of suggestions to your own queries.

  emend tune --dataset shop --out shop-tuned --pairs labelled.tsv
  emend tune --dataset shop --out shop-tuned --judged sheet.tsv --clean right.txt
  emend tune --dataset shop --out shop-tuned --clean right.txt      no labels: misspellings are generated

Usage: emend tune --dataset DIR --out DIR [--pairs FILE]... [--judged SHEET]... [--clean FILE]... [OPTION...]

Prints the figures of held-out rows before and after, and writes a new dataset version with the result. What does not help
on held-out rows stays as it was. Store files are shared with the old version by hard links where possible.

  --pairs FILE           lines input<TAB>right1|right2, as for "emend eval"; include correct queries
  --judged SHEET         a sheet of "emend eval --changes", judged in part or in full
  --clean FILE           correct queries, one a line; if this is the only input, misspellings of them are generated
  --dataset DIR          dataset version to start from (the bundled one, built if necessary)
  --out DIR              folder of the new version: new or empty
  --error-rate P         assumed share of misspelled queries (0.06)
  --cost-of-breaking C   how many missed corrections one wrong change weighs as much as (9), for the report
  --sample N             use at most N rows of each file, drawn at random (20000)
  --seed S               seed of the draw and of generated misspellings (1)
  --study                also print the value of each group of features and the result of each set when left out; takes long
  --defaults FILE        write the model of a language (model.json of its folder), fitted from scratch, instead of a dataset
                         version
  --syntax NAME, --max-edits N, --cache-bytes SIZE, --config FILE as for "emend eval"
  --json                 print JSON
  --help                 this text
`;

const LABELLED_FLAGS = ['pairs', 'judged', 'clean'] as const;

type Flags = ReturnType<typeof parseFlags>['values'];

function parseFlags(args: string[]) {
  const { only: _, rules: __, rude: ___, ...shared } = REWRITER_FLAGS;
  return parseArgs({
    args,
    options: {
      ...shared,
      out: { type: 'string' },
      pairs: { type: 'string', multiple: true },
      judged: { type: 'string', multiple: true },
      clean: { type: 'string', multiple: true },
      sample: { type: 'string' },
      seed: { type: 'string' },
      study: { type: 'boolean', default: false },
      defaults: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

/** `emend tune`. */
export async function run(args: string[], io: CommandIo, deps: CommandDeps): Promise<number> {
  const { values } = parseFlags(args);
  if (values.help) {
    io.stdout.write(HELP);
    return 0;
  }
  if ((values.out === undefined) === (values.defaults === undefined)) {
    throw new UsageError('expected --out DIR, where the new dataset version is to go');
  }
  const { config, options } = configure(values, io);
  const { errorRate, costOfBreaking } = options;
  const { read, sources, misspellSeed } = await readLabelled(values, io.cwd, errorRate);

  const dir = config.dataset === null ? await deps.ensureBundled(io, config.cacheDir) : resolve(io.cwd, config.dataset);
  // Opened first: a dataset that cannot be leaves nothing behind.
  const dataset = openDataset(dir, {
    cacheBytes: config.cacheBytes,
    onWarning: (message) => io.stderr.write(`emend: ${message}\n`),
  });
  const staging = await stage(values.out, io, deps, dataset);
  const sets = misspellSeed === null ? read : read.map((set) => withMisspellings(set, dataset.language, misspellSeed));
  const progress = new Progress(
    io.stderr,
    'reading',
    sets.reduce((sum, { rows }) => sum + rows.length, 0),
  );
  const fits = new Progress(io.stderr, 'fitting', 3 * FOLDS + 1);
  try {
    const parts = partsOf(dataset);
    const pipeline = createRewriter(parts);
    const table = gather(pipeline, sets, options, () => progress.step());
    progress.end();
    const study: StudyOptions = { table, sets, current: tunedOf(parts.parameters), errorRate, costOfBreaking };
    const result = tune({ ...study, isFresh: staging === null, onFit: () => fits.step() });
    fits.end();
    const tables = values.study ? studyTables(leaveOneSetOut(study), ablations(study)) : [];

    const tunedOn = { dataset: dataset.id, costOfBreaking, sources };
    const model = toModel(result.tuned, dataset.language.language, tunedOn);
    let written = '';
    if (values.defaults !== undefined) await writeWhole(resolve(io.cwd, values.defaults), encodeModel(model));
    if (staging !== null) {
      written = writeVersion(dir, dataset.manifest, model, staging.dir).id;
      staging.commit();
    }
    const text = values.json
      ? `${JSON.stringify(summary(result, written, tunedOn))}\n`
      : `${renderTables([...tuneTables(result, values.judged !== undefined), ...tables], 'text')}\n${verdict(result)}\n${written}\n`;
    await print(io, text);
  } finally {
    progress.end();
    fits.end();
    dataset.close();
    staging?.discard();
  }
  return 0;
}

/** Where the new version takes shape; null where none is wanted. Closes the dataset where it cannot. */
async function stage(out: string | undefined, io: CommandIo, deps: CommandDeps, dataset: Dataset) {
  if (out === undefined) return null;
  try {
    return await deps.stageDataset(resolve(io.cwd, out));
  } catch (error) {
    dataset.close();
    throw error;
  }
}

async function readLabelled(
  flags: Flags,
  cwd: string,
  errorRate: number,
): Promise<{
  read: LabelledSet[];
  sources: ModelSource[];
  /** Seed of the misspellings to generate from correct queries; null if misspelled ones were given. */
  misspellSeed: number | null;
}> {
  const size = wholeNumber('--sample', flags.sample, 1, 1_000_000) ?? 20_000;
  const seed = wholeNumber('--seed', flags.seed, 0, 4_294_967_295) ?? 1;
  const hasErrors = (flags.pairs ?? flags.judged) !== undefined;
  const read: Record<(typeof LABELLED_FLAGS)[number], (path: string) => Promise<LabelledSet>> = {
    pairs: async (path) => fromPairs(await readEvalSet(path)),
    judged: async (path) => fromSheet(basename(path), await readSheet(path), errorRate),
    clean: async (path) => fromCorrect(basename(path), await readQueries([path])),
  };
  const sets: LabelledSet[] = [];
  const sources: ModelSource[] = [];
  for (const kind of LABELLED_FLAGS) {
    for (const name of flags[kind] ?? []) {
      const path = resolve(cwd, name);
      const whole = await read[kind](path);
      const drawn = new Set(sample(whole.rows, size, seed));
      const set = pickRows(whole, (row) => drawn.has(row));
      sources.push(sourceOf(path, basename(path), kind, set.rows.length));
      sets.push(set);
    }
  }
  if (sets.length === 0) throw new UsageError('expected --pairs, --judged or --clean: something to tune on');
  return { read: sets, sources, misspellSeed: hasErrors ? null : seed };
}

function verdict({ newWeights, newCalibration, tuned, fit, lossBefore, lossAfter }: TuneResult): string {
  const weights = newWeights
    ? `New weights, held to the old ones by ${fit.strength} rows.`
    : 'The weights stay as they were: new ones do not help on held-out rows.';
  const calibration = newCalibration
    ? 'New calibration.'
    : 'The calibration stays as it was: a new one does not help on held-out rows, or these are too few or of one kind.';
  const loss = `-ln P(what was meant), held-out: ${lossBefore.toFixed(4)} before, ${lossAfter.toFixed(4)} after.`;
  return `${weights}\n${calibration}\nOffered above ${tuned.suggestAbove}.\n${loss}`;
}

function summary(result: TuneResult, dataset: string, tunedOn: object): object {
  const { tuned, newWeights, newCalibration, fit, lossBefore, lossAfter, before, after } = result;
  return {
    report: 'emend-tune',
    version: 1,
    dataset,
    tunedOn,
    newWeights,
    newCalibration,
    strength: fit.strength,
    lossBefore,
    lossAfter,
    weights: weightsByName(tuned.weights),
    network: keptNetwork(tuned.network),
    calibration: tuned.calibration,
    suggestAbove: tuned.suggestAbove,
    before,
    after,
  };
}

async function print(io: CommandIo, text: string): Promise<void> {
  const output = new Output(io.stdout);
  output.add(text);
  await output.flush();
  output.release();
}
