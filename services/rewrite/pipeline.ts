import { randomUUID } from 'node:crypto';
import { GroupChannel } from '../../stores/channel/group-channel.ts';
import type { PhraseWeights } from '../../stores/profile/phrases.ts';
import { NO_RUDE_WORDS, type RudeWords } from '../../stores/profile/rude-words.ts';
import { NO_UNITS, type Units } from '../../stores/profile/units.ts';
import { type Edit, NO_OUTCOME, type ProtectedSpan, type RewriteAnswer } from './answer.ts';
import { pathsWithin } from './budget.ts';
import type { RewriteContext } from './context.ts';
import { type Composed, compose, type DecisionSources, distinctReadings } from './decide/compose.ts';
import type { EditSpan, Readable } from './decide/confidence.ts';
import { withQuantities } from './decide/quantity-rules.ts';
import { applyRules, type Ruled } from './decide/rule-answer.ts';
import { wordGroups } from './decide/word-groups.ts';
import { keepPath } from './decode/decoder.ts';
import { Lattice } from './decode/lattice.ts';
import { latticeReads } from './decode/reach.ts';
import type { WriteTerms } from './decode/reading.ts';
import { Coherence } from './language/coherence.ts';
import { contextFree, LanguageModel } from './language/language-model.ts';
import { OwnForms } from './language/own-forms.ts';
import { PhraseModel } from './language/phrase-model.ts';
import type { LanguageProfile } from './language/profile.ts';
import { RudeTerms } from './language/rude-terms.ts';
import { type WordCost, wordCosts } from './language/word-costs.ts';
import type { RewriteOptions } from './options.ts';
import type { Parameters } from './parameters.ts';
import { decodeUnblocked } from './propose/blocked-paths.ts';
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
import type { PipelineStores } from './stores.ts';
import { toldWhy, why } from './why/why.ts';
import type { Worker } from './worker.ts';
import { createNgramWorker } from './workers/ngram.ts';
import { createNormaliseWorker } from './workers/normalise.ts';
import { createProtectWorker } from './workers/protect.ts';
import { createRulesWorker } from './workers/rules.ts';
import { createSpellWorker } from './workers/spell.ts';

/** What a rewriter is made of. */
export interface RewriterParts {
  /** Id of the dataset version. */
  readonly dataset: string;
  readonly stores: PipelineStores;
  readonly rules?: RuleLookup;
  /** The dataset's language profile and numbers: `partsOf` takes both from an open dataset. */
  readonly profile: LanguageProfile;
  /** The language's rude words. Default: none. */
  readonly rudeWords?: RudeWords;
  /** The language's units of quantities. Default: none. */
  readonly units?: Units;
  /** What says in the language that words belong together; without it there are no phrases. */
  readonly phraseWeights?: PhraseWeights | undefined;
  readonly parameters: Parameters;
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
  longestBlocked: 0,
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
  /** Milliseconds spent since the start, by worker, and by `compose`: what makes a decision of the readings. */
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
  const { stores, patient } = parts.waitsForReads === true ? patientStores(parts.stores) : { stores: parts.stores };
  const machinery = assemble(parts, stores);
  const { workers, decision, features, languageModel } = machinery;
  // The stages that are timed: the workers, `compose`, and the two workers that go by what it decided.
  const steps: readonly string[] = [...workers.map((worker) => worker.name), 'compose', 'expand', 'phrases'];
  const stepMs = new Float64Array(steps.length);
  const run = (query: string, options: RewriteOptions) => runWorkers(query, options, machinery, stepMs);
  return {
    dataset: parts.dataset,
    rewrite(query, options) {
      const once = () => rewrite(query, options, parts.dataset, machinery, stepMs);
      return patient === undefined ? once() : patiently(once, patient, machinery.memories);
    },
    stepMs: () => new Map(steps.map((step, i) => [step, stepMs[i] ?? 0])),
    analyse(query, options) {
      const context = run(query, options);
      return distinctReadings(context).map((reading) => {
        const vector = new Float64Array(FEATURE_COUNT);
        features.read(reading, context, vector);
        const edits = reading.edits.map(({ offset, length, to, isKnown, asksFirst }) => ({
          offset,
          length,
          to,
          isKnown,
          asksFirst,
        }));
        return { text: reading.text, edits, features: vector };
      });
    },
    wordCosts: (query, options) => wordCosts(run(query, { ...options, workers: ['normalise'] }).slots, languageModel),
    explore(query, options) {
      const { candidates } = machinery;
      const { probes, verified, cutPostings } = candidates;
      const { lookups } = languageModel;
      const context = run(query, options);
      const scored = distinctReadings(context).map((reading) => ({
        text: reading.text,
        score: decision.ranker.score(reading, context),
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
    },
  };
}

/** All that works on a query, each part made with what it needs. */
function assemble(parts: RewriterParts, stores: PipelineStores) {
  const { rules = NO_RULES, rudeWords = NO_RUDE_WORDS, units = NO_UNITS, parameters, profile } = parts;
  const { terms, lexicon, letters, marks } = stores;
  const { costs } = parameters;
  const groups = stores.channel ?? new GroupChannel([]);
  const channel = new Channel(costs, profile);
  const candidates = new CandidateFinder(stores.deletes1, stores.deletes2, lexicon);
  const soundAlikes = new SoundAlikes(stores.phonetic, profile.phonetics);
  const languageModel = new LanguageModel(stores.ngrams, lexicon, stores.neighbours);
  const proposer = new Proposer({
    candidates,
    soundAlikes,
    channel,
    groups,
    lexicon,
    costs,
    marks: marks === undefined ? undefined : profile.marks,
  });
  const segmenter = new Segmenter({ terms, lexicon, languageModel, costs, profile });
  const misspellings = new KnownMisspellings(stores.misspellings, lexicon);
  const features = new ReadingFeatures(
    { lexicon, languageModel, letters, soundAlikes, channel, groups, proposer, profile },
    new Coherence(stores.vectors),
  );
  const normaliseWorker = createNormaliseWorker({ terms, lexicon, misspellings, profile, costs });
  const workers: readonly Worker[] = [
    normaliseWorker,
    createProtectWorker(rules),
    createRulesWorker(rules),
    createSpellWorker({
      terms,
      marks,
      lexicon,
      languageModel,
      misspellings,
      candidates,
      proposer,
      segmenter,
      costs,
      profile,
      rules,
    }),
    createNgramWorker(languageModel, costs.languageWeight, rules),
  ];
  const decision: DecisionSources = {
    ranker: new Ranker(parameters.ranker, parameters.network, features),
    languageModel,
    languageWeight: costs.languageWeight,
    confidence: parameters,
    rules,
    suggestAbove: parameters.suggestAbove,
  };
  const memories = [proposer.recent, segmenter.recent, languageModel.recent];
  const forms = new OwnForms(stores.forms);
  const { phraseWeights } = parts;
  const phraseModel =
    phraseWeights &&
    new PhraseModel({
      terms,
      lexicon,
      languageModel,
      vectors: stores.vectors,
      titles: stores.titles,
      weights: phraseWeights,
    });
  const rudeTerms = new RudeTerms({ words: rudeWords, lexicon, profile });
  const write: WriteTerms = (typed, text) => forms.write(typed, text);
  return {
    workers,
    normaliseWorker,
    decision,
    features,
    candidates,
    languageModel,
    memories,
    write,
    rules,
    rudeTerms,
    terms,
    units,
    phraseModel,
  };
}

type Machinery = ReturnType<typeof assemble>;

/** Runs the workers and decodes. */
function runWorkers(
  query: string,
  options: RewriteOptions,
  { workers, normaliseWorker, decision, write, rules, rudeTerms }: Machinery,
  stepMs: Float64Array,
): RewriteContext {
  rudeTerms.update(rules.rudeWords);
  const context: RewriteContext = {
    query,
    options,
    write,
    rudeTerms,
    normalized: query,
    slots: [],
    protectedSpans: [],
    lattice: new Lattice(0),
    paths: [],
    override: undefined,
    ruleRun: undefined,
    typedRow: undefined,
    ruleEdits: [],
    work: 0,
    reasons: new Set(),
    trace: [],
  };
  // A look at the clock costs about 40 ns: a few hundred a query.
  let sinceMs = performance.now();
  for (let i = 0; i < workers.length; i++) {
    const worker = workers[i]!;
    // Without tokens there is nothing to work on, so `normalise` runs whether it was named or not.
    if (worker === normaliseWorker || options.workers.includes(worker.name)) worker.run(context);
    const nowMs = performance.now();
    stepMs[i]! += nowMs - sinceMs;
    sinceMs = nowMs;
  }
  completePaths(context, decision);
  return context;
}

function rewrite(
  query: string,
  options: RewriteOptions,
  dataset: string,
  machinery: Machinery,
  stepMs: Float64Array,
): RewriteAnswer {
  const startMs = performance.now();
  const context = runWorkers(query, options, machinery, stepMs);
  const readMs = performance.now();
  const decided = compose(context, machinery.decision);
  const { want } = options;
  if (want !== null) context.trace.push(toldWhy(why(context, want, decided, machinery)));
  const decidedMs = performance.now();
  stepMs[machinery.workers.length]! += decidedMs - readMs;
  const { rules } = machinery;
  const ruled =
    rules.engine === undefined || !asksForRules(options)
      ? undefined
      : timed(stepMs, machinery.workers.length + 1, decidedMs, () => applyRules(context, decided, rules.engine!));
  const composed = ruled?.composed ?? decided;
  const ruledMs = performance.now();
  const groups = wordGroups(context, composed, machinery.units, machinery.phraseModel);
  stepMs[machinery.workers.length + 2]! += performance.now() - ruledMs;
  const quantities = rules.engine?.quantities;
  const isAdding = quantities !== undefined && options.workers.includes('expand');
  const added = isAdding
    ? withQuantities(context, composed, groups.quantities, machinery.units, quantities, ruled ?? NOT_RULED)
    : (ruled ?? NOT_RULED);
  const { outcome, forSuggestion } = added;
  // Member by member: spreading objects into one of thirty members takes ten times as long.
  return {
    query,
    rewritten: composed.rewritten,
    decision: composed.decision,
    confidence: composed.confidence,
    search: composed.search,
    suggestion: composed.suggestion,
    highlighted: composed.highlighted,
    edits: composed.edits,
    alternatives: composed.alternatives,
    otherMass: composed.otherMass,
    normalized: context.normalized,
    protected: untouched(context.protectedSpans, composed),
    phrases: groups.phrases,
    quantities: groups.quantities,
    expansions: outcome.expansions,
    filters: outcome.filters,
    boosts: outcome.boosts,
    decorations: outcome.decorations,
    redirect: outcome.redirect,
    pins: outcome.pins,
    hides: outcome.hides,
    parameters: outcome.parameters,
    forSuggestion,
    rules: asksForRules(options) ? (rules.revision ?? null) : null,
    reasons: [...context.reasons],
    trace: context.trace,
    dataset,
    queryId: randomUUID(),
    tookMs: Math.round((performance.now() - startMs) * 1000) / 1000,
  };
}

/** What rules add where there are none. */
const NOT_RULED = Object.freeze({ outcome: NO_OUTCOME, forSuggestion: null });

function asksForRules({ workers }: RewriteOptions): boolean {
  return workers.includes('rules') || workers.includes('expand');
}

function timed(stepMs: Float64Array, step: number, sinceMs: number, body: () => Ruled): Ruled {
  const ruled = body();
  stepMs[step]! += performance.now() - sinceMs;
  return ruled;
}

/** Readings by words alone where `ngram` did not run; the unchanged query among the readings, always. */
function completePaths(context: RewriteContext, { languageModel, languageWeight, rules }: DecisionSources): void {
  if (context.override !== undefined || context.slots.length === 0) return;
  const contextual = context.paths.length > 0;
  const scorer = contextual ? languageModel : contextFree(languageModel);
  if (!contextual) context.paths = decodeUnblocked(context, rules, scorer, languageWeight, pathsWithin(context));
  if (!context.paths.some((path) => path.arcs.every((arc) => arc.kind === 'keep'))) {
    context.paths.push(keepPath(context.lattice, scorer, languageWeight));
  }
}

/** The protected stretches but for the part numbers that some reading of an answer cuts, and what a rule has changed. */
function untouched(spans: readonly ProtectedSpan[], { edits, alternatives }: Composed): ProtectedSpan[] {
  if (spans.length === 0) return [];
  const made = [...edits, ...alternatives.flatMap((alternative) => alternative.edits)];
  const cuts = made.filter(({ worker }) => worker !== 'rules');
  const ruled = edits.filter(({ worker, kind }) => worker === 'rules' && kind !== 'override');
  const isFree = (span: ProtectedSpan, by: readonly Edit[]) =>
    by.every((edit) => edit.offset >= span.offset + span.length || edit.offset + edit.length <= span.offset);
  return spans.filter((span) => (span.why !== 'part-number' || isFree(span, cuts)) && isFree(span, ruled));
}
