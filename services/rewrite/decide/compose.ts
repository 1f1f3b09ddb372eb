/** From weighed readings to the answer: which one is offered, how surely, and what to search for. */

import { UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Alternative, Decision, Edit, RewriteAnswer } from '../answer.ts';
import type { RewriteContext } from '../context.ts';
import { pathOver } from '../decode/decoder.ts';
import type { Arc } from '../decode/lattice.ts';
import { type Reading, ReadingMaker, splice } from '../decode/reading.ts';
import type { Scorer } from '../decode/scorer.ts';
import { contextFree } from '../language/language-model.ts';
import type { Resources } from '../worker.ts';
import { logOdds } from './calibration.ts';
import { autoThreshold, editConfidence, type Weighed, type Weighing, weigh } from './confidence.ts';

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

/** Composes the answer from the decoded readings, or from the override that took their place. */
export function compose(context: RewriteContext, resources: Resources): Composed {
  if (context.override !== undefined) return composeOverride(context.override);
  if (context.paths.length === 0) return unchanged(context.query, 1, [], 0);

  const readings = distinctReadings(context);
  const scores = readings.map((reading) => resources.ranker.score(reading, context, resources));
  const { parameters } = resources;
  const weighing = weigh(context.query, readings, scores, parameters, context.options.errorRate);
  const { weighed, keep, best, otherMass } = weighing;
  const isOffered = best !== undefined && best.probability > parameters.suggestAbove;
  const alternatives: Alternative[] = [];
  let left = otherMass;
  for (const candidate of weighed) {
    if (candidate === keep || (isOffered && candidate === best)) continue;
    if (alternatives.length === context.options.alternatives) left += candidate.probability;
    else alternatives.push(toAlternative(candidate, weighing, context, resources));
  }
  if (!isOffered) return unchanged(context.query, keep.probability, alternatives, left);

  const edits = withSoundSearch(toEdits(best, weighing, context, resources), best, context, resources);
  const sure = edits.filter((edit) => edit.decision === 'auto');
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

/**
 * The sure edits alone make the text to search for. When they are some of a reading's edits, that text is a reading of its
 * own, which must be better than the query as it was typed: else none of them is sure.
 */
function withSoundSearch(
  edits: Edit[],
  { reading }: Weighed<Reading>,
  context: RewriteContext,
  resources: Resources,
): Edit[] {
  const isSure = edits.map((edit) => edit.decision === 'auto');
  if (isSure.every(Boolean) || !isSure.some(Boolean)) return edits;
  const sureArcs = new Set(reading.edits.filter((_, i) => isSure[i]).map((draft) => draft.arc));
  const partial = reading.path.arcs.flatMap((arc) =>
    sureArcs.has(arc) ? [arc] : context.lattice.arcs.slice(arc.from, arc.to).map((arcs) => arcs[0]!),
  );
  const typed = context.lattice.arcs.map((arcs) => arcs[0]!);
  const maker = new ReadingMaker(context.query, context.slots);
  const score = (arcs: readonly Arc[]) => {
    const path = pathOver(arcs, scorerOf(context, resources), resources.parameters.languageWeight);
    return resources.ranker.score(maker.read(path), context, resources);
  };
  const { trainedErrorRate } = resources.parameters;
  const prior = logOdds(context.options.errorRate) - logOdds(trainedErrorRate);
  return score(partial) + prior > score(typed)
    ? edits
    : edits.map((edit) => ({ ...edit, decision: 'suggest' as const }));
}

function scorerOf(context: RewriteContext, { languageModel }: Resources): Scorer {
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
  const maker = new ReadingMaker(context.query, context.slots);
  for (const path of context.paths) {
    const reading = maker.read(path);
    if (!byText.has(reading.text)) byText.set(reading.text, reading);
  }
  return [...byText.values()];
}

function toAlternative(
  candidate: Weighed<Reading>,
  weighing: Weighing<Reading>,
  context: RewriteContext,
  resources: Resources,
): Alternative {
  return {
    query: candidate.reading.text,
    confidence: candidate.probability,
    edits: toEdits(candidate, weighing, context, resources),
  };
}

function toEdits(
  candidate: Weighed<Reading>,
  { weighed, keep }: Weighing<Reading>,
  context: RewriteContext,
  resources: Resources,
): Edit[] {
  const { reading } = candidate;
  const gain = rounded(languageCost(keep.reading) - languageCost(reading));
  const threshold = autoThreshold(context.options.costOfBreaking);
  let shift = 0;
  return reading.edits.map((draft) => {
    const confidence = editConfidence(draft, candidate, weighed, resources.parameters.calibration);
    const { isKnown } = draft;
    const edit: Edit = {
      offset: draft.offset,
      length: draft.length,
      from: context.query.slice(draft.offset, draft.offset + draft.length),
      to: draft.to,
      rewrittenOffset: draft.offset + shift,
      rewrittenLength: draft.to.length,
      kind: draft.kind,
      worker: 'spell',
      decision: confidence > threshold && !isKnown ? 'auto' : 'suggest',
      confidence,
      evidence: {
        errorLogP: rounded(-draft.arc.channelCost),
        lmDelta: gain,
        fromFrequency: frequency(context.slots[draft.arc.from]!.id, resources),
        toFrequency: Math.min(...draft.arc.ids.map((id) => frequency(id, resources))),
        distance: draft.arc.distance,
        fromKnown: isKnown,
      },
    };
    shift += draft.to.length - draft.length;
    return edit;
  });
}

/** Cost to the language model in nats, unknown words included. */
function languageCost(reading: Reading): number {
  const { arcs, languageCost: cost } = reading.path;
  let sum = cost;
  for (let i = 0; i < arcs.length; i++) sum += arcs[i]!.unknownCost;
  return sum;
}

/** Occurrences in a thousand million words. */
function frequency(id: number, resources: Resources): number {
  return id === UNKNOWN_ID ? 0 : Math.round(1e9 * Math.exp(-resources.languageModel.unigramCost(id)));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The rewritten query as HTML, what was changed in `<em>`. */
function highlight(rewritten: string, edits: readonly Edit[]): string {
  let html = '';
  let at = 0;
  for (const edit of edits) {
    const end = edit.rewrittenOffset + edit.rewrittenLength;
    html += escapeHtml(rewritten.slice(at, edit.rewrittenOffset));
    if (end > edit.rewrittenOffset) html += `<em>${escapeHtml(rewritten.slice(edit.rewrittenOffset, end))}</em>`;
    at = end;
  }
  return html + escapeHtml(rewritten.slice(at));
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character]!);
}
