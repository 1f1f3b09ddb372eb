/** From weighed readings to the answer: which one is offered, how surely, and what to search for. */

import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Alternative, Decision, Edit, RewriteAnswer } from '../answer.ts';
import type { RewriteContext } from '../context.ts';
import { pathOver } from '../decode/decoder.ts';
import type { Arc } from '../decode/lattice.ts';
import { type Reading, ReadingMaker, splice } from '../decode/reading.ts';
import type { Scorer } from '../decode/scorer.ts';
import { contextFree, type LanguageModel } from '../language/language-model.ts';
import { blockedArc } from '../propose/blocked-paths.ts';
import type { Ranker } from '../rank/ranker.ts';
import type { RuleLookup } from '../rewriter.ts';
import {
  autoThreshold,
  type ConfidenceParameters,
  editConfidence,
  sureEdits,
  type Weighed,
  type Weighing,
  weigh,
} from './confidence.ts';
import { escapeHtml, highlight } from './highlight.ts';
import { logOdds } from './log-odds.ts';
import { politeArcs, politeReadings, type Score, type Scored } from './rude-readings.ts';

/** The part of an answer that the decision makes. */
export type Composed = Pick<
  RewriteAnswer,
  | 'rewritten'
  | 'decision'
  | 'confidence'
  | 'search'
  | 'suggestion'
  | 'highlighted'
  | 'edits'
  | 'alternatives'
  | 'otherMass'
>;

/** What the decision rests on. */
export interface DecisionSources {
  readonly ranker: Ranker;
  readonly languageModel: LanguageModel;
  /** What a nat of the language model counts in the cost of a path. */
  readonly languageWeight: number;
  readonly confidence: ConfidenceParameters;
  readonly rules: RuleLookup;
  /** A reading below this probability is not offered. */
  readonly suggestAbove: number;
}

/**
 * Edits in all alternatives together: those of ten alternatives to a query of 20 words that were all changed. The alternatives to one
 * of 160 differ in a word each, and would repeat the others ten times.
 */
const MOST_ALTERNATIVE_EDITS = 200;

/** Composes the answer from the decoded readings, or from the override that took their place. */
export function compose(context: RewriteContext, sources: DecisionSources): Composed {
  if (context.override !== undefined) return composeOverride(context.override);
  if (context.paths.length === 0) return unchanged(context.query, 1, [], 0);

  const { readings, scores } = scoredReadings(context, sources);
  const weighing = weigh(context.query, readings, scores, sources.confidence, context.options.errorRate);
  const { weighed, keep, best, otherMass } = weighing;
  const isOffered = best !== undefined && best.probability > sources.suggestAbove;
  const told = new Set<Arc>();
  const edits = isOffered ? offeredEdits(best, weighing, told, context, sources) : [];
  const sure = edits.filter((edit) => edit.decision === 'auto');
  const alternatives: Alternative[] = [];
  let left = otherMass;
  let most = context.options.alternatives;
  let editCount = 0;
  for (const candidate of weighed) {
    if (candidate === keep || (isOffered && candidate === best)) continue;
    if (alternatives.length < most) {
      editCount += candidate.reading.edits.length;
      if (editCount > MOST_ALTERNATIVE_EDITS) {
        most = alternatives.length;
        context.reasons.add('too-many-edits');
      }
    }
    if (alternatives.length >= most) left += candidate.probability;
    else alternatives.push(toAlternative(candidate, sure, weighing, told, context, sources));
  }
  if (!isOffered) return unchanged(context.query, keep.probability, alternatives, left);

  const decision: Decision = sure.length === edits.length ? 'auto' : 'suggest';
  const search = splice(context.query, sure);
  return {
    rewritten: best.reading.text,
    decision,
    confidence: best.probability,
    search,
    suggestion: search === best.reading.text ? null : best.reading.text,
    highlighted: highlight(best.reading.text, edits),
    edits,
    alternatives,
    otherMass: left,
  };
}

/** The distinct readings that put in nothing rude, with their scores. */
export function scoredReadings(context: RewriteContext, sources: DecisionSources): Scored {
  const readings = distinctReadings(context);
  const scores = readings.map((reading) => sources.ranker.score(reading, context));
  return politeReadings({ readings, scores }, context, scorerOfRows(context, sources));
}

/** The edits of the best reading, and which of them are made without asking. */
function offeredEdits(
  best: Weighed<Reading>,
  weighing: Weighing<Reading>,
  told: Set<Arc>,
  context: RewriteContext,
  sources: DecisionSources,
): Edit[] {
  const threshold = autoThreshold(context.options.costOfBreaking);
  const isSure = sureEdits(best, weighing.weighed, sources.confidence.calibration, threshold);
  return isSoundSearch(best.reading, isSure, context, sources)
    ? toEdits(best.reading, isSure, weighing, told, context, sources)
    : toEdits(best.reading, [], weighing, told, context, sources);
}

/**
 * Whether the sure edits alone make a text to search for. When they are some of a reading's edits, that text is a reading of its
 * own, which must be better than the query as it was typed: else none of them is sure.
 */
function isSoundSearch(
  reading: Reading,
  isSure: readonly boolean[],
  context: RewriteContext,
  sources: DecisionSources,
): boolean {
  if (isSure.every(Boolean) || !isSure.some(Boolean)) return true;
  const sureArcs = new Set(reading.edits.filter((_, i) => isSure[i]).map((draft) => draft.arc));
  const partial = reading.path.arcs.flatMap((arc) =>
    sureArcs.has(arc) ? [arc] : context.lattice.arcs.slice(arc.from, arc.to).map((arcs) => arcs[0]!),
  );
  if (blockedArc(partial, context.slots, sources.rules) !== undefined) return false;
  if (politeArcs(context, partial) !== partial) return false;
  const typed = context.lattice.arcs.map((arcs) => arcs[0]!);
  const score = scorerOfRows(context, sources);
  const { trainedErrorRate } = sources.confidence;
  const prior = logOdds(context.options.errorRate) - logOdds(trainedErrorRate);
  return score(partial).score + prior > score(typed).score;
}

/** Scores readings that were not decoded, by their arcs. */
export function scorerOfRows(context: RewriteContext, sources: DecisionSources): Score {
  const maker = new ReadingMaker(context.query, context.slots, context.write);
  return (arcs) => {
    const reading = maker.read(pathOver(arcs, scorerOf(context, sources), sources.languageWeight));
    return { reading, score: sources.ranker.score(reading, context) };
  };
}

function scorerOf(context: RewriteContext, { languageModel }: DecisionSources): Scorer {
  return context.options.workers.includes('ngram') ? languageModel : contextFree(languageModel);
}

function unchanged(query: string, confidence: number, alternatives: Alternative[], otherMass: number): Composed {
  return {
    rewritten: query,
    decision: 'none',
    confidence,
    search: query,
    suggestion: null,
    highlighted: escapeHtml(query),
    edits: [],
    alternatives,
    otherMass,
  };
}

function composeOverride(edit: Edit): Composed {
  return {
    rewritten: edit.to,
    decision: 'auto',
    confidence: 1,
    search: edit.to,
    suggestion: null,
    highlighted: highlight(edit.to, [edit]),
    edits: [edit],
    alternatives: [],
    otherMass: 0,
  };
}

/** The readings by text: of those that read the same, the cheapest. */
export function distinctReadings(context: RewriteContext): Reading[] {
  const byText = new Map<string, Reading>();
  const maker = new ReadingMaker(context.query, context.slots, context.write);
  for (const path of context.paths) {
    const reading = maker.read(path);
    if (!byText.has(reading.text)) byText.set(reading.text, reading);
  }
  return [...byText.values()];
}

/** Edits that the best reading makes without asking are sure in every reading; all others are only suggested. */
function toAlternative(
  { reading, probability }: Weighed<Reading>,
  sure: readonly Edit[],
  weighing: Weighing<Reading>,
  told: Set<Arc>,
  context: RewriteContext,
  sources: DecisionSources,
): Alternative {
  const isSure: boolean[] = [];
  // Both are in order and never overlap: a long query has over a hundred.
  let at = 0;
  for (const { offset, length, to } of reading.edits) {
    while (at < sure.length && sure[at]!.offset < offset) at++;
    const edit = sure[at];
    isSure.push(edit !== undefined && edit.offset === offset && edit.length === length && edit.to === to);
  }
  return {
    query: reading.text,
    confidence: probability,
    edits: toEdits(reading, isSure, weighing, told, context, sources),
  };
}

/** @param told edits whose evidence stands in the answer already: it is not repeated */
function toEdits(
  reading: Reading,
  isSure: readonly boolean[],
  { weighed, keep }: Weighing<Reading>,
  told: Set<Arc>,
  context: RewriteContext,
  sources: DecisionSources,
): Edit[] {
  const gain = rounded(languageCost(keep.reading) - languageCost(reading));
  let shift = 0;
  return reading.edits.map((draft, i) => {
    const edit: Edit = {
      offset: draft.offset,
      length: draft.length,
      from: context.query.slice(draft.offset, draft.offset + draft.length),
      to: draft.to,
      rewrittenOffset: draft.offset + shift,
      rewrittenLength: draft.to.length,
      kind: draft.kind,
      worker: 'spell',
      decision: isSure[i] === true ? 'auto' : 'suggest',
      confidence: editConfidence(draft, weighed, sources.confidence.calibration),
      evidence: told.has(draft.arc) ? NO_EVIDENCE : evidence(draft, gain, context, sources),
    };
    told.add(draft.arc);
    shift += draft.to.length - draft.length;
    return edit;
  });
}

const NO_EVIDENCE: Edit['evidence'] = Object.freeze({});

function evidence(
  { arc, isKnown }: Reading['edits'][number],
  gain: number,
  context: RewriteContext,
  sources: DecisionSources,
): Edit['evidence'] {
  return {
    errorLogP: rounded(-arc.channelCost),
    lmDelta: gain,
    fromFrequency: frequency(context.slots[arc.from]!.id, sources),
    toFrequency: Math.min(...arc.ids.map((id) => frequency(id, sources))),
    distance: arc.distance,
    fromKnown: isKnown,
  };
}

/** Cost to the language model in nats, unknown words included. */
function languageCost(reading: Reading): number {
  const { arcs, languageCost: cost } = reading.path;
  let sum = cost;
  for (let i = 0; i < arcs.length; i++) sum += arcs[i]!.unknownCost;
  return sum;
}

/** Occurrences in a thousand million words. */
function frequency(id: number, sources: DecisionSources): number {
  return id === UNKNOWN_ID ? 0 : Math.round(1e9 * Math.exp(-sources.languageModel.unigramCost(id)));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
