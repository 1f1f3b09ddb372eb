import { randomUUID } from 'node:crypto';
import { GroupChannel } from '../../stores/channel/group-channel.ts';
import type { LetterModel } from '../../stores/letters/letter-model.ts';
import type { Lexicon } from '../../stores/lexicon/lexicon.ts';
import type { Neighbours } from '../../stores/neighbours/neighbours.ts';
import type { Store } from '../../stores/store.ts';
import type { Vectors } from '../../stores/vectors/vectors.ts';
import type { RewriteAnswer } from './answer.ts';
import type { RewriteContext } from './context.ts';
import { compose, distinctReadings } from './decide/compose.ts';
import type { EditSpan, Readable } from './decide/confidence.ts';
import { decode, keepPath } from './decode/decoder.ts';
import { Lattice } from './decode/lattice.ts';
import { latticeReads } from './decode/reach.ts';
import { Coherence } from './language/coherence.ts';
import { contextFree, LanguageModel } from './language/language-model.ts';
import { type WordCost, wordCosts } from './language/word-costs.ts';
import type { RewriteOptions } from './options.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './parameters.ts';
import { ENGLISH } from './profiles/en.ts';
import { CandidateFinder } from './propose/candidates.ts';
import { Channel } from './propose/channel.ts';
import { KnownMisspellings } from './propose/misspellings.ts';
import { Proposer } from './propose/proposer.ts';
import { Segmenter } from './propose/segmentation.ts';
import { SoundAlikes } from './propose/sound-alikes.ts';
import { FEATURE_COUNT } from './rank/features.ts';
import { Ranker } from './rank/ranker.ts';
import { ReadingFeatures } from './rank/reading-features.ts';
import { patiently, patientStores } from './reads/patient.ts';
import type { Rewriter, RuleLookup } from './rewriter.ts';
import type { Resources, Worker } from './worker.ts';
import { expandWorker } from './workers/expand.ts';
import { ngramWorker } from './workers/ngram.ts';
import { normaliseWorker } from './workers/normalise.ts';
import { phrasesWorker } from './workers/phrases.ts';
import { protectWorker } from './workers/protect.ts';
import { rulesWorker } from './workers/rules.ts';
import { spellWorker } from './workers/spell.ts';

/** The workers in the order in which they run. */
const WORKERS: readonly Worker[] = [
  normaliseWorker,
  protectWorker,
  rulesWorker,
  spellWorker,
  ngramWorker,
  phrasesWorker,
  expandWorker,
];

/** What time is told of: the workers, then `compose`. */
const STEPS: readonly string[] = [...WORKERS.map((worker) => worker.name), 'compose'];

/** The stores of one dataset version, as the pipeline reads them. */
export interface PipelineStores {
  readonly terms: Store;
  readonly ngrams: Store;
  readonly deletes1: Store;
  readonly deletes2: Store;
  /** Known misspelling -> corrections; what words sound like -> ids. Where there is none, neither is looked for. */
  readonly misspellings?: Store | undefined;
  readonly phonetic?: Store | undefined;
  readonly lexicon: Lexicon;
  /** The trained error model; without one every edit costs the same. */
  readonly channel?: GroupChannel;
  /** Vectors of words; without them nothing is said of how words go together but by n-grams. */
  readonly vectors?: Vectors | undefined;
  /** How likely strings are as words; without one all spellings are alike. */
  readonly letters?: LetterModel | undefined;
  /** Which terms the n-grams may hold side by side; without, every pair is looked up. */
  readonly neighbours?: Neighbours | undefined;
}

/** What a rewriter is made of. */
export interface RewriterParts {
  /** Id of the dataset version. */
  readonly dataset: string;
  readonly stores: PipelineStores;
  readonly rules?: RuleLookup;
  readonly parameters?: Parameters;
  /**
   * Whether to answer later rather than to block on a read from disk: a query that meets blocks which are not cached is
   * worked on again when they are. The stores must have been opened with `io: 'async'`. Default false.
   */
  readonly waitsForReads?: boolean;
}

/** Where nobody decided anything. */
export const NO_RULES: RuleLookup = {
  isProtected: () => false,
  longestProtected: 0,
  isBlocked: () => false,
  override: () => undefined,
};

/** A rewriter that can also show what it weighs, for training. */
export interface Pipeline extends Rewriter {
  /** The distinct readings of a query, the unchanged one among them; none where there is nothing to weigh. */
  analyse(query: string, options: RewriteOptions): AnalysedReading[];
  /** What was found for a query, and at what expense, for measuring how far the candidates reach. */
  explore(query: string, options: RewriteOptions): Exploration;
  /** What the words of a query cost as they were typed, for measuring the language model. */
  wordCosts(query: string, options: RewriteOptions): WordCost[];
  /** Milliseconds spent since the start, by worker, and by `compose`: what makes the answer of the readings. */
  stepMs(): ReadonlyMap<string, number>;
}

/** What the workers made of one query before anything is decided. */
export interface Exploration {
  /** The distinct readings, best first by the ranker. */
  readonly readings: readonly string[];
  /** Whether some path through the lattice reads as one of `wanted`, texts compared in a form: see `latticeReads`. */
  reads(wanted: readonly string[], form: (text: string) => string): boolean;
  readonly work: {
    readonly arcs: number;
    /** Look-ups in the deletion indexes, candidates whose distance was worked out, lists that were cut at their cap. */
    readonly probes: number;
    readonly verified: number;
    readonly cutPostings: number;
    /** Look-ups in the store of n-grams, repeats left out. */
    readonly lookups: number;
  };
}

/** A reading with what the ranker and the decision go by. */
export interface AnalysedReading extends Readable {
  readonly edits: readonly AnalysedEdit[];
  /** In the order of `FEATURE_NAMES`. */
  readonly features: Float64Array;
}

/** An edit, and whether all it replaces are known words, which are never changed unasked. */
export interface AnalysedEdit extends EditSpan {
  readonly isKnown: boolean;
}

/** Makes a rewriter over open stores. It owns none of them: closing is the caller's. */
export function createRewriter(parts: RewriterParts): Pipeline {
  const { rules = NO_RULES, parameters = DEFAULT_PARAMETERS } = parts;
  const { stores, patient } = parts.waitsForReads === true ? patientStores(parts.stores) : { stores: parts.stores };
  const { lexicon } = stores;
  const candidates = new CandidateFinder(stores.deletes1, stores.deletes2, lexicon);
  const channel = new Channel(parameters, ENGLISH);
  const groups = stores.channel ?? new GroupChannel([]);
  const soundAlikes = new SoundAlikes(stores.phonetic, ENGLISH);
  const resources: Resources = {
    terms: stores.terms,
    lexicon,
    languageModel: new LanguageModel(stores.ngrams, lexicon, stores.neighbours),
    candidates,
    proposer: new Proposer({ candidates, soundAlikes, channel, groups, lexicon, parameters }),
    misspellings: new KnownMisspellings(stores.misspellings, lexicon),
    soundAlikes,
    segmenter: new Segmenter(),
    channel,
    groups,
    coherence: new Coherence(stores.vectors),
    letters: stores.letters,
    features: new ReadingFeatures(),
    ranker: new Ranker(parameters.ranker, parameters.network),
    parameters,
    profile: ENGLISH,
    rules,
  };
  const memories = [resources.proposer, resources.segmenter, resources.languageModel];
  const stepMs = new Float64Array(STEPS.length);
  return {
    dataset: parts.dataset,
    rewrite(query, options) {
      const once = () => rewrite(query, options, parts.dataset, resources, stepMs);
      return patient === undefined ? once() : patiently(once, patient, memories);
    },
    stepMs: () => new Map(STEPS.map((step, i) => [step, stepMs[i] ?? 0])),
    analyse(query, options) {
      const context = run(query, options, resources, stepMs);
      return distinctReadings(context).map((reading) => {
        const features = new Float64Array(FEATURE_COUNT);
        resources.features.read(reading, context, resources, features);
        const edits = reading.edits.map(({ offset, length, to, isKnown }) => ({ offset, length, to, isKnown }));
        return { text: reading.text, edits, features };
      });
    },
    wordCosts: (query, options) =>
      wordCosts(run(query, { ...options, workers: ['normalise'] }, resources, stepMs), resources.languageModel),
    explore: (query, options) => explore(query, options, resources, stepMs),
  };
}

/** Runs the workers and decodes. */
function run(query: string, options: RewriteOptions, resources: Resources, stepMs: Float64Array): RewriteContext {
  const context: RewriteContext = {
    query,
    options,
    normalized: query,
    slots: [],
    protectedSpans: [],
    lattice: new Lattice(0),
    paths: [],
    override: undefined,
    reasons: new Set(),
    trace: [],
  };
  // A look at the clock costs about 40 ns: a few hundred a query.
  let sinceMs = performance.now();
  for (let i = 0; i < WORKERS.length; i++) {
    const worker = WORKERS[i]!;
    // Without tokens there is nothing to work on, so `normalise` runs whether it was named or not.
    if (worker === normaliseWorker || options.workers.includes(worker.name)) worker.run(context, resources);
    const nowMs = performance.now();
    stepMs[i]! += nowMs - sinceMs;
    sinceMs = nowMs;
  }
  completePaths(context, resources);
  return context;
}

function explore(query: string, options: RewriteOptions, resources: Resources, stepMs: Float64Array): Exploration {
  const { candidates, languageModel } = resources;
  const { probes, verified, cutPostings } = candidates;
  const { lookups } = languageModel;
  const context = run(query, options, resources, stepMs);
  const scored = distinctReadings(context).map((reading) => ({
    text: reading.text,
    score: resources.ranker.score(reading, context, resources),
  }));
  return {
    readings: scored.sort((a, b) => b.score - a.score).map(({ text }) => text),
    reads: (wanted, form) => latticeReads(context, wanted, form),
    work: {
      arcs: context.lattice.edgeCount,
      probes: candidates.probes - probes,
      verified: candidates.verified - verified,
      cutPostings: candidates.cutPostings - cutPostings,
      lookups: languageModel.lookups - lookups,
    },
  };
}

function rewrite(
  query: string,
  options: RewriteOptions,
  dataset: string,
  resources: Resources,
  stepMs: Float64Array,
): RewriteAnswer {
  const startMs = performance.now();
  const context = run(query, options, resources, stepMs);
  const readMs = performance.now();
  const composed = compose(context, resources);
  stepMs[WORKERS.length]! += performance.now() - readMs;
  return {
    query,
    ...composed,
    normalized: context.normalized,
    protected: context.protectedSpans,
    phrases: [],
    quantities: [],
    expansions: [],
    filters: [],
    boosts: [],
    decorations: [],
    reasons: [...context.reasons],
    trace: context.trace,
    dataset,
    queryId: randomUUID(),
    tookMs: Math.round((performance.now() - startMs) * 1000) / 1000,
  };
}

/** Readings by words alone where `ngram` did not run; the unchanged query among the readings, always. */
function completePaths(context: RewriteContext, resources: Resources): void {
  if (context.override !== undefined || context.slots.length === 0) return;
  const { languageModel, parameters } = resources;
  const contextual = context.paths.length > 0;
  const scorer = contextual ? languageModel : contextFree(languageModel);
  if (!contextual) context.paths = decode(context.lattice, scorer, parameters.languageWeight, 16);
  if (!context.paths.some((path) => path.arcs.every((arc) => arc.kind === 'keep'))) {
    context.paths.push(keepPath(context.lattice, scorer, parameters.languageWeight));
  }
}
